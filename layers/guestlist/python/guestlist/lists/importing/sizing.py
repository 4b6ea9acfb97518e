"""The number of items for a list: most of 4 KB, one read unit, is filled, and about one item in a hundred exceeds it.

Sizes are in stored bytes, that is, compressed.
"""

from math import ceil, sqrt

MIN_PARTITIONS = 16
_ROOM = 4_040
_MIN_ROOM = 1_024


def partitions_for(rows: int, size: int) -> int:
    """The number of partitions for so many rows of `size` bytes: 1 for none, and 16 or more for 16 or more rows.

    A small list in a single partition would be a hot item.
    """
    return max(1, min(rows, MIN_PARTITIONS), items_for(rows, size))


def items_for(rows: int, size: int) -> int:
    """The number of items for so many rows of `size` bytes; the fuller items are on average, the more exceed 4 KB."""
    room = _ROOM - 2 * sqrt(_ROOM * size / max(1, rows))
    return ceil(size / max(room, _MIN_ROOM))
