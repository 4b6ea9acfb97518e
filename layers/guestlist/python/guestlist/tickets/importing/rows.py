"""Import the rows of a ticket file: tickets of an event, and their buyers as customers with orders.

Rows are stored in blocks, under keys that follow from the rows, and each block is committed in the import's
account at the event in one step. So a run that crashed is simply run again: committed rows are only read,
and the table ends up the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from guestlist.imports.model import OrderGrouping
from guestlist.imports.reading.problems import ELSEWHERE, DuplicateExisting, DuplicateInFile, NoCapacity, Problem
from guestlist.tickets.importing.blocks import Block, Row, blocks
from guestlist.tickets.importing.buyers import count_buyers, order_id_of, store_buyers
from guestlist.tickets.importing.capacity import CapacityAllocation, PlacementResult
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.tally import Tally
from guestlist.tickets.model import Ticket

Capacity = Callable[[], int | None]
Progress = Callable[[int], None]
Refuse = Callable[[Problem], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFile:
    """The values that all rows of a file share.

    `at` is the creation instant of the import, the same in every run. `code_column` is the file's header of the
    codes. `digest_key` is the key of digests that stand for a person in ids.
    """

    organiser_id: str
    import_id: str
    event_id: str
    at: datetime
    grouping: OrderGrouping = OrderGrouping.BUYER
    code_column: str = "Code"
    digest_key: bytes

    def ticket(self, row: Row) -> Ticket:
        """Build the ticket of a row."""
        line, ticket_row = row
        return Ticket(
            code=ticket_row.code,
            event_id=self.event_id,
            batch=self.import_id,
            imported_at=self.at,
            line=line,
            name=ticket_row.name,
            email=ticket_row.email,
            order_id=order_id_of(self.grouping, self.import_id, ticket_row.email, line, self.digest_key),
            original_at=ticket_row.original_at,
            ticket_type=ticket_row.ticket_type,
            seat=ticket_row.seat,
            order=ticket_row.order,
        )


def import_tickets(
    rows: Iterable[Row | Problem],
    file: TicketFile,
    ports: TicketPorts,
    capacity: Capacity,
    progress: Progress,
    refuse: Refuse,
) -> Tally:
    """Import the rows, in the order of the file, and return their counts.

    `capacity` returns the current capacity of the event, or None if the import may exceed it. `progress` is
    called with the last line of each committed block, and may raise to stop.
    Raises `ConcurrentModification` when another worker runs the same import.
    """
    run = _Run(file, ports, capacity, refuse)
    for block in blocks(rows, run.committed_line):
        run.process(block)
        progress(block.last_line)
    return run.tally


class _Run:
    """One run over a file by a worker."""

    def __init__(self, file: TicketFile, ports: TicketPorts, capacity: Capacity, refuse: Refuse) -> None:
        self._file = file
        self._ports = ports
        self._capacity = capacity
        self._refuse = refuse
        self._places = CapacityAllocation(file.organiser_id, file.event_id, file.import_id, ports.tickets, ports.sales)
        self.committed_line = self._places.account.line
        self.tally = Tally()

    def process(self, block: Block) -> None:
        tickets = [self._file.ticket(row) for row in block.rows]
        firsts: dict[str, Ticket] = {}
        for ticket in tickets:
            firsts.setdefault(ticket.code, ticket)
        distinct = list(firsts.values())
        placement = self._classify(distinct) if block.last_line <= self.committed_line else self._store(distinct, block)
        unplaced = {ticket.code for ticket in placement.unplaced}
        problems = [
            self._problem(ticket, firsts[ticket.code], placement.others.get(ticket.code), unplaced)
            for ticket in tickets
        ]
        self._count(block, placement, [problem for problem in problems if problem is not None])

    def _store(self, tickets: list[Ticket], block: Block) -> PlacementResult:
        placement = self._places.place(tickets, self._capacity())
        file, after_line = self._file, self._places.account.line
        contacts = store_buyers(file.organiser_id, file.import_id, file.at, placement.stored, after_line, self._ports)
        count_buyers(placement.stored, contacts, self.tally.contacts)
        self._places.commit(placement, block.last_line)
        return placement

    def _classify(self, tickets: list[Ticket]) -> PlacementResult:
        placement = self._places.classify(tickets)
        emails = [ticket.email for ticket in placement.stored if ticket.email]
        contacts = self._ports.contacts.get_contacts(self._file.organiser_id, self._file.import_id, emails)
        count_buyers(placement.stored, contacts, self.tally.contacts)
        return placement

    def _problem(self, ticket: Ticket, first: Ticket, other: Ticket | None, unplaced: set[str]) -> Problem | None:
        """The problem of a row that did not become a ticket; None for one that did."""
        cell = (ticket.line, self._file.code_column, ticket.code)
        if other is not None and other.batch != ticket.batch:
            return DuplicateExisting(*cell, other.origin)
        if other is not None:
            return DuplicateInFile(*cell, other.line)
        if ticket.code in unplaced:
            return self._problem_of_unplaced(cell)
        return DuplicateInFile(*cell, first.line) if ticket is not first else None

    def _problem_of_unplaced(self, cell: tuple[int, str, str]) -> Problem:
        """The problem of a row without a ticket: no capacity, or its code was taken by a ticket removed since."""
        full_at = self._places.account.full_at
        if full_at is None or cell[0] < full_at:
            return DuplicateExisting(*cell, ELSEWHERE)
        return NoCapacity(*cell)

    def _count(self, block: Block, placement: PlacementResult, problems: list[Problem]) -> None:
        tally = self.tally.tickets
        tally.total += len(block)
        tally.imported += len(placement.stored)
        tally.invalid += len(block.unreadable)
        tally.no_capacity += sum(isinstance(problem, NoCapacity) for problem in problems)
        tally.duplicate += sum(not isinstance(problem, NoCapacity) for problem in problems)
        for problem in sorted([*problems, *block.unreadable], key=lambda problem: problem.line):
            self._refuse(problem)
