"""Selection of the rows that a redemption may use, in order of preference."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from guestlist.catalogue.restrictions import IndexedItem, RestrictionIndex
from guestlist.checkout.redemption import RedemptionRequest
from guestlist.checkout.refusal import refusal
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row, opens_category, opens_seat, row_refusal
from guestlist.model.email_address import clean_email, is_email, same_email
from guestlist.model.errors import Invalid


def select_rows(
    request: RedemptionRequest, rows: Sequence[Row], restrictions: RestrictionIndex, now: datetime
) -> Sequence[Row]:
    """Select the rows to try, at least one, in order.

    Raises `Unknown` or `Conflict` with the reason if there is none, and `Invalid` for an invalid e-mail address.
    """
    _require_email(request, rows)
    if not rows:
        raise refusal(Reason.NOT_IN_GROUP if request.code is None else Reason.UNKNOWN_CODE)
    item = _item(request, restrictions)
    opening_groups = _opening_groups(item, restrictions)
    email = request.email or ""
    category = item.category if item else None
    conditions: list[tuple[Reason, Callable[[Row], bool]]] = [
        (Reason.NOT_IN_GROUP, lambda row: opening_groups is None or row.group.group_id in opening_groups),
        (Reason.GROUP_EXPIRED, lambda row: row_refusal(row, email, now) is not Reason.GROUP_EXPIRED),
        (Reason.NOT_YET, lambda row: row_refusal(row, email, now) is not Reason.NOT_YET),
        (Reason.WRONG_EMAIL, lambda row: row_refusal(row, email, now) is None),
    ]
    for reason, is_met in conditions:
        rows = [row for row in rows if is_met(row)]
        if not rows:
            raise refusal(reason)
    return _narrowest_first(request, _rows_of_category_and_seat(request, rows, category), category, restrictions)


def _require_email(request: RedemptionRequest, rows: Sequence[Row]) -> None:
    """Raise `Invalid` for an invalid e-mail address, unless a list that an earlier release imported has it."""
    if request.email is None or is_email(clean_email(request.email)):
        return
    if not any(row.entry.email and same_email(row.entry.email, request.email) for row in rows):
        raise Invalid.field("email", "bad_email")


def _rows_of_category_and_seat(request: RedemptionRequest, rows: Sequence[Row], category: str | None) -> Sequence[Row]:
    """The rows of the category and seat. A seat of another category is refused as a wrong category."""
    category_rows = [row for row in rows if opens_category(row, request.category, category)]
    seat_rows = [row for row in category_rows if opens_seat(row, request.seat)]
    if not seat_rows:
        is_wrong_seat = category_rows and not any(opens_seat(row, request.seat) for row in rows)
        raise refusal(Reason.WRONG_SEAT if is_wrong_seat else Reason.WRONG_CATEGORY)
    return seat_rows


def _narrowest_first(
    request: RedemptionRequest, rows: Sequence[Row], category: str | None, restrictions: RestrictionIndex
) -> Sequence[Row]:
    """Sort by seat and category, category, seat, any; then groups that open fewer sale items, then older ones.

    Rows that open more are saved for requests that no other row can serve, so that a cart gets all that the check
    promised, in whatever order it redeems.
    """
    seats_and_categories = {(bool(row.entry.seat.strip()), bool(row.entry.category.strip())) for row in rows}
    # With rows for (A, any) and (any, Gold): if a request for seat A of any category took (A, Gold), the request for
    # (A, Gold) would need one of the other two, which (B, Gold) or (A, Silver) may need; no later choice repairs that.
    has_crossing = {(True, False), (False, True)} <= seats_and_categories
    prefers_seat_alone = has_crossing and request.seat is not None and request.category is None and category is None
    item_counts = _items_opened(rows, restrictions)

    def order(row: Row) -> tuple[object, ...]:
        has_seat, has_category = bool(row.entry.seat.strip()), bool(row.entry.category.strip())
        is_seat_alone = prefers_seat_alone and has_seat and not has_category
        is_personal = bool(row.entry.code and row.entry.email)
        return (
            not is_seat_alone,
            not has_category,
            not has_seat,
            not is_personal,
            item_counts[row.group.group_id],
            *row.order,
        )

    return sorted(rows, key=order)


def _items_opened(rows: Sequence[Row], restrictions: RestrictionIndex) -> Counter[str]:
    """Number of sale items that each row's group opens; empty if all rows are of one group."""
    groups = {row.group.group_id for row in rows}
    if len(groups) == 1:
        return Counter()
    return Counter(
        group_id
        for item in restrictions.items.values()
        for group_id in groups & (_opening_groups(item, restrictions) or set())
    )


def _item(request: RedemptionRequest, restrictions: RestrictionIndex) -> IndexedItem | None:
    if request.sale_item_id is None:
        return None
    item = restrictions.items.get(request.sale_item_id)
    if item is None:
        raise refusal(Reason.UNKNOWN_ITEM)
    return item


def _opening_groups(item: IndexedItem | None, restrictions: RestrictionIndex) -> set[str] | None:
    """The groups that open the item; None if it is not restricted."""
    if item is None:
        return None
    levels = [item.group_ids, restrictions.inventory_groups(item)]
    restricted = [set(level) for level in levels if level is not None]
    return set.union(*restricted) if restricted else None
