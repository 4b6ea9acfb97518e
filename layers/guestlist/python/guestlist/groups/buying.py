"""Orders that a checkout or a file of purchases tells of, and what is given back of them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guestlist.catalogue import Catalogue
from guestlist.customer import Customer
from guestlist.entry import fold_email
from guestlist.errors import Conflict, FieldFault, Invalid, Unknown
from guestlist.groups.again import settled
from guestlist.groups.ports import Catalogues, Customers, Purchases
from guestlist.purchase import BoughtLine, Line, NewPurchase, Purchase

SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """Where purchases are kept."""

    purchases: Purchases
    customers: Customers
    catalogues: Catalogues


def record(org: str, wish: NewPurchase, now: datetime, till: Till) -> tuple[Purchase, bool]:
    """Keep the order, and say whether it is a new one; an order told of again as it was stays as it is.

    An unknown buyer becomes a customer. A clock that is fast by 5 minutes at most is taken for ours.
    Raises `Invalid` (unknown sale item, an instant to come), or `Conflict` when there is another order of
    that id.
    """
    content = content_of(wish)

    def step() -> tuple[Purchase, bool]:
        known = _known(org, wish.order_id, till)
        if known is None:
            return till.purchases.record(org, _new(org, wish, content, now, till), now), True
        if known.content != content:
            raise Conflict(f"There is another order {wish.order_id} already.", code="idempotency_conflict")
        return known, False

    return settled(step)


def refund(
    org: str, order_id: str, lines: Sequence[Line] | None, request: str | None, now: datetime, till: Till
) -> Purchase:
    """Give back those lines, or all that is left of the order; the same `request` does so once.

    Raises `Unknown`, `Invalid` for an item that is not in the order, or `Conflict` when more is wanted than
    is left.
    """

    def step() -> Purchase:
        purchase = till.purchases.get(org, order_id)
        if request is not None and request in purchase.refunds:
            return purchase
        _refuse_others(purchase, lines)
        following = purchase.refunded(lines, request)
        if following.lines == purchase.lines:
            return purchase
        return till.purchases.refund(org, following, purchase.places - following.places, now)

    return settled(step)


def _known(org: str, order_id: str, till: Till) -> Purchase | None:
    try:
        return till.purchases.get(org, order_id)
    except Unknown:
        return None


def _new(org: str, wish: NewPurchase, content: str, now: datetime, till: Till) -> Purchase:
    buyer = Customer(email=wish.customer.email, name=wish.customer.name or "", created_at=now)
    purchase = Purchase(
        order_id=wish.order_id,
        email=buyer.email,
        name=buyer.name,
        purchased_at=_purchased_at(wish, now),
        recorded_at=now,
        lines=_lines(wish.lines, till.catalogues.around(org, [line.sale_item_id for line in wish.lines])),
        content=content,
    )
    till.customers.meet(org, [buyer])
    return purchase


def _purchased_at(wish: NewPurchase, now: datetime) -> datetime:
    at = wish.purchased_at or now
    if at > now + SKEW:
        raise Invalid.field("purchased_at", "in_the_future", "This instant is still to come.")
    return min(at, now)


def _lines(lines: Sequence[Line], catalogue: Catalogue) -> tuple[BoughtLine, ...]:
    bought: list[BoughtLine] = []
    faults: list[FieldFault] = []
    for at, line in enumerate(lines):
        item = catalogue.sale_items.get(line.sale_item_id)
        if item is None:
            what = f"There is no sale item {line.sale_item_id}."
            faults.append(FieldFault(f"lines.{at}.sale_item_id", "unknown_id", what))
        else:
            bought.append(BoughtLine(sale_item_id=item.sale_item_id, event_id=item.event_id, quantity=line.quantity))
    if faults:
        raise Invalid(faults)
    return tuple(bought)


def _refuse_others(purchase: Purchase, lines: Sequence[Line] | None) -> None:
    known = {line.sale_item_id for line in purchase.lines}
    faults = [
        FieldFault(f"lines.{at}.sale_item_id", "unknown_id", f"The order has no {line.sale_item_id}.")
        for at, line in enumerate(lines or ())
        if line.sale_item_id not in known
    ]
    if faults:
        raise Invalid(faults)


def content_of(wish: NewPurchase) -> str:
    """What stands for all that was said of the order: 32 digits, the same for the same words."""
    at = wish.purchased_at.isoformat() if wish.purchased_at else None
    lines = [[line.sale_item_id, line.quantity] for line in wish.lines]
    said = [fold_email(wish.customer.email), wish.customer.name or "", at, lines]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()
