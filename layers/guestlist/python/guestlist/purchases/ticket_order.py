"""Orders of tickets that were imported or created one by one."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from guestlist.model.email_address import fold_email
from guestlist.tickets.model import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOrder:
    """An order created by a ticket import or for a single ticket; `ordered_at` is the instant of the import.

    Its tickets refer to it. `email` and `name` are empty if the whole file is one order. The order of a ticket
    without an e-mail is derived from the ticket and not stored.
    """

    order_id: str
    event_id: str
    ordered_at: datetime
    email: str = ""
    name: str = ""
    import_id: str | None = None


def own_order(ticket: Ticket) -> TicketOrder:
    """The order that consists of this ticket alone."""
    return TicketOrder(
        order_id=ticket.order_id,
        event_id=ticket.event_id,
        ordered_at=ticket.imported_at,
        email=ticket.email,
        name=ticket.name,
        import_id=ticket.import_id,
    )


def has_own_order(ticket: Ticket) -> bool:
    """Whether the ticket has an order of its own."""
    return ticket.order_id == row_order_id(ticket.batch, ticket.line)


def buyer_order_id(import_id: str, email: str, digest_key: bytes) -> str:
    """The id of a buyer's order from an import; deterministic for the person and the key.

    It outlives an erasure, and is keyed so that nobody without the key can test addresses against it.
    """
    return f"{import_id}-{hashlib.blake2b(fold_email(email).encode(), digest_size=8, key=digest_key).hexdigest()}"


def row_order_id(import_id: str, line: int) -> str:
    """The id of the order of a single row."""
    return f"{import_id}-{line}"
