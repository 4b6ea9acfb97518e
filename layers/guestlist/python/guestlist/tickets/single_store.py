"""Store of tickets that are added alone: ticket, order and capacity in one transaction."""

from guestlist.aws import conditions
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.purchases.ticket_order import TicketOrder
from guestlist.tickets.contact_store import order_item, reevaluation_write, ticket_note_item
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
        """The current sales of the event."""
        return self._sales.read_sales(org, event_id)

    def add_ticket(self, org: str, ticket: Ticket, order: TicketOrder, capacity: int | None) -> bool:
        """Save the ticket with its order and count it, atomically.

        False if its code or the last place was taken, or its buyer is not a customer.
        """
        writes = [
            Write(put=ticket_item(org, ticket), when=conditions.absent()),
            self._sales.single_ticket_write(org, ticket.event_id, capacity),
        ]
        if ticket.email:
            writes += [Write(put=order_item(org, order)), Write(put=ticket_note_item(org, ticket))]
            writes += [reevaluation_write(org, ticket.email, ticket.imported_at)]
        try:
            self._table.transact(*writes)
        except ConditionFailed:
            return False
        return True
