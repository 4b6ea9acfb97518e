"""Builders of lists, rows, groups and requests for checks and redemptions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from guestlist.catalogue.restrictions import Discount, IndexedItem, RestrictionIndex
from guestlist.checkout.context import CheckContext
from guestlist.checkout.counting import Balance
from guestlist.checkout.redemption import CounterKey, RedemptionRequest
from guestlist.checkout.request import CheckRequest, Customer
from guestlist.checkout.rows import Row
from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup
from guestlist.groups.membership import Membership, Source
from guestlist.lists.entry import Entry

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANNA = "anna@example.org"


def group(group_id: str = "list", kind: str = "target", **more: Any) -> IndexedGroup:
    facts = {"name": group_id.title(), "created_at": NOW - 30 * DAY} | more
    return IndexedGroup(group_id=group_id, type=GroupType(kind), **facts)


def row(
    code: str = "testing1",
    quantity: int = 1,
    *,
    of: IndexedGroup | None = None,
    used: int = 0,
    held: int = 0,
    **entry: str,
) -> Row:
    owner = of or group()
    list_entry = Entry(code=code, quantity=quantity, **entry)
    _, category, seat, email = list_entry.identity
    return Row(
        owner,
        list_entry,
        CounterKey(f"uses of {list_entry.key}", f"{owner.group_id}/{category}/{seat}/{email}"),
        Balance(used, held),
    )


def by_email(email: str = ANNA, quantity: int = 1, **more: Any) -> Row:
    return row("", quantity, email=email, **more)


def member(group_id: str = "members", **more: Any) -> Membership:
    facts = {"added_at": NOW - DAY, "source": Source.HAND, "email": ANNA} | more
    return Membership(group_id=group_id, **facts)


def logged_in(email: str = ANNA) -> Customer:
    return Customer(email, authenticated=True)


def typed(email: str = ANNA) -> Customer:
    return Customer(email, authenticated=False)


def question(*sale_items: str, **more: Any) -> CheckRequest:
    return CheckRequest(sale_items=sale_items, **more)


def state(
    *groups: IndexedGroup,
    rows: tuple[Row, ...] = (),
    emails: tuple[Row, ...] = (),
    members: tuple[Membership, ...] = (),
    items: dict[str, IndexedItem] | None = None,
    inventory: dict[str, tuple[str, ...]] | None = None,
    discount: Discount | None = None,
) -> CheckContext:
    groups_by_id = {one.group_id: one for one in (*groups, *(listed_row.group for listed_row in (*rows, *emails)))}
    return CheckContext(
        groups=GroupIndex(1, groups_by_id),
        restrictions=RestrictionIndex(1, items or {}, inventory or {}),
        memberships={one.group_id: one for one in members},
        by_code=rows,
        by_email=emails,
        discount=discount,
    )


def item(*group_ids: str, **more: Any) -> IndexedItem:
    return IndexedItem("concert", group_ids=group_ids or None, **more)


def redemption_request(order_id: str = "order-1", **more: Any) -> RedemptionRequest:
    return RedemptionRequest(order_id=order_id, **({"code": "testing1"} | more))
