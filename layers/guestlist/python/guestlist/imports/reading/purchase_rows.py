"""Reading of the rows of a purchase file, each a line of an order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from guestlist.imports.model import Options
from guestlist.imports.reading import fields
from guestlist.imports.reading.cells import Cells, full_name, normal_stripped, parse_address, read_cells
from guestlist.imports.reading.instants import InvalidDate, parse_instant
from guestlist.imports.reading.problems import BadDate, BadEmail, BadQuantity, NoIdentifier, NoItem, Problem
from guestlist.imports.reading.quantities import parse_count, parse_quantity
from guestlist.imports.reading.row_notes import RowNote, RowNotes
from guestlist.imports.reading.sheet import Sheet
from guestlist.model.email_address import is_email

_ORDER, _EMAIL = 0, 1
_MAX_DEFERRED = 1_000
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
    row_notes: RowNotes,
    zone: ZoneInfo,
    on_problem: Callable[[str], None] = lambda _order: None,
) -> Iterator[tuple[int, PurchaseRow] | Problem]:
    """Yield each row's line and purchase, or the problem of the row, in the order of the file.

    An empty quantity counts 1, and a date without a time is the beginning of that day in the organiser's zone.
    A row on which nothing is bought, beside one of the same order, is left out with a note. Whether the sale item
    exists is not checked. Before a problem, `on_problem` is called with the row's order, the content of its column in
    whatever cells it has; a row that ends before that column belongs to no known order, and invalidates none.
    """
    blanks = ((fields.QUANTITY, RowNote.QUANTITY_BLANK), (fields.PURCHASED_AT, RowNote.NO_PURCHASE_DATE))
    blank_notes = [(sheet.schema.fields.index(name), note) for name, note in blanks if name in sheet.mapping]
    orders, deferred = _Orders(sheet), _DeferredRows(row_notes, on_problem)
    for row in read_cells(
        sheet, options, row_notes, lambda cells: on_problem(normal_stripped(orders.completed(cells)[_ORDER]))
    ):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row[0], orders.completed(row[1])
        for at, note in blank_notes:
            if not cells[at].strip():
                row_notes.add(note, line)
        email = parse_address(cells[_EMAIL], line, row_notes)
        purchase = _purchase(line, (cells[_ORDER], email, *cells[_EMAIL + 1 :]), sheet, zone)
        order = normal_stripped(cells[_ORDER]) if isinstance(purchase, Problem) else purchase.order
        if order != deferred.order:
            yield from deferred.start_order(order)
        if not isinstance(purchase, Problem):
            deferred.has_line = True
            if deferred.problems:
                yield from deferred.resolve(first_is_order=not row[1][_EMAIL].strip())
            yield line, purchase
        elif not deferred.defer(purchase, cells):
            on_problem(order)
            yield purchase
    yield from deferred.start_order("")


class _DeferredRows:
    """Rows on which nothing may be bought, deferred until the rows beside them decide whether they are problems.

    They are rows of quantity 0, and the row of an order as a whole, which has its buyer and no item and precedes
    lines without a buyer.
    """

    def __init__(self, row_notes: RowNotes, on_problem: Callable[[str], None]) -> None:
        self._row_notes = row_notes
        self._on_problem = on_problem
        self.order = ""
        self.has_line = False
        self.problems: list[Problem] = []

    def start_order(self, order: str) -> Iterator[Problem]:
        """Begin with the rows of another order, and yield the problems of the deferred rows of the former one."""
        yield from self.resolve(first_is_order=False)
        self.order, self.has_line = order, False

    def defer(self, problem: Problem, cells: Cells) -> bool:
        """Defer the row with this problem if the rows below it can decide; False if they cannot."""
        is_first = not (self.has_line or self.problems)
        is_zero = isinstance(problem, BadQuantity) and parse_count(problem.value) == 0
        is_order = isinstance(problem, NoItem) and is_first and bool(cells[_EMAIL].strip())
        if not (is_zero or is_order) or len(self.problems) >= _MAX_DEFERRED:
            return False
        self.problems.append(problem)
        return True

    def resolve(self, *, first_is_order: bool) -> Iterator[Problem]:
        """Yield the problems of the deferred rows that stay problems; leave out the other rows with a note.

        With `first_is_order` a first row without an item is that of the order as a whole.
        """
        problems, self.problems = self.problems, []
        for problem in problems:
            if self.has_line if isinstance(problem, BadQuantity) else first_is_order:
                self._row_notes.add(RowNote.NO_LINE, problem.line)
            else:
                self._on_problem(self.order)
                yield problem


class _Orders:
    """Completes rows from the row before, where the data of an order is only on its first line."""

    def __init__(self, sheet: Sheet) -> None:
        read = sheet.schema.read
        self._person = {read.index(field) for field in (fields.EMAIL, fields.NAME, *sheet.schema.parts)}
        self._date, self._item = read.index(fields.PURCHASED_AT), read.index(fields.SALE_ITEM)
        self._shared = sheet.layout.columns.shared_orders
        self._previous: Cells = ()

    def completed(self, cells: Cells) -> Cells:
        """The row with the data of its order filled in; of several attendees in one order the first is the buyer."""
        previous = self._previous
        if previous and self._continues(cells, previous):
            inherited = {_ORDER}
            if not cells[_EMAIL].strip() or (self._shared and previous[_EMAIL].strip()):
                inherited |= self._person
            if not cells[self._date].strip():
                inherited.add(self._date)
            cells = tuple(previous[at] if at in inherited else cell for at, cell in enumerate(cells))
        self._previous = cells
        return cells

    def _continues(self, cells: Cells, previous: Cells) -> bool:
        """Whether the row belongs to the order of the row before: it has the same number, or nothing but an item."""
        if order := cells[_ORDER].strip():
            return order == previous[_ORDER].strip()
        has_details = any(cells[at].strip() for at in (*self._person, self._date))
        return bool(cells[self._item].strip()) and not has_details


def _purchase(line: int, cells: Cells, sheet: Sheet, zone: ZoneInfo) -> PurchaseRow | Problem:
    order, email, name, item, quantity, purchased, *parts = map(normal_stripped, cells)
    for column, cell in ((fields.ORDER, order), (fields.EMAIL, email)):
        if not cell:
            return NoIdentifier(line, sheet.label(column), "")
    if not is_email(email):
        return BadEmail(line, sheet.label(fields.EMAIL), email)
    if not item:
        return NoItem(line, sheet.label(fields.SALE_ITEM), "")
    number = (parse_quantity(quantity) or parse_quantity(_without_decimals(quantity))) if quantity else 1
    if number is None:
        return BadQuantity(line, sheet.label(fields.QUANTITY), quantity)
    purchased_at = parse_instant(purchased, zone, dates=sheet.dates) if purchased else None
    if isinstance(purchased_at, InvalidDate):
        return BadDate(line, sheet.label(fields.PURCHASED_AT), purchased, purchased_at)
    refunded = sheet.refunds.refunded_quantities.get(line, 0) if sheet.refunds else 0
    return PurchaseRow(order, email, full_name(name, *parts), item, number - refunded, purchased_at, purchased)


def _without_decimals(quantity: str) -> str:
    return next((quantity.removesuffix(end) for end in _NO_DECIMALS if quantity.endswith(end)), quantity)
