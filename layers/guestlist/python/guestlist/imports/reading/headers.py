"""Headers of a file with the cells of its first rows, and tests of a column by its cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from guestlist.imports.reading.excel import is_error, unescape

_MIN_SHARE = 0.9


class AmbiguousColumns(Exception):
    """Two columns could be the same field, and neither headers nor cells decide."""

    def __init__(self, field_name: str, first: int, second: int) -> None:
        super().__init__(field_name)
        self.field_name = field_name
        self.columns = first, second


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers of a file and cells of its first rows; `nested` are columns that only a second header row names."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    nested: frozenset[int] = frozenset()
    _columns: dict[int, list[str]] = field(default_factory=dict, compare=False, repr=False)

    def values(self, index: int) -> list[str]:
        """The non-empty cells of a column."""
        return [cell for cell in self.cells(index) if cell]

    def cells(self, index: int) -> list[str]:
        """The cells of a column, stripped of spaces; the error of a formula is empty."""
        if (cells := self._columns.get(index)) is None:
            cells = self._columns[index] = self._cells(index)
        return cells

    def _cells(self, index: int) -> list[str]:
        column = (row[index].strip() if index < len(row) else "" for row in self.rows)
        return ["" if is_error(cell) else unescape(cell) if cell[:1] == "'" else cell for cell in column]

    def filled_and_unique(self, index: int) -> bool:
        """Whether at least 90 % of the cells are filled and 90 % of those are distinct."""
        if not self.rows:
            return True
        values = self.values(index)
        return len(values) >= _MIN_SHARE * len(self.rows) and len(set(values)) >= _MIN_SHARE * len(values) > 0

    def with_addresses(self) -> "Headers":
        """A copy with only the rows that have an address; with all rows if none has one.

        A seating plan also has rows of unsold seats, which have no code.
        """
        rows = [row for row in self.rows if any("@" in cell for cell in row)]
        return Headers(self.names, rows, self.nested) if rows else self

    def identifies_orders(self, index: int) -> bool:
        """Whether the cells of a column with a header for names look like order numbers."""
        values = self.values(index)
        return bool(values) and all(" " not in value and any(map(str.isdigit, value)) for value in values)


def _fullest_without_conflict(indexes: list[int], headers: Headers) -> int | None:
    """The column with the most filled cells if there are several and no row has different cells in them, else None."""
    for row in headers.rows if len(indexes) > 1 else ():
        if len({cell for index in indexes if index < len(row) and (cell := row[index].strip())}) > 1:
            return None
    most = max(indexes, key=lambda index: len(headers.values(index)), default=None)
    return most if len(indexes) > 1 and most is not None and headers.values(most) else None


def single_column(field: str, indexes: list[int], headers: Headers) -> int | None:
    """The column to use for the field; None if there is none.

    Raises `AmbiguousColumns` if several columns are possible and their cells do not decide.
    """
    if (fullest := _fullest_without_conflict(indexes, headers)) is not None:
        return fullest
    full = [index for index in indexes if len(headers.values(index)) >= _MIN_SHARE * len(headers.rows) > 0]
    if len(full) == 1 and all(2 * len(headers.values(index)) < len(headers.rows) for index in {*indexes} - {*full}):
        return full[0]
    for other in indexes[1:]:
        if not headers.rows or headers.cells(other) != headers.cells(indexes[0]):
            raise AmbiguousColumns(field, indexes[0], other)
    return indexes[0] if indexes else None
