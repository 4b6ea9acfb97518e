"""Rows of a customer file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from guestlist.imports.model import Options
from guestlist.imports.reading import fields
from guestlist.imports.reading.cells import (
    MAX_CELL_LENGTH,
    Cells,
    full_name,
    normal_stripped,
    parse_address,
    read_cells,
)
from guestlist.imports.reading.instants import InvalidDate, is_no_date, parse_instant
from guestlist.imports.reading.problems import BadDate, BadEmail, NoIdentifier, Problem, TooLong
from guestlist.imports.reading.row_notes import RowNote, RowNotes
from guestlist.imports.reading.sheet import Sheet
from guestlist.model.email_address import is_email, is_mailable

_EMAIL = 0


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer and the names of all manual groups that they will be a member of.

    `groups` is None if the file has no column of groups, which changes no membership; empty ends all of them.
    `removal_date` is the instant at which new memberships end, if the file has one.
    """

    email: str
    name: str = ""
    groups: tuple[str, ...] | None = None
    removal_date: datetime | None = None


def read_customers(
    sheet: Sheet, options: Options, row_notes: RowNotes, zone: ZoneInfo, now: datetime | None = None
) -> Iterator[tuple[int, CustomerRow] | Problem]:
    """Yield each row's line and customer, or its problem, in the order of the file.

    A removal date without a time is the end of that day in `zone`. One that is not after `now` is refused, as a
    membership that ends before it begins is most likely a typing error in a file; the API accepts it. Without groups
    there is no membership that it could end, and none is refused: it may be when a survey or a membership ended.
    """
    for row in read_cells(sheet, options, row_notes):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row
        email = parse_address(cells[_EMAIL], line, row_notes)
        customer = _customer(line, (email, *cells[_EMAIL + 1 :]), sheet, zone, now)
        if isinstance(customer, Problem):
            yield customer
            continue
        if not is_mailable(customer.email):
            row_notes.add(RowNote.UNMAILABLE, line)
        yield line, customer


@lru_cache(maxsize=1000)
def split_groups(cell: str, delimiter: str | None) -> tuple[str, ...]:
    """The distinct names in a cell, separated by `|` or `;` unless that is the file's delimiter.

    A name in double quotes may contain either; a quote within it is doubled.
    """
    separators = "".join(sign for sign in "|;" if sign != delimiter)
    part = re.compile(rf'\s*(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"\s*|(?P<plain>[^{separators}]*))(?:[{separators}]|\Z)')
    groups: dict[str, str] = {}
    for match in part.finditer(cell):
        name = match["plain"] if match["quoted"] is None else match["quoted"].replace('""', '"')
        if name.strip():
            groups.setdefault(normal_stripped(name).casefold(), normal_stripped(name))
    return tuple(groups.values())


def _customer(line: int, cells: Cells, sheet: Sheet, zone: ZoneInfo, now: datetime | None) -> CustomerRow | Problem:
    email, name, names, removal, *parts = cells
    if not email:
        return NoIdentifier(line, sheet.label(fields.EMAIL), "")
    if not is_email(email):
        return BadEmail(line, sheet.label(fields.EMAIL), email)
    groups = split_groups(names, sheet.text.delimiter) if fields.CUSTOMER_GROUPS in sheet.mapping else None
    too_long = next((group for group in groups or () if len(group) > MAX_CELL_LENGTH), None)
    if too_long:
        return TooLong(line, sheet.label(fields.CUSTOMER_GROUPS), too_long, MAX_CELL_LENGTH)
    until = None if is_no_date(removal) else parse_instant(removal, zone, as_end_of_day=True, dates=sheet.dates)
    if isinstance(until, datetime) and now and until <= now:
        until = InvalidDate("past")
    if isinstance(until, InvalidDate) and groups is None:
        until = None
    if isinstance(until, InvalidDate):
        return BadDate(line, sheet.label(fields.REMOVAL_DATE), removal, until)
    return CustomerRow(email, full_name(name, *parts), groups, until)
