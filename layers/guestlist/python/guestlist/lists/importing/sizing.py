"""How many items so many rows make: most of 4 KB, one read unit, is used, and about one in a hundred outgrows it.

Bytes are those that are stored, compressed.
"""

from math import ceil, sqrt

LEAST_BUCKETS = 16
_ROOM = 4_040
_LEAST_ROOM = 1_024


def buckets_for(rows: int, size: int) -> int:
    """How many buckets so many rows of so many bytes get: 1 for none, and 16 or more for 16 or more rows.

    A small list in one bucket would be one hot item.
    """
    return max(1, min(rows, LEAST_BUCKETS), items_for(rows, size))


def items_for(rows: int, size: int) -> int:
    """How many items so many rows of so many bytes fill; the fuller an item on average, the more outgrow it."""
    room = _ROOM - 2 * sqrt(_ROOM * size / max(1, rows))
    return ceil(size / max(room, _LEAST_ROOM))
