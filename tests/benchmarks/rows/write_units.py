"""Write units of a list, counted at the other end of the wire, beside one item a row, which is a unit a row."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure
from tests.benchmarks.null_endpoint import null_endpoint
from tests.benchmarks.rows.importing import table_at

SHRUNK = {"codes": 9_000, "code, quantity, category": 13_000, "e-mail, seat": 20_000, "full": 30_000}
GOALS = {"codes": 15_000, "code, quantity, category": 22_000, "e-mail, seat": 45_000, "full": 60_000}


def pack_list(meter: Meter, _folder: Path, size: int, *, shape: str) -> Figures:
    """A list of that shape, sorted, packed and sent."""
    from guestlist.imports.model import Mode
    from guestlist.lists.importing.build import build
    from guestlist.lists.importing.row_sorter import RowSorter
    from guestlist.lists.packed_list import PackedList
    from guestlist.lists.store import PackedListStore
    from tests.benchmarks.packing import GROUP_ID, VERSION_ID, rows_of

    problems: list[object] = []
    with TemporaryDirectory() as folder, null_endpoint() as endpoint:
        sorter = RowSorter(Path(folder), size * 40)
        for line, entry in enumerate(rows_of(shape, size), 2):
            sorter.add(line, entry)
        list_store = PackedListStore(table_at(endpoint.address), "demo", GROUP_ID)
        with meter:
            built = build(
                sorter, Mode.CREATE, PackedList(), VERSION_ID, list_store, problems.append, lambda _share: None
            )
        counts = endpoint.counts()
    assert built.entries + len(problems) + sorter.repeated == size
    assert counts["bytes"] > 8 * size, counts
    return {"rows": size, "per_million": counts["units"] * 1e6 / built.entries, "items": counts["items"]}


def _bench(row: int, name: str, goals: Mapping[str, int]) -> Bench:
    return Bench(
        row=row,
        name=name,
        contestants={shape: partial(pack_list, shape=shape) for shape in goals},
        same=("rows",),
        goals=tuple(
            Goal(
                name=f"write units per million, {shape} (one item a row: 1,000,000)",
                at_most=most,
                value=figure(shape, "per_million"),
            )
            for shape, most in goals.items()
        ),
        size=1_000_000,
        quick_size=50_000,
        rounds=1,
        quick_rounds=1,
    )


BENCHES = (
    _bench(3, "write units per million rows", GOALS),
    _bench(21, "write units per million rows, of smaller texts", SHRUNK),
)
