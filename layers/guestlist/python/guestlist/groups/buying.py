"""Orders that a checkout or a file of purchases tells of, and what is given back of them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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

    One that an import told of which was taken back is new. An unknown buyer becomes a customer. A clock
    that is fast by 5 minutes at most is taken for ours. Raises `Invalid` (unknown sale item, an instant to
    come), or `Conflict` when there is another order of that id.
    """
    content = content_of(wish)

    def step() -> tuple[Purchase, bool]:
        known = _known(org, wish.order_id, till)
        if known is None:
            return till.purchases.record(org, _new(org, wish, now, till), now), True
        if known.taken_back:
            return till.purchases.renew(org, known, _new(org, wish, now, till), now), True
        if known.content != content:
            raise Conflict(f"There is another order {wish.order_id} already.", code="idempotency_conflict")
        return known, False

    return settled(step)


def record_many(org: str, wishes: Sequence[NewPurchase], now: datetime, till: Till) -> tuple[list[Purchase], set[str]]:
    """Keep these orders, of different ids, as `record` does each; answers them, and the ids that other orders have.

    Raises `Invalid`.
    """
    known = till.purchases.many(org, [wish.order_id for wish in wishes])
    new = [wish for wish in wishes if wish.order_id not in known]
    catalogue = till.catalogues.around(org, sorted({line.sale_item_id for wish in new for line in wish.lines}))
    made = [_purchase(wish, now, catalogue) for wish in new]
    till.customers.meet(org, [_buyer(wish, now) for wish in new])
    left = {purchase.order_id for purchase in till.purchases.record_many(org, made, now)}
    kept, lost = [purchase for purchase in made if purchase.order_id not in left], set[str]()
    for wish in wishes:
        if wish.order_id in known or wish.order_id in left:
            try:
                kept.append(record(org, wish, now, till)[0])
            except Conflict:
                lost.add(wish.order_id)
    return kept, lost


def refund(
    org: str, order_id: str, lines: Sequence[Line] | None, request: str | None, now: datetime, till: Till
) -> Purchase:
    """Give back those lines, or all that is left of the order; the same `request` does so once.

    Raises `Unknown`, `Invalid` for an item that is not in the order, or `Conflict` when more is wanted than
    is left.
    """

    def following(purchase: Purchase) -> Purchase:
        _refuse_others(purchase, lines)
        return purchase.refunded(lines, request)

    return _given_back(org, order_id, request, following, now, till)


def take_back(org: str, order_id: str, request: str, now: datetime, till: Till) -> Purchase:
    """Give back all that is left of an order because the import that told of it is undone; told anew, it is new.

    Unless something of it was given back before: that must not count again. The same `request` does so
    once. Raises `Unknown`.
    """

    def following(purchase: Purchase) -> Purchase:
        untouched = not any(line.refunded for line in purchase.lines)
        return replace(purchase.refunded(None, request), taken_back=untouched)

    return _given_back(org, order_id, request, following, now, till)


def _given_back(
    org: str, order_id: str, request: str | None, following: Callable[[Purchase], Purchase], now: datetime, till: Till
) -> Purchase:
    def step() -> Purchase:
        purchase = till.purchases.get(org, order_id)
        if request is not None and request in purchase.refunds:
            return purchase
        after = following(purchase)
        if after.lines == purchase.lines:
            return purchase
        return till.purchases.refund(org, after, purchase.places - after.places, now)

    return settled(step)


def _known(org: str, order_id: str, till: Till) -> Purchase | None:
    try:
        return till.purchases.get(org, order_id)
    except Unknown:
        return None


def _new(org: str, wish: NewPurchase, now: datetime, till: Till) -> Purchase:
    purchase = _purchase(wish, now, till.catalogues.around(org, [line.sale_item_id for line in wish.lines]))
    till.customers.meet(org, [_buyer(wish, now)])
    return purchase


def _buyer(wish: NewPurchase, now: datetime) -> Customer:
    return Customer(email=wish.customer.email, name=wish.customer.name or "", created_at=now)


def _purchase(wish: NewPurchase, now: datetime, catalogue: Catalogue) -> Purchase:
    return Purchase(
        order_id=wish.order_id,
        email=wish.customer.email,
        name=wish.customer.name or "",
        purchased_at=_purchased_at(wish, now),
        recorded_at=now,
        lines=_lines(wish.lines, catalogue),
        content=content_of(wish),
    )


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
