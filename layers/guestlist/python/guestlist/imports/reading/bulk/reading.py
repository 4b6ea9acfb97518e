"""Entry points: a target-group file as batches of valid rows and problems, and selected rows of any file."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from guestlist.imports.model import Options
from guestlist.imports.reading.bulk.block import Block, Span
from guestlist.imports.reading.bulk.block_reader import BLOCK_SIZE, read_blocks, read_precisely
from guestlist.imports.reading.bulk.pattern import has_pattern
from guestlist.imports.reading.bulk.rows import Rows
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.quantities import MAX_QUANTITY
from guestlist.imports.reading.row_notes import RowNote, RowNotes
from guestlist.imports.reading.sheet import Record, Sheet
from guestlist.imports.reading.target_rows import EntryReader
from guestlist.lists.entry import Entry

RowsOrProblem = Rows | Problem
OnProblem = Callable[[Record], None]


def read_rows(
    sheet: Sheet,
    options: Options,
    row_notes: RowNotes,
    *,
    fast: bool = True,
    block_size: int = BLOCK_SIZE,
    on_problem: OnProblem | None = None,
) -> Iterator[RowsOrProblem]:
    """Yield the valid rows of the file in batches, in its order, and the problem of each other row.

    Only the size of the batches depends on `fast`. A problem may come before valid rows of earlier lines; `on_problem`
    is called with its row before the problem is yielded.
    """
    precise, limits = EntryReader(sheet, options, row_notes), sheet.layout.columns.quantity_is_limit
    read = precise.read
    fast = fast and sheet.includes_all_rows and has_pattern(sheet.layout.columns, sheet.text.delimiter)
    for records, rows in read_blocks(sheet, block_size) if fast else read_precisely(sheet.records()):
        good: list[tuple[int, Entry]] = []
        for record in records:
            row = read(record)
            if isinstance(row, Problem):
                if on_problem:
                    on_problem(record)
                yield row
            else:
                good.append(row)
        row_notes.add_codes(rows.codes, rows.lines)
        yield _with_quantities(rows, row_notes, limits=limits).merge(good)


def find_records(
    sheet: Sheet, lines: Iterable[int], *, fast: bool = True, block_size: int = BLOCK_SIZE
) -> Iterator[Record]:
    """Yield the rows that start on these lines, which must be in order, and perhaps others between them."""
    if not (fast and sheet.includes_all_rows and has_pattern(sheet.layout.columns, sheet.text.delimiter)):
        return sheet.records()
    selection = _Selection(lines)
    return (record for records, _ in read_blocks(sheet, block_size, selection.select_spans) for record in records)


def _with_quantities(rows: Rows, row_notes: RowNotes, *, limits: bool) -> Rows:
    """The rows with empty quantities replaced by the default."""
    if all(rows.quantities):
        return rows
    note, default = (RowNote.QUANTITY_UNLIMITED, str(MAX_QUANTITY)) if limits else (RowNote.QUANTITY_BLANK, "1")
    for line, quantity in zip(rows.lines, rows.quantities, strict=True):
        if not quantity:
            row_notes.add(note, line)
    return replace(rows, quantities=[quantity or default for quantity in rows.quantities])


class _Selection:
    """Numbers of lines in order, consumed block by block."""

    def __init__(self, lines: Iterable[int]) -> None:
        self._further = iter(lines)
        self._next = next(self._further, None)
        self._near: list[int] = []

    def select_spans(self, block: Block, line: int) -> Iterable[Span]:
        """The spans of the block, which begins on `line`, without the rows that start on the selected lines."""
        starts = block.rows.lines
        if not starts:
            return ()
        # Blocks overlap if a row continues after the end of one.
        self._near = self._near[bisect_left(self._near, line) :]
        while self._next is not None and self._next <= starts[-1]:
            self._near.append(self._next)
            self._next = next(self._further, None)
        indexes = [at for near in self._near if (at := bisect_left(starts, near)) < len(starts) and starts[at] == near]
        return _without(block, indexes)


def _without(block: Block, rows: list[int]) -> Iterator[Span]:
    starts = block.rows.lines
    for span in block.spans():
        start = span.start
        for row in rows[bisect_left(rows, start) : bisect_left(rows, span.stop)]:
            if row > start:
                yield Span(start, row, starts[start], starts[row])
            start = row + 1
        if start < span.stop:
            yield Span(start, span.stop, starts[start], span.end_line)
