"""Rows brought to the width of their sheet, or refused for their number of cells.

Empty cells beyond the last column are fine, and so is a row that ends before a column that nobody
reads. A row that ends before a column that is read may have been cut off, and what it would lose
(its seat, say) could open more than was meant, so it is refused. The exception is Excel's own habit:
it leaves out the last separators of sixteen rows at a time when none of the sixteen needs them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.problems import Problem, TooFewCells, TooManyCells
from guestlist.imports.reading.records import Name, Record, new_record

_BLOCK = 16


def fit(records: Iterable[Record], columns: Columns, header_ends: int, name: Name) -> Iterator[Record]:
    """The same records: each with a cell for every column that is read, or with a fault."""
    fitting = Fitting(columns, header_ends, name)
    for record in records:
        yield from fitting.take(record)
    yield from fitting.end()


class Fitting:
    """Fits records that come in the order of the file; short ones wait until all of their sixteen are known.

    `width` is how many cells a row has, `former` the last row that came, `waits` the records that wait.
    """

    def __init__(self, columns: Columns, header_ends: int, name: Name) -> None:
        self._columns = columns
        self._name = cache(name)
        self.width = columns.width
        self._needed_columns = columns.needed
        self._needed = max(self._needed_columns, default=-1) + 1
        self.former = header_ends
        self.waits: list[Record] = []

    def take(self, record: Record) -> Iterable[Record]:
        """The records that are known to be right or wrong now that this one has come."""
        cells, former = len(record[2]), self.former
        self.former = record[1]
        if cells == self.width and not self.waits:
            return (record,)
        if _block(former) == _block(record.row):
            return self._among_former(record)
        decided = self.end()
        if cells < self._needed:
            self.waits = [record]
            return decided
        return [*decided, self._fitted(record)]

    def full(self, first: int, last: int) -> Iterable[Record]:
        """The same for rows from the first to the last that have all their cells, and are not needed here."""
        former, self.former = self.former, last
        if not self.waits:
            return ()
        return self._strictly() if _block(former) == _block(first) else self.end()

    def end(self) -> Iterable[Record]:
        """The records that waited, when no more of their sixteen comes: all are as short as one another."""
        waiting, self.waits = self.waits, []
        return [self._padded(record) for record in waiting]

    def _among_former(self, record: Record) -> Iterable[Record]:
        """The same where others of its sixteen came before."""
        if self.waits and len(record.cells) == len(self.waits[0].cells):
            self.waits.append(record)
            return ()
        return [*self._strictly(), self._fitted(record)]

    def _strictly(self) -> Iterable[Record]:
        waiting, self.waits = self.waits, []
        return [self._fitted(record) for record in waiting]

    def _fitted(self, record: Record) -> Record:
        line, row, cells, fault = record
        count, width = len(cells), self.width
        if count == width or fault:
            return record
        if count > width:
            return new_record(Record, (line, row, cells, self._too_many(record)))
        padded = cells + [""] * (width - count)
        if count < self._needed:
            at = self._needed_columns[bisect_left(self._needed_columns, count)]
            fault = TooFewCells(line, self._name(at), "", count, width)
        return new_record(Record, (line, row, padded, fault))

    def _padded(self, record: Record) -> Record:
        missing = self.width - len(record.cells)
        return record if record.fault else record._replace(cells=record.cells + [""] * missing)

    def _too_many(self, record: Record) -> Problem | None:
        """The fault of a row with cells beyond the last column.

        In a file of refused rows such cells push its own columns to the right; emptied, they are mended.
        """
        columns = self._columns
        beyond = record.cells[columns.width :]
        value = next(filter(str.strip, beyond), "")
        if not value or (columns.report_at is not None and not record.cells[columns.report_at].strip()):
            return None
        return TooManyCells(record.line, self._name(columns.width), value, len(record.cells), columns.width)


def _block(row: int) -> int:
    return (row - 1) // _BLOCK
