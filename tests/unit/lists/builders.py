"""Lists built from files in sequence, on a list store in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from guestlist.imports.model import Mode
from guestlist.imports.ports import PackedListStore
from guestlist.imports.reading.problems import Problem
from guestlist.lists.entry import Entry
from guestlist.lists.importing import build as lists
from guestlist.lists.importing import changes, hot_keys, merging, packing, row_sorter, sizing
from guestlist.lists.importing.build import BuiltList
from guestlist.lists.importing.changes import Effect
from guestlist.lists.importing.row_sorter import RowSorter
from guestlist.lists.importing.storing import Progress
from guestlist.lists.packed_list import PackedList, entries_by_partition
from tests.fakes.packed_lists import FakePackedListStore

FIRST_LINE = 2


def nothing(_share: float) -> None:
    """Ignore the progress."""


@contextmanager
def sorted_rows(entries: Iterable[Entry], size_hint: int = 0) -> Iterator[RowSorter]:
    """A sorter of these rows, the first on line 2."""
    with TemporaryDirectory() as folder:
        rows = RowSorter(Path(folder), size_hint)
        for line, entry in enumerate(entries, FIRST_LINE):
            rows.add(line, entry)
        yield rows


@dataclass
class StoredList:
    """A group's list, with the refused and repeated rows of its last file."""

    list_store: PackedListStore = field(default_factory=FakePackedListStore)
    current: PackedList = field(default_factory=PackedList)
    problems: list[Problem] = field(default_factory=list)
    repeated: int = 0
    versions: int = 0

    def apply(
        self, mode: Mode, entries: Iterable[Entry], *, progress: Progress = nothing, size_hint: int = 0
    ) -> BuiltList:
        """Build a version from a file of these rows and publish it."""
        self.problems = []
        with sorted_rows(entries, size_hint) as rows:
            version_id = f"v{self.versions}"
            built = lists.build(rows, mode, self.current, version_id, self.list_store, self.problems.append, progress)
            self.repeated = rows.repeated
        self.current = PackedList(built.base, built.overlay)
        self.versions += 1
        return built

    def compare(self, mode: Mode, entries: Iterable[Entry]) -> tuple[int, Effect]:
        """The effect that a file of these rows would have."""
        self.problems = []
        with sorted_rows(entries) as rows:
            return lists.compare(rows, mode, self.current, self.list_store, self.problems.append, nothing)

    def entries(self, start: int = 0) -> list[Entry]:
        """All entries, from that partition on."""
        return [
            entry
            for _, page in entries_by_partition(self.list_store.read_texts, self.current, start, batch_size=3)
            for entry in page
        ]

    def lookup(
        self, key: str, *, seats: Iterable[str] | None = None, emails: Iterable[str] | None = None
    ) -> list[Entry]:
        """The entries that a lookup of this key finds."""
        texts = dict(self.list_store.read_texts(self.current.text_ids(key)))
        narrow = {"seats": seats if seats is None else set(seats), "emails": emails if emails is None else set(emails)}
        texts |= self.list_store.read_texts(self.current.parts(key, texts, **narrow))
        return self.current.entries(key, texts)


@contextmanager
def tiny_limits() -> Iterator[None]:
    """Limits so low that a list of a dozen rows reaches all of them."""
    with (
        patch.object(lists, "_MIN_BASE_TO_OVERLAY", 1),
        patch.object(row_sorter, "_BUFFERED_ROWS", 5),
        patch.object(row_sorter, "_MAX_ROWS_SORTED", 6),
        patch.object(changes, "_BATCH_SIZE", 3),
        patch.object(merging, "_ROWS_PER_SLICE", 4),
        patch.object(merging, "_PARTITIONS_PER_READ", 2),
        patch.object(packing, "_MAX_BYTES_PER_KEY", 60),
        patch.object(hot_keys, "_MAX_PART_BYTES", 100),
        patch.object(sizing, "_ITEM_BYTES", 200),
        patch.object(sizing, "_MIN_FILL", 50),
    ):
        yield
