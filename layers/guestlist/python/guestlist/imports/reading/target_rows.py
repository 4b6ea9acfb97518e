"""Rows of a target-group file as entries."""

from collections.abc import Iterator

from guestlist.email import is_email
from guestlist.entry import Entry
from guestlist.imports.reading import words
from guestlist.imports.reading.cells import Cells, normal, read_cells, whole
from guestlist.imports.reading.notices import Notice, Notices
from guestlist.imports.reading.problems import BadEmail, BadQuantity, NoCodeOrEmail, Problem
from guestlist.imports.reading.sheet import Sheet
from guestlist.imports.record import Options


def read_entries(sheet: Sheet, options: Options, notices: Notices) -> Iterator[tuple[int, Entry] | Problem]:
    """Each row's line and entry, or what is wrong with the row, in the order of the file.

    Codes, categories and seats are kept as written, addresses without the spaces around them. A
    quantity left empty counts 1. Whether a row stands twice is not looked at.
    """
    counts = words.QUANTITY in sheet.mapping
    for row in read_cells(sheet, options, notices):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row
        if counts and not cells[-1].strip():
            notices.add(Notice.QUANTITY_BLANK, line)
        entry = _entry(line, cells, sheet)
        yield entry if isinstance(entry, Problem) else (line, entry)


def _entry(line: int, cells: Cells, sheet: Sheet) -> Entry | Problem:
    code, email, category, seat, quantity = cells
    email = normal(email)
    if email and not is_email(email):
        return BadEmail(line, sheet.label(words.EMAIL), email)
    if not code.strip() and not email:
        return NoCodeOrEmail(line, sheet.label(words.CODE if words.CODE in sheet.mapping else words.EMAIL), "")
    number = whole(quantity) if quantity.strip() else 1
    if number is None:
        return BadQuantity(line, sheet.label(words.QUANTITY), quantity)
    return Entry(_held(code), email, _held(category), _held(seat), number)


def _held(cell: str) -> str:
    return cell if cell.strip() else ""
