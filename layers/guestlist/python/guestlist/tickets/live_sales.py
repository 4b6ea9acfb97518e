"""Sharded counters of the places that checkouts sold: one item takes only some fifty transactions a second.

Each shard counts the places that were sold and those that were released, and both only grow. So a reader that reads the
shards one after the other, while others write them, still gets an upper bound of the places taken.
"""

from collections.abc import Mapping
from zlib import crc32

from guestlist.aws import keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Table, Write

SHARDS = 64
_SOLD, _RELEASED = "sold", "back"
_MAX_REREADS = 3


class LiveSales:
    """Sharded counters of the sales of events."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def change_write(self, org: str, event_id: str, places: int, order_id: str) -> Write:
        """The write that counts places of an order as sold or, if negative, as released."""
        key = keys.live_sales(org, event_id, crc32(order_id.encode()) % SHARDS)
        return Write(key=key, add={_SOLD: places} if places > 0 else {_RELEASED: -places})

    def read_sales(self, org: str, event_id: str) -> int:
        """The number of places sold; under concurrent writes, never fewer than at some moment during the read."""
        shards = [keys.live_sales(org, event_id, number) for number in range(SHARDS)]
        before = self._table.get_many(shards)
        if not _sum(before, _RELEASED):
            return _sum(before, _SOLD)
        after = self._table.get_many(shards)
        for _ in range(_MAX_REREADS):
            if after == before:
                break
            before, after = after, self._table.get_many(shards)
        return max_places_taken(before, after)


def max_places_taken(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> int:
    """Upper bound of the places taken between two reads: those sold by the second, less those released by the first."""
    return _sum(after, _SOLD) - _sum(before, _RELEASED)


def _sum(shards: Mapping[Key, Item], name: str) -> int:
    return sum(item.get(name, 0) for item in shards.values())
