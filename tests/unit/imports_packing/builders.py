"""Lists that files are built into, one after the other, on a shelf in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from guestlist.entry import Entry
from guestlist.imports.lists import build as lists
from guestlist.imports.lists import changes, crowd, fill, merging, packing, spool
from guestlist.imports.lists.build import Built
from guestlist.imports.lists.changes import Effect
from guestlist.imports.lists.spool import Spool
from guestlist.imports.lists.storing import Progress
from guestlist.imports.ports import Shelf
from guestlist.imports.reading.problems import Problem
from guestlist.imports.record import Mode
from guestlist.packed_list import PackedList, pages
from tests.fakes.shelf import FakeShelf

FIRST_LINE = 2


def nothing(_share: float) -> None:
    """Takes note of no progress."""


@contextmanager
def spooled(entries: Iterable[Entry], size_hint: int = 0) -> Iterator[Spool]:
    """A spool of these rows, the first on line 2."""
    with TemporaryDirectory() as folder:
        rows = Spool(Path(folder), size_hint)
        for line, entry in enumerate(entries, FIRST_LINE):
            rows.add(line, entry)
        yield rows


@dataclass
class KeptList:
    """A group's list, and the rows that were refused on the way."""

    shelf: Shelf = field(default_factory=FakeShelf)
    current: PackedList = field(default_factory=PackedList)
    refused: list[Problem] = field(default_factory=list)
    versions: int = 0

    def take(self, mode: Mode, entries: Iterable[Entry], *, progress: Progress = nothing, size_hint: int = 0) -> Built:
        """Build a file of these rows and publish what comes of it."""
        self.refused = []
        with spooled(entries, size_hint) as rows:
            version_id = f"v{self.versions}"
            built = lists.build(rows, mode, self.current, version_id, self.shelf, self.refused.append, progress)
        self.current = PackedList(built.base, built.overlay)
        self.versions += 1
        return built

    def compare(self, mode: Mode, entries: Iterable[Entry]) -> tuple[int, Effect]:
        """What a file of these rows would do."""
        self.refused = []
        with spooled(entries) as rows:
            return lists.compare(rows, mode, self.current, self.shelf, self.refused.append, nothing)

    def entries(self, start: int = 0) -> list[Entry]:
        """All entries, from that bucket on."""
        return [entry for _, page in pages(self.shelf.read, self.current, start, at_once=3) for entry in page]

    def found(
        self, key: str, *, seats: Iterable[str] | None = None, emails: Iterable[str] | None = None
    ) -> list[Entry]:
        """What a look-up of this key answers."""
        texts = dict(self.shelf.read(self.current.places(key)))
        narrow = {"seats": seats if seats is None else set(seats), "emails": emails if emails is None else set(emails)}
        texts |= self.shelf.read(self.current.parts(key, texts, **narrow))
        return self.current.entries(key, texts)


@contextmanager
def tiny_limits() -> Iterator[None]:
    """Limits so low that a list of a dozen rows meets all of them."""
    with (
        patch.object(lists, "_OUTGROWN", 1),
        patch.object(spool, "_AT_ONCE", 5),
        patch.object(spool, "_MOST_ROWS", 6),
        patch.object(changes, "_ROWS", 3),
        patch.object(merging, "_ROWS", 4),
        patch.object(merging, "_BUCKETS", 2),
        patch.object(packing, "_MOST_OF_A_KEY", 60),
        patch.object(crowd, "_LARGEST_PART", 100),
        patch.object(fill, "_ROOM", 200),
        patch.object(fill, "_LEAST_ROOM", 50),
    ):
        yield
