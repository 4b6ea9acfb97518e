"""Record purchases from a checkout or a file, and refund them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from guestlist.catalogue.model import Catalogue
from guestlist.catalogue.ports import Catalogues
from guestlist.customers.model import Customer
from guestlist.groups.ports import Customers, Purchases
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.model.errors import Conflict, FieldFault, Invalid, Unknown
from guestlist.purchases.model import MAX_CLOCK_SKEW, Line, NewPurchase, OrderLine, Purchase, keyed_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePorts:
    """Ports of the purchase service; `digest_key` is the key of the digests of requests."""

    purchases: Purchases
    customers: Customers
    catalogues: Catalogues
    digest_key: bytes


def record(org: str, request: NewPurchase, now: datetime, ports: PurchasePorts) -> tuple[Purchase, bool]:
    """Record an order, and return it and whether it is new; a repeated request returns the stored order.

    An order of an import that was undone is new. An unknown buyer becomes a customer. `purchased_at` may be up to
    5 minutes in the future (clock skew), and counts as now then. Raises `Invalid` (unknown sale item, later
    instant), or `Conflict` when there is a different order of that id.
    """

    def step() -> tuple[Purchase, bool]:
        existing = _find_purchase(org, request.order_id, ports)
        if existing is None:
            return ports.purchases.record(org, _new_purchase(org, request, now, ports), now), True
        if existing.taken_back:
            return ports.purchases.renew(org, existing, _new_purchase(org, request, now, ports), now), True
        if not is_same_order(existing, request, ports.digest_key):
            raise Conflict("idempotency_conflict.order", id=request.order_id)
        return existing, False

    return retry_on_conflict(step)


def record_many(
    org: str, requests: Sequence[NewPurchase], now: datetime, ports: PurchasePorts, note: str
) -> tuple[list[Purchase], set[str]]:
    """Record orders of different ids as `record` does, and return them and the ids of different existing orders.

    The note lists their buyers, who are reevaluated by the caller. Raises `Invalid`.
    """
    existing = ports.purchases.get_purchases(org, [request.order_id for request in requests])
    new = [request for request in requests if request.order_id not in existing]
    catalogue = ports.catalogues.subset(org, sorted({line.sale_item_id for request in new for line in request.lines}))
    purchases = [_purchase(request, now, catalogue, ports.digest_key) for request in new]
    ports.customers.ensure_customers(org, [_buyer(request, now) for request in new])
    failed = {purchase.order_id for purchase in ports.purchases.record_many(org, purchases, now, note)}
    saved, other_ids = [purchase for purchase in purchases if purchase.order_id not in failed], set[str]()
    for request in requests:
        if request.order_id in existing or request.order_id in failed:
            try:
                saved.append(record(org, request, now, ports)[0])
            except Conflict:
                other_ids.add(request.order_id)
    return saved, other_ids


def refund(
    org: str, order_id: str, lines: Sequence[Line] | None, request: str | None, now: datetime, ports: PurchasePorts
) -> Purchase:
    """Refund the lines, or with None all that is left of the order; the same `request` is applied once.

    Raises `Unknown`, `Invalid` for an item that is not in the order, or `Conflict` when more is to be refunded
    than is left.
    """

    def change(purchase: Purchase) -> Purchase:
        _check_items(purchase, lines)
        return purchase.refunded(lines, request)

    return _refund_once(org, order_id, request, change, now, ports)


def undo_order(org: str, order_id: str, request: str, now: datetime, ports: PurchasePorts) -> Purchase:
    """Undo the recording of an order by an import: refund all of it; recorded again, it is a new order.

    An order with an earlier refund is only refunded, as that refund must not be lost. The same `request` is
    applied once. Raises `Unknown`.
    """

    def change(purchase: Purchase) -> Purchase:
        is_unrefunded = not any(line.refunded for line in purchase.lines)
        return replace(purchase.refunded(None, request), taken_back=is_unrefunded)

    return _refund_once(org, order_id, request, change, now, ports)


def _refund_once(
    org: str,
    order_id: str,
    request: str | None,
    change: Callable[[Purchase], Purchase],
    now: datetime,
    ports: PurchasePorts,
) -> Purchase:
    def step() -> Purchase:
        purchase = ports.purchases.get_purchase(org, order_id)
        if request is not None and request in purchase.refunds:
            return purchase
        refunded = change(purchase)
        if refunded.lines == purchase.lines:
            return purchase
        return ports.purchases.refund(org, refunded, purchase.places - refunded.places, now)

    return retry_on_conflict(step)


def _find_purchase(org: str, order_id: str, ports: PurchasePorts) -> Purchase | None:
    try:
        return ports.purchases.get_purchase(org, order_id)
    except Unknown:
        return None


def _new_purchase(org: str, request: NewPurchase, now: datetime, ports: PurchasePorts) -> Purchase:
    catalogue = ports.catalogues.subset(org, [line.sale_item_id for line in request.lines])
    purchase = _purchase(request, now, catalogue, ports.digest_key)
    ports.customers.ensure_customers(org, [_buyer(request, now)])
    return purchase


def _buyer(request: NewPurchase, now: datetime) -> Customer:
    return Customer(email=request.customer.email, name=request.customer.name or "", created_at=now)


def _purchase(request: NewPurchase, now: datetime, catalogue: Catalogue, digest_key: bytes) -> Purchase:
    return Purchase(
        order_id=request.order_id,
        email=request.customer.email,
        name=request.customer.name or "",
        purchased_at=_purchased_at(request, now),
        recorded_at=now,
        lines=_lines(request.lines, catalogue),
        content=request_digest(request, digest_key),
    )


def _purchased_at(request: NewPurchase, now: datetime) -> datetime:
    at = request.purchased_at or now
    if at > now + MAX_CLOCK_SKEW:
        raise Invalid.field("purchased_at", "in_the_future")
    return min(at, now)


def _lines(lines: Sequence[Line], catalogue: Catalogue) -> tuple[OrderLine, ...]:
    order_lines: list[OrderLine] = []
    faults: list[FieldFault] = []
    for at, line in enumerate(lines):
        item = catalogue.sale_items.get(line.sale_item_id)
        if item is None:
            faults.append(FieldFault(f"lines.{at}.sale_item_id", "unknown_id.sale_item", id=line.sale_item_id))
        else:
            order_lines.append(
                OrderLine(sale_item_id=item.sale_item_id, event_id=item.event_id, quantity=line.quantity)
            )
    if faults:
        raise Invalid(faults)
    return tuple(order_lines)


def _check_items(purchase: Purchase, lines: Sequence[Line] | None) -> None:
    item_ids = {line.sale_item_id for line in purchase.lines}
    faults = [
        FieldFault(f"lines.{at}.sale_item_id", "unknown_id.in_order", id=line.sale_item_id)
        for at, line in enumerate(lines or ())
        if line.sale_item_id not in item_ids
    ]
    if faults:
        raise Invalid(faults)


def request_digest(request: NewPurchase, digest_key: bytes) -> str:
    """The keyed digest of a request to record an order; a repeat of the request has the same."""
    return keyed_digest(_unkeyed_digest(request), digest_key)


def is_same_order(purchase: Purchase, request: NewPurchase, digest_key: bytes) -> bool:
    """Whether the request repeats the one that recorded the order; an earlier release stored an unkeyed digest."""
    return purchase.content in (request_digest(request, digest_key), _unkeyed_digest(request))


def _unkeyed_digest(request: NewPurchase) -> str:
    """The unkeyed digest of earlier releases, 32 hexadecimal digits."""
    at = request.purchased_at.isoformat() if request.purchased_at else None
    lines = [[line.sale_item_id, line.quantity] for line in request.lines]
    content = [fold_email(request.customer.email), request.customer.name or "", at, lines]
    return hashlib.blake2b(json.dumps(content).encode(), digest_size=16).hexdigest()
