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
from guestlist.imports.reading.quantities import parse_count, parse_quantity
from guestlist.imports.reading.sheet import Sheet
from guestlist.model.email_address import is_email

_ORDER, _EMAIL = 0, 1
_MAX_WAITING = 1_000
_NO_DECIMALS = (".0000", ",0000", ".00", ",00", ".0", ",0")
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
    A row on which nothing is bought, beside one of the same order, is left out with a notice. Whether the sale item
    exists is not checked. `on_problem` is called with the order of a row that has a problem, before the problem is
    yielded. The order is the content of its column, even if the row has too few cells, too many, or an unclosed one;
    a row that ends before that column belongs to no known order, and spoils none.
    """
    quantity_index = sheet.schema.fields.index(words.QUANTITY) if words.QUANTITY in sheet.mapping else None
    date_index, has_dates = sheet.schema.fields.index(words.PURCHASED_AT), words.PURCHASED_AT in sheet.mapping
    orders, refunds = _Orders(sheet), sheet.refunds.refunded_quantities if sheet.refunds else {}
    empty_rows = _EmptyRows(notices, on_problem)
    for row in read_cells(sheet, options, notices, lambda cells: on_problem(normal(orders.completed(cells)[_ORDER]))):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row[0], orders.completed(row[1])
        order = normal(cells[_ORDER])
        yield from empty_rows.before(order)
        if quantity_index is not None and not cells[quantity_index].strip():
            notices.add(Notice.QUANTITY_BLANK, line)
        if has_dates and not cells[date_index].strip():
            notices.add(Notice.NO_PURCHASE_DATE, line)
        email = address(cells[_EMAIL], line, notices)
        purchase = _purchase(line, (cells[_ORDER], email, *cells[_EMAIL + 1 :]), sheet, zone)
        if refunds and not isinstance(purchase, Problem) and (refunded := refunds.get(line)):
            purchase = replace(purchase, quantity=purchase.quantity - refunded)
        if not isinstance(purchase, Problem):
            yield from empty_rows.before_line(has_buyer=bool(row[1][_EMAIL].strip()))
            yield line, purchase
        elif not empty_rows.keeps(purchase, cells):
            on_problem(order)
            yield purchase
    yield from empty_rows.before("")


class _EmptyRows:
    """Rows on which nothing may be bought, until the rows beside them decide: of quantity 0, or of the order itself.

    The row of an order itself has its buyer and no item, and stands above lines without a buyer.
    """

    def __init__(self, notices: Notices, on_problem: Callable[[str], None]) -> None:
        self._notices = notices
        self._on_problem = on_problem
        self._order = ""
        self._has_line = self._has_row = False
        self._waiting: list[Problem] = []

    def before(self, order: str) -> Iterator[Problem]:
        """Yield the problems of the waiting rows of the former order, if a row of another one follows."""
        if order == self._order:
            return
        yield from self._decided(is_itself=False)
        self._order, self._has_line, self._has_row = order, False, False

    def before_line(self, *, has_buyer: bool) -> Iterator[Problem]:
        """Yield the problems of the waiting rows, as a line of their order follows."""
        self._has_line = self._has_row = True
        if self._waiting:
            yield from self._decided(is_itself=not has_buyer)

    def keeps(self, problem: Problem, cells: Cells) -> bool:
        """Whether the row with this problem waits for the rows below it."""
        is_first, self._has_row = not self._has_row, True
        is_of_none = isinstance(problem, BadQuantity) and parse_count(problem.value) == 0
        is_itself = isinstance(problem, NoItem) and is_first and bool(cells[_EMAIL].strip())
        if not (is_of_none or is_itself) or len(self._waiting) >= _MAX_WAITING:
            return False
        self._waiting.append(problem)
        return True

    def _decided(self, *, is_itself: bool) -> Iterator[Problem]:
        waiting, self._waiting = self._waiting, []
        for problem in waiting:
            if self._has_line if isinstance(problem, BadQuantity) else is_itself:
                self._notices.add(Notice.NO_LINE, problem.line)
            else:
                self._on_problem(self._order)
                yield problem


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
