"""Many good rows of a target-group file, column by column."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guestlist.lists.entry import Entry


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in the order of the file; the columns are equally long.

    `lines` are the physical lines on which they start, `quantities` numbers in digits; other cells are as an
    `Entry` has them.
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
        """All but the lines."""
        return self.codes, self.emails, self.categories, self.seats, self.quantities

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Each row's line and entry."""
        for line, code, email, category, seat, quantity in zip(self.lines, *self.columns, strict=True):
            yield line, Entry(code, email, category, seat, int(quantity))

    def merged(self, others: Sequence[tuple[int, Entry]]) -> "Rows":
        """These rows and others, which stand on other lines, in the order of the file; both are in it."""
        if not others:
            return self
        if not self.lines:
            return rows_of(others)
        lines, columns = list(self.lines), [list(column) for column in self.columns]
        for line, entry in reversed(others):
            at = bisect(self.lines, line)
            lines.insert(at, line)
            for column, cell in zip(columns, _cells(entry), strict=True):
                column.insert(at, cell)
        return Rows(lines, *columns)


def rows_of(entries: Sequence[tuple[int, Entry]]) -> Rows:
    """The same rows, column by column."""
    columns = list(zip(*(_cells(entry) for _, entry in entries), strict=True)) or [()] * 5
    return Rows([line for line, _ in entries], *columns)


def _cells(entry: Entry) -> tuple[str, str, str, str, str]:
    return entry.code, entry.email, entry.category, entry.seat, str(entry.quantity)


def picked(rows: Rows, stretches: Sequence[tuple[int, int]]) -> Rows:
    """The rows of these stretches, each from an index and before another, in order."""
    if sum(stop - start for start, stop in stretches) == len(rows):
        return rows
    lines = [line for start, stop in stretches for line in rows.lines[start:stop]]
    return Rows(lines, *([cell for start, stop in stretches for cell in column[start:stop]] for column in rows.columns))
