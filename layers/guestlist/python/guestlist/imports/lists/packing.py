"""From sorted lines to the texts of a version: which line goes into which bucket, and which keys get parts.

Everything follows from the lines alone, so the same lines give the same texts under the same version.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil

from guestlist import bucket
from guestlist.bucket import Spread
from guestlist.entry_line import HEAD, unescaped
from guestlist.imports.lists.crowd import divided
from guestlist.imports.lists.fill import items_for
from guestlist.packed_list import Place

_MOST_OF_A_KEY = 2_048

Packed = tuple[Place, str]


def packed_size(sample: Sequence[str], rows: int, size: int) -> int:
    """What `size` bytes of lines become when words are numbers, going by these headed lines of them."""
    crowds = _crowds(sample)
    bare = [line[HEAD:] for line in sample if not crowds or _key(line) not in crowds]
    before = sum(len(line.encode()) + 1 for line in bare)
    if not before:
        return size
    step = ceil(rows / items_for(rows, size))
    texts = (bucket.encode(bare[at : at + step]) for at in range(0, len(bare), step))
    return ceil(size * sum(len(text.encode()) for text in texts) / before)


def by_bucket(chunks: Iterable[list[str]], buckets: int) -> Iterator[tuple[int, list[str]]]:
    """Every bucket's headed lines, from the first bucket to the last, the empty ones too."""
    number, held = 0, list[str]()
    for chunk in chunks:
        held += chunk
        del chunk  # or the next one would be read beside it
        start = 0
        while number < buckets - 1:
            stop = bisect_left(held, _first_head(number + 1, buckets), start)
            if stop == len(held):
                break
            yield number, held[start:stop]
            number, start = number + 1, stop
        held = held[start:]
    yield number, held
    yield from ((empty, []) for empty in range(number + 1, buckets))


def pack(version_id: str, number: int, lines: list[str]) -> list[Packed]:
    """The text of a bucket, and those of the parts of its keys with very many rows."""
    crowds = _crowds(lines)
    if crowds:
        lines = [line for line in lines if _key(line) not in crowds]
    spreads: dict[str, Spread] = {}
    parts: list[Packed] = []
    for head, rows in crowds.items():
        key = unescaped(head[HEAD:])
        spreads[key], texts = divided([row[HEAD:] for row in rows])
        parts += [(Place(version_id, part, key), text) for part, text in enumerate(texts)]
    return [(Place(version_id, number), bucket.encode([line[HEAD:] for line in lines], spreads)), *parts]


def _first_head(number: int, buckets: int) -> str:
    return f"{-(-(number << 32) // buckets):08x}"


def _key(line: str) -> str:
    return line[: line.index("\t")]


def _crowds(lines: Sequence[str]) -> dict[str, list[str]]:
    if len({line[:HEAD] for line in lines}) == len(lines):
        return {}
    groups = ((key, list(rows)) for key, rows in groupby(lines, _key))
    return {key: rows for key, rows in groups if len(rows) > 1 and _bytes(rows) > _MOST_OF_A_KEY}


def _bytes(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 - HEAD for line in lines)
