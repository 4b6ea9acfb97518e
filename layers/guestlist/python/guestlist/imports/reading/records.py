"""A text as rows of cells, each with the physical line on which it starts.

Cells are split as spreadsheets do (RFC 4180, read leniently): a cell that begins with a double
quote ends at the next lone one, line ends between the two belong to it, and quotes elsewhere are
plain characters. A quote that is never closed would swallow all that follows; so its end is looked
for only so far, its row alone is refused, and reading goes on with the next line.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from guestlist.imports.reading.lines import MOST
from guestlist.imports.reading.problems import Problem, TooLong, UnclosedQuote

MOST_LINES = 1_000
"""How many lines one row may run over."""
MOST_UNCLOSED = 1_000
"""After so many quotes without an end no cell may run over its line: reading on each time would take forever."""

_BEGINNING = 1_000
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))

Name = Callable[[int], str]
"""What the column of that index is called."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row that holds anything, as it stood.

    `line` is the physical line on which it starts, `row` its place in the sheet, blank rows counted;
    both are 1-based. With a `fault`, the cells are what could be made out, at least one.
    """

    line: int
    row: int
    cells: list[str]
    fault: Problem | None = None


def column_name(index: int) -> str:
    """What a column without a header is called; the first is “Column 1”."""
    return f"Column {index + 1}"


def is_blank(cells: Iterable[str]) -> bool:
    """Whether no cell holds anything but spaces."""
    return not "".join(cells).strip()


def split_records(
    lines: Iterable[str], delimiter: str | None, name: Name = column_name, first_line: int = 1
) -> Iterator[Record]:
    """The rows of a text that hold anything; without a delimiter each is one cell. Faults call columns by `name`."""
    feed = _Feed(enumerate(lines, first_line))
    quoted = _Quoted(feed, delimiter, name)
    blanks = _SPACES + (delimiter or ",;|")
    for row, (number, line) in enumerate(feed, 1):
        if not line.strip(blanks):
            continue
        if len(line) >= MOST:
            yield _too_long(Record(number, row, line[:_BEGINNING].split(delimiter or "\n")), name)
        elif '"' not in line:
            text = line.rstrip("\r\n")
            yield Record(number, row, text.split(delimiter) if delimiter else [text])
        elif not is_blank((record := quoted.record(number, row, line)).cells):
            yield record


def _too_long(record: Record, name: Name) -> Record:
    last = len(record.cells) - 1
    fault = TooLong(record.line, name(last), record.cells[last], MOST)
    return Record(record.line, record.row, record.cells, fault)


class _Feed:
    """Numbered physical lines, of which some may be given back to be read once more."""

    def __init__(self, fresh: Iterator[tuple[int, str]]) -> None:
        self._fresh = fresh
        self._given_back: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._given_back.popleft() if self._given_back else next(self._fresh)

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        self._given_back.extendleft(reversed(lines))


class _Quoted:
    """Reads rows with quotes in them, over as many lines as they take."""

    def __init__(self, feed: _Feed, delimiter: str | None, name: Name) -> None:
        self._feed = feed
        self._delimiter = delimiter or "\0"
        self._name = name
        self._unclosed = 0

    def record(self, number: int, row: int, line: str) -> Record:
        if cells := self._cells([line], strict=True):
            return Record(number, row, cells)
        taken: list[tuple[int, str]] = []
        cells = self._cells(self._run(line, taken))
        if cells and (not taken or self._cells([line, *(more for _, more in taken)], strict=True)):
            return Record(number, row, cells)
        self._feed.give_back(taken)
        self._unclosed += 1
        return self._unended(number, row, line)

    def _unended(self, number: int, row: int, line: str) -> Record:
        cells = self._cells([line])
        cells[-1] = '"' + cells[-1].rstrip("\r\n")
        return Record(number, row, cells, UnclosedQuote(number, self._name(len(cells) - 1), cells[-1]))

    def _run(self, line: str, taken: list[tuple[int, str]]) -> Iterator[str]:
        """The row's lines as far as the csv reader asks for them; asked for too many, it raises `csv.Error`."""
        yield line
        size = len(line)
        most = MOST_LINES if self._unclosed < MOST_UNCLOSED else 0
        while len(taken) < most and (following := next(self._feed, None)):
            taken.append(following)
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
