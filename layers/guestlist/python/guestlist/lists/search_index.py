"""The search index of a long list by code and address: a file of sorted blocks, and a directory of the blocks.

A record is a search term and the entry's line, and is its own sort key; an entry with a code and an address has two.
A block is a compressed run of records in order. The directory has the beginning of each block's first record, and the
offset of its end in the file: a search reads the directory and then only the blocks it needs.
"""

import json
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from operator import itemgetter
from typing import NamedTuple

from guestlist.groups.index import IndexedGroup
from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.lists.packed_list import PackedList
from guestlist.lists.prefix_search import Match, Position, match, matches, matches_after, terms

MAX_UNINDEXED_PARTITIONS = 100
"""Lists of at most this many partitions have no index: one request reads all of them."""
BLOCK_LETTERS = 64_000
"""Characters per block; more when there would be more than `MAX_BLOCKS`."""
MAX_BLOCKS = 2_000
_MAX_FIRST_LENGTH = 60
_EMAIL_COLUMN = 5
_key = itemgetter(0)


class Directory(NamedTuple):
    """The beginning of each block's first record, and the end of each block in bytes."""

    firsts: Sequence[str]
    ends: Sequence[int]

    def block(self, text: str) -> int:
        """The number of the first block that may have records at or after the text."""
        return max(0, bisect_left(self.firsts, text[:_MAX_FIRST_LENGTH]) - 1)

    def span(self, number: int) -> tuple[int, int]:
        """The byte range of a block in the file."""
        return self.ends[number - 1] if number else 0, self.ends[number]

    def stop(self, number: int) -> int:
        """The number, limited to the number of blocks."""
        return min(number, len(self.ends))

    def encode(self) -> bytes:
        """Encode the directory for storage."""
        return zlib.compress(json.dumps(self, ensure_ascii=False, separators=(",", ":")).encode())

    @staticmethod
    def decode(content: bytes) -> "Directory":
        """Decode a stored directory."""
        return Directory(*json.loads(zlib.decompress(content)))


def size(packed_list: PackedList) -> int:
    """The number of partitions of base and overlay."""
    return sum(version.partitions for version in (packed_list.base, packed_list.overlay) if version)


def indexed_part(packed_list: PackedList) -> PackedList | None:
    """The part of a list that an index covers: the base alone, if its overlay is short; None for a short list."""
    if packed_list.base is None or size(packed_list) <= MAX_UNINDEXED_PARTITIONS:
        return None
    return (
        PackedList(packed_list.base)
        if packed_list.overlay is None or packed_list.overlay.partitions < MAX_UNINDEXED_PARTITIONS
        else packed_list
    )


def indexable_parts(group: IndexedGroup) -> Iterator[PackedList]:
    """The parts to index of a group's current and scheduled lists."""
    lists = [PackedList(group.base, group.overlay), *(PackedList(scheduled.version) for scheduled in group.scheduled)]
    return (part for part in map(indexed_part, lists) if part)


def records(lines: Iterable[str]) -> Iterator[str]:
    """The records of these entry lines."""
    for line in lines:
        for term in _terms(line):
            yield f"{term}\t{line}"


def blocks(sorted_records: Iterable[str], letters: int) -> Iterator[tuple[str, bytes]]:
    """Encode sorted records, of so many letters in all, as blocks with the beginning of their first record."""
    max_letters = max(BLOCK_LETTERS, letters // MAX_BLOCKS)
    block: list[str] = []
    length = 0
    for record in sorted_records:
        block.append(record)
        length += len(record) + 1
        if length >= max_letters:
            yield block[0][:_MAX_FIRST_LENGTH], zlib.compress("\n".join(block).encode(), 1)
            block, length = [], 0
    if block:
        yield block[0][:_MAX_FIRST_LENGTH], zlib.compress("\n".join(block).encode(), 1)


def decode_block(block: bytes) -> list[str]:
    """Decode a block to its records."""
    return zlib.decompress(block).decode().split("\n")


def search_from(prefix: str, start: Position | None) -> str:
    """The record key from which a search starts or continues."""
    return max(entry_line.escaped(prefix), start["at"] if start else "")


def search_records(
    sorted_records: Iterable[str], overlay: Iterable[Entry], prefix: str, start: Position | None
) -> Iterator[tuple[Position, Entry]]:
    """The entries in records and overlay that match the prefix, after the position `start`."""
    overlay_entries = list(overlay)
    replaced = {entry.identity for entry in overlay_entries}
    base_matches = (
        record_match
        for record_match in _matches_in(sorted_records, prefix, search_from(prefix, start))
        if record_match[1].identity not in replaced
    )
    overlay_matches = matches((entry for entry in overlay_entries if entry.quantity), prefix)
    return matches_after(merge(base_matches, overlay_matches, key=_key), start)


def _matches_in(sorted_records: Iterable[str], prefix: str, first: str) -> Iterator[Match]:
    escaped_prefix = entry_line.escaped(prefix)
    for record in sorted_records:
        if record < first:
            continue
        if not record.startswith(escaped_prefix):
            return
        term, _, line = record.partition("\t")
        entry_match = match(entry_line.entry(line), prefix)
        # An entry with two terms that begin so is returned for the first of them alone.
        if entry_match and entry_match[0].partition("\t")[0] == term:
            yield record, entry_match[1]


def _terms(line: str) -> set[str]:
    if line.isascii() and "\\" not in line and "xn--" not in line:
        cells = line.split("\t")
        email = cells[_EMAIL_COLUMN].strip().casefold() if len(cells) > _EMAIL_COLUMN else ""
        return {cells[0].removeprefix("@"), email} - {""}
    return {entry_line.escaped(term) for term in terms(entry_line.entry(line))}
