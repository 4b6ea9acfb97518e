"""Detection of date order and status column from all rows of a file, and the questions that it leaves open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from guestlist.imports.decision import About, Question, Suggested, decision
from guestlist.imports.file_options import DateOrder, LeaveOut
from guestlist.imports.model import Options, Reason
from guestlist.imports.reading import fields
from guestlist.imports.reading.columns import Columns, ReadingIssue
from guestlist.imports.reading.header_recognition import is_in_utc
from guestlist.imports.reading.instants import DEFAULT_DATE_FORMAT, DateFormat, detect_date_format
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.status import (
    StatusFilter,
    UnknownValues,
    find_status,
    requested_status,
    status_columns,
)
from guestlist.messages.message import Message, Value

Records = Callable[[], Iterator[Record]]
"""Function that reads all rows below the header, from the first on each call."""

_MAX_NAMED = 5
_MAX_LENGTH, _MAX_VALUES = 1_000, 200


@dataclass(frozen=True, slots=True)
class ReadingDecisions:
    """The interpretation of an ambiguous file; the organiser confirms the answers to `questions`."""

    dates: DateFormat = DEFAULT_DATE_FORMAT
    status: StatusFilter | None = None
    questions: tuple[Question, ...] = ()
    issue: ReadingIssue | None = None


def detect_decisions(
    columns: Columns, records: Records, options: Options, first: Sequence[Sequence[str]]
) -> ReadingDecisions:
    """Detect the date format and which rows to leave out; `first` are the cells of the first rows."""
    dates, is_ambiguous = _dates(columns, records, options.date_order)
    status, issue = _status(columns, records, options, first)
    unknown = status.unknown if status else ()
    questions = (
        *columns.questions,
        *([_about_dates(columns)] if is_ambiguous else []),
        *(_about_status(column, columns, alone=_decides_alone(status)) for column in unknown),
    )
    return ReadingDecisions(dates, status, questions, issue)


def _about_dates(columns: Columns) -> Question:
    at = next(columns.mapping[field] for field in fields.DATES if field in columns.mapping)
    name = columns.headers[at] if at < len(columns.headers) else ""
    orders = (DateOrder.DMY.value, DateOrder.MDY.value)
    question = decision(About.DATE_ORDER, shortened(name) or None, orders=orders)
    return Question(question, Suggested(date_order=DateOrder.DMY))


def _about_status(unknown: UnknownValues, columns: Columns, *, alone: bool) -> Question:
    """Ask whether rows with these values count.

    If several columns decide, nothing is suggested, as a `leave_out` names one column.
    """
    name, values = shortened(unknown.column), tuple(map(shortened, unknown.values))
    left_out = tuple(map(shortened, unknown.left_out))
    named = (values or left_out)[:_MAX_NAMED]
    reason: dict[str, Value] = {} if values else {"reason": "ended"}
    question = decision(
        About.STATUS, name, values=values, left_out=left_out, named=named, n=len(values or left_out), **reason
    )
    if not alone:
        return Question(question)
    if not unknown.left_out:
        return Question(question, Suggested(all_rows=True))
    leave_out = LeaveOut(column=unknown.column, values=unknown.left_out)
    within_limits = len(leave_out.values) <= _MAX_VALUES and all(
        len(text) <= _MAX_LENGTH for text in (leave_out.column, *leave_out.values)
    )
    fits = (
        within_limits and requested_status(leave_out, columns.headers[: columns.problem_columns_at], None) is not None
    )
    return Question(question, Suggested(leave_out=leave_out) if fits else Suggested())


def _decides_alone(status: StatusFilter | None) -> bool:
    return status is not None and len(status.values) == 1 and not status.filled


def _dates(columns: Columns, records: Records, order: DateOrder | None) -> tuple[DateFormat, bool]:
    at = next((columns.mapping[field] for field in fields.DATES if field in columns.mapping), None)
    if at is None or (at == columns.mapping.get(fields.REMOVAL_DATE) and fields.CUSTOMER_GROUPS not in columns.mapping):
        return DEFAULT_DATE_FORMAT, False
    utc = at < len(columns.headers) and is_in_utc(columns.headers[at])
    dates, is_ambiguous = detect_date_format(
        (record.cells[at] for record in records() if at < len(record.cells)), order, utc=utc
    )
    if is_ambiguous:
        return replace(dates, slashes=DateOrder.DMY, short=DateOrder.DMY), True
    return dates, False


def _status(
    columns: Columns, records: Records, options: Options, first: Sequence[Sequence[str]]
) -> tuple[StatusFilter | None, ReadingIssue | None]:
    if options.all_rows:
        return None, None
    headers = columns.headers[: columns.problem_columns_at]
    orders = columns.mapping.get(fields.ORDER)
    if options.leave_out:
        if status := requested_status(options.leave_out, headers, orders):
            return status, None
        message = Message("no_status_column", {"column": shortened(options.leave_out.column)})
        return None, ReadingIssue(Reason.AMBIGUOUS_MAPPING, (message,))
    tickets = fields.TICKET_CODE in columns.mapping
    candidates = status_columns(headers, columns.mapping.values(), first, tickets=tickets)
    codes = fields.CODE in columns.mapping
    return (find_status(headers, candidates, records(), orders, codes=codes) if candidates else None), None
