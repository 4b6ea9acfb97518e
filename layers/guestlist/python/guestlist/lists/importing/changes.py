"""Compute the changes that a file makes to a list, by comparing each row with the current entries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from guestlist.imports.model import Mode
from guestlist.imports.reading.problems import IN_LIST, DuplicateExisting, UnknownEntry
from guestlist.lists import partition
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import Identity, entry, identity, with_hash
from guestlist.lists.importing.merging import (
    Stream,
    aligned_slices,
    line_identity,
    merge_lines,
    stored_lines,
    without_tombstones,
)
from guestlist.lists.importing.row_sorter import (
    MAX_ROWS_PER_KEY,
    Refuse,
    RowSorter,
    TooManyRows,
    line_of,
    with_hash_of,
)
from guestlist.lists.packed_list import PackedList, Read, Texts, read_all

_BATCH_SIZE = 500


class Edit(StrEnum):
    """An edit of single entries of a list."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


Amendment = Mode | Edit
AMENDMENTS: frozenset[Amendment] = frozenset({Mode.APPEND, Mode.REMOVE, *Edit})
"""Modes and edits that write an overlay instead of a new base."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The numbers of entries that are added, changed and removed."""

    added: int = 0
    changed: int = 0
    revoked: int = 0

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(self.added + other.added, self.changed + other.changed, self.revoked + other.revoked)


StepResult = tuple[list[str], Effect]


def replace_steps(sorter: RowSorter, current: PackedList, read: Read, refuse: Refuse) -> Iterator[StepResult]:
    """Yield the records of the new list in order, with their effect on the current one."""
    new_entries = sorter.records(refuse)
    if current.base is None:
        yield from map(_new, new_entries)
        return
    rows = max(sorter.rows, current.base.entries)
    streams = Stream(new_entries), stored_lines(read, current.base), stored_lines(read, current.overlay)
    for records, below, above in aligned_slices(rows, *streams):
        yield (
            records,
            _difference(without_tombstones(merge_lines(below, above)), list(map(with_hash_of, records))),
        )


def amend_steps(
    sorter: RowSorter, mode: Amendment, current: PackedList, read: Read, refuse: Refuse
) -> Iterator[StepResult]:
    """Yield the lines of the overlay in order, with their effect: entries to append, change or remove."""
    for records in sorter.records(refuse):
        for start in range(0, len(records), _BATCH_SIZE):
            batch = records[start : start + _BATCH_SIZE]
            existing = _existing(batch, current, read)
            if mode in {Mode.APPEND, Edit.ADD}:
                lines = list(_appended(sorter, batch, existing, refuse))
                yield lines, Effect(added=len(lines))
            elif mode is Edit.CHANGE:
                lines = list(_changed(sorter, batch, existing, refuse))
                yield lines, Effect(changed=len(lines))
            else:
                lines = list(_removed(sorter, batch, existing, refuse))
                yield lines, Effect(revoked=len(lines))


def _new(records: list[str]) -> StepResult:
    return records, Effect(added=len(records))


@dataclass(frozen=True, slots=True)
class _Existing:
    """The current entries of some keys by identity, and those of the keys that can have no more rows."""

    identities: Mapping[Identity, Entry]
    full: set[str]


def _existing(records: Iterable[str], current: PackedList, read: Read) -> _Existing:
    seats: dict[str, set[str]] = {}
    emails: dict[str, set[str]] = {}
    for key, _, seat, email in (identity(line_of(record)) for record in records):
        seats.setdefault(key, set()).add(seat)
        emails.setdefault(key, set()).add(email)
    texts = dict(read_all(read, {text_id for key in seats for text_id in current.text_ids(key)}))
    parts = [part for key in seats for part in current.parts(key, texts, seats=seats[key], emails=emails[key])]
    texts |= read_all(read, parts) if parts else {}
    return _Existing(
        {entry.identity: entry for key in seats for entry in current.entries(key, texts)},
        {key for key in seats if _rows(current, key, texts) >= MAX_ROWS_PER_KEY},
    )


def _rows(current: PackedList, key: str, texts: Texts) -> int:
    shardings = (partition.sharding_of(texts.get(text_id, ""), key) for text_id in current.text_ids(key))
    return sum(sharding.rows for sharding in shardings if sharding)


def _appended(sorter: RowSorter, records: list[str], existing: _Existing, refuse: Refuse) -> Iterator[str]:
    for record in records:
        row_identity = identity(line_of(record))
        if row_identity in existing.identities:
            refuse(DuplicateExisting(*sorter.cell(record), IN_LIST))
        elif row_identity[0] in existing.full:
            refuse(TooManyRows(*sorter.cell(record)))
        else:
            yield with_hash_of(record)


def _changed(sorter: RowSorter, records: list[str], existing: _Existing, refuse: Refuse) -> Iterator[str]:
    for record in records:
        current_entry = existing.identities.get(identity(line_of(record)))
        if current_entry is None:
            refuse(UnknownEntry(*sorter.cell(record)))
        else:
            yield with_hash(replace(current_entry, quantity=entry(line_of(record)).quantity))


def _removed(sorter: RowSorter, records: list[str], existing: _Existing, refuse: Refuse) -> Iterator[str]:
    for record in records:
        if identity(line_of(record)) in existing.identities:
            yield with_hash(replace(entry(line_of(record)), quantity=0))
        else:
            refuse(UnknownEntry(*sorter.cell(record)))


def _difference(existing: list[str], new_entries: list[str]) -> Effect:
    old = set(map(line_identity, set(existing).difference(new_entries)))
    new = set(map(line_identity, set(new_entries).difference(existing)))
    changed = len(old & new)
    return Effect(len(new) - changed, changed, len(old) - changed)
