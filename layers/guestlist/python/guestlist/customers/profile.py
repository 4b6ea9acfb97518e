"""Personal data of a customer: everything that is stored about one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guestlist.customers.model import Customer
from guestlist.groups.membership import Membership
from guestlist.purchases.ticket_order import TicketOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLine:
    """A line of an order, with the ordered and the refunded quantity."""

    order_id: str
    ordered_at: datetime
    sale_item_id: str
    event_id: str
    quantity: int
    refunded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTicket:
    """An imported ticket of the person; `order` is its order number in the other system, empty if unknown."""

    code: str
    event_id: str
    order_id: str
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Everything stored about one person: profile, memberships, purchases, imported orders and tickets."""

    customer: Customer
    memberships: Mapping[str, Membership]
    lines: tuple[ProfileLine, ...]
    orders: tuple[TicketOrder, ...]
    tickets: tuple[ProfileTicket, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order with its lines, or with its tickets if it was imported."""

    order_id: str
    ordered_at: datetime
    imported: bool
    lines: tuple[ProfileLine, ...] = ()
    tickets: tuple[ProfileTicket, ...] = ()


def orders(person: PersonalData) -> list[OrderView]:
    """The orders of a person, newest first."""
    lines: dict[str, list[ProfileLine]] = {}
    for line in person.lines:
        lines.setdefault(line.order_id, []).append(line)
    purchases = [
        OrderView(order_id=order_id, ordered_at=order_lines[0].ordered_at, imported=False, lines=tuple(order_lines))
        for order_id, order_lines in lines.items()
    ]
    imported = [
        OrderView(
            order_id=order.order_id,
            ordered_at=order.ordered_at,
            imported=True,
            tickets=tuple(ticket for ticket in person.tickets if ticket.order_id == order.order_id),
        )
        for order in person.orders
    ]
    return sorted(
        [*purchases, *imported], key=lambda order_view: (order_view.ordered_at, order_view.order_id), reverse=True
    )
