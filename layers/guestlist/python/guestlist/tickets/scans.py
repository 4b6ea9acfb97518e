"""Scan tickets online: a ticket is accepted exactly once, at its own event."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from guestlist.tickets.model import MAX_CODE_LENGTH, Ticket


class ScanResult(StrEnum):
    """The result of a scan."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    ALREADY_SCANNED = "already_scanned"
    OTHER_EVENT = "other_event"


@dataclass(frozen=True, slots=True)
class Scan:
    """The result of a scan, and the ticket with the code; None if there is none."""

    result: ScanResult
    ticket: Ticket | None = None


class Tickets(Protocol):
    """The tickets of an organiser, by code."""

    def get_ticket(self, org: str, code: str) -> Ticket | None:
        """The ticket with exactly this code, or None."""

    def scan(self, org: str, code: str, event_id: str, now: datetime) -> Ticket | None:
        """Save the scan; None if the ticket was scanned before, or is not a ticket of that event."""


def scan(org: str, event_id: str, code: str, now: datetime, tickets: Tickets, *, dry_run: bool = False) -> Scan:
    """Admit the ticket with exactly this code; a dry run returns the same result and changes nothing."""
    if len(code) > MAX_CODE_LENGTH:
        return Scan(ScanResult.UNKNOWN)  # longer than any ticket's code, and than a key of the table may be
    ticket = tickets.get_ticket(org, code)
    result = _result(ticket, event_id)
    if result is not ScanResult.ACCEPTED or dry_run:
        return Scan(result, ticket)
    scanned = tickets.scan(org, code, event_id, now)
    if scanned is not None:
        return Scan(ScanResult.ACCEPTED, scanned)
    # Another scanner was faster, or the import was just undone.
    return scan(org, event_id, code, now, tickets)


def _result(ticket: Ticket | None, event_id: str) -> ScanResult:
    if ticket is None:
        return ScanResult.UNKNOWN
    if ticket.event_id != event_id:
        return ScanResult.OTHER_EVENT
    return ScanResult.ALREADY_SCANNED if ticket.scanned_at else ScanResult.ACCEPTED
