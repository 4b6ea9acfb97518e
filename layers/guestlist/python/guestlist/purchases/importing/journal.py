"""Which orders imports made, so that they can be taken back."""

from collections.abc import Collection, Iterator, Sequence

from guestlist.aws import keys
from guestlist.aws.table import Table


class OrderNotes:
    """Ids of orders, by import."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, org: str, import_id: str, order_ids: Sequence[str]) -> None:
        """Keep that the import is about to make these orders."""
        self._table.put_many(_key(org, import_id, order_id)._asdict() for order_id in dict.fromkeys(order_ids))

    def redact(self, org: str, import_id: str, order_ids: Collection[str]) -> None:
        """Forget that: the orders are another's."""
        self._table.delete_many(_key(org, import_id, order_id) for order_id in set(order_ids))

    def noted(self, org: str, import_id: str) -> Iterator[str]:
        """All that were noted, by id."""
        for item in self._table.query_all(keys.noted_orders(org, import_id)):
            yield item["sk"]


def _key(org: str, import_id: str, order_id: str) -> keys.Key:
    return keys.Key(keys.noted_orders(org, import_id), order_id)
