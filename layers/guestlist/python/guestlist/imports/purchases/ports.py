"""What the import of a purchase file needs from outside."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from guestlist.purchase import NewPurchase


class Orders(Protocol):
    """The orders that checkouts and files tell of."""

    def has_item(self, org: str, sale_item_id: str) -> bool:
        """Whether there is such a sale item."""

    def known(self, org: str, purchase: NewPurchase) -> bool | None:
        """Whether the order that has this id is this very order; None when there is none."""

    def record(self, org: str, purchase: NewPurchase, now: datetime) -> None:
        """Keep the order; one told of again as it was stays as it is.

        Raises `errors.Conflict` when there is another of that id, `errors.Invalid` for an instant to come.
        """

    def refund(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Give back all that is left of the order, once for each request. Raises `errors.Unknown`."""


class OrderNotes(Protocol):
    """Which orders an import made, so that they can be taken back."""

    def note(self, org: str, import_id: str, order_id: str) -> None:
        """Keep that the import is about to make this order."""

    def strike(self, org: str, import_id: str, order_id: str) -> None:
        """Forget that: the order is another's."""

    def noted(self, org: str, import_id: str) -> Iterator[str]:
        """All that were noted."""
