"""Build the fingerprints of a list, a segment at a time, from the lines of its partitions."""

from collections.abc import Sequence
from itertools import accumulate
from operator import itemgetter
from struct import pack

from guestlist.lists.entry_line import HEAD
from guestlist.lists.fingerprints import BLOCK, PARTITIONS, UNKNOWN

_MAX_CODES_PER_SLOT = 1.6
_MIN_CODES_PER_SLOT = 0.7
_BYTES_PER_SLOT = 0.5 + 2 / BLOCK
_WRITE_UNIT = 1_024
_KEY_BYTES = 84
_MAX_COUNT = 15
_MAX_HASHES = 65_535
_TRIES = 4
_first_letter = itemgetter(0)


def code_hashes(lines: Sequence[str], hashes: Sequence[int], *, has_equal_hashes: bool) -> Sequence[int]:
    """The distinct hashes of the codes among these lines, given the hashes of all of them, which are sorted."""
    if "@" in map(_first_letter, lines):
        hashes = [hash_value for hash_value, line in zip(hashes, lines, strict=True) if line[0] != "@"]
    return list(dict.fromkeys(hashes)) if has_equal_hashes else hashes


def segment_content(hashes: Sequence[int], segment: int, covered: int, partitions: int) -> bytes:
    """Encode a segment of `covered` partitions from its sorted hashes.

    Hashes that were chosen to collide get more slots; if that does not help, the segment is `UNKNOWN`.
    """
    if len(hashes) > _MAX_HASHES:
        return UNKNOWN
    first = segment * PARTITIONS << 32
    slots = _slots(len(hashes))
    for _ in range(_TRIES):
        scale = slots << 8
        factor, offset = partitions * scale, first * scale
        # A list in place of a generator, which takes a fifth longer, and a shift before the division, of which the
        # quotient is the same: this runs for each code of a list.
        marks = list(dict.fromkeys([(hash_value * factor - offset >> 32) // covered for hash_value in hashes]))
        counts = [0] * slots
        for mark in marks:
            counts[mark >> 8] += 1
        if max(counts) <= _MAX_COUNT:
            return _content(slots, counts, pack(f"<{len(marks)}I", *marks)[::4])
        slots *= 2
    return UNKNOWN


def _slots(codes: int) -> int:
    """The number of slots for this number of codes: as many as fit the write units of the smallest item."""
    least, most = max(1, int(codes / _MAX_CODES_PER_SLOT)), max(1, int(codes / _MIN_CODES_PER_SLOT))
    room = -(_KEY_BYTES + HEAD + codes + least * _BYTES_PER_SLOT) % _WRITE_UNIT
    return min(most, least + int(room / _BYTES_PER_SLOT))


def _content(slots: int, counts: list[int], marks: bytes) -> bytes:
    before = list(accumulate(counts, initial=0))[:-1:BLOCK]
    halves = bytes([*counts, 0] if slots & 1 else counts).hex()[1::2]
    return pack(f">I{len(before)}H", slots, *before) + bytes.fromhex(halves) + marks
