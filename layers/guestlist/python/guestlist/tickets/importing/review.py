"""Dry run of a ticket import, for its review."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from guestlist.imports.reading.first_lines import FirstLines
from guestlist.imports.reading.problems import DuplicateExisting, DuplicateInFile, NoCapacity, Problem
from guestlist.model.email_address import fold_email
from guestlist.model.errors import Params
from guestlist.tickets.importing.blocks import Block, Row, blocks
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.rows import Progress, Refuse, TicketFile
from guestlist.tickets.importing.tally import Tally


@dataclass(frozen=True, slots=True)
class Forecast:
    """The expected counts, and the number of places left; None without a limit."""

    tally: Tally
    places_left: int | None

    def effect(self) -> dict[str, int]:
        """The forecast as the `effect` of the import."""
        effect = {"tickets_added": self.tally.tickets.imported, "customers_created": self.tally.contacts.imported}
        return effect if self.places_left is None else {**effect, "places_left": self.places_left}


def review_tickets(
    rows: Iterable[Row | Problem],
    file: TicketFile,
    ports: TicketPorts,
    capacity: int | None,
    folder: Path,
    progress: Progress,
    refuse: Refuse,
) -> Forecast:
    """Forecast the counts and problems of `import_tickets`, without storing anything."""
    with ExitStack() as stack:
        codes = stack.enter_context(FirstLines(folder / "codes"))
        emails = stack.enter_context(FirstLines(folder / "emails"))
        review = _Review(file, ports, (codes, emails), capacity)
        for block in blocks(rows, 0):
            problems = [*block.unreadable, *review.process(block)]
            for problem in sorted(problems, key=lambda problem: problem.line):
                refuse(problem)
            progress(block.last_line)
    return Forecast(review.tally, review.left)


class _Review:
    """The state of a dry run: the tally, and the places left so far."""

    def __init__(
        self, file: TicketFile, ports: TicketPorts, first_lines: tuple[FirstLines, FirstLines], capacity: int | None
    ) -> None:
        self._file = file
        self._ports = ports
        self._codes, self._emails = first_lines
        sold = ports.sales.read_sales(file.organiser_id, file.event_id).taken_places
        self.left = None if capacity is None else max(0, capacity - sold)
        self._full_at: int | None = None
        self.tally = Tally()

    def process(self, block: Block) -> list[Problem]:
        """The problems of valid rows of the block that would be refused."""
        firsts = self._codes.first_lines((row.code, line) for line, row in block.rows)
        existing = self._ports.tickets.get_tickets(self._file.organiser_id, list(firsts))
        others = {code: ticket.origin for code, ticket in existing.items() if ticket.batch != self._file.import_id}
        problems: list[Problem] = []
        stored: list[Row] = []
        for row in block.rows:
            problem = self._problem(row, firsts[row[1].code], others.get(row[1].code))
            if problem is None:
                stored.append(row)
            else:
                problems.append(problem)
        self._count(block, problems, stored)
        self._count_buyers(stored)
        return problems

    def _problem(self, row: Row, first: int, existing_origin: Params | None) -> Problem | None:
        line, ticket_row = row
        cell = (line, self._file.code_column, ticket_row.code)
        if existing_origin is not None:
            return DuplicateExisting(*cell, existing_origin)
        if first != line and (self._full_at is None or first < self._full_at):
            return DuplicateInFile(*cell, first)
        if self.left == 0:
            self._full_at = self._full_at or line
            return NoCapacity(*cell)
        self.left = None if self.left is None else self.left - 1
        return None

    def _count(self, block: Block, problems: list[Problem], stored: list[Row]) -> None:
        no_capacity = sum(isinstance(problem, NoCapacity) for problem in problems)
        tally = self.tally.tickets
        tally.total += len(block)
        tally.imported += len(stored)
        tally.invalid += len(block.unreadable)
        tally.no_capacity += no_capacity
        tally.duplicate += len(problems) - no_capacity

    def _count_buyers(self, stored: list[Row]) -> None:
        emails = [(fold_email(row.email), line) for line, row in stored if row.email]
        firsts = self._emails.first_lines(emails)
        new = [email for email, line in emails if firsts[email] == line]
        customers = self._ports.customers.get_customers(self._file.organiser_id, new)
        tally = self.tally.contacts
        tally.no_email += len(stored) - len(emails)
        tally.total += len(new)
        tally.existed += len(customers)
        tally.imported += len(new) - len(customers)
