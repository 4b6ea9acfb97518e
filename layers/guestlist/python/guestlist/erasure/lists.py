"""Removal of a person's rows from all versions of a packed list, in place.

Texts of a version are otherwise immutable. Here they are replaced one by one, so that indexes, records and
workers can keep pointing to the version; it only loses rows that must not be found any more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from guestlist.erasure.model import AddressMatcher
from guestlist.erasure.ports import PackedListStore
from guestlist.groups.index import IndexedGroup, Version
from guestlist.lists import entry_line, fingerprints, partition
from guestlist.lists.entry import Entry
from guestlist.lists.fingerprints import Segment
from guestlist.lists.packed_list import Header, PackedList, TextId, Texts, entries_by_partition
from guestlist.model.email_address import fold_email

PARTITIONS = 50
"""How many partitions are read at once."""
_PARTS_AT_ONCE = 100


def without_person(text: str, person: AddressMatcher) -> str:
    """A partition's text without rows that contain the person's address, even as a code, and without such keys."""
    if not _may_name(text, person):
        return text
    lines = [line for line in partition.lines(text) if not _names_person(entry_line.entry(line), person)]
    shardings = {key: sharding for key, sharding in partition.shardings(text).items() if not person.matches(key)}
    return partition.encode(lines, shardings)


def cleaning_order(headers: Sequence[Header], group: IndexedGroup | None) -> list[Header]:
    """The versions in the order in which to clean them: an overlay last.

    Otherwise a removed row would reappear when the overlay's mark of its removal is deleted first.
    """
    overlay_id = group.overlay.version_id if group and group.overlay else None
    return sorted(headers, key=lambda header: header.version.version_id == overlay_id)


def texts_naming(list_store: PackedListStore, version: Version, first: int, person: AddressMatcher) -> Iterator[Texts]:
    """The texts that name the person, among `PARTITIONS` partitions from this one on and their parts.

    They are read in batches, however many parts a key has.
    """
    numbers = range(first, min(first + PARTITIONS, version.partitions))
    texts = list_store.read_texts([TextId(version.version_id, number) for number in numbers])
    for text in texts.values():
        for key, sharding in partition.shardings(text).items():
            places = [TextId(version.version_id, part, key) for part in range(sharding.parts)]
            for at in range(0, len(places), _PARTS_AT_ONCE):
                yield _with_person(list_store.read_texts(places[at : at + _PARTS_AT_ONCE]), person)
    yield _with_person(texts, person)


def clean(list_store: PackedListStore, texts: Texts, person: AddressMatcher) -> None:
    """Replace each text by one without the person, and delete all parts of keys that name them.

    Fingerprints of a code that names them are deleted too; a check then reads the partitions instead.
    """
    for place, text in texts.items():
        if not place.key and _code_contains(text, person):
            list_store.delete_fingerprints([Segment(place.version_id, place.number // fingerprints.PARTITIONS)])
        for key, sharding in partition.shardings(text).items():
            if person.matches(key):
                list_store.delete_texts([TextId(place.version_id, part, key) for part in range(sharding.parts)])
        list_store.swap(place, text, without_person(text, person))


def count_rows(list_store: PackedListStore, packed_list: PackedList) -> int:
    """Count the rows of the list, and store the number in its newest version. Raises `MissingText`."""
    rows = sum(len(entries) for _, entries in entries_by_partition(list_store.read_texts, packed_list))
    newest = packed_list.overlay or packed_list.base
    header = list_store.header(newest.version_id) if newest else None
    if header and header.live_entries != rows:
        list_store.put_header(replace(header, live_entries=rows))
    return rows


def codes_to_redact(texts: Texts, person: AddressMatcher) -> set[str]:
    """The codes of rows whose code, category or seat names the person; redemptions of them name the person too."""
    keys = {key for text in texts.values() for key in partition.shardings(text) if person.matches(key)}
    rows = (entry_line.entry(line) for text in texts.values() for line in partition.lines(text))
    return keys | {row.code for row in rows if row.code and _labels_contain(row, person)}


def _code_contains(text: str, person: AddressMatcher) -> bool:
    codes = [*partition.shardings(text), *(entry_line.entry(line).code for line in partition.lines(text))]
    return any(map(person.matches, codes))


def _with_person(texts: Texts, person: AddressMatcher) -> Texts:
    return {place: text for place, text in texts.items() if without_person(text, person) != text}


def _may_name(text: str, person: AddressMatcher) -> bool:
    """Whether the text may contain the address, by the part before the @; domains are stored separately."""
    local, _, _ = person.email.partition("@")
    return entry_line.escaped(local) in text.lower() or not text.isascii()


def _names_person(entry: Entry, person: AddressMatcher) -> bool:
    if fold_email(entry.email) == person.email:
        return True
    return person.matches(entry.email) or _labels_contain(entry, person)


def _labels_contain(entry: Entry, person: AddressMatcher) -> bool:
    return any(map(person.matches, (entry.code, entry.category, entry.seat)))
