"""Valid rows of a target-group file, stored by column."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guestlist.lists.entry import Entry


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in the order of the file; all columns have the same length.

    `lines` are the physical lines on which they start, `quantities` numbers in digits; other cells are as in an
    `Entry`.
    """

    lines: Sequence[int]
    codes: Sequence[str]
    emails: Sequence[str]
    categories: Sequence[str]
    seats: Sequence[str]
    quantities: Sequence[str]

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def columns(self) -> tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str], Sequence[str]]:
        """The columns except `lines`."""
        return self.codes, self.emails, self.categories, self.seats, self.quantities

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Yield each row's line and entry."""
        for line, code, email, category, seat, quantity in zip(self.lines, *self.columns, strict=True):
            yield line, Entry(code, email, category, seat, int(quantity))

    def merge(self, others: Sequence[tuple[int, Entry]]) -> "Rows":
        """Merge these rows with others of other lines; both are in the order of the file, as is the result."""
        if not others:
            return self
        if not self.lines:
            return rows_from_entries(others)
        lines, columns = list(self.lines), [list(column) for column in self.columns]
        for line, entry in reversed(others):
            index = bisect(self.lines, line)
            lines.insert(index, line)
            for column, cell in zip(columns, _cells(entry), strict=True):
                column.insert(index, cell)
        return Rows(lines, *columns)


def rows_from_entries(entries: Sequence[tuple[int, Entry]]) -> Rows:
    """Convert entries with their lines to rows."""
    columns = list(zip(*(_cells(entry) for _, entry in entries), strict=True)) or [()] * 5
    return Rows([line for line, _ in entries], *columns)


def _cells(entry: Entry) -> tuple[str, str, str, str, str]:
    return entry.code, entry.email, entry.category, entry.seat, str(entry.quantity)


def select_rows(rows: Rows, spans: Sequence[tuple[int, int]]) -> Rows:
    """The rows of these ranges in order, each a first index and the one after the last."""
    if sum(stop - start for start, stop in spans) == len(rows):
        return rows
    lines = [line for start, stop in spans for line in rows.lines[start:stop]]
    return Rows(lines, *([cell for start, stop in spans for cell in column[start:stop]] for column in rows.columns))
