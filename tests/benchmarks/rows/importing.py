"""Importing: a file on disk becomes a list in the table, beside what writes one item a row."""

import codecs
import csv
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from tests.benchmarks import files
from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure, ratio
from tests.benchmarks.null_endpoint import null_endpoint

OURS, MODEL, SAMPLE, WRANGLER = (
    "guestlist",
    "DictReader + pydantic + batch_writer",
    "DictReader + batch_writer a hundred rows",
    "awswrangler put_csv",
)
_SHARE = 20
"""Peers get a part of the rows, so that they end on the same day; figures are a row."""


def imported(meter: Meter, path: Path, table: Any, folder: Path) -> dict[str, Any]:
    """A worker's whole run on this file, with the list itself in the table and the rest kept in memory."""
    from dataclasses import dataclass

    from guestlist.imports.job import WorkerContext
    from guestlist.imports.lease import claim
    from guestlist.imports.model import Consent, Kind, Source
    from guestlist.imports.worker import work
    from guestlist.lists.importing.service import TargetGroups
    from guestlist.lists.store import PackedListStore
    from tests.fakes.imports import START, FakeClock, FakeFiles, FakeImports, FakeQueue
    from tests.unit.imports.builders import an_import
    from tests.unit.imports.harness import FakeExpiredVersions

    disk = [0]

    @dataclass
    class OneFile(FakeFiles):
        """The file that is on disk already; reports are looked at and not kept."""

        def download(self, _source: Source, to: Path) -> None:
            shutil.copyfile(path, to)

        def upload(self, _key: str, _path: Path, _content_type: str) -> None:
            disk[0] = max(disk[0], sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()))

    imports, clock = FakeImports(), FakeClock()
    lists = TargetGroups(
        groups=imports.groups,
        list_store=lambda org, group: PackedListStore(table, org, group),
        expired_versions=FakeExpiredVersions(),
        keyed_since=None,
    )
    bench = WorkerContext(
        imports=imports,
        files=OneFile(),
        queue=FakeQueue(),
        time=clock.time,
        folder=folder,
        runs={Kind.TARGET_GROUP: lists.run},
        language_of=lambda _org: "en",
    )
    imports.add_import(an_import(consent=Consent(by="bench", at=START, notify=None)))
    source = Source("uploads/demo/imp-1", "v1", path.stat().st_size, START)
    hold = claim(imports.get_import("demo", "imp-1"), "w", source, imports, clock.time)
    assert hold
    with meter:
        work(hold, bench)
    counts = imports.get_import("demo", "imp-1").counts
    return {"rows": counts.total, "imported": counts.imported, "disk_mb": (disk[0] - path.stat().st_size) / 1e6}


def table_at(address: str) -> Any:
    """Our table as the worker reaches it for texts of lists."""
    from guestlist.aws.table import Table
    from guestlist.aws.wire.client import wire

    return Table(wire("eu-west-1", address), "table")


def ours(meter: Meter, folder: Path, size: int) -> Figures:
    """The worker; the table is the null endpoint."""
    (work := folder / "work").mkdir(exist_ok=True)
    with null_endpoint() as endpoint:
        figures = imported(meter, folder / "file.csv", table_at(endpoint.address), work)
        counts = endpoint.counts()
    assert figures["rows"] == size
    assert figures["imported"] / 300 < counts["items"] < figures["imported"] / 10, counts
    assert counts["bytes"] > 30 * figures["imported"], counts
    return {**figures, **_a_row(meter, size), "units": counts["units"], "bytes": counts["bytes"]}


def _a_row(meter: Meter, rows: int) -> dict[str, float]:
    return {"us_a_row": meter.cpu / rows * 1e6}


@contextmanager
def _peer(folder: Path) -> Iterator[tuple[Path, Any]]:
    with null_endpoint() as endpoint:
        yield folder / "part.csv", endpoint


def _write_figures(meter: Meter, endpoint: Any, rows: int, good: int) -> Figures:
    counts = endpoint.counts()
    assert counts["items"] == good, counts
    return {"rows": rows, "units": counts["units"], "bytes": counts["bytes"], **_a_row(meter, rows)}


def _resource(endpoint: Any) -> Any:
    import boto3

    return boto3.resource("dynamodb", endpoint_url=endpoint.address).Table("table")


def model(meter: Meter, folder: Path, _size: int) -> Figures:
    """A dictionary and a model for each row, and an item of it."""
    from pydantic import BaseModel, Field, ValidationError

    class Row(BaseModel):
        code: str = Field("", alias="Code", max_length=200)
        email: str = Field("", alias="Email", max_length=254, pattern=r"^([^\s@]+@[^\s@.]+(\.[^\s@.]+)+)?$")
        category: str = Field("", alias="Category", max_length=200)
        seat: str = Field("", alias="Seat", max_length=200)
        quantity: int = Field(1, alias="Quantity", ge=1, le=1_000_000_000)

    rows = good = 0
    with _peer(folder) as (path, endpoint):
        table = _resource(endpoint)
        with meter, path.open(encoding="utf-8", newline="") as file, table.batch_writer() as batch:
            for rows, row in enumerate(csv.DictReader(file), 1):
                try:
                    checked = Row(**row)
                except (ValidationError, TypeError):
                    continue
                batch.put_item(Item={"pk": f"L#{rows}", "sk": checked.code, **checked.model_dump()})
                good += 1
        return _write_figures(meter, endpoint, rows, good)


def sample(meter: Meter, folder: Path, _size: int) -> Figures:
    """The shape of a well-known sample: rows are checked by nobody, a hundred of them to a writer."""
    rows = 0
    with _peer(folder) as (path, endpoint):
        with meter, path.open("rb") as file:
            reader = csv.DictReader(codecs.getreader("utf-8-sig")(file))
            while some := list(islice(reader, 100)):
                with _resource(endpoint).batch_writer() as batch:
                    for row in some:
                        rows += 1
                        cells = {str(name): str(cell) for name, cell in row.items() if name and cell}
                        batch.put_item(Item={"pk": f"L#{rows}", "sk": "-", **cells})
        return _write_figures(meter, endpoint, rows, rows)


def wrangler(meter: Meter, folder: Path, _size: int) -> Figures:
    """One call, on a file with good rows alone and no quoted line ends."""
    import awswrangler
    import boto3

    class Session(boto3.Session):
        def resource(self, *args: Any, **more: Any) -> Any:
            return super().resource(*args, **{**more, "endpoint_url": endpoint.address})

        def client(self, *args: Any, **more: Any) -> Any:
            return super().client(*args, **{**more, "endpoint_url": endpoint.address})

    path = folder / "good.csv"
    rows = sum(1 for _ in path.open(encoding="utf-8")) - 1
    with null_endpoint() as endpoint:
        with meter:
            awswrangler.dynamodb.put_csv(path=str(path), table_name="table", boto3_session=Session())
        return _write_figures(meter, endpoint, rows, rows)


def prepare(folder: Path, size: int) -> None:
    """All rows; a part of them for peers; good and plain ones for the one who stops at any other."""
    files.write(folder / "file.csv", size)
    files.write(folder / "part.csv", size // _SHARE)
    lines = (row for row in files.rows(size // _SHARE, size) if "\n" not in row[3] and "," not in row[3])
    with (folder / "good.csv").open("w", encoding="utf-8") as file:
        file.writelines(f"{','.join(row)}\n" for row in (("pk", "sk", "category", "seat", "quantity"), *lines))


def _fewer(than: str) -> Callable[[Mapping[str, Figures]], float]:
    return ratio(than, OURS, "us_a_row")


FILE_TO_STORED = Bench(
    row=4,
    name="file to stored, null endpoint",
    prepare=prepare,
    contestants={OURS: ours, MODEL: model, SAMPLE: sample, WRANGLER: wrangler},
    peers=frozenset({WRANGLER}),
    goals=(
        Goal(name="µs of CPU a row, guestlist", value=figure(OURS, "us_a_row")),
        Goal(name="CPU a row, times less than DictReader + pydantic + batch_writer", value=_fewer(MODEL), at_least=25),
        Goal(name="CPU a row, times less than the sample's shape", value=_fewer(SAMPLE)),
        Goal(name="CPU a row, times less than put_csv", value=_fewer(WRANGLER), at_least=40),
        Goal(name="MB on /tmp beside the file", value=figure(OURS, "disk_mb")),
    ),
    size=300_000,
    quick_size=60_000,
    rounds=3,
    quick_rounds=1,
    quick_goals=False,
)


def of_size(meter: Meter, folder: Path, size: int, *, part: int) -> Figures:
    """A worker on a file with duplicates and refused rows; boto3, by which it does all the rest, is loaded too."""
    import boto3

    path, work = folder / f"{part}.csv", folder / f"work-{part}"
    work.mkdir(exist_ok=True)
    with null_endpoint() as endpoint:
        client = boto3.client("dynamodb", endpoint_url=endpoint.address)
        client.describe_table(TableName="table")
        figures = imported(meter, path, table_at(endpoint.address), work)
    assert figures["rows"] == size // part
    return {**figures, **_a_row(meter, size // part)}


PARTS = (1_000, 10, 1)


def prepare_sizes(folder: Path, size: int) -> None:
    """A file of each size; one row in a hundred is bad, one stands twice."""
    for part in PARTS:
        files.write(folder / f"{part}.csv", size // part, bad_in=100, duplicate_in=100)


def _sizes() -> Iterable[str]:
    return (f"1/{part} of the rows" if part > 1 else "all rows" for part in PARTS)


def _growth(figures: Mapping[str, Figures]) -> float:
    peaks = [one["peak_mb"] for one in figures.values()]
    return float(max(peaks) - min(peaks))


MEMORY = Bench(
    row=5,
    name="peak memory of the worker",
    prepare=prepare_sizes,
    contestants={name: partial(of_size, part=part) for name, part in zip(_sizes(), PARTS, strict=True)},
    goals=(
        Goal(name="MB at most", value=lambda results: max(one["peak_mb"] for one in results.values()), at_most=128),
        Goal(name="MB between the least and the most", value=_growth, at_most=16),
        Goal(name="MB on /tmp beside the file, all rows", value=lambda results: results["all rows"]["disk_mb"]),
    ),
    size=10_000_000,
    quick_size=200_000,
    in_turns=False,
    rounds=1,
    quick_rounds=1,
)


def into_engine(meter: Meter, folder: Path, size: int) -> Figures:
    """The worker; the table is in the embedded engine."""
    from tests.engines.servers import ministack
    from tests.engines.tables import new_table

    (work := folder / "work").mkdir(exist_ok=True)
    (state := folder / "state-ours").mkdir(exist_ok=True)
    with ministack(state) as address:
        figures = imported(meter, folder / "file.csv", new_table(address, "own"), work)
    assert figures["rows"] == size
    return {**figures, "rows_a_second": size / meter.wall}


def one_a_row(meter: Meter, folder: Path, _size: int) -> Figures:
    """An item a row by batch_writer, into the same engine; checked by nobody."""
    from tests.engines.servers import ministack
    from tests.engines.tables import new_table

    (state := folder / "state-peer").mkdir(exist_ok=True)
    rows = 0
    with ministack(state) as address:
        import boto3

        name = new_table(address)._name  # noqa: SLF001 - the name of a table for others than ours
        table = boto3.resource("dynamodb", endpoint_url=address).Table(name)
        with meter, (folder / "part.csv").open(encoding="utf-8", newline="") as file, table.batch_writer() as batch:
            for rows, row in enumerate(csv.DictReader(file), 1):
                cells = {str(name): str(cell) for name, cell in row.items() if name and cell}
                batch.put_item(Item={"pk": f"L#{rows}", "sk": "-", **cells})
    return {"rows": rows, "rows_a_second": rows / meter.wall}


ENGINE = Bench(
    row=6,
    name="into the embedded engine",
    prepare=prepare,
    contestants={OURS: into_engine, "DictReader + batch_writer": one_a_row},
    goals=(
        Goal(
            name="rows a second on the clock, times batch_writer's",
            value=ratio(OURS, "DictReader + batch_writer", "rows_a_second"),
            at_least=10,
        ),
    ),
    size=200_000,
    quick_size=40_000,
    in_turns=False,
    rounds=3,
    quick_rounds=1,
)

BENCHES = (FILE_TO_STORED, MEMORY, ENGINE)
