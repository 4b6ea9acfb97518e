"""The difference of two versions of a list, entry by entry, in constant memory."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import reduce
from typing import NamedTuple

from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import HEAD, Identity, entry
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
    """Type of a change of an entry."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


def difference_rows(read: Read, before: PackedList, after: PackedList) -> Iterator[tuple[str, ...]]:
    """Yield a row in the order of `COLUMNS` for each entry that was added, changed or removed.

    Raises `MissingText`.
    """
    parts = [part for packed in (before, after) for part in packed]
    streams = [Stream(()) if part is None else stored_lines(read, part) for part in parts]
    rows = max((part.entries for part in parts if part), default=0)
    for slices in aligned_slices(rows, *streams):
        old, new = (without_tombstones(reduce(merge_lines, pair)) for pair in (slices[:2], slices[2:]))
        yield from _rows(set(old).difference(new), set(new).difference(old))


def changes_between(
    old: Mapping[Identity, Entry], new: Mapping[Identity, Entry]
) -> Iterator[tuple[Change, Entry, Entry | None, Entry | None]]:
    """Yield each change with its entry, the former entry and the new one, ordered by identity."""
    for identity in sorted(old.keys() | new.keys()):
        former, new_entry = old.get(identity), new.get(identity)
        if new_entry is None:
            yield Change.REMOVED, old[identity], former, None
        elif former != new_entry:
            yield Change.CHANGED if former else Change.ADDED, new_entry, former, new_entry


def _rows(old_lines: set[str], new_lines: set[str]) -> Iterator[tuple[str, ...]]:
    for change, any_entry, former, new in changes_between(_entries(old_lines), _entries(new_lines)):
        quantity, before = (str(version.quantity) if version else "" for version in (new, former))
        yield (change.value, any_entry.code, any_entry.email, any_entry.category, any_entry.seat, quantity, before)


def _entries(lines: set[str]) -> dict[Identity, Entry]:
    return {line_identity(line): entry(line[HEAD:]) for line in lines}
