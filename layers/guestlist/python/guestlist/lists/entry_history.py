"""Find what the versions of a list changed of the entries of a code or an e-mail address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from guestlist.lists.difference import Change, changes_between
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import Identity
from guestlist.lists.packed_list import PackedList, Place, Read, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """An entry that a version added, changed or removed; a quantity is None where there is no entry."""

    change: Change
    code: str | None
    email: str | None
    category: str | None
    seat: str | None
    quantity: int | None
    former_quantity: int | None


class Compared(NamedTuple):
    """The lists before and after a version."""

    before: PackedList
    after: PackedList


def entry_changes(read: Read, keys: Sequence[str], lists: Sequence[Compared]) -> Iterator[tuple[EntryChange, ...]]:
    """Yield what changed of the entries with these lookup keys, for each pair of lists.

    Nothing changed where a text is missing because its version was deleted meanwhile.
    """
    every = {packed for pair in lists for packed in pair}
    texts = read(dict.fromkeys(place for packed in every for place in _places(packed, keys)))
    parts = dict.fromkeys(place for packed in every for key in keys for place in packed.parts(key, texts))
    texts = {**texts, **(read(parts) if parts else {})}
    for before, after in lists:
        needed = {*_places(before, keys), *_places(after, keys)}
        if needed <= texts.keys():
            yield tuple(_changes(_entries(before, keys, texts), _entries(after, keys, texts)))
        else:
            yield ()


def _places(packed: PackedList, keys: Sequence[str]) -> Iterator[Place]:
    for key in keys:
        yield from packed.places(key)


def _entries(packed: PackedList, keys: Sequence[str], texts: Texts) -> Mapping[Identity, Entry]:
    return {entry.identity: entry for key in keys for entry in packed.entries(key, texts)}


def _changes(old: Mapping[Identity, Entry], new: Mapping[Identity, Entry]) -> Iterator[EntryChange]:
    for change, entry, former, new_entry in changes_between(old, new):
        yield EntryChange(
            change=change,
            code=entry.code or None,
            email=entry.email or None,
            category=entry.category or None,
            seat=entry.seat or None,
            quantity=new_entry.quantity if new_entry else None,
            former_quantity=former.quantity if former else None,
        )
