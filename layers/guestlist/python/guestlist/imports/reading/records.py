"""Splitting of a text into rows of cells, each with the physical line on which it starts.

Cells are split as spreadsheets do (RFC 4180, read leniently): a cell that begins with a double quote ends at the next
single one, line ends between the two belong to it, and quotes elsewhere are plain characters. A quote that is never
closed would swallow all that follows; so the search for its end is limited, only its row is refused, and reading
continues with the next line.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from guestlist.imports.reading.lines import MAX_ROW_LENGTH, Blanks, Lines, blank_lines
from guestlist.imports.reading.problems import Problem, TooLong, UnclosedQuote

MAX_ROW_LINES = 1_000
"""The maximum number of lines of one row."""
MAX_UNCLOSED_QUOTES = 1_000
"""After so many unclosed quotes no cell may span lines: reading ahead each time would take too long."""

_BEGINNING = 1_000

NameColumn = Callable[[int], str]
"""Returns the name of the column with this index."""


class Record(NamedTuple):
    """A row that is not blank, with its original cells.

    `line` is the physical line on which it starts, `row` its number in the sheet, blank rows included;
    both are 1-based. With a `fault`, the cells are what could be read, at least one.
    """

    line: int
    row: int
    cells: list[str]
    fault: Problem | None = None


new_record: Callable[[type[Record], tuple[int, int, list[str], Problem | None]], Record] = tuple.__new__
"""Creates a `Record` in half the time of a call of the class."""


def column_name(index: int) -> str:
    """The name of a column without a header; the first is “Column 1”."""
    return f"Column {index + 1}"


def is_blank(cells: Iterable[str]) -> bool:
    """Whether all cells are empty or whitespace."""
    return not "".join(cells).strip()


def split_records(
    lines: Iterable[Lines], delimiter: str | None, name: NameColumn = column_name, first_line: int = 1
) -> Iterator[Record]:
    """Yield the rows that are not blank; without a delimiter each is one cell. `name` names columns in problems."""
    return Splitter(delimiter, name).records(Feed(lines, first_line))


class Feed:
    """Numbered physical lines, of which the last ones read may be pushed back to be read again.

    `row` is the number of rows begun so far. Blank lines at the beginning of a row are skipped together.
    """

    def __init__(self, lines: Iterable[Lines], first_line: int = 1, row: int = 0) -> None:
        self._unread_lines = iter(lines)
        self._line = first_line
        self._blanks: Blanks | None = None
        self._pushed_back: deque[tuple[int, str]] = deque()
        self.row = row

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        """The first line of the next row."""
        if self._pushed_back:
            self.row += 1
            return self._pushed_back.popleft()
        lines = self._blanks or next(self._unread_lines)
        while isinstance(lines, Blanks):
            self._line += lines.lines
            self.row += lines.lines
            self._blanks = None
            lines = next(self._unread_lines)
        line = self._line
        self._line = line + 1
        self.row += 1
        return line, lines

    def next_line(self) -> tuple[int, str] | None:
        """The next line of the same row; None at the end of the text."""
        if self._pushed_back:
            return self._pushed_back.popleft()
        lines = self._blanks or next(self._unread_lines, None)
        if isinstance(lines, Blanks):
            lines, self._blanks = lines.split()
        if lines is None:
            return None
        self._line += 1
        return self._line - 1, lines

    def push_back(self, lines: list[tuple[int, str]]) -> None:
        """Return these lines, the last that were read, to be read again."""
        self._pushed_back.extendleft(reversed(lines))


class Splitter:
    """Splits lines into rows, and counts unclosed quotes over all the feeds that it reads."""

    def __init__(self, delimiter: str | None, name: NameColumn = column_name) -> None:
        self._separator = delimiter
        self._delimiter = delimiter or "\0"
        self._blanks = blank_lines(delimiter).letters
        self._name = name
        self._unclosed = 0

    def records(self, feed: Feed) -> Iterator[Record]:
        """Yield the rows that are not blank."""
        for number, line in feed:
            if '"' not in line:
                if record := self.unquoted(number, feed.row, line):
                    yield record
            elif not line.strip(self._blanks):
                continue
            elif len(line) >= MAX_ROW_LENGTH:
                yield self._too_long(number, feed.row, line)
            elif not is_blank((record := self._quoted(feed, number, line)).cells):
                yield record

    def unquoted(self, number: int, row: int, line: str) -> Record | None:
        """The row on a line without quotes; None if it is blank."""
        if line[0] in self._blanks and not line.strip(self._blanks):
            return None
        if len(line) >= MAX_ROW_LENGTH:
            return self._too_long(number, row, line)
        text = line.rstrip("\r\n")
        return new_record(Record, (number, row, text.split(self._separator) if self._separator else [text], None))

    def ends_with(self, lines: Sequence[str]) -> bool:
        """Whether these lines are certainly complete rows: False if a quote may be open after the last one."""
        text = lines[0] if len(lines) == 1 else "".join(lines)
        if '"' not in text:
            return True
        try:
            deque(csv.reader(lines, delimiter=self._delimiter, strict=True), maxlen=0)
        except csv.Error:
            return False
        return len(text) < MAX_ROW_LENGTH and len(lines) <= MAX_ROW_LINES

    def _too_long(self, number: int, row: int, line: str) -> Record:
        cells = line[:_BEGINNING].split(self._separator or "\n")
        return Record(number, row, cells, TooLong(number, self._name(len(cells) - 1), cells[-1], MAX_ROW_LENGTH))

    def _quoted(self, feed: Feed, number: int, line: str) -> Record:
        if cells := self._cells([line], strict=True):
            return Record(number, feed.row, cells)
        lines: list[tuple[int, str]] = []
        cells = self._cells(self._lines_of_row(feed, line, lines))
        if cells and (not lines or self._cells([line, *(more for _, more in lines)], strict=True)):
            return Record(number, feed.row, cells)
        feed.push_back(lines)
        self._unclosed += 1
        return self._unclosed_record(number, feed.row, line)

    def _unclosed_record(self, number: int, row: int, line: str) -> Record:
        cells = self._cells([line])
        cells[-1] = '"' + cells[-1].rstrip("\r\n")
        return Record(number, row, cells, UnclosedQuote(number, self._name(len(cells) - 1), cells[-1]))

    def _lines_of_row(self, feed: Feed, line: str, lines: list[tuple[int, str]]) -> Iterator[str]:
        """Yield the row's lines as the csv reader requests them. Raises `csv.Error` if it requests too many."""
        yield line
        size = len(line)
        max_lines = MAX_ROW_LINES if self._unclosed < MAX_UNCLOSED_QUOTES else 0
        while len(lines) < max_lines and (next_line := feed.next_line()):
            lines.append(next_line)
            size += len(next_line[1])
            if size >= MAX_ROW_LENGTH:
                break
            yield next_line[1]
        raise csv.Error

    def _cells(self, lines: Iterable[str], *, strict: bool = False) -> list[str]:
        """The cells of one row; empty if it has no end or, if strict, if a quote ends within its cell.

        Such a quote, some lines later, is another row's: the opening one was never closed.
        """
        try:
            cells = next(csv.reader(lines, delimiter=self._delimiter, strict=strict))
        except csv.Error:
            return []
        return cells if self._delimiter != "\0" else ["\0".join(cells)]
