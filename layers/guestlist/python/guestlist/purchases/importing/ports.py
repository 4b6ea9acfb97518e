"""Ports of the import of a purchase file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.purchases.model import NewPurchase


class Orders(Protocol):
    """The orders and sale items of an organiser."""

    def unknown_items(self, org: str, sale_item_ids: Collection[str]) -> set[str]:
        """The ids that are not sale items."""

    def find_items(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The sale item ids by label, of labels that are an id or the name of exactly one sale item."""

    def suggest_items(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The sale item ids by label, of labels that are similar to the name of exactly one sale item."""

    def compare_existing(self, org: str, purchases: Sequence[NewPurchase]) -> Mapping[str, bool]:
        """Whether the existing order is the same, by order id.

        Ids without an order, or with one whose import was undone, are left out.
        """

    def record(self, org: str, purchases: Sequence[NewPurchase], now: datetime) -> set[str]:
        """Record orders of different ids, and return the ids of different existing orders.

        The same order recorded again stays as it is. Raises `errors.Invalid` for an instant in the future.
        """

    def refund_order(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Refund all that is left of the order, once per request. Raises `errors.Unknown`."""


class OrderJournal(Protocol):
    """Journal of the orders that an import recorded, for its undo."""

    def append_orders(self, org: str, import_id: str, place: int, order_ids: Sequence[str]) -> None:
        """Add orders to those of a place before they are recorded."""

    def remove_orders(self, org: str, import_id: str, place: int, order_ids: Collection[str]) -> None:
        """Delete orders that were not recorded because others have their ids."""

    def order_ids(self, org: str, import_id: str) -> Iterator[str]:
        """Yield the ids of all orders."""
