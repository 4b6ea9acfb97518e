"""Orders as an import tells of them, recorded as those that a checkout tells of."""

from dataclasses import dataclass
from datetime import datetime

from guestlist.errors import Unknown
from guestlist.groups.buying import Till, content_of, record, refund
from guestlist.purchase import NewPurchase
from guestlist.rule import Entity


@dataclass(frozen=True, slots=True)
class Orders:
    """The till, for the flows of imports."""

    till: Till

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
        """Keep the order; one told of again as it was stays as it is. Raises `Conflict` and `Invalid`."""
        record(org, purchase, now, self.till)

    def refund(self, org: str, order_id: str, request: str, now: datetime) -> None:
        """Give back all that is left of the order, once for each request. Raises `Unknown`."""
        refund(org, order_id, None, request, now, self.till)
