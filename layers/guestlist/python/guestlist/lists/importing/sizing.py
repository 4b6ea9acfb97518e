"""The number of items for a list: most of 4 KB, one read unit, is filled, and about one item in a hundred exceeds it.

Sizes are in stored bytes, that is, compressed.
"""

from math import ceil, sqrt

MIN_PARTITIONS = 16
_ITEM_BYTES = 4_040
_MIN_FILL = 1_024


def partitions_for(rows: int, size: int) -> int:
    """The number of partitions for rows of `size` bytes in all: 1 for none, and 16 or more for 16 or more rows.

    A small list in a single partition would be a hot item.
    """
    return max(1, min(rows, MIN_PARTITIONS), items_for(rows, size))


def items_for(rows: int, size: int) -> int:
    """The number of items for rows of `size` bytes in all; the fuller items are on average, the more exceed 4 KB."""
    fill = _ITEM_BYTES - 2 * sqrt(_ITEM_BYTES * size / max(1, rows))
    return ceil(size / max(fill, _MIN_FILL))
