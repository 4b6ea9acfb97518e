"""The difference of two versions of a list, entry by entry, in constant memory."""

from collections.abc import Iterator
from enum import StrEnum
from functools import reduce
from typing import NamedTuple

from guestlist.lists.entry_line import HEAD, entry
from guestlist.lists.importing.merging import (
    Stream,
    aligned_slices,
    line_identity,
    merge_lines,
    stored_lines,
    without_tombstones,
)
from guestlist.lists.packed_list import PackedList, Read

COLUMNS = ("Change", "Code", "Email", "Category", "Seat", "Quantity", "Former quantity")


class Difference(NamedTuple):
    """The id of a version, and the lists to compare: `before` and `after` it."""

    version_id: str
    before: PackedList
    after: PackedList

    @property
    def size(self) -> int:
        """The approximate number of entries that are read."""
        return sum(part.entries for packed in (self.before, self.after) for part in packed if part)


class Change(StrEnum):
    """How an entry differs."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


def difference_rows(read: Read, before: PackedList, after: PackedList) -> Iterator[tuple[str, ...]]:
    """Rows in the order of `COLUMNS`, one for each entry that was added, changed or removed.

    Raises `MissingText`.
    """
    parts = [part for packed in (before, after) for part in packed]
    streams = [Stream(()) if part is None else stored_lines(read, part) for part in parts]
    rows = max((part.entries for part in parts if part), default=0)
    for some in aligned_slices(rows, *streams):
        old, new = (without_tombstones(reduce(merge_lines, pair)) for pair in (some[:2], some[2:]))
        yield from _rows(set(old).difference(new), set(new).difference(old))


def _rows(old_lines: set[str], new_lines: set[str]) -> Iterator[tuple[str, ...]]:
    former = {line_identity(line): line for line in old_lines}
    fresh = {line_identity(line): line for line in new_lines}
    for identity in sorted(former.keys() | fresh.keys()):
        line = fresh.get(identity, former.get(identity, ""))
        row_entry, other = entry(line[HEAD:]), former.get(identity)
        quantity = str(row_entry.quantity) if identity in fresh else ""
        change = (Change.CHANGED if other else Change.ADDED) if identity in fresh else Change.REMOVED
        before = str(entry(other[HEAD:]).quantity) if other else ""
        yield (change.value, row_entry.code, row_entry.email, row_entry.category, row_entry.seat, quantity, before)
