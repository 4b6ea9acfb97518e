"""Rows of a ticket file in blocks, each settled in one step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from guestlist.imports.reading.problems import Problem
from guestlist.tickets.importing.ports import TicketRow

BLOCK = 500

Row = tuple[int, TicketRow]


@dataclass(slots=True)
class Block:
    """Rows that follow one another: good ones with their lines, and those that cannot be read."""

    rows: list[Row] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    last_line: int = 0

    def __len__(self) -> int:
        """How many rows, of both sorts."""
        return len(self.rows) + len(self.unreadable)

    def add(self, row: Row | Problem) -> None:
        """Take the next row."""
        if isinstance(row, Problem):
            self.unreadable.append(row)
            self.last_line = row.line
        else:
            self.rows.append(row)
            self.last_line = row[0]


def blocks(rows: Iterable[Row | Problem], settled: int) -> Iterator[Block]:
    """All rows, in blocks of 500 at most; no block has rows on both sides of the line `settled`."""
    block = Block()
    for row in rows:
        line = row.line if isinstance(row, Problem) else row[0]
        if block and (len(block) == BLOCK or block.last_line <= settled < line):
            yield block
            block = Block()
        block.add(row)
    if block:
        yield block
