"""Problems of an order: from its own rows, and from the results of comparing it with stored data.

Results are code words, at most one per line, for what the file alone does not show. They are stored, so that a worker
that resumes the import finds the same problems.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from guestlist.imports.reading import fields
from guestlist.imports.reading.instants import InvalidDate
from guestlist.imports.reading.problems import (
    OTHER_ORDER,
    BadDate,
    DuplicateExisting,
    NoOrderId,
    OrderIncomplete,
    OrderTooLong,
    OtherBuyer,
    Problem,
    UnknownItem,
)
from guestlist.imports.reading.purchase_rows import PurchaseRow
from guestlist.model.email_address import fold_email
from guestlist.model.ids import is_id
from guestlist.purchases.importing.orders import OrderRows
from guestlist.purchases.importing.sale_items import ItemExistence
from guestlist.purchases.model import MAX_CLOCK_SKEW, MAX_LINES, MAX_ORDER_ID_LENGTH, is_order_id

Results = Mapping[int, str]
ColumnLabel = Callable[[str], str]
"""Returns the organiser's name for the column of a field."""


def validate_orders(
    orders: Sequence[OrderRows], identical_by_id: Mapping[str, bool], items: ItemExistence, now: datetime
) -> dict[int, str]:
    """The results by line of these orders. `identical_by_id` says whether an existing order is the same."""
    results: dict[int, str] = {}
    item_ids = [row.sale_item for order in orders for _, row in order.rows if is_id(row.sale_item)]
    unknown = items.find_unknown(item_ids)
    for order in orders:
        if identical_by_id.get(order.order_id) is False:
            results[order.first_line] = DuplicateExisting.code
            continue
        for line, row in order.rows[:MAX_LINES]:
            if row.purchased_at and row.purchased_at > now + MAX_CLOCK_SKEW:
                results[line] = BadDate.code
            elif row.sale_item in unknown or not is_id(row.sale_item):
                results[line] = UnknownItem.code
    return results


def order_problems(order: OrderRows, results: Results, label: ColumnLabel) -> Iterator[Problem]:
    """Yield a problem for each row of an invalid order; nothing for a valid one."""
    if results.get(order.first_line) == DuplicateExisting.code:
        yield from (_existing_order(line, order, label) for line in order.lines)
    elif order.excess_lines or len(order.rows) > MAX_LINES:
        column = label(fields.ORDER)
        yield from (OrderTooLong(line, column, order.order_id, MAX_LINES) for line in order.lines)
    else:
        problems = {
            line: problem
            for line, row in order.rows
            if (problem := _problem(line, row, order, results.get(line), label))
        }
        if problems or order.has_invalid_row:
            column = label(fields.ORDER)
            yield from (problems.get(line) or OrderIncomplete(line, column, order.order_id) for line in order.lines)


def is_valid(order: OrderRows, results: Results) -> bool:
    """Whether the order is valid."""
    return next(order_problems(order, results, str), None) is None


def _problem(line: int, row: PurchaseRow, order: OrderRows, code: str | None, label: ColumnLabel) -> Problem | None:
    _, first = order.rows[0]
    if not is_order_id(order.order_id) or len(order.order_id) > MAX_ORDER_ID_LENGTH:
        return NoOrderId(line, label(fields.ORDER), order.order_id, MAX_ORDER_ID_LENGTH)
    if (fold_email(row.email), row.purchased_at) != (fold_email(first.email), first.purchased_at):
        return OtherBuyer(line, label(fields.ORDER), order.order_id)
    if code == BadDate.code:
        return BadDate(line, label(fields.PURCHASED_AT), row.purchased, InvalidDate("future"))
    if code == UnknownItem.code:
        return UnknownItem(line, label(fields.SALE_ITEM), row.sale_item)
    return None


def _existing_order(line: int, order: OrderRows, label: ColumnLabel) -> Problem:
    return DuplicateExisting(line, label(fields.ORDER), order.order_id, OTHER_ORDER)
