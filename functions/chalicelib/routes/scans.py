"""The door: tickets are scanned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chalicelib.web.endpoint import Call, endpoint
from guestlist.aws.guesses import add_tries
from guestlist.aws.table import table
from guestlist.checkout.guess_limits import allowance, refused, scan_limit
from guestlist.model.ids import Id
from guestlist.model.normal_form import Cleaned
from guestlist.organisers.model import Scope
from guestlist.tickets.model import MOST_CODE, Ticket, scanned
from guestlist.tickets.scans import Scan, ScanResult, scan
from guestlist.tickets.store import Tickets

_MOST_SCANNED = 8_000
"""More than any picture holds: at a door people show all kinds of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """A code that was read at the door of an event, letter for letter. A `dry_run` admits nobody."""

    event_id: Id
    code: Annotated[str, Cleaned(scanned), MinLen(1), MaxLen(_MOST_SCANNED)]
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedTicket:
    """The ticket that has the code; its type, seat and order are empty where nothing is known of them."""

    code: str
    event_id: str
    name: str
    ticket_type: str
    seat: str
    order: str
    scanned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What the door is told; without a ticket where none has the code."""

    result: ScanResult
    ticket: ScannedTicket | None


@endpoint(
    Scope.CHECKOUT,
    also=(Scope.DOOR,),
    body=Scanning,
    answer=Scanned,
    exclude_none=("ticket",),
    rate_limited=True,
    counts=lambda reply: {f"Scans.{reply.body.result}": 1},
)
def admit(call: Call, wanted: Scanning) -> Scanned:
    """Let in whoever bears this code, once and at its own event.

    Dry runs that find no ticket are counted, and too many of them with one token are answered 429.
    """
    if len(wanted.code) > MOST_CODE:
        found = Scan(ScanResult.UNKNOWN)
    else:
        found = scan(call.org, wanted.event_id, wanted.code, call.now, Tickets(table()), dry_run=wanted.dry_run)
    if wanted.dry_run and found.result is ScanResult.UNKNOWN:
        _count(call)
    return Scanned(result=found.result, ticket=_view(found.ticket) if found.ticket else None)


def _count(call: Call) -> None:
    limit = scan_limit(call.bearer, call.now)
    tried = add_tries(table(), call.org, [limit], 1, call.now)
    allowed = allowance(tried, call.now)
    if allowed is not None and tried[limit] > limit.most:
        raise refused(allowed)


def _view(ticket: Ticket) -> ScannedTicket:
    return ScannedTicket(
        code=ticket.code,
        event_id=ticket.event_id,
        name=ticket.name,
        ticket_type=ticket.ticket_type,
        seat=ticket.seat,
        order=ticket.order,
        scanned_at=ticket.scanned_at,
    )
