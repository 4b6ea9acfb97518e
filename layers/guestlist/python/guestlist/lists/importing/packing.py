"""Pack sorted lines into the texts of a version: the partition of each line, and the keys that are sharded.

Deterministic: the same lines give the same texts for the same version.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil
from operator import itemgetter

from guestlist.lists import partition
from guestlist.lists.compression import encode_text
from guestlist.lists.entry_line import HEAD, key_hashes, unescaped
from guestlist.lists.importing.hot_keys import shard_rows
from guestlist.lists.importing.sizing import items_for
from guestlist.lists.packed_list import TextId
from guestlist.lists.partition import KeySharding

_MAX_BYTES_PER_KEY = 2_048
_MEASURED_TEXTS = 12
_MAX_COMPRESSION_RATIO = 3
"""The highest planned compression ratio, since a lookup decompresses a whole text."""

Packed = tuple[TextId, str]
ToLine = Callable[[str], str]
without_hash: ToLine = itemgetter(slice(HEAD, None))
"""The line without its hash; where the number of a line follows it, another function of this type removes both."""


def packed_size(sample: Sequence[str], rows: int, size: int, to_line: ToLine = without_hash) -> int:
    """Estimate the encoded size of `size` bytes of lines from a sample with hashes."""
    lines = _sample_lines(sample, to_line)
    before = _bytes(lines)
    if not before:
        return size
    step = ceil(rows / items_for(rows, size))
    texts = (partition.encode(lines[at : at + step]) for at in range(0, len(lines), step))
    return ceil(size * sum(len(text.encode()) for text in texts) / before)


def compressed_size(sample: Sequence[str], rows: int, size: int, to_line: ToLine = without_hash) -> int:
    """Estimate the compressed size of `size` bytes of texts from a sample with hashes.

    Measured twice: in texts of the size that fits uncompressed, and in the larger ones that fit compressed.
    """
    lines = _sample_lines(sample, to_line)
    compressed = size
    for _ in range(2):
        step = ceil(rows / items_for(rows, compressed)) if rows else 1
        starts = range(0, len(lines), step)[:_MEASURED_TEXTS]
        texts = [partition.encode(lines[at : at + step]) for at in starts]
        before = sum(len(text.encode()) for text in texts)
        if not before:
            break
        compressed = ceil(size * max(sum(map(_stored_bytes, texts)) / before, 1 / _MAX_COMPRESSION_RATIO))
    return compressed


def by_partition(chunks: Iterable[list[str]], partitions: int) -> Iterator[tuple[int, list[str]]]:
    """The lines of every partition with their hashes, in order, including empty partitions."""
    number, pending = 0, list[str]()
    for chunk in chunks:
        pending += chunk
        del chunk  # frees it before the next one is read
        start = 0
        while number < partitions - 1:
            stop = bisect_left(pending, _first_head(number + 1, partitions), start)
            if stop == len(pending):
                break
            yield number, pending[start:stop]
            number, start = number + 1, stop
        pending = pending[start:]
    yield number, pending
    yield from ((empty, []) for empty in range(number + 1, partitions))


def pack(version_id: str, number: int, lines: list[str], *, has_equal_hashes: bool) -> list[Packed]:
    """The text of a partition of these lines, followed by those of the parts of its sharded keys.

    Without equal hashes no key has several rows, so the search for keys to shard is skipped.
    """
    lines, hot_keys = _split_hot_keys(lines) if has_equal_hashes else (lines, {})
    shardings: dict[str, KeySharding] = {}
    parts: list[Packed] = []
    for escaped, rows in hot_keys.items():
        key = unescaped(escaped)
        shardings[key], texts = shard_rows(rows)
        parts += [(TextId(version_id, part, key), text) for part, text in enumerate(texts)]
    return [(TextId(version_id, number), partition.encode(lines, shardings)), *parts]


def _first_head(number: int, partitions: int) -> str:
    return f"{-(-(number << 32) // partitions):08x}"


def _key(line: str) -> str:
    return line[: line.index("\t")]


def _sample_lines(sample: Sequence[str], to_line: ToLine) -> list[str]:
    """The lines of a sample with hashes, except those of keys with very many rows."""
    lines, hashes = list(map(to_line, sample)), key_hashes(sample)
    return _split_hot_keys(lines)[0] if len(set(hashes)) < len(hashes) else lines


def _split_hot_keys(lines: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The lines, and separately those of each key with very many rows, by the escaped key."""
    groups = ((key, list(rows)) for key, rows in groupby(lines, _key))
    hot_keys = {key: rows for key, rows in groups if len(rows) > 1 and _bytes(rows) > _MAX_BYTES_PER_KEY}
    return [line for line in lines if _key(line) not in hot_keys] if hot_keys else lines, hot_keys


def _stored_bytes(text: str) -> int:
    value = encode_text(text)
    return len(value.encode() if isinstance(value, str) else value)


def _bytes(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)
