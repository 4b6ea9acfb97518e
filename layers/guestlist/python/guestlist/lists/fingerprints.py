"""Fingerprints of the codes of a list: an approximate membership filter, like a Bloom filter.

A segment is the filter for `PARTITIONS` partitions of a version. The hashes of those partitions fall into slots,
somewhat more than one code to each, and a slot stores one byte of each code. About one in 200 absent codes is a false
positive, which costs reading a partition in vain; there are no false negatives.

A segment's content is the number of slots in 4 bytes; for every 64 slots the number of codes before them, in 2 bytes;
for every slot its number of codes, in half a byte; and the bytes of all codes, in the order of their hashes. Without
slots any code may be present. Keys of e-mail addresses are not in it: fingerprints hold no personal data.
"""

from functools import cache
from typing import NamedTuple
from zlib import crc32

PARTITIONS = 64
BLOCK = 64
HEAD = 4
UNKNOWN = bytes(HEAD)


class Segment(NamedTuple):
    """The id of a segment: its version and its number in it."""

    version_id: str
    number: int


def segments(partitions: int) -> int:
    """The number of segments for this number of partitions."""
    return -(-partitions // PARTITIONS)


def partitions_covered(partitions: int, segment: int) -> int:
    """The number of a version's partitions that a segment covers."""
    return min(PARTITIONS, partitions - segment * PARTITIONS)


def hash_key(key: str) -> int:
    """The hash of a key, which also determines its partition."""
    return crc32(key.encode())


def segment_of(hashed_key: int, partitions: int) -> int:
    """The number of the segment for a key of this hash."""
    return (hashed_key * partitions >> 32) // PARTITIONS


def may_hold(content: bytes, hashed_key: int, partitions: int) -> bool:
    """Whether a version with `partitions` partitions may have a key of this hash, by the content of its segment."""
    slots = int.from_bytes(content[:HEAD])
    if not slots:
        return True
    segment = segment_of(hashed_key, partitions)
    within = hashed_key * partitions - (segment * PARTITIONS << 32)
    slot, mark = divmod(within * (slots << 8) // (partitions_covered(partitions, segment) << 32), 256)
    block, at = divmod(slot, BLOCK)
    counts = HEAD + 2 * -(-slots // BLOCK)
    half = counts + (slot >> 1)
    before = content[counts + (block * BLOCK >> 1) : half].translate(_sums())
    start = int.from_bytes(content[HEAD + 2 * block : HEAD + 2 * block + 2]) + sum(before)
    high, low = divmod(content[half], 16)
    start, count = (start + high, low) if at & 1 else (start, high)
    first = counts + (slots + 1 >> 1) + start
    return content.find(mark, first, first + count) >= 0


@cache
def _sums() -> bytes:
    """For each byte, the sum of its two half-bytes."""
    return bytes((pair >> 4) + (pair & 15) for pair in range(256))
