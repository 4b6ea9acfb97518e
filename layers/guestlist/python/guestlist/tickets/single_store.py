"""Store of tickets that are added alone: ticket, order and capacity in one transaction."""

from guestlist.aws import conditions
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.purchases.order import Order
from guestlist.tickets.contact_store import bought_item, order_item, owed_write
from guestlist.tickets.model import Sales, Ticket
from guestlist.tickets.sales_store import EventSales
from guestlist.tickets.store import Tickets, ticket_item


class EventTickets:
    """The tickets and sales of events."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._tickets = Tickets(table)
        self._sales = EventSales(table)

    def get_ticket(self, org: str, code: str) -> Ticket | None:
        """The ticket with exactly this code, or None."""
        return self._tickets.get_ticket(org, code)

    def sales(self, org: str, event_id: str) -> Sales:
        """What is sold of the event now."""
        return self._sales.read_sales(org, event_id)

    def add_ticket(self, org: str, ticket: Ticket, order: Order, capacity: int | None) -> bool:
        """Keep the ticket with its order and count it, as one step.

        False when its code or the last place went, or its buyer is no customer.
        """
        writes = [
            Write(put=ticket_item(org, ticket), when=conditions.absent()),
            self._sales.taken_alone(org, ticket.event_id, capacity),
        ]
        if ticket.email:
            writes += [Write(put=order_item(org, order)), Write(put=bought_item(org, ticket))]
            writes += [owed_write(org, ticket.email, ticket.imported_at)]
        try:
            self._table.transact(*writes)
        except ConditionFailed:
            return False
        return True
