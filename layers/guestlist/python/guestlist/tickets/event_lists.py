"""What an event's page shows: when its tickets were scanned, and who ordered what of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from guestlist.aws import keys
from guestlist.aws.sharded_query import listed
from guestlist.aws.table import Table
from guestlist.customers.model import SHARDS as BUYER_SHARDS
from guestlist.tickets.store import SHARDS

_FACTS = ("order_id", "sale_item_id", "quantity", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedItem:
    """A line of an order, as far as it was not refunded; `place` is where the list goes on behind it."""

    place: str
    email: str
    order_id: str
    sale_item_id: str
    quantity: int
    at: datetime


class EventLists:
    """The tickets and orders of every event."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def scan_times(self, org: str, event_id: str) -> Iterator[datetime | None]:
        """When each ticket of the event was scanned, in no order; one just written may be missing."""
        queries = [partial(self._scanned, keys.tickets(org, event_id, shard)) for shard in range(SHARDS)]
        for shard in self._table.together(*queries):
            yield from shard

    def _scanned(self, partition: str) -> list[datetime | None]:
        items = self._table.query_all(partition, index="listing", only=("scanned_at",))
        times = (item.get("scanned_at") for item in items)
        return [datetime.fromisoformat(at) if at else None for at in times]

    def ordered(
        self, org: str, sale_item_ids: Collection[str], limit: int, *, begins: str = "", after: str = ""
    ) -> Iterator[OrderedItem]:
        """What was ordered of these items, by the buyer's e-mail; `after` is the place to go on behind."""
        shards = [keys.buyers(org, name, shard) for name in sale_item_ids for shard in range(BUYER_SHARDS)]
        for item in listed(self._table, shards, begins=begins, after=after, limit=limit, only=_FACTS):
            yield OrderedItem(
                place=item["g1sk"],
                email=item["g1sk"].partition("\x1f")[0],
                order_id=item.get("order_id", ""),
                sale_item_id=item["sale_item_id"],
                quantity=item["quantity"],
                at=datetime.fromisoformat(item["at"]),
            )
