"""Purchases: record orders of a checkout, and refund them."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, Reply, endpoint
from guestlist.groups.reevaluation import reevaluate
from guestlist.model.day import start_of_day
from guestlist.model.errors import Conflict
from guestlist.organisers.model import Scope
from guestlist.purchases import service as purchases_service
from guestlist.purchases.model import MAX_LINES, Buyer, Line, NewPurchase, OrderId, Purchase

Lines = Annotated[tuple[Line, ...], MinLen(1), MaxLen(MAX_LINES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A completed order. `purchased_at` is now by default; a date means the start of that day."""

    order_id: OrderId
    customer: Buyer
    lines: Lines
    purchased_at: datetime | date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """The lines of an order to refund; without `lines`, all that is left."""

    lines: Lines | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundByNumber:
    """The number of an order and its lines to refund; without `lines`, all that is left."""

    order_id: OrderId
    lines: Lines | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerView:
    """The buyer."""

    email: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of an order: a sale item, its quantity, and how many of them were refunded."""

    sale_item_id: str
    event_id: str
    quantity: int
    refunded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseView:
    """An order and its current lines."""

    order_id: str
    customer: BuyerView
    purchased_at: datetime
    lines: tuple[LineView, ...]


@endpoint(
    Scope.CHECKOUT,
    body=Order,
    answer=PurchaseView,
    status=201,
    statuses=(200,),
    conflicts=("idempotency_conflict",),
    idempotent=True,
)
def record(call: Call, order: Order) -> Reply:
    """Record an order and update automatic memberships. A repeat of the same order changes nothing and gets 200."""
    customer = replace(order.customer, email=adapters.customers().resolve_email(call.org, order.customer.email))
    request = NewPurchase(
        order_id=order.order_id, customer=customer, lines=order.lines, purchased_at=_instant(call, order)
    )
    purchase, new = purchases_service.record(call.org, request, call.now, adapters.purchase_ports())
    _reevaluate(call, purchase)
    return Reply(_view(purchase), status=201 if new else 200)


@endpoint(
    Scope.CHECKOUT,
    body=Refund,
    answer=PurchaseView,
    conflicts=("quantity_too_high",),
    idempotent=True,
)
def refund(call: Call, request: Refund, order_id: str) -> PurchaseView:
    """Refund an order, completely or some lines, and update the customer's automatic memberships.

    Without an Idempotency-Key each call refunds again, but never more than was bought.
    """
    return _refunded(call, order_id, request.lines)


@endpoint(
    Scope.CHECKOUT,
    body=RefundByNumber,
    answer=PurchaseView,
    not_found=("not_found",),
    conflicts=("quantity_too_high",),
    idempotent=True,
)
def refund_by_number(call: Call, request: RefundByNumber) -> PurchaseView:
    """Refund an order whose number cannot be part of a path, such as #1001; completely or some lines.

    Without an Idempotency-Key each call refunds again, but never more than was bought.
    """
    return _refunded(call, request.order_id, request.lines)


def _refunded(call: Call, order_id: str, lines: tuple[Line, ...] | None) -> PurchaseView:
    purchase = purchases_service.refund(call.org, order_id, lines, call.request, call.now, adapters.purchase_ports())
    _reevaluate(call, purchase)
    return _view(purchase)


def _instant(call: Call, order: Order) -> datetime | None:
    instant = order.purchased_at
    return instant if instant is None or isinstance(instant, datetime) else start_of_day(instant, call.organiser.zone)


def _reevaluate(call: Call, purchase: Purchase) -> None:
    """Re-evaluate the buyer's automatic groups; on too many concurrent changes, a timer does it later."""
    if purchase.email:
        with suppress(Conflict):
            reevaluate(call.org, purchase.email, call.now, "purchase", adapters.sync_ports())


def _view(purchase: Purchase) -> PurchaseView:
    lines = [
        LineView(sale_item_id=line.sale_item_id, event_id=line.event_id, quantity=line.quantity, refunded=line.refunded)
        for line in purchase.lines
    ]
    return PurchaseView(
        order_id=purchase.order_id,
        customer=BuyerView(email=purchase.email, name=purchase.name),
        purchased_at=purchase.purchased_at,
        lines=tuple(lines),
    )
