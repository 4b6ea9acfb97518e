"""Rows brought to the width of their sheet, or refused for their number of cells.

Empty cells beyond the last column are fine, and so is a row that ends before a column that nobody
reads. A row that ends before a column that is read may have been cut off, and what it would lose
(its seat, say) could open more than was meant, so it is refused. The exception is Excel's own habit:
it leaves out the last separators of sixteen rows at a time when none of the sixteen needs them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, groupby

from guestlist.imports.reading.columns import Columns
from guestlist.imports.reading.problems import Problem, TooFewCells, TooManyCells
from guestlist.imports.reading.records import Name, Record, is_blank

_BLOCK = 16


def fit(records: Iterable[Record], columns: Columns, header_ends: int, name: Name) -> Iterator[Record]:
    """The same records: each with a cell for every column that is read, or with a fault."""
    header_block = _block(header_ends) if header_ends else -1
    for block, rows in groupby(records, key=lambda record: _block(record.row)):
        yield from _fit_block(rows, columns, name, with_header=block == header_block)


def _fit_block(rows: Iterator[Record], columns: Columns, name: Name, *, with_header: bool) -> Iterator[Record]:
    needed = max(columns.mapping.values(), default=-1) + 1
    first = next(rows)
    together = [first]
    if len(first.cells) < needed and not with_header:
        together += rows
        needed = 0 if len({len(record.cells) for record in together}) == 1 else needed
    for record in chain(together, rows):
        yield record if len(record.cells) == columns.width else _fitted(record, columns, needed, name)


def _block(row: int) -> int:
    return (row - 1) // _BLOCK


def _fitted(record: Record, columns: Columns, needed: int, name: Name) -> Record:
    if record.fault:
        return record
    missing = columns.width - len(record.cells)
    if missing < 0:
        return replace(record, fault=_too_many(record, columns, name))
    if len(record.cells) >= needed:
        return replace(record, cells=record.cells + [""] * missing)
    at = min(index for index in columns.mapping.values() if index >= len(record.cells))
    fault = TooFewCells(record.line, name(at), "", len(record.cells), columns.width)
    return replace(record, cells=record.cells + [""] * missing, fault=fault)


def _too_many(record: Record, columns: Columns, name: Name) -> Problem | None:
    """The fault of a row with cells beyond the last column.

    In a file of refused rows such cells push its own columns to the right; emptied, they are mended.
    """
    beyond = record.cells[columns.width :]
    if is_blank(beyond) or (columns.report_at is not None and not record.cells[columns.report_at].strip()):
        return None
    value = next(cell for cell in beyond if cell.strip())
    return TooManyCells(record.line, name(columns.width), value, len(record.cells), columns.width)
