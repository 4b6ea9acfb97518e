"""Feed of the lines of a block that the pattern did not match, for precise reading."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from guestlist.imports.reading.bulk.block import Block, Stretch
from guestlist.imports.reading.lines import MOST, line_ends, physical
from guestlist.imports.reading.records import Feed

Taken = Callable[[int, int, int], None]
"""Called with the first index of rows that are taken, the one after the last, and the number of rows before."""


class Unfinished(Exception):
    """A row continues after the end of the block; it begins on `line`."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Gaps(Feed):
    """Feeds the lines between stretches, and takes each stretch in passing if a row begins there.

    A row that begins in a gap may continue into a stretch, where a quote closes that was opened before. The rest of
    the stretch is taken nevertheless if one of its rows begins directly after that row.
    The first `above` rows of the file are never taken.
    """

    def __init__(
        self, text: str, line: int, row: int, block: Block, stretches: Iterable[Stretch], take: Taken, *, above: int = 0
    ) -> None:
        super().__init__((), row=row)
        self._text = text
        self._starts = block.rows.lines
        self._take = take
        self._above = above
        self._first = self._line = self._row_line = line
        self._after = block.ends or line + line_ends(text)
        self._stretches = iter([*stretches, None])
        self._stretch = next(self._stretches)

    @property
    def line(self) -> int:
        """The number of the next line to read."""
        return self._line

    def text(self, count: int) -> str:
        """The text of the last `count` lines of the block."""
        return "".join(self._lines[-count:]) if count else ""

    def __next__(self) -> tuple[int, str]:
        if self._stretch and self.row >= self._above:
            self._pass_stretches()
        if self._line >= self._after:
            raise StopIteration
        self.row += 1
        self._row_line = self._line
        return self._next_line()

    def more(self) -> tuple[int, str]:
        """The next line of the same row. Raises `Unfinished` if it is in the next block."""
        if self._line < self._after:
            return self._next_line()
        raise Unfinished(self._row_line)

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        """Return these lines to be read again."""
        self._line -= len(lines)

    @cached_property
    def _lines(self) -> Sequence[str]:
        return physical(self._text)

    def _next_line(self) -> tuple[int, str]:
        line = self._line
        self._line += 1
        return line, self._lines[line - self._first][:MOST]

    def _pass_stretches(self) -> None:
        starts = self._starts
        while self._stretch and self._line >= self._stretch.line:
            stretch = self._stretch
            if self._line < stretch.ends:
                start = bisect_left(starts, self._line, stretch.start, stretch.stop)
                if start == stretch.stop or starts[start] != self._line:
                    return
                self._take(start, stretch.stop, self.row)
                self.row += stretch.stop - start
                self._line = stretch.ends
            self._stretch = next(self._stretches)
