"""Orders as an import tells of them, recorded as those that a checkout tells of."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from guestlist.errors import Conflict, Unknown
from guestlist.groups.buying import Till, content_of, record, refund
from guestlist.groups.follow import Engine, follow
from guestlist.purchase import NewPurchase
from guestlist.rule import Entity


@dataclass(frozen=True, slots=True)
class Orders:
    """The till, for the flows of imports."""

    till: Till
    engine: Engine

    def has_item(self, org: str, sale_item_id: str) -> bool:
        """Whether there is such a sale item."""
        return self.till.catalogues.get(org, Entity.SALE_ITEM, sale_item_id) is not None

    def known(self, org: str, purchase: NewPurchase) -> bool | None:
        """Whether the order that has this id is this very order; None when there is none."""
        try:
            return self.till.purchases.get(org, purchase.order_id).content == content_of(purchase)
        except Unknown:
            return None

    def record(self, org: str, purchase: NewPurchase, now: datetime) -> None:
        """Keep the order, and have the buyer's automatic groups follow; one told of again as it was stays as it is.

        Raises `Conflict` and `Invalid`.
        """
        kept, _ = record(org, purchase, now, self.till)
        self._follow(org, kept.email, now)

    def refund(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Give back all that is left of the order, once for each request. Raises `Unknown`."""
        left = refund(org, order_id, None, request, now, self.till)
        self._follow(org, left.email, now)

    def _follow(self, org: str, email: str, now: datetime) -> None:
        # Where others change the same person all the time, what is owed to the purchase is left to the timer.
        with suppress(Conflict):
            follow(org, email, now, "purchase", self.engine)
