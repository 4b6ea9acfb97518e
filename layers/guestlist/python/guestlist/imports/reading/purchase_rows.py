"""Reading of the rows of a purchase file, each a line of an order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from guestlist.imports.model import Options
from guestlist.imports.reading import words
from guestlist.imports.reading.cells import Cells, address, full_name, normal, read_cells
from guestlist.imports.reading.instants import InvalidDate, parse_instant
from guestlist.imports.reading.notices import Notice, Notices
from guestlist.imports.reading.problems import BadDate, BadEmail, BadQuantity, NoItem, NothingToFindItBy, Problem
from guestlist.imports.reading.quantities import parse_quantity
from guestlist.imports.reading.sheet import Sheet
from guestlist.model.email_address import is_email

_ORDER, _EMAIL = 0, 1
_NO_DECIMALS = (".00", ",00", ".0", ",0")
"""Decimals that scripts and spreadsheets append to a number of tickets; three zeros could be thousands."""


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A quantity of one sale item in one order.

    `purchased_at` is None if the file does not give it; `purchased` is the text of its cell.
    """

    order: str
    email: str
    name: str
    sale_item: str
    quantity: int
    purchased_at: datetime | None
    purchased: str = field(default="", compare=False)


def read_purchases(
    sheet: Sheet,
    options: Options,
    notices: Notices,
    zone: ZoneInfo,
    on_problem: Callable[[str], None] = lambda _order: None,
) -> Iterator[tuple[int, PurchaseRow] | Problem]:
    """Yield each row's line and purchase, or the problem of the row, in the order of the file.

    An empty quantity counts 1, and a date without a time is the beginning of that day in the organiser's zone.
    Whether the sale item exists is not checked. `on_problem` is called with the order of a row that has a problem,
    before the problem is yielded. The order is the content of its column, even if the row has too few cells, too
    many, or an unclosed one; a row that ends before that column belongs to no known order, and spoils none.
    """
    quantity_index = sheet.schema.fields.index(words.QUANTITY) if words.QUANTITY in sheet.mapping else None
    date_index, has_dates = sheet.schema.fields.index(words.PURCHASED_AT), words.PURCHASED_AT in sheet.mapping
    orders, refunds = _Orders(sheet), sheet.refunds.refunded_quantities if sheet.refunds else {}
    for row in read_cells(sheet, options, notices, lambda cells: on_problem(normal(orders.completed(cells)[_ORDER]))):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row[0], orders.completed(row[1])
        if quantity_index is not None and not cells[quantity_index].strip():
            notices.add(Notice.QUANTITY_BLANK, line)
        if has_dates and not cells[date_index].strip():
            notices.add(Notice.NO_PURCHASE_DATE, line)
        email = address(cells[_EMAIL], line, notices)
        purchase = _purchase(line, (cells[_ORDER], email, *cells[_EMAIL + 1 :]), sheet, zone)
        if refunds and not isinstance(purchase, Problem) and (refunded := refunds.get(line)):
            purchase = replace(purchase, quantity=purchase.quantity - refunded)
        if isinstance(purchase, Problem):
            on_problem(normal(cells[_ORDER]))
            yield purchase
        else:
            yield line, purchase


class _Orders:
    """Completes rows from the row before, where the data of an order is only on its first line."""

    def __init__(self, sheet: Sheet) -> None:
        fields = sheet.schema.read
        self._person = {fields.index(field) for field in (words.EMAIL, words.NAME, *sheet.schema.parts)}
        self._date, self._item = fields.index(words.PURCHASED_AT), fields.index(words.SALE_ITEM)
        self._shared = sheet.layout.columns.shared_orders
        self._former: Cells = ()

    def completed(self, cells: Cells) -> Cells:
        """The row with the data of its order filled in; of several attendees in one order the first is the buyer."""
        former = self._former
        if former and self._continues(cells, former):
            inherited = {_ORDER}
            if not cells[_EMAIL].strip() or (self._shared and former[_EMAIL].strip()):
                inherited |= self._person
            if not cells[self._date].strip():
                inherited.add(self._date)
            cells = tuple(former[at] if at in inherited else cell for at, cell in enumerate(cells))
        self._former = cells
        return cells

    def _continues(self, cells: Cells, former: Cells) -> bool:
        """Whether the row belongs to the order of the row before: it has the same number, or nothing but an item."""
        if order := cells[_ORDER].strip():
            return order == former[_ORDER].strip()
        has_details = any(cells[at].strip() for at in (*self._person, self._date))
        return bool(cells[self._item].strip()) and not has_details


def _purchase(line: int, cells: Cells, sheet: Sheet, zone: ZoneInfo) -> PurchaseRow | Problem:
    order, email, name, item, quantity, purchased, *parts = map(normal, cells)
    for column, cell in ((words.ORDER, order), (words.EMAIL, email)):
        if not cell:
            return NothingToFindItBy(line, sheet.label(column), "")
    if not is_email(email):
        return BadEmail(line, sheet.label(words.EMAIL), email)
    if not item:
        return NoItem(line, sheet.label(words.SALE_ITEM), "")
    number = (parse_quantity(quantity) or parse_quantity(_without_decimals(quantity))) if quantity else 1
    if number is None:
        return BadQuantity(line, sheet.label(words.QUANTITY), quantity)
    purchased_at = parse_instant(purchased, zone, dates=sheet.dates) if purchased else None
    if isinstance(purchased_at, InvalidDate):
        return BadDate(line, sheet.label(words.PURCHASED_AT), purchased, purchased_at)
    return PurchaseRow(order, email, full_name(name, *parts), item, number, purchased_at, purchased)


def _without_decimals(quantity: str) -> str:
    return next((quantity.removesuffix(end) for end in _NO_DECIMALS if quantity.endswith(end)), quantity)
