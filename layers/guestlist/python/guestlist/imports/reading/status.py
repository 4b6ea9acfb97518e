"""Detection of rows whose sale ended or never came about, by a status column; they are left out.

A column counts only if its header and its values are known words. All rows of the file are read for this before any is
imported, since one unknown value could be a refund.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from guestlist.imports.file_options import LeaveOut
from guestlist.imports.reading.header_recognition import slug
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.status_recognition import (
    are_sale_statuses,
    is_cancellation_flag,
    is_cancelled,
    is_cancelling_remark,
    is_certainly_ended,
    is_check_in_status,
    is_free_text,
    is_in_progress,
    is_negative_answer,
    is_neutral,
    is_open_order,
    is_payment_status,
    is_refund_type,
    is_reserved,
    is_row_type,
    is_sale_status,
    is_sold,
    is_unanswered,
    is_valid_sale,
    is_validity_flag,
    may_be_status,
    may_concern_sales,
)
from guestlist.messages.message import Message

_MAX_VALUES = 200
_BLANK = frozenset({""})
_SIGNS = {**dict.fromkeys("✅☑✔✓👍🟢", "yes"), **dict.fromkeys("❌✗✘✖❎☒☐👎🔴", "no")}
"""Symbols that mean yes or no."""


@dataclass(frozen=True, slots=True)
class UnknownValues:
    """Unknown values of a status column, and the values for which rows are left out."""

    column: str
    values: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusFilter:
    """The values by column for which rows of a sheet are left out, compared as `slug` makes them.

    In a column of `filled` these are all values, unless they deny. By `order_column` further rows of an order
    follow the first one.
    """

    values: Mapping[int, frozenset[str]]
    filled: frozenset[int] = frozenset()
    order_column: int | None = None
    unknown: tuple[UnknownValues, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def can_exclude(self) -> bool:
        """Whether any row could be left out."""
        return bool(self.values or self.filled)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Messages about columns that look like a status but are ignored."""
        return tuple(Message("no_status", {"column": shortened(name)}) for name in self.ignored)

    def with_validity(self, records: Iterable[Record]) -> Iterator[tuple[Record, bool]]:
        """Yield each row and whether it counts; a row without a status is treated like the row before of its order."""
        previous: tuple[str, bool] | None = None
        for record in records:
            cells = [(index, _cell(record.cells, index)) for index in (*self.values, *self.filled)]
            counts = not any(self._ends(index, cell) for index, cell in cells)
            if self.order_column is not None:
                order = _cell(record.cells, self.order_column)
                follows = previous is not None and order in ("", previous[0]) and not any(cell for _, cell in cells)
                if follows and previous:
                    counts, order = previous[1], previous[0]
                previous = order, counts
            yield record, counts

    def _ends(self, index: int, cell: str) -> bool:
        if index in self.filled:
            return not is_negative_answer(cell)
        return slug(cell) in self.values[index]


def _cell(cells: Sequence[str], index: int) -> str:
    cell = cells[index].strip() if index < len(cells) else ""
    return cell if cell.isascii() else _SIGNS.get(cell.rstrip("\ufe0f"), cell)


def requested_status(leave_out: LeaveOut, headers: Sequence[str], order_column: int | None) -> StatusFilter | None:
    """The status from the option `leave_out`; None unless exactly one column has its header."""
    indexes = [index for index, name in enumerate(headers) if name == leave_out.column]
    indexes = indexes or [index for index, name in enumerate(headers) if slug(name) == slug(leave_out.column)]
    if len(indexes) != 1:
        return None
    return StatusFilter({indexes[0]: frozenset(map(slug, leave_out.values))}, order_column=order_column)


def status_headers(headers: Sequence[str], mapped: Iterable[int]) -> list[int]:
    """The columns that may be the status of sales by their headers, except those that are mapped to a field."""
    return [index for index, name in enumerate(headers) if index not in set(mapped) and may_be_status(name)]


def status_columns(
    headers: Sequence[str], mapped: Collection[int], rows: Sequence[Sequence[str]], *, tickets: bool
) -> list[int]:
    """The columns that may be the status of sales; `rows` are the first ones.

    Words below other headers count only where no header names such a status for more than a door or a check, and
    remarks only where none does for more than a payment, of `tickets`: one that was cancelled would open a door.
    """
    named = status_headers(headers, mapped)
    if all(is_check_in_status(headers[index]) for index in named):
        named += unnamed_status_headers(headers, mapped, rows)
    if not tickets or not all(
        is_validity_flag(headers[index]) and is_payment_status(headers[index]) for index in named
    ):
        return named
    return [*named, *_remark_columns(headers, {*mapped, *named}, rows)]


def _remark_columns(headers: Sequence[str], others: Collection[int], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns of remarks among whose first cells one says that a sale was cancelled."""
    columns = [index for index, name in enumerate(headers) if index not in others and is_free_text(name)]
    return [index for index in columns if any(is_cancelling_remark(_cell(row, index)) for row in rows)]


def unnamed_status_headers(headers: Sequence[str], mapped: Iterable[int], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns whose first cells are words for the status of sales, though their headers are not."""
    mapped = set(mapped)
    return [
        index
        for index, name in enumerate(headers)
        if index not in mapped
        and not may_be_status(name)
        and may_concern_sales(name)
        and not is_free_text(name)
        and are_sale_statuses([_cell(row, index) for row in rows])
    ]


def find_status(
    headers: Sequence[str],
    columns: Sequence[int],
    records: Iterable[Record],
    order_column: int | None = None,
    *,
    codes: bool = False,
) -> StatusFilter | None:
    """The status in these columns, from all rows; None if they say nothing of sales. `codes` are to be given out."""
    cells_by_column = _cells_by_column(columns, records)
    columns = list(cells_by_column)
    statuses = [
        _status_of_remarks(headers[index], cells)
        if is_free_text(headers[index]) and not may_be_status(headers[index])
        else _column_status(headers[index], cells, codes=codes)
        for index, cells in cells_by_column.items()
    ]
    statuses_by_column = [(index, status) for index, status in zip(columns, statuses, strict=True) if status]
    statuses_by_column = _without_blank_answers(headers, statuses_by_column)
    if any(status.ended is not None and is_payment_status(headers[index]) for index, status in statuses_by_column):
        statuses_by_column = [
            (index, status if is_payment_status(headers[index]) else status.without_open())
            for index, status in statuses_by_column
        ]
    values = {index: status.ended for index, status in statuses_by_column if status.ended is not None}
    filled = frozenset(index for index, status in statuses_by_column if status.filled)
    unknown = tuple(status.unknown for _, status in statuses_by_column if status.unknown)
    ignored = tuple(headers[index] for index, status in statuses_by_column if status.ignored)
    return StatusFilter(values, filled, order_column, unknown, ignored) if statuses_by_column else None


@dataclass(frozen=True, slots=True)
class _ColumnStatus:
    """The status in one column: the values for which rows are left out, or `filled` if any value is one."""

    ended: frozenset[str] | None = None
    filled: bool = False
    unknown: UnknownValues | None = None
    ignored: bool = False

    def without_open(self) -> "_ColumnStatus":
        """The same without open orders, which may be paid if another column has the status of payments."""
        if self.ended is None:
            return self
        unknown = self.unknown
        values = tuple(value for value in unknown.values if not is_in_progress(value)) if unknown else ()
        if unknown and values != unknown.values:
            unknown = replace(unknown, values=values) if values else None
        ended = frozenset(value for value in self.ended if not is_open_order(value))
        return replace(self, ended=ended, unknown=unknown)


def _without_blank_answers(
    headers: Sequence[str], statuses: list[tuple[int, _ColumnStatus]]
) -> list[tuple[int, _ColumnStatus]]:
    """The statuses without columns that only say yes, except of payments, where another column says which sales ended.

    An empty cell there may mean that nobody was asked or nobody answered.
    """
    ending_columns = [index for index, status in statuses if status.ended and status.ended != _BLANK]
    return [
        (index, status)
        for index, status in statuses
        if not ending_columns or status.ended != _BLANK or is_payment_status(headers[index])
    ]


def _cells_by_column(columns: Sequence[int], records: Iterable[Record]) -> dict[int, dict[str, str]]:
    """The distinct cells of each of these columns by slug, up to one more than `_MAX_VALUES`.

    A column that equals an earlier one on all rows is left out: both have the same status.
    """
    cells_by_column: dict[int, dict[str, str]] = {index: {} for index in columns}
    equal = list(combinations(columns, 2))
    for record in records:
        equal = [pair for pair in equal if _cell(record.cells, pair[0]) == _cell(record.cells, pair[1])]
        for index, values in cells_by_column.items():
            cell = _cell(record.cells, index)
            if len(values) <= _MAX_VALUES:
                values.setdefault(slug(cell), cell)
    copies = {copy for _, copy in equal}
    return {index: values for index, values in cells_by_column.items() if index not in copies}


def _status_of_remarks(header: str, cells: Mapping[str, str]) -> _ColumnStatus | None:
    """The status in a column of remarks: it is asked about, as far as a remark says that a sale was cancelled."""
    ended = tuple(cell for cell in cells.values() if is_cancelling_remark(cell))
    if not ended or len(cells) > _MAX_VALUES:
        return None
    return _ColumnStatus(frozenset(map(slug, ended)), unknown=UnknownValues(header, (), ended))


def _column_status(header: str, cells: Mapping[str, str], *, codes: bool) -> _ColumnStatus | None:
    status = _status_of_words(header, cells, codes=codes)
    if (
        status is None
        or status.ended is None
        or is_validity_flag(header)
        or is_row_type(header)
        or is_cancellation_flag(header)
    ):
        return status
    if is_sale_status(header):
        return status
    # This may be the status of something other than a sale: no row is left out by it without a question.
    ended = tuple(cells[value] for value in sorted(status.ended))
    if is_check_in_status(header):
        cancelled = tuple(filter(is_cancelled, ended))
        if not cancelled:
            return None
        return _ColumnStatus(frozenset(map(slug, cancelled)), unknown=UnknownValues(header, (), cancelled))
    if not any(map(is_certainly_ended, ended)):
        return _ColumnStatus(unknown=UnknownValues(header, ended, ())) if ended else None
    return _ColumnStatus(
        status.ended, unknown=UnknownValues(header, status.unknown.values if status.unknown else (), ended)
    )


def _status_of_words(header: str, cells: Mapping[str, str], *, codes: bool) -> _ColumnStatus | None:
    if is_row_type(header):
        refunds = frozenset(value for value, cell in cells.items() if is_refund_type(cell))
        return _ColumnStatus(refunds) if refunds and len(cells) <= _MAX_VALUES else None
    flag = is_validity_flag(header)
    validities = {value: is_valid_sale(cell, flag=flag, codes=codes) for value, cell in cells.items() if value}
    if not validities:
        return None
    if any(map(is_sold, cells.values())):
        validities |= {value: False for value in validities if is_reserved(cells[value])}
    if True not in validities.values():
        validities = {
            value: None if is_unanswered(cells[value]) else is_valid for value, is_valid in validities.items()
        }
    ended = frozenset(value for value, is_valid in validities.items() if is_valid is False)
    if flag and None not in validities.values():
        return _ColumnStatus(ended or _BLANK)
    is_known = any(is_valid is not None and not is_neutral(cells[value]) for value, is_valid in validities.items())
    if is_cancellation_flag(header) and not (is_known and None not in validities.values()):
        return _ColumnStatus(filled=True)
    if not is_known or len(cells) > _MAX_VALUES:
        return _ColumnStatus(ignored=True)
    unknown_values = tuple(cells[value] for value in sorted(validities) if validities[value] is None)
    left_out = tuple(cells[value] for value in sorted(ended))
    return _ColumnStatus(ended, unknown=UnknownValues(header, unknown_values, left_out) if unknown_values else None)
