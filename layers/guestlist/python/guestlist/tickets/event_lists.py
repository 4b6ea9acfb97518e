"""Lists of an event: the scans of its tickets, and its order lines."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from guestlist.aws import keys
from guestlist.aws.sharded_query import query_shards_by_typed_email
from guestlist.aws.table import Table
from guestlist.customers.model import SHARDS as BUYER_SHARDS
from guestlist.tickets.store import SHARDS

_ATTRIBUTES = ("order_id", "sale_item_id", "quantity", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrderLine:
    """A line of an order, net of refunds; `cursor` is that of the page after it."""

    cursor: str
    email: str
    order_id: str
    sale_item_id: str
    quantity: int
    at: datetime


class EventLists:
    """Reader of the scans and order lines of events."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def scan_times(self, org: str, event_id: str) -> Iterator[datetime | None]:
        """Yield the instant of each ticket's scan or None, unordered; a ticket written just now may be missing."""
        queries = [partial(self._scan_times_of_shard, keys.tickets(org, event_id, shard)) for shard in range(SHARDS)]
        for shard in self._table.run_parallel(*queries):
            yield from shard

    def _scan_times_of_shard(self, partition: str) -> list[datetime | None]:
        items = self._table.query_all(partition, index="listing", only=("scanned_at",))
        times = (item.get("scanned_at") for item in items)
        return [datetime.fromisoformat(at) if at else None for at in times]

    def list_order_lines(
        self, org: str, sale_item_ids: Collection[str], limit: int, *, begins: str = "", after: str = ""
    ) -> Iterator[EventOrderLine]:
        """Yield order lines of these items by the buyer's e-mail with the prefix `begins`, after the cursor `after`."""
        shards = [keys.buyers(org, name, shard) for name in sale_item_ids for shard in range(BUYER_SHARDS)]
        for item in query_shards_by_typed_email(
            self._table, shards, begins, after=after, limit=limit, only=_ATTRIBUTES
        ):
            yield EventOrderLine(
                cursor=item["g1sk"],
                email=item["g1sk"].partition("\x1f")[0],
                order_id=item.get("order_id", ""),
                sale_item_id=item["sale_item_id"],
                quantity=item["quantity"],
                at=datetime.fromisoformat(item["at"]),
            )
