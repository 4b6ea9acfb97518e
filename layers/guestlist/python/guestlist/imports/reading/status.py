"""Rows of a sale that ended or never came about, told by a column of the file: they are left out.

A column counts only if its header and its values are known words. What a column says is found out from
every row of the file before any is imported, for one value that nobody knows could be a refund.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guestlist.imports.file_options import LeaveOut
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.status_words import (
    are_of_sales,
    denies,
    is_cancelled,
    is_end,
    is_flag,
    is_neutral,
    is_note,
    is_of_a_door,
    is_of_a_sale,
    is_of_payments,
    is_open,
    is_status,
    is_surely_ended,
    is_taken_back,
    is_type,
    is_unanswered,
    is_unfinished,
    stands,
)
from guestlist.imports.reading.vocabulary import plain
from guestlist.messages.message import Message

_MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Unknown:
    """Values of a status column that nobody knows, beside those by which rows are left out."""

    column: str
    values: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What makes the rows of a sheet be left out: by column, the values that do. Compared as `plain` makes them.

    With `filled` any value of that column does, unless it says no. `orders` is the column by which further
    rows of an order follow the first one.
    """

    values: Mapping[int, frozenset[str]]
    filled: frozenset[int] = frozenset()
    orders: int | None = None
    unknown: tuple[Unknown, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether any row could be left out."""
        return bool(self.values or self.filled)

    @property
    def messages(self) -> tuple[Message, ...]:
        """What an organiser is to know of columns that look as if they told which rows count."""
        return tuple(Message("no_status", {"column": shortened(name)}) for name in self.ignored)

    def standing(self, records: Iterable[Record]) -> Iterator[tuple[Record, bool]]:
        """Each row and whether it counts. A row with nothing in these columns goes with its order."""
        former: tuple[str, bool] | None = None
        for record in records:
            cells = [(index, _cell(record.cells, index)) for index in (*self.values, *self.filled)]
            counts = not any(self._ends(index, cell) for index, cell in cells)
            if self.orders is not None:
                order = _cell(record.cells, self.orders)
                follows = former is not None and order in ("", former[0]) and not any(cell for _, cell in cells)
                if follows and former:
                    counts, order = former[1], former[0]
                former = order, counts
            yield record, counts

    def _ends(self, index: int, cell: str) -> bool:
        if index in self.filled:
            return not denies(cell)
        return plain(cell) in self.values[index]


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def told_status(leave_out: LeaveOut, headers: Sequence[str], orders: int | None) -> Status | None:
    """What the organiser said to leave out; None where no single column is called so."""
    at = [index for index, name in enumerate(headers) if name == leave_out.column]
    at = at or [index for index, name in enumerate(headers) if plain(name) == plain(leave_out.column)]
    if len(at) != 1:
        return None
    return Status({at[0]: frozenset(map(plain, leave_out.values))}, orders=orders)


def status_headers(headers: Sequence[str], mapped: Iterable[int]) -> list[int]:
    """The columns that may tell which sales ended, going by their headers; a field's column is none."""
    return [index for index, name in enumerate(headers) if index not in set(mapped) and is_status(name)]


def unnamed_status_headers(headers: Sequence[str], mapped: Iterable[int], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns whose first cells are words for sales, under headers that say nothing of them."""
    mapped = set(mapped)
    return [
        index
        for index, name in enumerate(headers)
        if index not in mapped
        and not is_status(name)
        and is_open(name)
        and not is_note(name)
        and are_of_sales([_cell(row, index) for row in rows])
    ]


def find_status(
    headers: Sequence[str],
    columns: Sequence[int],
    records: Iterable[Record],
    orders: int | None = None,
    *,
    codes: bool = False,
) -> Status | None:
    """What these columns say, from all rows; None where they say nothing about sales. `codes` are to be given out."""
    statuses = [
        _column_status(headers[index], cells, codes=codes)
        for index, cells in _cells_by_column(columns, records).items()
    ]
    found_statuses = [(index, status) for index, status in zip(columns, statuses, strict=True) if status]
    if any(status.ended is not None and is_of_payments(headers[index]) for index, status in found_statuses):
        found_statuses = [
            (index, status if is_of_payments(headers[index]) else status.without_open())
            for index, status in found_statuses
        ]
    values = {index: status.ended for index, status in found_statuses if status.ended is not None}
    filled = frozenset(index for index, status in found_statuses if status.filled)
    unknown = tuple(status.unknown for _, status in found_statuses if status.unknown)
    ignored = tuple(headers[index] for index, status in found_statuses if status.ignored)
    return Status(values, filled, orders, unknown, ignored) if found_statuses else None


@dataclass(frozen=True, slots=True)
class _ColumnStatus:
    """What one column says: the values by which rows are left out, or that any is one, or nothing."""

    ended: frozenset[str] | None = None
    filled: bool = False
    unknown: Unknown | None = None
    ignored: bool = False

    def without_open(self) -> "_ColumnStatus":
        """The same where another column tells what was paid: what is still open may be paid."""
        return (
            self
            if self.ended is None
            else replace(self, ended=frozenset(v for v in self.ended if not is_unfinished(v)))
        )


def _cells_by_column(columns: Sequence[int], records: Iterable[Record]) -> dict[int, dict[str, str]]:
    """The different cells of each of these columns, as long as there are few."""
    cells_by_column: dict[int, dict[str, str]] = {index: {} for index in columns}
    for record in records:
        for index, values in cells_by_column.items():
            cell = _cell(record.cells, index)
            if len(values) <= _MOST_VALUES:
                values.setdefault(plain(cell), cell)
    return cells_by_column


def _column_status(header: str, cells: Mapping[str, str], *, codes: bool) -> _ColumnStatus | None:
    status = _status_of_words(header, cells, codes=codes)
    if status is None or status.ended is None or is_flag(header) or is_type(header) or is_end(header):
        return status
    if is_of_a_sale(header):
        return status
    # It is the status of something that may have nothing to do with sales: nothing is left out by it unasked.
    ended = tuple(cells[value] for value in sorted(status.ended))
    if is_of_a_door(header):
        taken_back = tuple(filter(is_cancelled, ended))
        if not taken_back:
            return None
        return _ColumnStatus(frozenset(map(plain, taken_back)), unknown=Unknown(header, (), taken_back))
    if not any(map(is_surely_ended, ended)):
        return _ColumnStatus(unknown=Unknown(header, ended, ())) if ended else None
    return _ColumnStatus(status.ended, unknown=Unknown(header, status.unknown.values if status.unknown else (), ended))


def _status_of_words(header: str, cells: Mapping[str, str], *, codes: bool) -> _ColumnStatus | None:
    if is_type(header):
        back = frozenset(value for value, cell in cells.items() if is_taken_back(cell))
        return _ColumnStatus(back) if back and len(cells) <= _MOST_VALUES else None
    flag = is_flag(header)
    standings = {value: stands(cell, flag=flag, codes=codes) for value, cell in cells.items() if value}
    if not standings:
        return None
    if True not in standings.values():
        standings = {value: None if is_unanswered(cells[value]) else standing for value, standing in standings.items()}
    ended = frozenset(value for value, standing in standings.items() if standing is False)
    if flag and None not in standings.values():
        return _ColumnStatus(ended or frozenset({""}))
    sure = any(standing is not None and not is_neutral(cells[value]) for value, standing in standings.items())
    if is_end(header) and not (sure and None not in standings.values()):
        return _ColumnStatus(filled=True)
    if not sure or len(cells) > _MOST_VALUES:
        return _ColumnStatus(ignored=True)
    others = tuple(cells[value] for value in sorted(standings) if standings[value] is None)
    out = tuple(cells[value] for value in sorted(ended))
    return _ColumnStatus(ended, unknown=Unknown(header, others, out) if others else None)
