"""Store the buyers of imported tickets as customers, with their orders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from guestlist.customers.model import Customer
from guestlist.imports.model import OrderGrouping
from guestlist.model.email_address import fold_email
from guestlist.purchases.ticket_order import TicketOrder, buyer_order_id, has_own_order, own_order, row_order_id
from guestlist.tickets.contact import Contact
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.tally import ContactTally
from guestlist.tickets.model import Ticket


def order_id_of(grouping: OrderGrouping, import_id: str, email: str, line: int, digest_key: bytes) -> str:
    """The id of a row's order; a row without an e-mail has an order of its own unless grouped by file."""
    if grouping is OrderGrouping.FILE:
        return import_id
    if grouping is OrderGrouping.BUYER and email:
        return buyer_order_id(import_id, email, digest_key)
    return row_order_id(import_id, line)


def store_buyers(
    org: str, import_id: str, at: datetime, stored: Sequence[Ticket], after_line: int, ports: TicketPorts
) -> Mapping[str, Contact]:
    """Store customers, contacts and orders of these tickets, and return the contacts by folded e-mail.

    Existing customers are left unchanged. `at` is the creation instant of the import: the same in every run, so
    that a customer created by an earlier run counts as created by this import. So is `after_line`, the last
    committed line before the tickets.
    """
    first_tickets = _first_tickets(stored)
    customers = ports.customers.ensure_customers(
        org, [Customer(email=ticket.email, name=ticket.name, created_at=at) for ticket in first_tickets.values()]
    )
    contacts = [
        Contact(
            import_id=import_id,
            email=ticket.email,
            name=ticket.name,
            line=ticket.line,
            created=customers[key].created_at == at,
        )
        for key, ticket in first_tickets.items()
    ]
    stored_contacts = ports.contacts.ensure_contacts(org, contacts)
    ports.contacts.save_orders(org, _orders(stored, stored_contacts), stored, after_line)
    return stored_contacts


def count_buyers(stored: Iterable[Ticket], contacts: Mapping[str, Contact], tally: ContactTally) -> None:
    """Count each buyer once, at their first ticket, and tickets without an e-mail."""
    for ticket in stored:
        if not ticket.email:
            tally.no_email += 1
            continue
        contact = contacts.get(fold_email(ticket.email))
        if contact is not None and contact.line == ticket.line:
            tally.total += 1
            tally.imported += contact.created
            tally.existed += not contact.created


def _first_tickets(stored: Sequence[Ticket]) -> dict[str, Ticket]:
    """The first ticket of each buyer, by folded e-mail."""
    firsts: dict[str, Ticket] = {}
    for ticket in stored:
        if ticket.email:
            firsts.setdefault(fold_email(ticket.email), ticket)
    return firsts


def _orders(stored: Sequence[Ticket], contacts: Mapping[str, Contact]) -> list[TicketOrder]:
    """The orders of these tickets, with the first name of a buyer in the import.

    A ticket without an e-mail that is an order of its own needs no order record.
    """
    with_order = [ticket for ticket in stored if ticket.email or not has_own_order(ticket)]
    return list(
        {ticket.order_id: _order(ticket, contacts.get(fold_email(ticket.email))) for ticket in with_order}.values()
    )


def _order(ticket: Ticket, contact: Contact | None) -> TicketOrder:
    order = own_order(ticket)
    if has_own_order(ticket):
        return order
    if contact is None or ticket.order_id == ticket.batch:
        return replace(order, email="", name="")
    return replace(order, email=contact.email, name=contact.name)
