"""What checkouts sold of an event, in shards: one item takes no more than some fifty transactions a second.

Each shard counts the places that were sold and those that were given back, and both only grow. So whoever reads the
shards one after the other, while others write them, still knows a number that the event did not exceed.
"""

from collections.abc import Mapping
from zlib import crc32

from guestlist.aws import keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Table, Write

SHARDS = 64
_SOLD, _BACK = "sold", "back"
_MORE = 3


class LiveSales:
    """The live sales of every event."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def change_write(self, org: str, event_id: str, places: int, order_id: str) -> Write:
        """Count so many places of an order as sold or, below zero, as given back."""
        key = keys.live_sales(org, event_id, crc32(order_id.encode()) % SHARDS)
        return Write(key=key, add={_SOLD: places} if places > 0 else {_BACK: -places})

    def read_sales(self, org: str, event_id: str) -> int:
        """How many places are sold; while others buy and give back, never fewer than at some moment of the reading."""
        shards = [keys.live_sales(org, event_id, number) for number in range(SHARDS)]
        before = self._table.get_many(shards)
        if not _sum(before, _BACK):
            return _sum(before, _SOLD)
        after = self._table.get_many(shards)
        for _ in range(_MORE):
            if after == before:
                break
            before, after = after, self._table.get_many(shards)
        return most_taken(before, after)


def most_taken(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> int:
    """No fewer places than were taken at the moment between two readings: all sold by the later, all back by then."""
    return _sum(after, _SOLD) - _sum(before, _BACK)


def _sum(shards: Mapping[Key, Item], name: str) -> int:
    return sum(item.get(name, 0) for item in shards.values())
