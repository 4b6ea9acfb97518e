"""Packed lists without the rows of a person: every version there is, in its own place.

Texts of a version are never changed otherwise. Here they are, one by one, so that a version that an
index, a record or a worker points to is still that version; what is lost are rows that nobody may find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from guestlist.erasure.model import AddressMatcher
from guestlist.erasure.ports import PackedListStore
from guestlist.groups.index import IndexedGroup, Version
from guestlist.lists import entry_line, fingerprints, partition
from guestlist.lists.entry import Entry
from guestlist.lists.fingerprints import Segment
from guestlist.lists.packed_list import Header, PackedList, Place, Texts, pages
from guestlist.model.email_address import fold_email

BUCKETS = 50
_PARTS = 100


def without(text: str, person: AddressMatcher) -> str:
    """A bucket's text without the rows that name the person, be it as a code, and without a key that does."""
    if not _may_name(text, person):
        return text
    lines = [line for line in partition.lines(text) if not _named(entry_line.entry(line), person)]
    spreads = {key: how for key, how in partition.spreads(text).items() if not person.named_in(key)}
    return partition.encode(lines, spreads)


def in_turn(headers: Sequence[Header], group: IndexedGroup | None) -> list[Header]:
    """The versions in the order in which they are to be gone over: what lies over a list is the last.

    So a row is never found again because the mark that it was removed went first.
    """
    over = group.overlay.version_id if group and group.overlay else None
    return sorted(headers, key=lambda header: header.version.version_id == over)


def naming(list_store: PackedListStore, version: Version, first: int, person: AddressMatcher) -> Iterator[Texts]:
    """The texts of `BUCKETS` buckets from that one on, and of their parts, that name the person.

    Some at a time, however many parts a key has.
    """
    numbers = range(first, min(first + BUCKETS, version.buckets))
    texts = list_store.read([Place(version.version_id, number) for number in numbers])
    for text in texts.values():
        for key, how in partition.spreads(text).items():
            places = [Place(version.version_id, part, key) for part in range(how.parts)]
            for at in range(0, len(places), _PARTS):
                yield _of(list_store.read(places[at : at + _PARTS]), person)
    yield _of(texts, person)


def clean(list_store: PackedListStore, texts: Texts, person: AddressMatcher) -> None:
    """Put each of these texts without the person in its place; a key that names them goes with all its parts.

    Fingerprints of a code that names them go too: then a check reads the buckets that they were for.
    """
    for place, text in texts.items():
        if not place.key and _code_names(text, person):
            list_store.delete_fingerprints([Segment(place.version_id, place.number // fingerprints.BUCKETS)])
        for key, how in partition.spreads(text).items():
            if person.named_in(key):
                list_store.delete([Place(place.version_id, part, key) for part in range(how.parts)])
        list_store.swap(place, text, without(text, person))


def counted(list_store: PackedListStore, of: PackedList) -> int:
    """How many rows the list has, which its newest version then says too. Raises `Damaged`."""
    rows = sum(len(entries) for _, entries in pages(list_store.read, of))
    newest = of.overlay or of.base
    header = list_store.header(newest.version_id) if newest else None
    if header and header.standing != rows:
        list_store.put_header(replace(header, standing=rows))
    return rows


def _code_names(text: str, person: AddressMatcher) -> bool:
    codes = [*partition.spreads(text), *(entry_line.entry(line).code for line in partition.lines(text))]
    return any(map(person.named_in, codes))


def _of(texts: Texts, person: AddressMatcher) -> Texts:
    return {place: text for place, text in texts.items() if without(text, person) != text}


def _may_name(text: str, person: AddressMatcher) -> bool:
    """Whether the part before the @ is in the text, whose domains stand apart."""
    local, _, _ = person.email.partition("@")
    return entry_line.escaped(local) in text.lower() or not text.isascii()


def _named(entry: Entry, person: AddressMatcher) -> bool:
    if fold_email(entry.email) == person.email:
        return True
    return any(map(person.named_in, (entry.code, entry.email, entry.category, entry.seat)))
