"""Journal of the orders that purchase imports recorded, for their undo."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from guestlist.aws import conditions, keys
from guestlist.aws.table import ConditionFailed, Table
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import ConcurrentModification

Ids = frozenset[str]


class OrderJournal:
    """Ids of orders by import, an item for each place of the file; an earlier release stored an item per order."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append_orders(self, org: str, import_id: str, place: int, order_ids: Sequence[str]) -> None:
        """Add orders to those of a place before they are recorded."""
        if order_ids:
            self._revise(keys.journal_orders_at(org, import_id, place), lambda ids: ids.union(order_ids))

    def remove_orders(self, org: str, import_id: str, place: int, order_ids: Collection[str]) -> None:
        """Delete orders that were not recorded because others have their ids."""
        if order_ids:
            self._revise(keys.journal_orders_at(org, import_id, place), lambda ids: ids.difference(order_ids))
            former_keys = (keys.Key(keys.journal_orders(org, import_id), order_id) for order_id in set(order_ids))
            self._table.delete_many(former_keys)

    def order_ids(self, org: str, import_id: str) -> Iterator[str]:
        """Yield the ids of all orders, by place and id."""
        for item in self._table.query_all(keys.journal_orders(org, import_id)):
            yield item["sk"]
        for item in self._table.query_all(keys.journal_orders_at(org, import_id, 0).pk):
            yield from json.loads(item["orders"])

    def _revise(self, key: keys.Key, change: Callable[[Ids], Ids]) -> None:
        retry_on_conflict(partial(self._change, key, change))

    def _change(self, key: keys.Key, change: Callable[[Ids], Ids]) -> None:
        stored_text = (self._table.get(key) or {}).get("orders")
        text = json.dumps(sorted(change(Ids(json.loads(stored_text or "[]")))), separators=(",", ":"))
        unchanged = conditions.equals("orders", stored_text) if stored_text else conditions.absent()
        try:
            if text != stored_text:
                self._table.put({**key._asdict(), "orders": text}, when=unchanged)
        except ConditionFailed as error:
            raise ConcurrentModification from error
