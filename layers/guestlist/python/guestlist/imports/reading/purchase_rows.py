"""Rows of a purchase file: one line of an order each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from guestlist.imports.model import Options
from guestlist.imports.reading import words
from guestlist.imports.reading.cells import Cells, normal, read_cells, whole
from guestlist.imports.reading.instants import Unclear, read_instant
from guestlist.imports.reading.notices import Notice, Notices
from guestlist.imports.reading.problems import BadDate, BadEmail, BadQuantity, NoItem, NothingToFindItBy, Problem
from guestlist.imports.reading.sheet import Sheet
from guestlist.model.email_address import is_email


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """So many of one sale item in one order. `purchased_at` is None where the file does not say when."""

    order: str
    email: str
    name: str
    sale_item: str
    quantity: int
    purchased_at: datetime | None


def read_purchases(
    sheet: Sheet,
    options: Options,
    notices: Notices,
    zone: ZoneInfo,
    spoil: Callable[[str], None] = lambda _order: None,
) -> Iterator[tuple[int, PurchaseRow] | Problem]:
    """Each row's line and purchase, or what is wrong with the row, in the order of the file.

    A quantity left empty counts 1, and a date without a time is the beginning of that day in the
    organiser's zone. Whether the sale item exists is not looked at. `spoil` is told the order of a row
    with something wrong, before the row's problem comes. That is what stands in its column of orders, also
    where the row has too few cells, too many, or one without an end; a row that ends before that column
    is of no order that can be known, and spoils none.
    """
    counts = sheet.schema.fields.index(words.QUANTITY) if words.QUANTITY in sheet.mapping else None
    order = sheet.schema.fields.index(words.ORDER)
    for row in read_cells(sheet, options, notices, lambda cells: spoil(normal(cells[order]))):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row
        if counts is not None and not cells[counts].strip():
            notices.add(Notice.QUANTITY_BLANK, line)
        purchase = _purchase(line, cells, sheet, zone)
        if isinstance(purchase, Problem):
            spoil(normal(cells[order]))
            yield purchase
        else:
            yield line, purchase


def _purchase(line: int, cells: Cells, sheet: Sheet, zone: ZoneInfo) -> PurchaseRow | Problem:
    order, email, name, item, quantity, purchased = map(normal, cells)
    for meant, cell in ((words.ORDER, order), (words.EMAIL, email)):
        if not cell:
            return NothingToFindItBy(line, sheet.label(meant), "")
    if not is_email(email):
        return BadEmail(line, sheet.label(words.EMAIL), email)
    if not item:
        return NoItem(line, sheet.label(words.SALE_ITEM), "")
    number = whole(quantity) if quantity else 1
    if number is None:
        return BadQuantity(line, sheet.label(words.QUANTITY), quantity)
    at = read_instant(purchased, zone) if purchased else None
    if isinstance(at, Unclear):
        return BadDate(line, sheet.label(words.PURCHASED_AT), purchased, at.why)
    return PurchaseRow(order, email, name, item, number, at)
