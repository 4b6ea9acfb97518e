"""Imported tickets: add a single one, and list those of an event or of an import."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.aws.table import table
from guestlist.catalogue.service import require_event
from guestlist.imports.model import WhenFull
from guestlist.model.email_address import Email, fold_email
from guestlist.model.normal_form import Cleaned, Name, Predicate
from guestlist.organisers.model import Scope
from guestlist.tickets.contact import Contact
from guestlist.tickets.model import MAX_CODE_LENGTH, Ticket, clean_scan, is_ticket_code
from guestlist.tickets.single import SingleTicket, add_ticket
from guestlist.tickets.single_store import EventTickets
from guestlist.tickets.store import Tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRequest:
    """A ticket to add; `when_full` is whether it may exceed the event's capacity."""

    code: Annotated[str, Cleaned(clean_scan), MinLen(1), MaxLen(MAX_CODE_LENGTH), Predicate(is_ticket_code)]
    when_full: WhenFull
    name: Name | None = None
    email: Email | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """An imported ticket. `import_id` is null for one that was added alone; `line` is its line in the file.

    `ticket_type`, `seat` and `order` are as in the file, and empty if it has none.
    """

    code: str
    event_id: str
    name: str
    email: str
    order_id: str
    ticket_type: str
    seat: str
    order: str
    imported: bool
    import_id: str | None
    line: int | None
    imported_at: datetime
    original_at: datetime | None
    scanned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """A buyer on a line of an import; `created` is whether the import created the customer."""

    email: str
    name: str
    line: int
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTicketFilter:
    """A filter of tickets by source and code. Only imported tickets are stored."""

    imported: bool | None = None
    code: Annotated[str, Cleaned(clean_scan), MinLen(1), MaxLen(MAX_CODE_LENGTH)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTicketFilter:
    """A filter of an import's tickets by code."""

    code: Annotated[str, Cleaned(clean_scan), MinLen(1), MaxLen(MAX_CODE_LENGTH)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSearch:
    """The search of an import's contacts: `q` is a prefix of their e-mail."""

    q: Annotated[str, MaxLen(254)] = ""


@endpoint(
    Scope.ORGANISER,
    body=TicketRequest,
    answer=TicketView,
    status=201,
    conflicts=("duplicate_existing", "no_capacity"),
    idempotent=True,
)
def add(call: Call, request: TicketRequest, event_id: str) -> TicketView:
    """Add a single ticket to an event; it can be scanned at once."""
    event = require_event(call.org, event_id, adapters.catalogues())
    email = adapters.customers().resolve_email(call.org, request.email) if request.email else ""
    ticket = SingleTicket(code=request.code, when_full=request.when_full, name=request.name or "", email=email)
    tickets, customers = EventTickets(table()), adapters.customers()
    return _view(add_ticket(call.org, event, ticket, call.new_id(), call.now, tickets, customers))


@endpoint(Scope.ORGANISER, query=EventTicketFilter, answer=TicketView, listed=True)
def list_of_event(call: Call, event_id: str) -> Listed:
    """List the imported tickets of an event, from files or added alone, newest first."""
    require_event(call.org, event_id, adapters.catalogues())
    if call.query.imported is False:
        return Listed([])
    if call.query.code is None:
        return _page(call, event_id)
    ticket = Tickets(table()).get_ticket(call.org, call.query.code)
    return Listed([_view(ticket)] if ticket and ticket.event_id == event_id else [])


@endpoint(Scope.ORGANISER, query=ImportTicketFilter, answer=TicketView, listed=True)
def list_of_import(call: Call, import_id: str) -> Listed:
    """List the tickets of an import, the last row of its file first."""
    record = adapters.imports().get_import(call.org, import_id)
    if call.query.code is not None:
        ticket = Tickets(table()).get_ticket(call.org, call.query.code)
        return Listed([_view(ticket)] if ticket and ticket.import_id == import_id else [])
    return Listed([]) if record.event_id is None else _page(call, record.event_id, import_id)


@endpoint(Scope.ORGANISER, query=ContactSearch, answer=ContactView, listed=True)
def list_contacts(call: Call, import_id: str) -> Listed:
    """List the buyers in an import, by e-mail; existing customers were left unchanged."""
    adapters.imports().get_import(call.org, import_id)
    after = call.page.after("email", "")
    rows = adapters.contacts().list_contacts(call.org, import_id, call.page.most, after, call.query.q)
    return call.page.of(rows, lambda contact: {"email": fold_email(contact.email)}).map(_contact)


def _page(call: Call, event_id: str, batch: str = "") -> Listed:
    before = call.page.after("place", "")
    rows = Tickets(table()).list_tickets(call.org, event_id, call.page.most, batch=batch, before=before)
    return call.page.of(rows, lambda ticket: {"place": ticket.sort_key}).map(_view)


def _view(ticket: Ticket) -> TicketView:
    return TicketView(
        code=ticket.code,
        event_id=ticket.event_id,
        name=ticket.name,
        email=ticket.email,
        order_id=ticket.order_id,
        ticket_type=ticket.ticket_type,
        seat=ticket.seat,
        order=ticket.order,
        imported=True,
        import_id=ticket.import_id,
        line=ticket.line or None,
        imported_at=ticket.imported_at,
        original_at=ticket.original_at,
        scanned_at=ticket.scanned_at,
    )


def _contact(contact: Contact) -> ContactView:
    return ContactView(email=contact.email, name=contact.name, line=contact.line, created=contact.created)
