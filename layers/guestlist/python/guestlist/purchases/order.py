"""Orders: what one buyer got at once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from guestlist.model.email_address import fold_email
from guestlist.tickets.model import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order that an import made, or a ticket that was added alone; `ordered_at` is the import's date.

    Its tickets name it. `email` and `name` are empty where the whole file is one order; a ticket of nobody
    known has an order of its own, which is told from the ticket and not kept.
    """

    order_id: str
    event_id: str
    ordered_at: datetime
    email: str = ""
    name: str = ""
    import_id: str | None = None


def own_order(ticket: Ticket) -> Order:
    """The order that this ticket makes by itself."""
    return Order(
        order_id=ticket.order_id,
        event_id=ticket.event_id,
        ordered_at=ticket.imported_at,
        email=ticket.email,
        name=ticket.name,
        import_id=ticket.import_id,
    )


def has_own_order(ticket: Ticket) -> bool:
    """Whether its order is of this ticket alone."""
    return ticket.order_id == rows_order(ticket.batch, ticket.line)


def buyers_order(import_id: str, email: str, digest_key: bytes) -> str:
    """The id of the one order that a buyer has from that import; the same for the same person and key.

    It stays on tickets when the person is erased. Without a key, whoever has it could try all addresses that they know.
    """
    return f"{import_id}-{hashlib.blake2b(fold_email(email).encode(), digest_size=8, key=digest_key).hexdigest()}"


def rows_order(import_id: str, line: int) -> str:
    """The id of the order that a row makes by itself."""
    return f"{import_id}-{line}"
