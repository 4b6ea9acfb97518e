"""What the import of a purchase file needs from outside."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.purchases.model import NewPurchase


class Orders(Protocol):
    """The orders that checkouts and files tell of."""

    def unknown_items(self, org: str, sale_item_ids: Collection[str]) -> set[str]:
        """Those of them that are no sale items."""

    def items_named(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The sale items of these labels, by label: of those that are an id, or the name of just one."""

    def items_like(self, org: str, labels: Collection[str]) -> Mapping[str, str]:
        """The one sale item whose name each of these labels nearly is, by label."""

    def known(self, org: str, purchases: Sequence[NewPurchase]) -> Mapping[str, bool]:
        """Whether the order that has such an id is this very order, by id.

        Where there is none, or one that was taken back, it is left out.
        """

    def record(self, org: str, purchases: Sequence[NewPurchase], now: datetime) -> set[str]:
        """Keep these orders, of different ids, and return the ids that other orders have.

        One told of again as it was stays as it is. Raises `errors.Invalid` for an instant to come.
        """

    def take_back(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Give back all that is left of the order, once for each request. Raises `errors.Unknown`."""


class OrderNotes(Protocol):
    """Which orders an import made, so that they can be taken back."""

    def note(self, org: str, import_id: str, place: int, order_ids: Sequence[str]) -> None:
        """Keep that the import is about to make these orders, beside those that were noted of that place before."""

    def redact(self, org: str, import_id: str, place: int, order_ids: Collection[str]) -> None:
        """Forget that: the orders are another's."""

    def noted(self, org: str, import_id: str) -> Iterator[str]:
        """All that were noted."""
