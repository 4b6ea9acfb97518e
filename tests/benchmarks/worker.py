"""What a worker needs for a large list, from the file to the flip: `python -m tests.benchmarks.worker [rows]`.

The worker's own code runs on a file on disk, every step of it, with ports that keep nothing: write units are
counted from the bytes of each item as DynamoDB counts them. One row in a hundred is bad, one stands twice.
"""

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from guestlist.aws import keys
from guestlist.imports.job import WorkerContext
from guestlist.imports.lease import claim
from guestlist.imports.model import Kind, Source
from guestlist.imports.worker import work
from guestlist.lists.fingerprints import Segment
from guestlist.lists.importing.service import TargetGroups
from guestlist.lists.packed_list import Header, TextId, Texts
from tests.benchmarks.packing import stored_bytes
from tests.fakes.imports import START, FakeClock, FakeFiles, FakeImports, FakeQueue
from tests.unit.imports.builders import an_import
from tests.unit.imports.harness import FakeExpiredVersions


@dataclass
class CountingPackedListStore:
    """Counts what is written, and keeps only the headers."""

    units: int = 0
    headers: dict[str, Header] = field(default_factory=dict)

    def header(self, version_id: str) -> Header | None:
        return self.headers.get(version_id)

    def put_header(self, header: Header) -> None:
        self.headers[header.version.version_id] = header

    def write_texts(self, texts: Texts) -> None:
        for place, text in texts.items():
            key = keys.partition("demo", "imp-1", place.version_id, place.number)
            self.units += ceil((len(f"pk{key.pk}sk{key.sk}b".encode()) + stored_bytes(text)) / 1024)

    def write_fingerprints(self, segment: Segment, content: bytes) -> None:
        key = keys.fingerprints("demo", "imp-1", *segment)
        self.units += ceil((len(f"pk{key.pk}sk{key.sk}f".encode()) + len(content)) / 1024)

    def read_texts(self, _places: Iterable[TextId]) -> Texts:
        return {}

    def delete_texts(self, _places: Iterable[TextId]) -> None:
        raise AssertionError("nothing is deleted here")

    def delete_header(self, _version_id: str) -> None:
        raise AssertionError("nothing is deleted here")


@dataclass
class OneFile(FakeFiles):
    """Brings a file that is on disk already."""

    path: Path = Path()

    def download(self, _source: Source, to: Path) -> None:
        shutil.copyfile(self.path, to)

    def upload(self, _key: str, _path: Path, _content_type: str) -> None:
        return


def write_file(path: Path, rows: int) -> None:
    """Codes with a category and a quantity."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Code,Category,Quantity\n")
        for number in range(rows):
            code = number * 7_919 % 1_000_003 if number % 100 == 1 else number * 104_729 % 10**9
            file.write(f"GL{code:010d},Section{number % 20},{0 if number % 100 == 0 else number % 4 + 1}\n")


def main(rows: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        write_file(path, rows)
        imports, list_store, clock = FakeImports(), CountingPackedListStore(), FakeClock()
        lists = TargetGroups(
            groups=imports.groups,
            list_store=lambda _org, _group: list_store,
            expired_versions=FakeExpiredVersions(),
            keyed_since=None,
        )
        bench = WorkerContext(
            imports=imports,
            files=OneFile(path=path),
            queue=FakeQueue(),
            time=clock.time,
            folder=Path(folder),
            runs={Kind.TARGET_GROUP: lists.run},
            language_of=lambda _org: "en",
        )
        imports.add_import(an_import())
        source = Source("uploads/demo/imp-1", "v1", path.stat().st_size, START)
        began = time.process_time()
        hold = claim(imports.get_import("demo", "imp-1"), "w", source, imports, clock.time)
        if hold:
            work(hold, bench)
        took = time.process_time() - began
        record = imports.get_import("demo", "imp-1")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = f"{list_store.units:,} write units, {took:.1f} s of CPU, peak memory {peak:.0f} MB"
    print(f"{record.status.value} {record.counts}: {figures}")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
