"""Fingerprints of the codes of a list: a filter that says of nearly every code which the list lacks that it does.

A segment is the filter for `BUCKETS` buckets of a version. The hashes of those buckets fall into slots, somewhat more
than one code to each, and of a code its slot keeps one byte. So of codes that the list lacks about one in 200 seems to
be there, and of codes that it has none seems to be absent: where the filter is wrong, a bucket is read in vain.

A segment's content is the number of slots in 4 bytes; for every 64 slots how many codes stand before them, in 2 bytes;
for every slot how many it has, in half a byte; and the bytes of all codes, in the order of their hashes. Without slots
nothing is known. Keys of e-mail addresses are not in it: fingerprints name nobody.
"""

from functools import cache
from typing import NamedTuple
from zlib import crc32

BUCKETS = 64
BLOCK = 64
HEAD = 4
UNKNOWN = bytes(HEAD)


class Segment(NamedTuple):
    """Where the fingerprints of some buckets of a version stand."""

    version_id: str
    number: int


def segments(buckets: int) -> int:
    """How many segments so many buckets have."""
    return -(-buckets // BUCKETS)


def covered(buckets: int, segment: int) -> int:
    """How many of a version's buckets that segment is for."""
    return min(BUCKETS, buckets - segment * BUCKETS)


def hash_key(key: str) -> int:
    """The hash of a key, which also says in which bucket it is."""
    return crc32(key.encode())


def segment_of(hashed_key: int, buckets: int) -> int:
    """The segment that a key of this hash is in."""
    return (hashed_key * buckets >> 32) // BUCKETS


def may_hold(content: bytes, hashed_key: int, buckets: int) -> bool:
    """Whether a version of so many buckets may have a key of this hash, going by the content of its segment."""
    slots = int.from_bytes(content[:HEAD])
    if not slots:
        return True
    segment = segment_of(hashed_key, buckets)
    within = hashed_key * buckets - (segment * BUCKETS << 32)
    slot, mark = divmod(within * (slots << 8) // (covered(buckets, segment) << 32), 256)
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
    """Of two halves of a byte their sum."""
    return bytes((pair >> 4) + (pair & 15) for pair in range(256))
