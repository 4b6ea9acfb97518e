"""A file walked through block by block: what the pattern finds, and the other rows as records."""

from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from itertools import islice

from guestlist.imports.reading.bulk.block import Block, split_block
from guestlist.imports.reading.bulk.gaps import Gaps, Unfinished
from guestlist.imports.reading.bulk.pattern import Pattern, row_pattern, seen_quoting
from guestlist.imports.reading.bulk.rows import Rows, picked, rows_of
from guestlist.imports.reading.fitting import Fitting
from guestlist.imports.reading.lines import MOST, physical_lines
from guestlist.imports.reading.records import Feed, Record, Splitter
from guestlist.imports.reading.sheet import Sheet

LETTERS = 1 << 14
"""How much text is split at once: with its cells it stays in the processor's cache."""

_SAMPLE = 1 << 12
_ROWS = 1_000
_PAUSE = 16
_LONGEST = 4 * MOST
_NOTHING = Block(rows_of([]))

Cut = Callable[[Block, int], Block]
Step = tuple[Rows, list[Record]]
"""Found rows, of which the quantities may be empty, and the records of the other rows beside them."""


def walk(sheet: Sheet, letters: int, cut: Cut = lambda block, _line: block) -> Iterator[Step]:
    """Every row below the header that holds anything, once. The columns of the sheet have a pattern.

    `cut` is told each block and the line it begins on, and may take found rows from its stretches: they come as
    records.
    """
    return _Walk(sheet, cut).all(letters)


class _Walk:
    """Where in the file the walk is, and what the rows behind must know of those before."""

    def __init__(self, sheet: Sheet, cut: Cut) -> None:
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
                unfinished, step = self._block(text + end)
                self._sheet.place.line = self._line
                yield step
                rest = unfinished + rest
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
            yield _NOTHING.rows, some

    def _last(self, lines: Iterable[str]) -> Iterator[Record]:
        for record in self._splitter.records(Feed(lines, self._line, self._row)):
            yield from self._fitted(record)
        yield from self._fitting.end()

    def _block(self, text: str) -> tuple[str, Step]:
        """The end of a text of whole lines, if a row there goes on behind it; and the others."""
        block, above = self._split(text), self._sheet.layout.header_ends
        taken: list[tuple[int, int]] = []
        records: list[Record] = []

        def take(start: int, stop: int, before: int) -> None:
            taken.append((start, stop))
            records.extend(self._fitting.full(before + 1, before + stop - start))

        feed = Gaps(text, self._line, self._row, block, take, above=above)
        unfinished = 0
        try:
            for record in self._splitter.records(feed):
                records += self._fitted(record)
        except Unfinished as row:
            unfinished = feed.line - row.line
        self._line, self._row = feed.line - unfinished, feed.row - bool(unfinished)
        self._look_back(block, taken, len(records))
        return feed.text(unfinished), (picked(block.rows, taken), records)

    def _split(self, text: str) -> Block:
        if self._pause:
            self._pause -= 1
            return _NOTHING
        if self._pattern is None:
            columns, delimiter = self._sheet.layout.columns, self._sheet.text.delimiter
            self._pattern = row_pattern(columns, delimiter, seen_quoting(text[:_SAMPLE], columns, delimiter))
        return self._cut(split_block(text, self._line, self._pattern), self._line)

    def _look_back(self, block: Block, taken: list[tuple[int, int]], precisely: int) -> None:
        """Where the pattern found little, look anew what it should be; where it found nearly nothing, pause."""
        found = sum(stop - start for start, stop in taken)
        if block is not _NOTHING and precisely > found // 8:
            self._pattern = None
            self._pause = _PAUSE if precisely > found else 0

    def _fitted(self, record: Record) -> Iterable[Record]:
        return self._fitting.take(record) if record.row > self._sheet.layout.header_ends else ()
