"""Find the changes that the versions of a list made to the entries of a code or an e-mail address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from guestlist.lists.difference import Change, changes_between
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import Identity
from guestlist.lists.packed_list import PackedList, Read, TextId, Texts


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


class ListPair(NamedTuple):
    """The lists before and after a version."""

    before: PackedList
    after: PackedList


def entry_changes(read: Read, keys: Sequence[str], pairs: Sequence[ListPair]) -> Iterator[tuple[EntryChange, ...]]:
    """Yield the changes of the entries with these lookup keys, for each pair of lists.

    An empty tuple for a pair that lacks a text, because its version was deleted meanwhile.
    """
    packed_lists = {packed for pair in pairs for packed in pair}
    texts = read(dict.fromkeys(text_id for packed in packed_lists for text_id in _text_ids(packed, keys)))
    parts = dict.fromkeys(text_id for packed in packed_lists for key in keys for text_id in packed.parts(key, texts))
    texts = {**texts, **(read(parts) if parts else {})}
    for before, after in pairs:
        needed = {*_text_ids(before, keys), *_text_ids(after, keys)}
        if needed <= texts.keys():
            yield tuple(_changes(_entries(before, keys, texts), _entries(after, keys, texts)))
        else:
            yield ()


def _text_ids(packed: PackedList, keys: Sequence[str]) -> Iterator[TextId]:
    for key in keys:
        yield from packed.text_ids(key)


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
