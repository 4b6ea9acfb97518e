"""Split the rows of a ticket file into blocks, each of which is committed in one step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from guestlist.imports.reading.problems import Problem
from guestlist.tickets.importing.ports import TicketRow

BLOCK_SIZE = 500

Row = tuple[int, TicketRow]


@dataclass(slots=True)
class Block:
    """Consecutive rows: valid ones with their line numbers, and the problems of unreadable ones."""

    rows: list[Row] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    last_line: int = 0

    def __len__(self) -> int:
        """The number of rows, valid and unreadable."""
        return len(self.rows) + len(self.unreadable)

    def add(self, row: Row | Problem) -> None:
        """Add the next row."""
        if isinstance(row, Problem):
            self.unreadable.append(row)
            self.last_line = row.line
        else:
            self.rows.append(row)
            self.last_line = row[0]


def blocks(rows: Iterable[Row | Problem], committed_line: int) -> Iterator[Block]:
    """Split rows into blocks of at most 500; no block has rows on both sides of the line `committed_line`."""
    block = Block()
    for row in rows:
        line = row.line if isinstance(row, Problem) else row[0]
        if block and (len(block) == BLOCK_SIZE or block.last_line <= committed_line < line):
            yield block
            block = Block()
        block.add(row)
    if block:
        yield block
