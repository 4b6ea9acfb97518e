"""A text as rows of cells, each with the physical line on which it starts.

Cells are split as spreadsheets do (RFC 4180, read leniently): a cell that begins with a double
quote ends at the next lone one, line ends between the two belong to it, and quotes elsewhere are
plain characters. A quote that is never closed would swallow all that follows; so its end is looked
for only so far, its row alone is refused, and reading goes on with the next line.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from guestlist.imports.reading.lines import MOST, Blanks, Lines, blank_lines
from guestlist.imports.reading.problems import Problem, TooLong, UnclosedQuote

MOST_LINES = 1_000
"""How many lines one row may run over."""
MOST_UNCLOSED = 1_000
"""After so many quotes without an end no cell may run over its line: reading on each time would take forever."""

_BEGINNING = 1_000

Name = Callable[[int], str]
"""What the column of that index is called."""


class Record(NamedTuple):
    """A row that holds anything, as it stood.

    `line` is the physical line on which it starts, `row` its place in the sheet, blank rows counted;
    both are 1-based. With a `fault`, the cells are what could be made out, at least one.
    """

    line: int
    row: int
    cells: list[str]
    fault: Problem | None = None


new_record: Callable[[type[Record], tuple[int, int, list[str], Problem | None]], Record] = tuple.__new__
"""Makes a `Record` in half the time."""


def column_name(index: int) -> str:
    """What a column without a header is called; the first is “Column 1”."""
    return f"Column {index + 1}"


def is_blank(cells: Iterable[str]) -> bool:
    """Whether no cell holds anything but spaces."""
    return not "".join(cells).strip()


def split_records(
    lines: Iterable[Lines], delimiter: str | None, name: Name = column_name, first_line: int = 1
) -> Iterator[Record]:
    """The rows of a text that hold anything; without a delimiter each is one cell. Faults call columns by `name`."""
    return Splitter(delimiter, name).records(Feed(lines, first_line))


class Feed:
    """Numbered physical lines, of which some may be given back to be read once more.

    `row` is how many rows were begun so far. Lines that are blank, and begin a row, are passed over together.
    """

    def __init__(self, lines: Iterable[Lines], first_line: int = 1, row: int = 0) -> None:
        self._fresh = iter(lines)
        self._line = first_line
        self._blanks: Blanks | None = None
        self._given_back: deque[tuple[int, str]] = deque()
        self.row = row

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        """The first line of the next row."""
        if self._given_back:
            self.row += 1
            return self._given_back.popleft()
        lines = self._blanks or next(self._fresh)
        while isinstance(lines, Blanks):
            self._line += lines.lines
            self.row += lines.lines
            self._blanks = None
            lines = next(self._fresh)
        line = self._line
        self._line = line + 1
        self.row += 1
        return line, lines

    def more(self) -> tuple[int, str] | None:
        """A further line of the same row; None at the end."""
        if self._given_back:
            return self._given_back.popleft()
        lines = self._blanks or next(self._fresh, None)
        if isinstance(lines, Blanks):
            lines, self._blanks = lines.split()
        if lines is None:
            return None
        self._line += 1
        return self._line - 1, lines

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        """These lines, the last that were read, are to be read once more."""
        self._given_back.extendleft(reversed(lines))


class Splitter:
    """Splits lines into rows; it remembers how many quotes had no end, whatever feeds the lines come from."""

    def __init__(self, delimiter: str | None, name: Name = column_name) -> None:
        self._separator = delimiter
        self._delimiter = delimiter or "\0"
        self._blanks = blank_lines(delimiter).letters
        self._name = name
        self._unclosed = 0

    def records(self, feed: Feed) -> Iterator[Record]:
        """The rows that hold anything."""
        for number, line in feed:
            if '"' not in line:
                if record := self.unquoted(number, feed.row, line):
                    yield record
            elif not line.strip(self._blanks):
                continue
            elif len(line) >= MOST:
                yield self._too_long(number, feed.row, line)
            elif not is_blank((record := self._quoted(feed, number, line)).cells):
                yield record

    def unquoted(self, number: int, row: int, line: str) -> Record | None:
        """The row on a line without quotes; None where it is blank."""
        if line[0] in self._blanks and not line.strip(self._blanks):
            return None
        if len(line) >= MOST:
            return self._too_long(number, row, line)
        text = line.rstrip("\r\n")
        return new_record(Record, (number, row, text.split(self._separator) if self._separator else [text], None))

    def ends_with(self, lines: Sequence[str]) -> bool:
        """Whether these lines are whole rows for certain: false where a quote may be open behind the last one."""
        text = lines[0] if len(lines) == 1 else "".join(lines)
        if '"' not in text:
            return True
        try:
            deque(csv.reader(lines, delimiter=self._delimiter, strict=True), maxlen=0)
        except csv.Error:
            return False
        return len(text) < MOST and len(lines) <= MOST_LINES

    def _too_long(self, number: int, row: int, line: str) -> Record:
        cells = line[:_BEGINNING].split(self._separator or "\n")
        return Record(number, row, cells, TooLong(number, self._name(len(cells) - 1), cells[-1], MOST))

    def _quoted(self, feed: Feed, number: int, line: str) -> Record:
        if cells := self._cells([line], strict=True):
            return Record(number, feed.row, cells)
        lines: list[tuple[int, str]] = []
        cells = self._cells(self._run(feed, line, lines))
        if cells and (not lines or self._cells([line, *(more for _, more in lines)], strict=True)):
            return Record(number, feed.row, cells)
        feed.give_back(lines)
        self._unclosed += 1
        return self._unended(number, feed.row, line)

    def _unended(self, number: int, row: int, line: str) -> Record:
        cells = self._cells([line])
        cells[-1] = '"' + cells[-1].rstrip("\r\n")
        return Record(number, row, cells, UnclosedQuote(number, self._name(len(cells) - 1), cells[-1]))

    def _run(self, feed: Feed, line: str, lines: list[tuple[int, str]]) -> Iterator[str]:
        """The row's lines as far as the csv reader asks for them; asked for too many, it raises `csv.Error`."""
        yield line
        size = len(line)
        most = MOST_LINES if self._unclosed < MOST_UNCLOSED else 0
        while len(lines) < most and (following := feed.more()):
            lines.append(following)
            size += len(following[1])
            if size >= MOST:
                break
            yield following[1]
        raise csv.Error

    def _cells(self, lines: Iterable[str], *, strict: bool = False) -> list[str]:
        """The cells of one row. None when it has no end; if strict, also when a quote ends within its cell.

        Such a quote, met lines later, is another row's: the one that opened was never closed.
        """
        try:
            cells = next(csv.reader(lines, delimiter=self._delimiter, strict=strict))
        except csv.Error:
            return []
        return cells if self._delimiter != "\0" else ["\0".join(cells)]
