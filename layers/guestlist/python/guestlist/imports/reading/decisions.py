"""What a file leaves open, found out from all of its rows, and how it is taken once the organiser confirms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guestlist.imports.file_options import DateOrder
from guestlist.imports.model import Options, Reason
from guestlist.imports.reading import words
from guestlist.imports.reading.columns import Columns, Doubt
from guestlist.imports.reading.instants import PLAIN, Dates, settle
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.status import Status, find_status, status_headers, told_status
from guestlist.imports.reading.vocabulary import says_utc

Records = Callable[[], Iterator[Record]]
"""Reads all rows below the header from the first one on."""

_DATES = (words.ORIGINAL_DATE, words.PURCHASED_AT, words.REMOVAL_DATE)


@dataclass(frozen=True, slots=True)
class ReadingDecisions:
    """How a file is read where it could be read otherwise; `questions` are what the organiser is to confirm."""

    dates: Dates = PLAIN
    status: Status | None = None
    questions: tuple[str, ...] = ()
    doubt: Doubt | None = None


def look_through(columns: Columns, records: Records, options: Options) -> ReadingDecisions:
    """Find out how the dates are written and which rows do not count."""
    asked = [columns.question.detail] if columns.question else []
    dates, is_open = _dates(columns, records, options.date_order)
    if is_open:
        asked.append(
            "The dates leave open which number is the day and which is the month. "
            "Confirm to read the day first, or send `date_order`."
        )
    status, doubt = _status(columns, records, options)
    if status and status.unknown:
        asked.append(
            f"Nobody knows whether these rows count: {', '.join(status.unknown)}. "
            "Confirm to import them, or say with `leave_out` which column and values are left out."
        )
    return ReadingDecisions(dates, status, tuple(asked), doubt)


def _dates(columns: Columns, records: Records, told: DateOrder | None) -> tuple[Dates, bool]:
    at = next((columns.mapping[meant] for meant in _DATES if meant in columns.mapping), None)
    if at is None:
        return PLAIN, False
    utc = at < len(columns.headers) and says_utc(columns.headers[at])
    dates, is_open = settle((record.cells[at] for record in records() if at < len(record.cells)), told, utc=utc)
    if is_open:
        return Dates(DateOrder.DMY, dates.others, utc), True
    return dates, False


def _status(columns: Columns, records: Records, options: Options) -> tuple[Status | None, Doubt | None]:
    headers = columns.headers[: columns.report_at]
    orders = columns.mapping.get(words.ORDER)
    if options.leave_out:
        if status := told_status(options.leave_out, headers, orders):
            return status, None
        detail = f"The column “{shortened(options.leave_out.column)}” to leave rows out by is not in the file."
        return None, Doubt(Reason.AMBIGUOUS_MAPPING, f"{detail} Say with `leave_out` which column is meant.")
    found = status_headers(headers, columns.mapping.values())
    return (find_status(headers, found, records(), orders) if found else None), None
