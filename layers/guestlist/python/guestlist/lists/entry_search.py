"""Search a list for entries by a prefix of a code or an e-mail address, reading a bounded part of it for each page."""

from collections.abc import Iterable, Iterator

from guestlist.lists import entry_line
from guestlist.lists.entry import Entry, code_key, email_key
from guestlist.lists.packed_list import PackedList, Place, Read, Texts, entries_by_partition
from guestlist.lists.prefix_search import Position, behind, match, matches, term
from guestlist.lists.search_index import MAX_UNINDEXED_PARTITIONS, size
from guestlist.model.email_address import asked_spellings
from guestlist.model.normal_form import spellings

MAX_PARTITIONS_READ = 4_000
"""The most partitions of a long list that are read for one page."""
MAX_PARTITIONS_SEARCHED = 400
"""The most of them that are searched row by row: those that may contain the prefix."""
_AT_ONCE = 200

SearchResults = Iterator[tuple[Position, Entry | None]]
"""Entries, each with the position after it; the last may be a position without an entry, to continue from."""


def search(read: Read, of: PackedList, text: str, start: Position | None) -> SearchResults:
    """Entries whose code or address begins with the text, exact matches first.

    In a list of many partitions the others are unordered, and the search stops after some of the partitions.
    """
    if size(of) > MAX_UNINDEXED_PARTITIONS or (start and "bucket" in start):
        return _scanned(read, of, text, start or {})
    return behind(matches(_all(prefiltered(read, term(text)), of), term(text)), start)


def rows(read: Read, of: PackedList, start: Position | None, *, at_once: int) -> Iterator[tuple[Position, Entry]]:
    """All entries after a position, with their positions; approximately, if the number of partitions has changed."""
    for _, some in _by_partition(read, of, start, at_once):
        yield from some


def _by_partition(
    read: Read, of: PackedList, start: Position | None, at_once: int
) -> Iterator[tuple[int, list[tuple[Position, Entry]]]]:
    """The same by partition, including empty partitions."""
    if of.base is None:
        return
    partitions = of.base.partitions
    at = start or {"bucket": 0, "of": partitions, "behind": 0}
    first = at["bucket"] * partitions // at["of"]
    skipped = at["behind"] if at["of"] == partitions else 0
    for partition, entries in entries_by_partition(read, of, first, at_once=at_once):
        numbered = enumerate(entries, start=1)
        yield (
            partition,
            [
                ({"bucket": partition, "of": partitions, "behind": number}, entry)
                for number, entry in numbered
                if partition > first or number > skipped
            ],
        )


def _places(of: PackedList) -> list[Place]:
    versions = [version for version in (of.base, of.overlay) if version]
    return [Place(version.version_id, number) for version in versions for number in range(version.partitions)]


def _all(read: Read, of: PackedList) -> Iterator[Entry]:
    if of.base is not None:
        read_again = with_known_texts(read, read(_places(of)))
        yield from (
            entry
            for _, entries in entries_by_partition(read_again, of, at_once=of.base.partitions)
            for entry in entries
        )


def with_known_texts(read: Read, texts: Texts) -> Read:
    """Wrap `read` so that it does not read these texts again."""

    def reading(requested: Iterable[Place]) -> Texts:
        places = list(requested)
        unread = [place for place in places if place not in texts]
        known_texts = {place: texts[place] for place in places if place in texts}
        return {**known_texts, **(read(unread) if unread else {})}

    return reading


def prefiltered(read: Read, prefix: str) -> Read:
    """Wrap `read` so that texts in which no entry can match the prefix are returned empty.

    The entries that such a text of an overlay replaces cannot match the prefix either.
    """
    local, _, _ = entry_line.escaped(prefix).partition("@")  # the domains of a text are in its first line
    return lambda places: {place: text if _may_have(text, local) else "" for place, text in read(places).items()}


def _may_have(text: str, local: str) -> bool:
    if not (text.isascii() and local.isascii()):
        return True
    return local in text.lower() or "\t*" in text  # the rows of a sharded key are in other texts


def _scanned(read: Read, of: PackedList, text: str, start: Position) -> SearchResults:
    if of.base is None:
        return
    exact = _exact(read, of, text)
    if "bucket" not in start:
        yield from (
            ({"exact": number}, exact_entry)
            for number, exact_entry in enumerate(exact, 1)
            if number > start.get("exact", 0)
        )
    prefix, exact_identities, looked = term(text), {entry.identity for entry in exact}, 0
    from_place = start if "bucket" in start else None
    for number, (partition, some) in enumerate(_by_partition(prefiltered(read, prefix), of, from_place, _AT_ONCE)):
        if number == MAX_PARTITIONS_READ or looked == MAX_PARTITIONS_SEARCHED:
            yield {"bucket": partition, "of": of.base.partitions, "behind": 0}, None
            return
        looked += bool(some)
        matching = ((position, entry) for position, entry in some if match(entry, prefix))
        yield from ((position, entry) for position, entry in matching if entry.identity not in exact_identities)


def _exact(read: Read, of: PackedList, text: str) -> list[Entry]:
    """The entries whose key is this code or this address."""
    keys = [*map(code_key, spellings(text)), *map(email_key, asked_spellings(text))]
    keys_once = dict.fromkeys(filter(None, keys))
    texts = read(dict.fromkeys(place for key in keys_once for place in of.places(key)))
    return [entry for key in keys_once for entry in of.entries(key, texts)]
