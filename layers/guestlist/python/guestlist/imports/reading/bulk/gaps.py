"""The lines of a block that the pattern left over, fed to who reads rows precisely."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from guestlist.imports.reading.bulk.block import Block, Stretch
from guestlist.imports.reading.lines import MOST, line_ends, physical
from guestlist.imports.reading.records import Feed

Taken = Callable[[int, int, int], None]
"""Told the indexes of rows that are taken, from and before, and how many rows stand before them in the file."""


class Unfinished(Exception):
    """A row runs over the end of the block; it begins on `line`."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Gaps(Feed):
    """Feeds the lines between stretches, and takes the stretches on the way: each as far as a row begins there.

    A row that begins in a gap may run on into a stretch, where a quote closes that was opened before. What of
    the stretch begins behind that row is taken all the same, if a row of it begins just there.
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
        """The line that is to be read next."""
        return self._line

    def text(self, count: int) -> str:
        """The last lines of the block, so many."""
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
        """A further line of the same row. Raises `Unfinished` where only the next block has it."""
        if self._line < self._after:
            return self._next_line()
        raise Unfinished(self._row_line)

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        """These lines are to be read once more."""
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
