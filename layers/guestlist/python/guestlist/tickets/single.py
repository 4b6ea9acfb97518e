"""Add a single ticket to an event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

from annotated_types import MaxLen, MinLen

from guestlist.catalogue.model import Event
from guestlist.customers.model import Customer
from guestlist.imports.model import WhenFull
from guestlist.model.errors import Conflict
from guestlist.purchases.ticket_order import TicketOrder, own_order, row_order_id
from guestlist.tickets.importing.ports import Customers
from guestlist.tickets.model import MAX_CODE_LENGTH, Sales, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleTicket:
    """The request to add a ticket; `when_full` is whether it may exceed the event's capacity."""

    code: Annotated[str, MinLen(1), MaxLen(MAX_CODE_LENGTH)]
    when_full: WhenFull
    name: Annotated[str, MaxLen(200)] = ""
    email: Annotated[str, MaxLen(254)] = ""


class EventTickets(Protocol):
    """The tickets and sales of events."""

    def get_ticket(self, org: str, code: str) -> Ticket | None:
        """The ticket with exactly this code, or None."""

    def sales(self, org: str, event_id: str) -> Sales:
        """The current sales of the event."""

    def add_ticket(self, org: str, ticket: Ticket, order: TicketOrder, capacity: int | None) -> bool:
        """Save the ticket with its order and count it, atomically.

        False when its code or the last place was taken, or its buyer is not a customer.
        """


def add_ticket(
    org: str,
    event: Event,
    request: SingleTicket,
    ticket_id: str,
    now: datetime,
    tickets: EventTickets,
    customers: Customers,
) -> Ticket:
    """Add the ticket, its buyer and an order. Raises `Conflict`: `duplicate_existing` or `no_capacity`.

    A refused ticket changes nothing. `ticket_id` is a new id, which sorts by time.
    """
    capacity = event.capacity if request.when_full is WhenFull.STOP else None
    ticket = _ticket(event.event_id, request, ticket_id, now)
    _require_free_code_and_place(org, ticket, capacity, tickets)
    while True:
        if ticket.email:
            customers.ensure_customers(org, [Customer(email=ticket.email, name=ticket.name, created_at=now)])
        if (
            tickets.add_ticket(org, ticket, own_order(ticket), capacity)
            or tickets.get_ticket(org, ticket.code) == ticket
        ):
            return ticket
        _require_free_code_and_place(org, ticket, capacity, tickets)


def _ticket(event_id: str, request: SingleTicket, ticket_id: str, now: datetime) -> Ticket:
    return Ticket(
        code=request.code,
        event_id=event_id,
        batch=ticket_id,
        imported_at=now,
        alone=True,
        name=request.name,
        email=request.email,
        order_id=row_order_id(ticket_id, 0),
    )


def _require_free_code_and_place(org: str, ticket: Ticket, capacity: int | None, tickets: EventTickets) -> None:
    stored = tickets.get_ticket(org, ticket.code)
    if stored is not None:
        raise Conflict("duplicate_existing", **stored.origin)
    if capacity is not None and tickets.sales(org, ticket.event_id).taken_places >= capacity:
        raise Conflict("no_capacity")
