"""Which rows a redemption may be taken from."""

from collections.abc import Callable, Sequence
from datetime import datetime

from guestlist.catalogue.restrictions import IndexedItem, RestrictionIndex
from guestlist.checkout.redemption import Ask
from guestlist.checkout.refusal import refusal
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row, at_seat, barred, in_category, sorted_rows


def select_rows(ask: Ask, rows: Sequence[Row], restrictions: RestrictionIndex, now: datetime) -> Sequence[Row]:
    """The rows to try, in their order; at least one. Raises `Unknown` or `Conflict` with the reason for none."""
    if not rows:
        raise refusal(Reason.NOT_IN_GROUP if ask.code is None else Reason.UNKNOWN_CODE)
    item = _item(ask, restrictions)
    openers = _openers(item, restrictions)
    email = ask.email or ""
    category = item.category if item else None
    conditions: list[tuple[Reason, Callable[[Row], bool]]] = [
        (Reason.NOT_IN_GROUP, lambda row: openers is None or row.group.group_id in openers),
        (Reason.GROUP_EXPIRED, lambda row: barred(row, email, now) is not Reason.GROUP_EXPIRED),
        (Reason.WRONG_EMAIL, lambda row: barred(row, email, now) is None),
        (Reason.WRONG_CATEGORY, lambda row: in_category(row, ask.category, category)),
        (Reason.WRONG_SEAT, lambda row: at_seat(row, ask.seat)),
    ]
    for reason, holds in conditions:
        rows = [row for row in rows if holds(row)]
        if not rows:
            raise refusal(reason)
    return sorted_rows(rows)


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
