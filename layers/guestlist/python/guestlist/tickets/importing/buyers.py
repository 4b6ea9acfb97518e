"""Buyers of imported tickets become customers, once, each with an order of this import."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from guestlist.customers.model import Customer
from guestlist.imports.model import OrderGrouping
from guestlist.model.email_address import fold_email
from guestlist.purchases.order import Order, buyers_order, has_own_order, own_order, rows_order
from guestlist.tickets.contact import Contact
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.tally import ContactTally
from guestlist.tickets.model import Ticket


def order_id_of(grouping: OrderGrouping, import_id: str, email: str, line: int, digest_key: bytes) -> str:
    """The id of the order that a row belongs to; without an e-mail a buyer has an order per row."""
    if grouping is OrderGrouping.FILE:
        return import_id
    if grouping is OrderGrouping.BUYER and email:
        return buyers_order(import_id, email, digest_key)
    return rows_order(import_id, line)


def store_buyers(
    org: str, import_id: str, at: datetime, stored: Sequence[Ticket], behind: int, ports: TicketPorts
) -> Mapping[str, Contact]:
    """Make contacts and orders of these tickets, and answer the contacts by folded e-mail.

    Somebody who is a customer already stays as they are. `at` is the import's own instant, the same in
    every run, so that a customer made by an earlier run is known as made by this import, and so is the line
    `behind` which the tickets stand.
    """
    firsts = _firsts(stored)
    customers = ports.customers.ensure_customers(
        org, [Customer(email=ticket.email, name=ticket.name, created_at=at) for ticket in firsts.values()]
    )
    contacts = [
        Contact(
            import_id=import_id,
            email=ticket.email,
            name=ticket.name,
            line=ticket.line,
            created=customers[key].created_at == at,
        )
        for key, ticket in firsts.items()
    ]
    stored_contacts = ports.contacts.ensure_contacts(org, contacts)
    ports.contacts.order(org, _orders(stored, stored_contacts), stored, behind)
    return stored_contacts


def count_buyers(stored: Iterable[Ticket], contacts: Mapping[str, Contact], tally: ContactTally) -> None:
    """Count each buyer at the row where they were met first, and tickets of nobody known."""
    for ticket in stored:
        if not ticket.email:
            tally.no_email += 1
            continue
        contact = contacts.get(fold_email(ticket.email))
        if contact is not None and contact.line == ticket.line:
            tally.total += 1
            tally.imported += contact.created
            tally.existed += not contact.created


def _firsts(stored: Sequence[Ticket]) -> dict[str, Ticket]:
    """The first ticket of each buyer, by folded e-mail."""
    firsts: dict[str, Ticket] = {}
    for ticket in stored:
        if ticket.email:
            firsts.setdefault(fold_email(ticket.email), ticket)
    return firsts


def _orders(stored: Sequence[Ticket], contacts: Mapping[str, Contact]) -> list[Order]:
    """The orders of these tickets; one that a buyer has of a whole import is under the name met first.

    A ticket of nobody known that makes an order by itself says all that the order would.
    """
    with_order = [ticket for ticket in stored if ticket.email or not has_own_order(ticket)]
    return list(
        {ticket.order_id: _order(ticket, contacts.get(fold_email(ticket.email))) for ticket in with_order}.values()
    )


def _order(ticket: Ticket, contact: Contact | None) -> Order:
    order = own_order(ticket)
    if has_own_order(ticket):
        return order
    if contact is None or ticket.order_id == ticket.batch:
        return replace(order, email="", name="")
    return replace(order, email=contact.email, name=contact.name)
