"""The headers of a file with the cells of its first rows, and what a column shows by its cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from guestlist.imports.reading.excel import is_error, unwrapped

_ENOUGH = 0.9


class Undecided(Exception):
    """Two columns could be the same field, and nothing in the file decides."""

    def __init__(self, field_name: str, first: int, second: int) -> None:
        super().__init__(field_name)
        self.field_name = field_name
        self.columns = first, second


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a file and the cells of its first rows; `nested` are columns named by a lower header row."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    nested: frozenset[int] = frozenset()
    _columns: dict[int, list[str]] = field(default_factory=dict, compare=False, repr=False)

    def values(self, index: int) -> list[str]:
        """The cells of a column that hold anything."""
        return [cell for cell in self.cells(index) if cell]

    def cells(self, index: int) -> list[str]:
        """The cells of a column, without spaces around them; where a formula failed there is nothing."""
        if (cells := self._columns.get(index)) is None:
            cells = self._columns[index] = self._cells(index)
        return cells

    def _cells(self, index: int) -> list[str]:
        column = (row[index].strip() if index < len(row) else "" for row in self.rows)
        return ["" if is_error(cell) else unwrapped(cell) if cell[:1] == "'" else cell for cell in column]

    def filled_and_unique(self, index: int) -> bool:
        """Whether the column could tell the rows apart; a few slips do not matter."""
        if not self.rows:
            return True
        values = self.values(index)
        return len(values) >= _ENOUGH * len(self.rows) and len(set(values)) >= _ENOUGH * len(values) > 0

    def identifies_orders(self, index: int) -> bool:
        """Whether a column that is called a name holds the numbers of orders."""
        values = self.values(index)
        return bool(values) and all(" " not in value and any(map(str.isdigit, value)) for value in values)


def _agreeing(indexes: list[int], headers: Headers) -> int | None:
    """Of columns that nowhere hold different things the fullest, which has all that they say."""
    for row in headers.rows if len(indexes) > 1 else ():
        if len({cell for index in indexes if index < len(row) and (cell := row[index].strip())}) > 1:
            return None
    most = max(indexes, key=lambda index: len(headers.values(index)), default=None)
    return most if len(indexes) > 1 and most is not None and headers.values(most) else None


def only(field: str, indexes: list[int], headers: Headers) -> int | None:
    """The one column of these; the first where all hold the same, or the only full one. Raises `Undecided`."""
    if (agreed := _agreeing(indexes, headers)) is not None:
        return agreed
    full = [index for index in indexes if len(headers.values(index)) >= _ENOUGH * len(headers.rows) > 0]
    if len(full) == 1 and all(2 * len(headers.values(index)) < len(headers.rows) for index in {*indexes} - {*full}):
        return full[0]
    for other in indexes[1:]:
        if not headers.rows or headers.cells(other) != headers.cells(indexes[0]):
            raise Undecided(field, indexes[0], other)
    return indexes[0] if indexes else None
