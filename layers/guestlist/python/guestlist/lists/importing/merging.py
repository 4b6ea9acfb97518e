"""Merge the current list with the rows of a file in the order of hashes, a slice at a time.

All lines here have their hash in front and are sorted, so a slice is all lines before some hash in each of
the streams, and memory holds one slice, however long the lists are.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from guestlist.groups.index import Version
from guestlist.lists.entry_line import HEAD, Identity, add_hash, identity, is_tombstone
from guestlist.lists.packed_list import Read, lines, overlay_rows

_ROWS_PER_SLICE = 8_192
_PARTITIONS_PER_READ = 100
_END = "~"


class Stream:
    """An iterator over sorted lines that arrive in lists, consumed up to a hash at a time."""

    def __init__(self, chunks: Iterable[list[str]]) -> None:
        self._chunks = iter(chunks)
        self._lines: list[str] = []
        self._start = 0

    def take_until(self, head: str) -> list[str]:
        """The next lines, up to but without this hash."""
        while not self._lines or self._lines[-1] < head:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._lines, self._start = self._lines[self._start :] + chunk, 0
        start, self._start = self._start, bisect_left(self._lines, head, self._start)
        return self._lines[start : self._start]


def aligned_slices(rows: int, *streams: Stream) -> Iterator[tuple[list[str], ...]]:
    """Yield slices of all streams for the same ranges of hashes, of some thousands of the `rows` in all."""
    count = rows // _ROWS_PER_SLICE + 1
    for number in range(1, count):
        yield tuple(stream.take_until(f"{(number << 32) // count:08x}") for stream in streams)
    yield tuple(stream.take_until(_END) for stream in streams)


def stored_lines(read: Read, version: Version | None) -> Stream:
    """The lines of a version, including tombstones; none for None."""
    return Stream(_stored(read, version) if version else ())


def merge_lines(lower: list[str], upper: list[str]) -> list[str]:
    """The lines of both, sorted; a line of `upper` replaces one of `lower` with the same identity."""
    return sorted(overlay_rows(lower, upper, line_identity)) if upper else lower


def without_tombstones(lines_and_tombstones: list[str]) -> list[str]:
    """The lines that are not tombstones."""
    return [line for line in lines_and_tombstones if not is_tombstone(line)]


def line_identity(line: str) -> Identity:
    """The identity of the entry of a line with its hash."""
    return identity(line[HEAD:])


def _stored(read: Read, version: Version) -> Iterator[list[str]]:
    for first in range(0, version.partitions, _PARTITIONS_PER_READ):
        numbers = range(first, min(first + _PARTITIONS_PER_READ, version.partitions))
        yield sorted(map(add_hash, lines(read, version.version_id, numbers)))
