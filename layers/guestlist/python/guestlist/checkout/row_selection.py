"""Which rows a redemption may be taken from."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from guestlist.catalogue.restrictions import IndexedItem, RestrictionIndex
from guestlist.checkout.redemption import Ask
from guestlist.checkout.refusal import refusal
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row, at_seat, barred, in_category
from guestlist.model.email_address import clean_email, is_email, same_email
from guestlist.model.errors import Invalid


def select_rows(ask: Ask, rows: Sequence[Row], restrictions: RestrictionIndex, now: datetime) -> Sequence[Row]:
    """The rows to try, in their order; at least one.

    Raises `Unknown` or `Conflict` with the reason for none, and `Invalid` for an e-mail that is no address.
    """
    _require_email(ask, rows)
    if not rows:
        raise refusal(Reason.NOT_IN_GROUP if ask.code is None else Reason.UNKNOWN_CODE)
    item = _item(ask, restrictions)
    openers = _openers(item, restrictions)
    email = ask.email or ""
    category = item.category if item else None
    conditions: list[tuple[Reason, Callable[[Row], bool]]] = [
        (Reason.NOT_IN_GROUP, lambda row: openers is None or row.group.group_id in openers),
        (Reason.GROUP_EXPIRED, lambda row: barred(row, email, now) is not Reason.GROUP_EXPIRED),
        (Reason.NOT_YET, lambda row: barred(row, email, now) is not Reason.NOT_YET),
        (Reason.WRONG_EMAIL, lambda row: barred(row, email, now) is None),
    ]
    for reason, holds in conditions:
        rows = [row for row in rows if holds(row)]
        if not rows:
            raise refusal(reason)
    return _narrowest_first(ask, _of_place(ask, rows, category), category, restrictions)


def _require_email(ask: Ask, rows: Sequence[Row]) -> None:
    """Raise `Invalid` for what is no e-mail address, unless a list of an earlier version has it."""
    if ask.email is None or is_email(clean_email(ask.email)):
        return
    if not any(row.entry.email and same_email(row.entry.email, ask.email) for row in rows):
        raise Invalid.field("email", "bad_email", "is not an e-mail address")


def _of_place(ask: Ask, rows: Sequence[Row], category: str | None) -> Sequence[Row]:
    """The rows of the category and seat. A seat that is open in another category is of the wrong category."""
    fitting = [row for row in rows if in_category(row, ask.category, category)]
    seated = [row for row in fitting if at_seat(row, ask.seat)]
    if not seated:
        closed = fitting and not any(at_seat(row, ask.seat) for row in rows)
        raise refusal(Reason.WRONG_SEAT if closed else Reason.WRONG_CATEGORY)
    return seated


def _narrowest_first(
    ask: Ask, rows: Sequence[Row], category: str | None, restrictions: RestrictionIndex
) -> Sequence[Row]:
    """Sort by seat and category, category, seat, any; then groups that open fewer sale items, then older ones.

    A row that opens more is left for those whom no other row serves, so that a cart gets all that a check promised,
    whatever the order in which it takes it.
    """
    kinds = {(bool(row.entry.seat.strip()), bool(row.entry.category.strip())) for row in rows}
    # Rows of (A, any) and (any, Gold) cross: who wants seat A of any category and took (A, Gold) for it would push the
    # buyer of (A, Gold) to a row that the buyer of (B, Gold) or (A, Silver) may need; no later order mends that.
    crossing = {(True, False), (False, True)} <= kinds
    seat_alone = crossing and ask.seat is not None and ask.category is None and category is None
    opened = _items_opened(rows, restrictions)

    def order(row: Row) -> tuple[object, ...]:
        seated, categorised = bool(row.entry.seat.strip()), bool(row.entry.category.strip())
        exact = seat_alone and seated and not categorised
        personal = bool(row.entry.code and row.entry.email)
        return not exact, not categorised, not seated, not personal, opened[row.group.group_id], *row.order

    return sorted(rows, key=order)


def _items_opened(rows: Sequence[Row], restrictions: RestrictionIndex) -> Counter[str]:
    """How many sale items the group of each row opens; not counted where all rows are of one group."""
    groups = {row.group.group_id for row in rows}
    if len(groups) == 1:
        return Counter()
    return Counter(
        group_id
        for item in restrictions.items.values()
        for group_id in groups & (_openers(item, restrictions) or set())
    )


def _item(ask: Ask, restrictions: RestrictionIndex) -> IndexedItem | None:
    if ask.sale_item_id is None:
        return None
    item = restrictions.items.get(ask.sale_item_id)
    if item is None:
        raise refusal(Reason.UNKNOWN_ITEM)
    return item


def _openers(item: IndexedItem | None, restrictions: RestrictionIndex) -> set[str] | None:
    """The groups of which at least one must be the row's; None where nothing is restricted."""
    if item is None:
        return None
    levels = [item.group_ids, restrictions.inventory_groups(item)]
    restricted = [set(level) for level in levels if level is not None]
    return set.union(*restricted) if restricted else None
