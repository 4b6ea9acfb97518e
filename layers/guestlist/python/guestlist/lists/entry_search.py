"""Search a list for entries by a prefix of a code or an e-mail address, reading a bounded part of it for each page."""

from collections.abc import Iterable, Iterator

from guestlist.lists import entry_line
from guestlist.lists.entry import Entry, code_key, email_key
from guestlist.lists.packed_list import PackedList, Read, TextId, Texts, entries_by_partition
from guestlist.lists.prefix_search import Position, match, matches, matches_after, term
from guestlist.lists.search_index import MAX_UNINDEXED_PARTITIONS, size
from guestlist.model.email_address import asked_spellings
from guestlist.model.normal_form import spellings

MAX_PARTITIONS_READ = 4_000
"""The most partitions of a long list that are read for one page."""
MAX_PARTITIONS_SEARCHED = 400
"""The most of them that are searched row by row: those that may contain the prefix."""
_BATCH_SIZE = 200

SearchResults = Iterator[tuple[Position, Entry | None]]
"""Entries, each with the position after it; the last may be a position without an entry, to continue from."""


def search(read: Read, packed_list: PackedList, text: str, start: Position | None) -> SearchResults:
    """Yield the entries whose code or address begins with the text, exact matches first.

    In a list of many partitions the others are unordered, and the search stops after a number of partitions.
    """
    if size(packed_list) > MAX_UNINDEXED_PARTITIONS or (start and "bucket" in start):
        return _scan(read, packed_list, text, start or {})
    return matches_after(matches(_all_entries(prefiltered(read, term(text)), packed_list), term(text)), start)


def rows(
    read: Read, packed_list: PackedList, start: Position | None, *, batch_size: int
) -> Iterator[tuple[Position, Entry]]:
    """Yield all entries after a position, each with its own; approximately, if the number of partitions has changed."""
    for _, entries in _by_partition(read, packed_list, start, batch_size):
        yield from entries


def _by_partition(
    read: Read, packed_list: PackedList, start: Position | None, batch_size: int
) -> Iterator[tuple[int, list[tuple[Position, Entry]]]]:
    """Yield the entries of `rows` by partition of the base, including empty partitions."""
    if packed_list.base is None:
        return
    partitions = packed_list.base.partitions
    position = start or {"bucket": 0, "of": partitions, "behind": 0}
    first = position["bucket"] * partitions // position["of"]
    skipped = position["behind"] if position["of"] == partitions else 0
    for partition, entries in entries_by_partition(read, packed_list, first, batch_size=batch_size):
        numbered = enumerate(entries, start=1)
        yield (
            partition,
            [
                ({"bucket": partition, "of": partitions, "behind": number}, entry)
                for number, entry in numbered
                if partition > first or number > skipped
            ],
        )


def _text_ids(packed_list: PackedList) -> list[TextId]:
    versions = [version for version in (packed_list.base, packed_list.overlay) if version]
    return [TextId(version.version_id, number) for version in versions for number in range(version.partitions)]


def _all_entries(read: Read, packed_list: PackedList) -> Iterator[Entry]:
    if packed_list.base is not None:
        read_again = with_known_texts(read, read(_text_ids(packed_list)))
        yield from (
            entry
            for _, entries in entries_by_partition(read_again, packed_list, batch_size=packed_list.base.partitions)
            for entry in entries
        )


def with_known_texts(read: Read, texts: Texts) -> Read:
    """Wrap `read` so that it does not read these texts again."""

    def reading(requested: Iterable[TextId]) -> Texts:
        text_ids = list(requested)
        unread = [text_id for text_id in text_ids if text_id not in texts]
        known_texts = {text_id: texts[text_id] for text_id in text_ids if text_id in texts}
        return {**known_texts, **(read(unread) if unread else {})}

    return reading


def prefiltered(read: Read, prefix: str) -> Read:
    """Wrap `read` so that texts in which no entry can match the prefix are returned empty.

    The entries that such a text of an overlay replaces cannot match the prefix either.
    """
    local, _, _ = entry_line.escaped(prefix).partition("@")  # the domains of a text are in its first line
    return lambda text_ids: {
        text_id: text if _may_have(text, local) else "" for text_id, text in read(text_ids).items()
    }


def _may_have(text: str, local: str) -> bool:
    if not (text.isascii() and local.isascii()):
        return True
    return local in text.lower() or "\t*" in text  # the rows of a sharded key are in other texts


def _scan(read: Read, packed_list: PackedList, text: str, start: Position) -> SearchResults:
    if packed_list.base is None:
        return
    exact = _exact(read, packed_list, text)
    if "bucket" not in start:
        yield from (
            ({"exact": number}, exact_entry)
            for number, exact_entry in enumerate(exact, 1)
            if number > start.get("exact", 0)
        )
    prefix, exact_identities, searched = term(text), {entry.identity for entry in exact}, 0
    position = start if "bucket" in start else None
    by_partition = _by_partition(prefiltered(read, prefix), packed_list, position, _BATCH_SIZE)
    for number, (partition, entries) in enumerate(by_partition):
        if number == MAX_PARTITIONS_READ or searched == MAX_PARTITIONS_SEARCHED:
            yield {"bucket": partition, "of": packed_list.base.partitions, "behind": 0}, None
            return
        searched += bool(entries)
        matching = ((position, entry) for position, entry in entries if match(entry, prefix))
        yield from ((position, entry) for position, entry in matching if entry.identity not in exact_identities)


def _exact(read: Read, packed_list: PackedList, text: str) -> list[Entry]:
    """The entries whose key is this code or this address."""
    keys = [*map(code_key, spellings(text)), *map(email_key, asked_spellings(text))]
    keys_once = dict.fromkeys(filter(None, keys))
    texts = read(dict.fromkeys(text_id for key in keys_once for text_id in packed_list.text_ids(key)))
    return [entry for key in keys_once for entry in packed_list.entries(key, texts)]
