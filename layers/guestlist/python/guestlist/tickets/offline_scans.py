"""Merge scans that devices made offline: of the scans of a ticket, the earliest is accepted.

A ticket that was admitted online stays admitted by that scan, even if an offline scan turns out to be earlier.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple, Protocol

from guestlist.model.concurrency import TRIES, busy
from guestlist.tickets.model import Ticket

MAX_CLOCK_SKEW = timedelta(minutes=5)
"""The most by which a device's clock may be ahead."""
MAX_SCAN_AGE = timedelta(days=7)
"""Older scans are refused."""


class MergeResult(StrEnum):
    """The result of a scan that was made offline."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    ALREADY_SCANNED = "already_scanned"
    OTHER_EVENT = "other_event"
    BAD_INSTANT = "bad_instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineScan:
    """A scan made offline; `scanned_at` is by the clock of the device."""

    event_id: str
    code: str
    scanned_at: datetime
    device: str

    @property
    def rank(self) -> tuple[datetime, str]:
        """The order of scans of one ticket: by instant, then by device."""
        return self.scanned_at, self.device


class MergeOutcome(NamedTuple):
    """The result of a scan, and the ticket afterwards; None if no ticket has the code."""

    result: MergeResult
    ticket: Ticket | None = None


class Tickets(Protocol):
    """The tickets of an organiser, by code."""

    def get_ticket(self, org: str, code: str) -> Ticket | None:
        """The ticket with exactly this code, or None."""

    def get_tickets(self, org: str, codes: Sequence[str]) -> Mapping[str, Ticket]:
        """The tickets that have these codes, by code."""

    def scan_offline(self, org: str, ticket: Ticket, at: datetime, device: str) -> Ticket | None:
        """Save the scan, if the stored ticket's scan is still the same; None otherwise."""

    def save_conflict(self, org: str, ticket: Ticket, at: datetime, device: str) -> None:
        """Save a conflicting scan of a ticket that another scan admitted; idempotent."""

    def run_parallel(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run calls, concurrently where that is faster, and return their results."""


def merge(org: str, scans: Sequence[OfflineScan], now: datetime, tickets: Tickets) -> list[MergeOutcome]:
    """Merge scans in any order, and return the result of each. Raises `Conflict` on too many concurrent changes.

    A repeated scan has the same result, unless an earlier one of the same ticket was merged meanwhile.
    """
    by_code: dict[str, list[OfflineScan]] = {}
    for scan in dict.fromkeys(scan for scan in scans if now - MAX_SCAN_AGE <= scan.scanned_at <= now + MAX_CLOCK_SKEW):
        by_code.setdefault(scan.code, []).append(scan)
    existing = tickets.get_tickets(org, list(by_code))
    calls = [
        partial(_merge_ticket, org, existing[code], ticket_scans, tickets)
        for code, ticket_scans in by_code.items()
        if code in existing
    ]
    results: dict[OfflineScan, MergeOutcome] = {}
    for ticket_scans in by_code.values():
        results |= dict.fromkeys(ticket_scans, MergeOutcome(MergeResult.UNKNOWN))
    for outcomes in tickets.run_parallel(calls):
        results |= outcomes
    return [results.get(scan, MergeOutcome(MergeResult.BAD_INSTANT)) for scan in scans]


def _merge_ticket(
    org: str, ticket: Ticket, scans: Sequence[OfflineScan], tickets: Tickets
) -> Mapping[OfflineScan, MergeOutcome]:
    event_scans = [scan for scan in scans if scan.event_id == ticket.event_id]
    after = _apply(org, ticket, min(event_scans, key=lambda scan: scan.rank), tickets) if event_scans else ticket
    outcomes = {scan: _outcome(scan, after) for scan in scans}
    if after is not None:
        for scan, outcome in outcomes.items():
            if outcome.result is MergeResult.ALREADY_SCANNED:
                tickets.save_conflict(org, after, *scan.rank)
    return outcomes


def _apply(org: str, ticket: Ticket, scan: OfflineScan, tickets: Tickets) -> Ticket | None:
    """The ticket with the earlier of its scan and this one; None if the ticket no longer exists."""
    current: Ticket | None = ticket
    for _ in range(TRIES):
        if current is None or current.event_id != scan.event_id or not _precedes(scan, current):
            return current
        scanned = tickets.scan_offline(org, current, *scan.rank)
        if scanned is not None:
            if current.scanned_at is not None:
                tickets.save_conflict(org, scanned, current.scanned_at, current.scanned_by)
            return scanned
        current = tickets.get_ticket(org, scan.code)
    raise busy()


def _precedes(scan: OfflineScan, ticket: Ticket) -> bool:
    if ticket.scanned_at is None:
        return True
    return bool(ticket.scanned_by) and scan.rank < (ticket.scanned_at, ticket.scanned_by)


def _outcome(scan: OfflineScan, ticket: Ticket | None) -> MergeOutcome:
    if ticket is None:
        return MergeOutcome(MergeResult.UNKNOWN)
    if ticket.event_id != scan.event_id:
        return MergeOutcome(MergeResult.OTHER_EVENT, ticket)
    accepted = scan.rank == (ticket.scanned_at, ticket.scanned_by)
    return MergeOutcome(MergeResult.ACCEPTED if accepted else MergeResult.ALREADY_SCANNED, ticket)
