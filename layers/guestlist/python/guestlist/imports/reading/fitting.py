"""Rows brought to the width of their sheet, or refused for their number of cells.

Empty cells beyond the last column are fine, and so is a row that ends before a column that nobody
reads. A row that ends before a column that is read may have been cut off, and what it would lose
(its seat, say) could open more than was meant, so it is refused. The exception is Excel's own habit:
it leaves out the last separators of sixteen rows at a time when none of the sixteen needs them.
"""

from collections.abc import Iterable, Iterator

from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.problems import Problem, TooFewCells, TooManyCells
from guestlist.imports.reading.records import Name, Record, is_blank

_BLOCK = 16


def fit(records: Iterable[Record], columns: Columns, header_ends: int, name: Name) -> Iterator[Record]:
    """The same records: each with a cell for every column that is read, or with a fault."""
    fitting = Fitting(columns, header_ends, name)
    for record in records:
        yield from fitting.take(record)
    yield from fitting.end()


class Fitting:
    """Fits records that come in the order of the file; short ones wait until all of their sixteen are known."""

    def __init__(self, columns: Columns, header_ends: int, name: Name) -> None:
        self._columns = columns
        self._name = name
        self._width = columns.width
        self._needed = max(columns.mapping.values(), default=-1) + 1
        self._block = _block(header_ends) if header_ends else -1
        self._waiting: list[Record] = []

    def fits(self, record: Record) -> bool:
        """Whether this record, which has come, is right as it is, and none wait; else it is to be taken."""
        if self._waiting or len(record.cells) != self._width:
            return False
        self._block = _block(record.row)
        return True

    def take(self, record: Record) -> Iterable[Record]:
        """The records that are known to be right or wrong now that this one has come."""
        if self.fits(record):
            return (record,)
        cells = len(record.cells)
        if self._block != (block := (record.row - 1) // _BLOCK):
            self._block, decided = block, self.end()
            if cells < self._needed:
                self._waiting = [record]
                return decided
            return [*decided, self._fitted(record)] if decided else (self._fitted(record),)
        if not self._waiting:
            return (self._fitted(record),)
        if cells == len(self._waiting[0].cells):
            self._waiting.append(record)
            return ()
        return [*self._strictly(), self._fitted(record)]

    def full(self, first: int, last: int) -> Iterable[Record]:
        """The same for rows from the first to the last that have all their cells, and are not needed here."""
        following = self._waiting and _block(first) != self._block
        self._block = _block(last)
        if not self._waiting:
            return ()
        return self.end() if following else self._strictly()

    def end(self) -> Iterable[Record]:
        """The records that waited, when no more of their sixteen comes: all are as short as one another."""
        waiting, self._waiting = self._waiting, []
        return [self._padded(record) for record in waiting]

    def _strictly(self) -> Iterable[Record]:
        waiting, self._waiting = self._waiting, []
        return [self._fitted(record) for record in waiting]

    def _fitted(self, record: Record) -> Record:
        cells, width = len(record.cells), self._columns.width
        if cells == width or record.fault:
            return record
        if cells > width:
            return record._replace(fault=self._too_many(record))
        padded = self._padded(record)
        if cells >= self._needed:
            return padded
        at = min(index for index in self._columns.mapping.values() if index >= cells)
        return padded._replace(fault=TooFewCells(record.line, self._name(at), "", cells, width))

    def _padded(self, record: Record) -> Record:
        missing = self._columns.width - len(record.cells)
        return record if record.fault else record._replace(cells=record.cells + [""] * missing)

    def _too_many(self, record: Record) -> Problem | None:
        """The fault of a row with cells beyond the last column.

        In a file of refused rows such cells push its own columns to the right; emptied, they are mended.
        """
        columns = self._columns
        beyond = record.cells[columns.width :]
        if is_blank(beyond) or (columns.report_at is not None and not record.cells[columns.report_at].strip()):
            return None
        value = next(cell for cell in beyond if cell.strip())
        return TooManyCells(record.line, self._name(columns.width), value, len(record.cells), columns.width)


def _block(row: int) -> int:
    return (row - 1) // _BLOCK
