"""Allocate the capacity of an event to rows of a file, and store those that get a place as tickets.

Places are held in the import's account before tickets are stored, and committed after; so if a run crashes
in between, there are never more tickets than places taken, and a later run finds the tickets under their
own rows. Rows get places strictly in the order of the file: after the first row without a place, no row
gets one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from guestlist.tickets.importing.ports import Sales, Tickets
from guestlist.tickets.model import CapacityAccount, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementResult:
    """The rows of a block that are stored as tickets, and those without a place.

    `others` are the tickets of other rows that already have codes of this block, by code.
    """

    stored: Sequence[Ticket] = ()
    others: Mapping[str, Ticket] = field(default_factory=dict)
    unplaced: Sequence[Ticket] = ()


class CapacityAllocation:
    """Allocation of an event's places to one import. A `capacity` of None means unlimited."""

    def __init__(self, org: str, event_id: str, import_id: str, tickets: Tickets, sales: Sales) -> None:
        self._where = (org, event_id, import_id)
        self._tickets = tickets
        self._sales = sales
        self.account: CapacityAccount = sales.open_account(*self._where)

    def classify(self, tickets: Sequence[Ticket]) -> PlacementResult:
        """The result of rows that an earlier run committed; stores nothing."""
        existing = self._tickets.get_tickets(self._where[0], [ticket.code for ticket in tickets])
        stored = [ticket for ticket in tickets if _is_stored(ticket, existing)]
        absent = [ticket for ticket in tickets if ticket.code not in existing]
        return PlacementResult(stored=stored, others=_others(tickets, existing), unplaced=absent)

    def place(self, tickets: Sequence[Ticket], capacity: int | None) -> PlacementResult:
        """Store as many of these tickets as there are places for. Raises `ConcurrentModification`.

        Codes must be distinct. Call `commit` once everything that depends on the tickets is stored too.
        """
        if self.account.full_at is not None:
            return self.classify(tickets)
        if self.account.held_places == 0:
            self._hold(len(tickets), capacity)
            if self.account.held_places == len(tickets):
                existing = self._tickets.insert(self._where[0], tickets)
                return PlacementResult(stored=_stored(tickets, existing), others=_others(tickets, existing))
        return self._fit(tickets, capacity)

    def commit(self, result: PlacementResult, last_line: int) -> None:
        """Release the places that were held and not used, and save that rows up to `last_line` are done."""
        full_at = self.account.full_at
        if full_at is None and result.unplaced:
            full_at = result.unplaced[0].line
        committed_account = replace(
            self.account,
            line=last_line,
            held_places=0,
            used_places=self.account.used_places + len(result.stored),
            full_at=full_at,
        )
        self.account = self._sales.commit_account(*self._where, self.account, committed_account)

    def _fit(self, tickets: Sequence[Ticket], capacity: int | None) -> PlacementResult:
        """Do what `place` does, if capacity is short or a run has crashed: first find existing tickets."""
        existing = dict(self._tickets.get_tickets(self._where[0], [ticket.code for ticket in tickets]))
        free = [ticket for ticket in tickets if ticket.code not in existing]
        used_places = sum(_is_stored(ticket, existing) for ticket in tickets)
        while free:
            self._hold(used_places + len(free) - self.account.held_places, capacity)
            places = self.account.held_places - used_places
            if places <= 0:
                break
            batch, free = free[:places], free[places:]
            others = self._tickets.insert(self._where[0], batch)
            existing.update(others)
            used_places += len(_stored(batch, others))
        unplaced_codes = {ticket.code for ticket in free}
        placed = [ticket for ticket in tickets if ticket.code not in unplaced_codes]
        return PlacementResult(stored=_stored(placed, existing), others=_others(placed, existing), unplaced=free)

    def _hold(self, places: int, capacity: int | None) -> None:
        if places > 0:
            self.account = self._sales.hold_places(*self._where, self.account, places, capacity)


def _is_stored(ticket: Ticket, existing: Mapping[str, Ticket]) -> bool:
    return ticket.code in existing and ticket.is_same_row(existing[ticket.code])


def _stored(tickets: Sequence[Ticket], existing: Mapping[str, Ticket]) -> list[Ticket]:
    """The tickets of this import, stored now or by an earlier run."""
    return [ticket for ticket in tickets if ticket.code not in existing or _is_stored(ticket, existing)]


def _others(tickets: Sequence[Ticket], existing: Mapping[str, Ticket]) -> dict[str, Ticket]:
    """Other tickets that had the codes before, by code."""
    return {
        ticket.code: existing[ticket.code]
        for ticket in tickets
        if ticket.code in existing and not _is_stored(ticket, existing)
    }
