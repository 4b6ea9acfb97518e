"""Reading of the rows of a ticket file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from guestlist.imports.model import Options
from guestlist.imports.reading import fields
from guestlist.imports.reading.cells import Cells, full_name, one_line_cell, parse_address, read_cells
from guestlist.imports.reading.instants import InvalidDate, parse_instant
from guestlist.imports.reading.problems import BadEmail, NoIdentifier, Problem
from guestlist.imports.reading.row_notes import RowNote, RowNotes
from guestlist.imports.reading.sheet import Sheet
from guestlist.model.email_address import is_email


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket sold in another system: its exact barcode, and its buyer and date of sale if known.

    Its type, seat and order number are texts from the file.
    """

    code: str
    name: str = ""
    email: str = ""
    original_at: datetime | None = None
    ticket_type: str = ""
    seat: str = ""
    order: str = ""


def read_tickets(
    sheet: Sheet, options: Options, row_notes: RowNotes, zone: ZoneInfo
) -> Iterator[tuple[int, TicketRow] | Problem]:
    """Yield each row's line and ticket, or the problem of the row, in the order of the file.

    An original date without a time is the beginning of that day in the organiser's zone; one that cannot be
    read is left out and noted.
    """
    original = sheet.schema.fields.index(fields.ORIGINAL_DATE) if fields.ORIGINAL_DATE in sheet.mapping else None
    for row in read_cells(sheet, options, row_notes):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row
        ticket = _ticket(line, cells, sheet, zone, row_notes)
        if isinstance(ticket, Problem):
            yield ticket
            continue
        if ticket.code != ticket.code.strip():
            row_notes.add(RowNote.SPACES, line)
        if original is not None and ticket.original_at is None and not cells[original].strip():
            row_notes.add(RowNote.NO_ORIGINAL_DATE, line)
        yield line, ticket


def _ticket(line: int, cells: Cells, sheet: Sheet, zone: ZoneInfo, row_notes: RowNotes) -> TicketRow | Problem:
    code, name, email, original, ticket_type, seat, order, *parts = cells
    email = parse_address(email, line, row_notes)
    if not code.strip():
        return NoIdentifier(line, sheet.label(fields.TICKET_CODE), code)
    if email and not is_email(email):
        return BadEmail(line, sheet.label(fields.EMAIL), email)
    sold_at = parse_instant(original, zone, dates=sheet.dates) if original.strip() else None
    if isinstance(sold_at, InvalidDate):
        row_notes.add(RowNote.DATE_LEFT_OUT, line)
        sold_at = None
    return TicketRow(
        code,
        full_name(name, *parts),
        email,
        sold_at,
        one_line_cell(ticket_type),
        one_line_cell(seat),
        one_line_cell(order),
    )
