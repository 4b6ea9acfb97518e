"""A file walked through block by block: what the pattern finds, and the other rows as records."""

from collections.abc import Callable, Generator, Iterable, Iterator
from io import StringIO
from itertools import islice
from operator import itemgetter

from guestlist.imports.reading.bulk.block import Block, Stretch, split_block
from guestlist.imports.reading.bulk.gaps import Gaps, Unfinished
from guestlist.imports.reading.bulk.pattern import Pattern, look, row_pattern
from guestlist.imports.reading.bulk.rows import Rows, picked, rows_of
from guestlist.imports.reading.fitting import Fitting
from guestlist.imports.reading.lines import MOST, physical_lines
from guestlist.imports.reading.records import Feed, Record, Splitter
from guestlist.imports.reading.sheet import Sheet

LETTERS = 1 << 15
"""How much text is split at once: with its cells it stays in the processor's cache."""

_SAMPLE = 1 << 12
_ROWS = 1_000
_PAUSE = 16
_LONGEST = 4 * MOST
_NOTHING = Block(rows_of([]))

Cut = Callable[[Block, int], Iterable[Stretch]]
"""Tells which found rows to take of a block that begins on that line; the others come as records."""

Step = Record | Rows
"""A record of a row that is to be read precisely; or found rows, of which the quantities may be empty, behind the
records of the rows beside them."""


def walk(sheet: Sheet, letters: int, cut: Cut | None = None) -> Iterator[Step]:
    """Every row below the header that holds anything, once. The columns of the sheet have a pattern."""
    return _Walk(sheet, cut).all(letters)


class _Walk:
    """Where in the file the walk is, and what the rows behind must know of those before."""

    def __init__(self, sheet: Sheet, cut: Cut | None) -> None:
        self._sheet = sheet
        self._cut = cut
        self._splitter = Splitter(sheet.text.delimiter, sheet.name)
        self._fitting = Fitting(sheet.layout.columns, sheet.layout.header_ends, sheet.name)
        self._line, self._row = sheet.text.first_line, 0
        self._pattern: Pattern | None = None
        self._pause = 0

    def all(self, letters: int) -> Iterator[Step]:
        rest = ""
        for piece in self._sheet.text.pieces(letters):
            text, end, rest = (rest + piece).rpartition("\n")
            if end:
                rest = (yield from self._block(text)) + rest
            if len(rest) > _LONGEST:
                yield from self._precisely(self._lines_left())
                return
        yield from self._precisely(physical_lines(StringIO(rest, newline="")))

    def _lines_left(self) -> Iterator[str]:
        """From the line in hand to the end of the file, of which the longest ones are cut."""
        return islice(self._sheet.text.lines(), self._line - self._sheet.text.first_line, None)

    def _precisely(self, lines: Iterable[str]) -> Iterator[Step]:
        """What the last lines of the file hold."""
        records = self._last(lines)
        while some := list(islice(records, _ROWS)):
            self._sheet.place.line = some[-1].line
            yield from some
            yield _NOTHING.rows

    def _last(self, lines: Iterable[str]) -> Iterator[Record]:
        for record in self._splitter.records(Feed(lines, self._line, self._row)):
            yield from self._fitted(record)
        yield from self._fitting.end()

    def _block(self, text: str) -> Generator[Step, None, str]:
        """The rows of a text of whole lines; answers its end, if a row there goes on behind it."""
        block, before = self._split(text), self._row
        unfinished = ""
        if self._is_plain(block):
            found = yield from self._plainly(block)
        else:
            found, unfinished = yield from self._carefully(f"{text}\n", block)
        self._sheet.place.line = self._line
        self._look_back(block, len(found), self._row - before - len(found))
        yield found
        return unfinished

    def _is_plain(self, block: Block) -> bool:
        """Whether all rows that were found are rows indeed, for none before them goes on where they begin."""
        if self._cut or not block.ends or self._row < self._sheet.layout.header_ends:
            return False
        return all(map(self._splitter.ends_with, map(itemgetter(2), block.gaps)))

    def _plainly(self, block: Block) -> Generator[Record, None, Rows]:
        """The records of a plain block, and all rows that were found in it."""
        done, row, fitting = 0, self._row, self._fitting
        for before, line, lines in (*block.gaps, (len(block.rows), 0, ())):
            if before > done:
                if decided := fitting.full(row + 1, row + before - done):
                    yield from decided
                done, row = before, row + before - done
            if len(lines) == 1 and '"' not in lines[0]:
                row += 1
                record = self._splitter.unquoted(line, row, lines[0])
                if record and fitting.fits(record):
                    yield record
                elif record:
                    yield from fitting.take(record)
            elif lines:
                feed = Feed(lines, line, row)
                for record in self._splitter.records(feed):
                    yield from fitting.take(record)
                row = feed.row
        self._line, self._row = block.ends, row
        return block.rows

    def _carefully(self, text: str, block: Block) -> Generator[Record, None, tuple[Rows, str]]:
        """The same where a row of a gap may go on in rows that were found, or behind the block."""
        taken: list[tuple[int, int]] = []
        records: list[Record] = []

        def take(start: int, stop: int, before: int) -> None:
            taken.append((start, stop))
            records.extend(self._fitting.full(before + 1, before + stop - start))

        stretches = self._cut(block, self._line) if self._cut else block.stretches()
        above = self._sheet.layout.header_ends
        feed = Gaps(text, self._line, self._row, block, stretches, take, above=above)
        unfinished = 0
        try:
            for record in self._splitter.records(feed):
                records += self._fitted(record)
        except Unfinished as row:
            unfinished = feed.line - row.line
        self._line, self._row = feed.line - unfinished, feed.row - bool(unfinished)
        yield from records
        return picked(block.rows, taken), feed.text(unfinished)

    def _split(self, text: str) -> Block:
        if self._pause:
            self._pause -= 1
            return _NOTHING
        if self._pattern is None:
            columns, delimiter = self._sheet.layout.columns, self._sheet.text.delimiter
            self._pattern = row_pattern(columns, delimiter, look(text[:_SAMPLE], columns, delimiter))
        return split_block(text, self._line, self._pattern)

    def _look_back(self, block: Block, found: int, precisely: int) -> None:
        """Where the pattern found little, look anew what it should be; where it found nearly nothing, pause."""
        if block is not _NOTHING and precisely > found // 8:
            self._pattern = None
            self._pause = _PAUSE if precisely > found else 0

    def _fitted(self, record: Record) -> Iterable[Record]:
        return self._fitting.take(record) if record.row > self._sheet.layout.header_ends else ()
