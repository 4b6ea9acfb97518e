"""Packed lists without the rows of a person: every version there is, in its own place.

Texts of a version are never changed otherwise. Here they are, one by one, so that a version that an
index, a record or a worker points to is still that version; what is lost are rows that nobody may find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from guestlist import bucket, entry_line
from guestlist.entry import Entry, fold_email
from guestlist.erasure import Traces
from guestlist.group import IndexedGroup, Version
from guestlist.imports.erasing.ports import Shelf
from guestlist.packed_list import Header, PackedList, Place, Texts, pages

BUCKETS = 50
_PARTS = 100


def without(text: str, person: Traces) -> str:
    """A bucket's text without the rows that name the person, be it as a code, and without a key that does."""
    if not _may_name(text, person):
        return text
    lines = [line for line in bucket.lines(text) if not _named(entry_line.entry(line), person)]
    spreads = {key: how for key, how in bucket.spreads(text).items() if not person.named_in(key)}
    return bucket.encode(lines, spreads)


def in_turn(headers: Sequence[Header], group: IndexedGroup | None) -> list[Header]:
    """The versions in the order in which they are to be gone over: what lies over a list is the last.

    So a row is never found again because the mark that it was removed went first.
    """
    over = group.overlay.version_id if group and group.overlay else None
    return sorted(headers, key=lambda header: header.version.version_id == over)


def naming(shelf: Shelf, version: Version, first: int, person: Traces) -> Iterator[Texts]:
    """The texts of `BUCKETS` buckets from that one on, and of their parts, that name the person.

    Some at a time, however many parts a key has.
    """
    numbers = range(first, min(first + BUCKETS, version.buckets))
    texts = shelf.read([Place(version.version_id, number) for number in numbers])
    for text in texts.values():
        for key, how in bucket.spreads(text).items():
            places = [Place(version.version_id, part, key) for part in range(how.parts)]
            for at in range(0, len(places), _PARTS):
                yield _of(shelf.read(places[at : at + _PARTS]), person)
    yield _of(texts, person)


def clean(shelf: Shelf, texts: Texts, person: Traces) -> None:
    """Put each of these texts without the person in its place; a key that names them goes with all its parts."""
    for place, text in texts.items():
        for key, how in bucket.spreads(text).items():
            if person.named_in(key):
                shelf.delete([Place(place.version_id, part, key) for part in range(how.parts)])
        shelf.swap(place, text, without(text, person))


def counted(shelf: Shelf, of: PackedList) -> int:
    """How many rows the list has, which its newest version then says too. Raises `Damaged`."""
    rows = sum(len(entries) for _, entries in pages(shelf.read, of))
    newest = of.overlay or of.base
    header = shelf.header(newest.version_id) if newest else None
    if header and header.standing != rows:
        shelf.put_header(replace(header, standing=rows))
    return rows


def _of(texts: Texts, person: Traces) -> Texts:
    return {place: text for place, text in texts.items() if without(text, person) != text}


def _may_name(text: str, person: Traces) -> bool:
    """Whether the part before the @ is in the text, whose domains stand apart."""
    local, _, _ = person.email.partition("@")
    return entry_line.escaped(local) in text.lower() or not text.isascii()


def _named(entry: Entry, person: Traces) -> bool:
    if fold_email(entry.email) == person.email:
        return True
    return any(map(person.named_in, (entry.code, entry.email, entry.category, entry.seat)))
