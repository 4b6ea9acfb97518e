"""Validation of the number of cells in each row, and padding of short rows.

Empty cells beyond the last column are accepted, and so is a row that ends before a column that is not
read. A row that ends before a column that is read may have been cut off and is refused: without its
seat, say, it could admit to more than was intended. The exception is a block of sixteen rows that are
all equally short, as Excel omits the last delimiters of a block in which no row needs them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.problems import Problem, TooFewCells, TooManyCells
from guestlist.imports.reading.records import NameColumn, Record, new_record

_BLOCK = 16


def fit(records: Iterable[Record], columns: Columns, header_ends: int, name: NameColumn) -> Iterator[Record]:
    """Yield the records in order, padded to the width of the sheet or with a fault."""
    fitting = RowFitter(columns, header_ends, name)
    for record in records:
        yield from fitting.add(record)
    yield from fitting.flush()


class RowFitter:
    """Pads or refuses records in the order of the file; short ones wait until their block of sixteen is complete.

    `width` is the number of cells in a row, `last_row` the number of the last row, `pending` the records that wait.
    """

    def __init__(self, columns: Columns, header_ends: int, name: NameColumn) -> None:
        self._columns = columns
        self._name = cache(name)
        self.width = columns.width
        self._needed_columns = columns.required_columns
        self._needed = max(self._needed_columns, default=-1) + 1
        self.last_row = header_ends
        self.pending: list[Record] = []

    def add(self, record: Record) -> Iterable[Record]:
        """Add the next record; return those that are decided by now."""
        cells, last_row = len(record[2]), self.last_row
        self.last_row = record[1]
        if cells == self.width and not self.pending:
            return (record,)
        if _block(last_row) == _block(record.row):
            return self._take_in_block(record)
        decided = self.flush()
        if cells < self._needed:
            self.pending = [record]
            return decided
        return [*decided, self._fitted(record)]

    def skip_complete(self, first: int, last: int) -> Iterable[Record]:
        """Skip complete rows from `first` to `last`; return the records that are decided by now."""
        last_row, self.last_row = self.last_row, last
        if not self.pending:
            return ()
        return self._fit_waiting() if _block(last_row) == _block(first) else self.flush()

    def flush(self) -> Iterable[Record]:
        """Return the waiting records at the end of their block; all are equally short, so all are padded."""
        waiting, self.pending = self.pending, []
        return [self._padded(record) for record in waiting]

    def _take_in_block(self, record: Record) -> Iterable[Record]:
        """Add a record whose block has earlier records."""
        if self.pending and len(record.cells) == len(self.pending[0].cells):
            self.pending.append(record)
            return ()
        return [*self._fit_waiting(), self._fitted(record)]

    def _fit_waiting(self) -> Iterable[Record]:
        waiting, self.pending = self.pending, []
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
        """The fault of a row with cells beyond the last column, if any.

        In a file of refused rows such cells shift the columns that it adds; emptying the first corrects the row.
        """
        columns = self._columns
        extra_cells = record.cells[columns.width :]
        value = next(filter(str.strip, extra_cells), "")
        if not value or (
            columns.problem_columns_at is not None and not record.cells[columns.problem_columns_at].strip()
        ):
            return None
        return TooManyCells(record.line, self._name(columns.width), value, len(record.cells), columns.width)


def _block(row: int) -> int:
    return (row - 1) // _BLOCK
