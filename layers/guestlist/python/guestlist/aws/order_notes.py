"""Which orders imports made, so that they can be taken back."""

from collections.abc import Iterator

from guestlist.aws import keys
from guestlist.aws.table import Table


class OrderNotes:
    """Ids of orders, by import."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, org: str, import_id: str, order_id: str) -> None:
        """Keep that the import is about to make this order."""
        self._table.put(_key(org, import_id, order_id)._asdict())

    def strike(self, org: str, import_id: str, order_id: str) -> None:
        """Forget that: the order is another's."""
        self._table.delete(_key(org, import_id, order_id))

    def noted(self, org: str, import_id: str) -> Iterator[str]:
        """All that were noted, by id."""
        for item in self._table.query_all(keys.noted_orders(org, import_id)):
            yield item["sk"]


def _key(org: str, import_id: str, order_id: str) -> keys.Key:
    return keys.Key(keys.noted_orders(org, import_id), order_id)
