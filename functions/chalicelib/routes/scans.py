"""Scans of tickets, online and offline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.aws.table import table
from guestlist.catalogue.service import require_event
from guestlist.checkout.guess_store import count_unknown_scan
from guestlist.model.ids import Id
from guestlist.model.normal_form import Cleaned
from guestlist.organisers.model import Scope
from guestlist.tickets.model import Ticket, clean_scan
from guestlist.tickets.offline_scans import MergeResult, OfflineScan, merge
from guestlist.tickets.scans import ScanResult, scan
from guestlist.tickets.store import Tickets

_MAX_SCANNED = 8_000
"""More characters than any barcode has, so that a foreign code gets the result `unknown` instead of an error."""

Code = Annotated[str, Cleaned(clean_scan), MinLen(1), MaxLen(_MAX_SCANNED)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """The scanned code, exactly as it is, and the event. A `dry_run` admits nobody."""

    event_id: Id
    code: Code
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedTicket:
    """The ticket with the code; its type, seat and order are empty if unknown."""

    code: str
    event_id: str
    name: str
    ticket_type: str
    seat: str
    order: str
    scanned_at: datetime | None
    scanned_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResponse:
    """The result of a scan; without a ticket if none has the code."""

    result: ScanResult
    ticket: ScannedTicket | None


@endpoint(
    Scope.CHECKOUT,
    further_scopes=(Scope.DOOR,),
    body=ScanRequest,
    answer=ScanResponse,
    exclude_none=("ticket",),
    rate_limited=True,
    counts=lambda reply: {f"Scans.{reply.body.result}": 1},
)
def admit(call: Call, request: ScanRequest) -> ScanResponse:
    """Scan a ticket, which is accepted once and at its own event.

    Dry runs that find no ticket are counted, and too many of them with one token get 429.
    """
    outcome = scan(call.org, request.event_id, request.code, call.now, Tickets(table()), dry_run=request.dry_run)
    if request.dry_run and outcome.result is ScanResult.UNKNOWN:
        count_unknown_scan(table(), call.org, call.bearer, call.now)
    return ScanResponse(result=outcome.result, ticket=_view(outcome.ticket) if outcome.ticket else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedScan:
    """A scan that a device made offline, at that instant by its own clock."""

    event_id: Id
    code: Code
    scanned_at: datetime
    device: Annotated[str, MinLen(1), MaxLen(128)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanBatch:
    """The scans of one or several devices, in any order."""

    scans: Annotated[tuple[BatchedScan, ...], MinLen(1), MaxLen(500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedScan:
    """The result of a scan, and the ticket with its code, if any, as it is now."""

    result: MergeResult
    ticket: ScannedTicket | None


@dataclass(frozen=True, slots=True)
class MergedScans:
    """The result of each scan, in the order of the request."""

    results: tuple[MergedScan, ...]


@endpoint(Scope.DOOR, body=ScanBatch, answer=MergedScans, exclude_none=("ticket",), conflicts=("busy",))
def merge_batch(call: Call, batch: ScanBatch) -> MergedScans:
    """Send the scans that doors made while they were offline.

    Of several scans of a ticket the earliest is accepted, and of those at the same instant the one whose device comes
    first by name; the results of the others have the instant and the device of the accepted one. An online admission
    stays accepted. A repeat gets the same result, unless an earlier scan has been merged meanwhile.
    """
    scans = [
        OfflineScan(event_id=item.event_id, code=item.code, scanned_at=item.scanned_at, device=item.device)
        for item in batch.scans
    ]
    merged = merge(call.org, scans, call.now, Tickets(table()))
    return MergedScans(
        tuple(MergedScan(result=item.result, ticket=_view(item.ticket) if item.ticket else None) for item in merged)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanConflict:
    """An offline scan that may have admitted somebody although the ticket had admitted somebody else."""

    code: str
    scanned_at: datetime
    scanned_by: str


@endpoint(Scope.ORGANISER, answer=ScanConflict, listed=True)
def list_conflicts(call: Call, event_id: str) -> Listed:
    """List the offline scans of an event that were not accepted because of another one, newest first."""
    require_event(call.org, event_id, adapters.catalogues())
    scans = Tickets(table()).conflicts(call.org, event_id, call.page.most, call.page.after("before", None))
    page = call.page.of(scans, lambda scan: {"before": scan.cursor})
    return page.map(lambda scan: ScanConflict(code=scan.code, scanned_at=scan.scanned_at, scanned_by=scan.scanned_by))


def _view(ticket: Ticket) -> ScannedTicket:
    return ScannedTicket(
        code=ticket.code,
        event_id=ticket.event_id,
        name=ticket.name,
        ticket_type=ticket.ticket_type,
        seat=ticket.seat,
        order=ticket.order,
        scanned_at=ticket.scanned_at,
        scanned_by=ticket.scanned_by,
    )
