"""Feed of the lines of a block that the pattern did not match, for precise reading."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from guestlist.imports.reading.bulk.block import Block, Span
from guestlist.imports.reading.lines import MAX_ROW_LENGTH, line_ends, physical
from guestlist.imports.reading.records import Feed

TakeRows = Callable[[int, int, int], None]
"""Called with the first index of rows that are taken, the one after the last, and the number of rows before."""


class UnfinishedRow(Exception):
    """A row continues after the end of the block; it begins on `line`."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Gaps(Feed):
    """Feeds the lines between spans, and takes each span in passing if a row begins there.

    A row that begins in a gap may continue into a span, where a quote closes that was opened before. The rest of
    the span is taken nevertheless if one of its rows begins directly after that row.
    The first `above` rows of the file are never taken.
    """

    def __init__(
        self, text: str, line: int, row: int, block: Block, spans: Iterable[Span], take: TakeRows, *, above: int = 0
    ) -> None:
        super().__init__((), row=row)
        self._text = text
        self._starts = block.rows.lines
        self._take = take
        self._above = above
        self._first = self._line = self._row_line = line
        self._after = block.end_line or line + line_ends(text)
        self._spans = iter([*spans, None])
        self._span = next(self._spans)

    @property
    def line(self) -> int:
        """The number of the next line to read."""
        return self._line

    def text(self, count: int) -> str:
        """The text of the last `count` lines of the block."""
        return "".join(self._lines[-count:]) if count else ""

    def __next__(self) -> tuple[int, str]:
        if self._span and self.row >= self._above:
            self._pass_spans()
        if self._line >= self._after:
            raise StopIteration
        self.row += 1
        self._row_line = self._line
        return self._next_line()

    def next_line(self) -> tuple[int, str]:
        """The next line of the same row. Raises `UnfinishedRow` if it is in the next block."""
        if self._line < self._after:
            return self._next_line()
        raise UnfinishedRow(self._row_line)

    def push_back(self, lines: list[tuple[int, str]]) -> None:
        """Return these lines to be read again."""
        self._line -= len(lines)

    @cached_property
    def _lines(self) -> Sequence[str]:
        return physical(self._text)

    def _next_line(self) -> tuple[int, str]:
        line = self._line
        self._line += 1
        return line, self._lines[line - self._first][:MAX_ROW_LENGTH]

    def _pass_spans(self) -> None:
        starts = self._starts
        while self._span and self._line >= self._span.line:
            span = self._span
            if self._line < span.end_line:
                start = bisect_left(starts, self._line, span.start, span.stop)
                if start == span.stop or starts[start] != self._line:
                    return
                self._take(start, span.stop, self.row)
                self.row += span.stop - start
                self._line = span.end_line
            self._span = next(self._spans)
