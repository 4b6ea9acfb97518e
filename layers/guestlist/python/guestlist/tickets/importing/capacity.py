"""Which rows of a block get a place at the event, and so become tickets.

Places are held in the import's account before tickets are stored, and settled after; so whatever
happens in between, no more tickets exist than places were taken, and what a broken run stored is found
again under its own row. Rows get places strictly in the order of the file: once there is none for a
row, none after it gets one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from guestlist.tickets.importing.ports import Sales, Tickets
from guestlist.tickets.model import CapacityAccount, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementResult:
    """What became of a block's rows: tickets of this import, what had their codes before, or no place."""

    stored: Sequence[Ticket] = ()
    others: Mapping[str, Ticket] = field(default_factory=dict)
    unplaced: Sequence[Ticket] = ()


class CapacityAllocation:
    """One import's places at one event. A `capacity` of None lets it take as many as it wants."""

    def __init__(self, org: str, event_id: str, import_id: str, tickets: Tickets, sales: Sales) -> None:
        self._where = (org, event_id, import_id)
        self._tickets = tickets
        self._sales = sales
        self.account: CapacityAccount = sales.open(*self._where)

    def classify(self, tickets: Sequence[Ticket]) -> PlacementResult:
        """What became of these rows earlier; stores nothing."""
        existing = self._tickets.look(self._where[0], [ticket.code for ticket in tickets])
        stored = [ticket for ticket in tickets if _is_there(ticket, existing)]
        absent = [ticket for ticket in tickets if ticket.code not in existing]
        return PlacementResult(stored=stored, others=_others(tickets, existing), unplaced=absent)

    def place(self, tickets: Sequence[Ticket], capacity: int | None) -> PlacementResult:
        """Store as many of these tickets as there are places for. Raises `ConcurrentModification`.

        The codes differ from one another. Call `settle` when all that follows from them is stored too.
        """
        if self.account.full_at is not None:
            return self.classify(tickets)
        if self.account.held == 0:
            self._hold(len(tickets), capacity)
            if self.account.held == len(tickets):
                existing = self._tickets.insert(self._where[0], tickets)
                return PlacementResult(stored=_stored(tickets, existing), others=_others(tickets, existing))
        return self._fit(tickets, capacity)

    def commit(self, placed: PlacementResult, last_line: int) -> None:
        """Give back the places that were held and not used, and note that all rows up to here are done."""
        full_at = self.account.full_at
        if full_at is None and placed.unplaced:
            full_at = placed.unplaced[0].line
        settled = replace(
            self.account, line=last_line, held=0, used=self.account.used + len(placed.stored), full_at=full_at
        )
        self.account = self._sales.settle(*self._where, self.account, settled)

    def _fit(self, tickets: Sequence[Ticket], capacity: int | None) -> PlacementResult:
        """The same at the edge of the capacity, and after a run that broke: look first, then fill up."""
        existing = dict(self._tickets.look(self._where[0], [ticket.code for ticket in tickets]))
        free = [ticket for ticket in tickets if ticket.code not in existing]
        used = sum(_is_there(ticket, existing) for ticket in tickets)
        while free:
            self._hold(used + len(free) - self.account.held, capacity)
            places = self.account.held - used
            if places <= 0:
                break
            now, free = free[:places], free[places:]
            occupied = self._tickets.insert(self._where[0], now)
            existing.update(occupied)
            used += len(_stored(now, occupied))
        unplaced_codes = {ticket.code for ticket in free}
        placed = [ticket for ticket in tickets if ticket.code not in unplaced_codes]
        return PlacementResult(stored=_stored(placed, existing), others=_others(placed, existing), unplaced=free)

    def _hold(self, places: int, capacity: int | None) -> None:
        if places > 0:
            self.account = self._sales.hold(*self._where, self.account, places, capacity)


def _is_there(ticket: Ticket, existing: Mapping[str, Ticket]) -> bool:
    return ticket.code in existing and ticket.is_same_row(existing[ticket.code])


def _stored(tickets: Sequence[Ticket], existing: Mapping[str, Ticket]) -> list[Ticket]:
    """Those that are this import's: just stored, or by an earlier run."""
    return [ticket for ticket in tickets if ticket.code not in existing or _is_there(ticket, existing)]


def _others(tickets: Sequence[Ticket], existing: Mapping[str, Ticket]) -> dict[str, Ticket]:
    """What had the code before, by code."""
    return {
        ticket.code: existing[ticket.code]
        for ticket in tickets
        if ticket.code in existing and not _is_there(ticket, existing)
    }
