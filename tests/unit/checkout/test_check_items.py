"""Decisions of a check on sale items: visible, purchasable, and the reasons."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.catalogue.restrictions import IndexedItem
from guestlist.checkout.check import check
from guestlist.checkout.context import CheckContext
from guestlist.checkout.request import Customer
from guestlist.checkout.response import CheckedItem, GrantingGroup, Reason
from guestlist.groups.index import GroupType
from guestlist.groups.membership import Source
from tests.unit.checkout.builders import (
    ANNA,
    DAY,
    NOW,
    by_email,
    group,
    item,
    logged_in,
    member,
    question,
    row,
    state,
    typed,
)

MEMBERS = group("members", "manual")
LIST = group("list")
SECOND = timedelta(microseconds=1)


def ask(context: CheckContext, *, ids: tuple[str, ...] = ("seats",), **more: Any) -> CheckedItem:
    return check(question(*ids, **more), context, NOW).items[0]


def decision(answer: CheckedItem) -> tuple[bool, bool, tuple[str, ...]]:
    return answer.visible, answer.purchasable, answer.reasons


OPEN = (True, True, ())
ITEM = {"seats": item("members")}
LISTED = {"seats": item("list")}
STRANGERS: list[Customer | None] = [None, typed(), logged_in()]


# Open items, unknown items


@pytest.mark.behaviour(187)
@pytest.mark.parametrize("customer", STRANGERS, ids=["anonymous", "typed", "logged-in"])
def test_an_item_without_restriction_is_open_to_all(customer: Customer | None) -> None:
    answer = ask(state(items={"seats": item()}), customer=customer)
    assert answer == CheckedItem(sale_item_id="seats", visible=True, purchasable=True)


def test_an_unknown_item_is_closed() -> None:
    assert decision(ask(state())) == (False, False, ("unknown_item",))


def test_every_item_is_answered_in_the_order_of_the_question() -> None:
    context = state(MEMBERS, items={"a": item(), "b": item("members")})
    answer = check(question("b", "x", "a"), context, NOW)
    assert [(one.sale_item_id, one.visible) for one in answer.items] == [("b", False), ("x", False), ("a", True)]


# Members


@pytest.mark.behaviour(113, 180, 181, 184)
@pytest.mark.parametrize("in_group", ["members", "friends"])
def test_a_member_of_at_least_one_of_the_groups_sees_and_buys(in_group: str) -> None:
    context = state(MEMBERS, group("friends", "automatic"), items={"seats": item("members", "friends")})
    answer = ask(context._replace(memberships={in_group: member(in_group)}), customer=logged_in())
    assert decision(answer) == OPEN
    assert [one.group_id for one in answer.granted_by] == [in_group]
    assert (answer.seats, answer.categories, answer.remaining) == (None, None, None)


def test_the_answer_lists_the_groups_that_open_an_item() -> None:
    answer = ask(state(MEMBERS, members=(member(),), items=ITEM), customer=logged_in())
    assert answer.granted_by == (GrantingGroup("members", "Members", GroupType.MANUAL),)


@pytest.mark.behaviour(182, 183)
def test_a_customer_in_none_of_the_groups_neither_sees_nor_buys() -> None:
    answer = ask(state(MEMBERS, items=ITEM), customer=logged_in())
    assert decision(answer) == (False, False, ("not_in_group",))


@pytest.mark.parametrize("customer", [None, typed()], ids=["anonymous", "typed"])
def test_an_anonymous_customer_is_told_to_log_in_and_never_counts_as_a_member(customer: Customer | None) -> None:
    answer = ask(state(MEMBERS, members=(member(),), items=ITEM), customer=customer)
    assert decision(answer) == (False, False, ("login_required",))
    assert answer.granted_by == ()


@pytest.mark.behaviour(202)
@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (NOW + SECOND, OPEN),
        (NOW, (False, False, ("membership_ended",))),
        (NOW - DAY, (False, False, ("membership_ended",))),
    ],
    ids=["not-yet", "now", "yesterday"],
)
def test_a_membership_grants_nothing_from_its_end_on(ends: Any, expected: Any) -> None:
    context = state(MEMBERS, members=(member(removal_at=ends),), items=ITEM)
    assert decision(ask(context, customer=logged_in())) == expected


def test_an_automatic_membership_grants_until_its_rules_and_minimum_stay_end() -> None:
    vip = group("members", "automatic")
    past, later = NOW - DAY, NOW + DAY
    stays = [
        member(source=Source.RULE, removal_at=a, lapses_at=b) for a, b in [(past, later), (later, past), (past, past)]
    ]
    purchasable = [ask(state(vip, members=(one,), items=ITEM), customer=logged_in()).purchasable for one in stays]
    assert purchasable == [True, True, False]


@pytest.mark.behaviour(253, 263)
@pytest.mark.parametrize(
    ("expires", "expected"),
    [(NOW + SECOND, OPEN), (NOW, (False, False, ("group_expired",)))],
    ids=["not-yet", "now"],
)
def test_a_group_opens_nothing_from_its_expiry_on(expires: Any, expected: Any) -> None:
    context = state(group("members", "manual", expires_at=expires), members=(member(),), items=ITEM)
    assert decision(ask(context, customer=logged_in())) == expected


@pytest.mark.behaviour(247)
@pytest.mark.parametrize("customer", STRANGERS, ids=["anonymous", "typed", "logged-in"])
def test_an_item_of_a_deleted_group_stays_closed(customer: Customer | None) -> None:
    assert decision(ask(state(items=ITEM), customer=customer)) == (False, False, ("group_deleted",))


@pytest.mark.parametrize(("starts", "expected"), [(NOW, OPEN), (NOW + SECOND, (False, False, ("not_yet",)))])
def test_a_group_opens_nothing_before_its_start(starts: Any, expected: Any) -> None:
    context = state(group("members", "manual", starts_at=starts), members=(member(),), items=ITEM)
    assert decision(ask(context, customer=logged_in())) == expected


@pytest.mark.parametrize("kind", list(GroupType))
def test_a_group_of_any_type_that_has_not_started_opens_nothing(kind: GroupType) -> None:
    later = group("list", kind.value, starts_at=NOW + SECOND)
    rows = (row(of=later),) if kind is GroupType.TARGET else ()
    members = () if kind is GroupType.TARGET else (member("list"),)
    context = state(later, rows=rows, members=members, items=LISTED)
    assert decision(ask(context, customer=logged_in(), code="testing1")) == (False, False, ("not_yet",))


def test_a_group_that_expired_before_its_start_has_expired() -> None:
    context = state(group("members", "manual", starts_at=NOW + DAY, expires_at=NOW), members=(member(),), items=ITEM)
    assert ask(context, customer=logged_in()).reasons == ("group_expired",)


def test_an_item_of_deleted_and_expired_groups_says_both() -> None:
    old = group("old", "manual", expires_at=NOW)
    context = state(old, items={"seats": item("gone", "old")})
    assert ask(context, customer=logged_in()).reasons == (Reason.GROUP_DELETED, Reason.GROUP_EXPIRED)


def test_an_ended_group_beside_an_active_one_is_no_reason_for_a_stranger() -> None:
    old = group("old", "manual", expires_at=NOW)
    context = state(old, MEMBERS, items={"seats": item("gone", "old", "members")})
    assert ask(context, customer=logged_in()).reasons == (Reason.NOT_IN_GROUP,)


# Both levels

LINKED = {name: IndexedItem(f"event-{name}", inventory_item_id="floor") for name in ("friday", "saturday")}
BOTH = question("friday", "saturday", customer=logged_in())


@pytest.mark.behaviour(185)
def test_a_restricted_inventory_item_covers_every_sale_item_of_it() -> None:
    context = state(MEMBERS, items=LINKED, inventory={"floor": ("members",)})
    inside = context._replace(memberships={"members": member()})
    assert [one.purchasable for one in check(BOTH, context, NOW).items] == [False, False]
    assert [one.purchasable for one in check(BOTH, inside, NOW).items] == [True, True]


@pytest.mark.behaviour(186)
def test_a_change_at_the_inventory_item_changes_its_sale_items_at_all_events() -> None:
    context = state(MEMBERS, items=LINKED)
    closed = context._replace(restrictions=context.restrictions.with_inventory("floor", ("members",)))
    opened = context._replace(restrictions=closed.restrictions.with_inventory("floor", None))
    visibility = [[one.visible for one in check(BOTH, one_state, NOW).items] for one_state in (context, closed, opened)]
    assert visibility == [[True, True], [False, False], [True, True]]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_restrictions_of_sale_item_and_inventory_item_must_both_be_met(first: bool, second: bool) -> None:
    one, two = group("one", "manual"), group("two", "manual")
    members = tuple(member(name) for name, inside in [("one", first), ("two", second)] if inside)
    items = {"seats": replace(item("one"), inventory_item_id="floor")}
    answer = ask(state(one, two, members=members, items=items, inventory={"floor": ("two",)}), customer=logged_in())
    assert decision(answer) == (OPEN if first and second else (False, False, ("not_in_group",)))


# Target groups


@pytest.mark.behaviour(47, 48)
@pytest.mark.parametrize(
    "facts",
    [{"rows": (row(),)}, {"emails": (by_email(),)}],
    ids=["code", "email"],
)
def test_a_row_of_a_target_group_opens_an_item(facts: dict[str, Any]) -> None:
    answer = ask(state(LIST, items=LISTED, **facts), customer=typed(), code="testing1")
    assert decision(answer) == OPEN
    assert answer.granted_by == (GrantingGroup("list", "List", GroupType.TARGET),)
    assert answer.remaining == 1


def test_a_row_of_another_group_opens_nothing() -> None:
    other = row(of=group("other"))
    answer = ask(state(LIST, rows=(other,), items=LISTED), customer=typed(), code="testing1")
    assert decision(answer) == (False, False, ("not_in_group",))


def test_an_unknown_code_is_a_reason_only_where_a_code_could_open_the_item() -> None:
    context = state(LIST, MEMBERS, items={"list": item("list"), "members": item("members")})
    request = question("list", "members", code="nothing", customer=logged_in())
    assert [one.reasons for one in check(request, context, NOW).items] == [
        ("unknown_code", "not_in_group"),
        ("not_in_group",),
    ]


def test_an_anonymous_visitor_is_told_to_log_in_when_some_group_could_open() -> None:
    assert ask(state(LIST, items=LISTED)).reasons == (Reason.LOGIN_REQUIRED,)


PERSONAL = row(email=ANNA)


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        (typed("ANNA@Example.org"), OPEN),
        (typed("bob@example.org"), (False, False, ("wrong_email",))),
        (None, (False, False, ("wrong_email",))),
    ],
    ids=["hers", "another", "none"],
)
def test_a_personal_code_works_with_its_email_alone(customer: Customer | None, expected: Any) -> None:
    context = state(LIST, rows=(PERSONAL,), items=LISTED)
    assert decision(ask(context, code="testing1", customer=customer)) == expected


@pytest.mark.parametrize(
    ("used", "held", "requested", "reason"),
    [(3, 0, 1, "used_up"), (1, 2, 1, "held_by_others"), (1, 0, 3, "quantity_too_high"), (0, 0, 3, None)],
)
def test_a_code_without_enough_uses_shows_the_item_but_does_not_sell_it(
    used: int, held: int, requested: int, reason: str | None
) -> None:
    context = state(LIST, rows=(row(quantity=3, used=used, held=held),), items=LISTED)
    answer = ask(context, code="testing1", quantity=requested)
    assert decision(answer) == (True, reason is None, (reason,) if reason else ())
    assert answer.remaining == 3 - used - held


@pytest.mark.behaviour(37)
@pytest.mark.parametrize(("category", "opened"), [("Section2", True), ("section2 ", True), ("Section3", False)])
def test_a_row_opens_its_category_only_in_any_case_of_letters(category: str, opened: bool) -> None:
    context = state(LIST, rows=(row("1231245", category="Section2"),), items=LISTED)
    answer = ask(context, code="1231245", category=category)
    assert decision(answer) == (True, opened, () if opened else ("wrong_category",))
    assert answer.categories == ("Section2",)


@pytest.mark.behaviour(37)
def test_a_sale_item_of_another_category_stays_hidden() -> None:
    items = {name: replace(item("list"), category=name) for name in ("Section2", "Section3")}
    context = state(LIST, rows=(row("1231245", category="Section2"),), items=items)
    answer = check(question("Section2", "Section3", code="1231245"), context, NOW)
    assert [decision(one) for one in answer.items] == [OPEN, (False, False, ("wrong_category",))]


@pytest.mark.behaviour(53, 54)
def test_a_row_without_category_and_seat_grants_all_of_them() -> None:
    answer = ask(state(LIST, rows=(row(),), items=LISTED), code="testing1", category="any", seats=("North-1",))
    assert decision(answer) == OPEN
    assert (answer.seats, answer.categories) == (None, None)


SEATED = (row(seat="North-1"), row(seat="North-2"), row(seat="South-3", used=1))


@pytest.mark.behaviour(49, 52)
def test_all_available_seats_of_a_code_are_listed() -> None:
    answer = ask(state(LIST, rows=SEATED, items=LISTED), code="testing1")
    assert decision(answer) == OPEN
    assert answer.seats == ("North-1", "North-2")


@pytest.mark.behaviour(40)
@pytest.mark.parametrize(
    ("seats", "quantity", "reason"),
    [
        (("North-1",), 1, None),
        (("North-1", "North-2"), 1, None),
        (("North-1", "North-2"), 2, None),
        (("North-1", "North-1"), 1, None),
        ((), 1, None),
        (("north-1",), 1, "wrong_seat"),
        (("North-1", "West-1"), 1, "wrong_seat"),
        (("South-3",), 1, "used_up"),
        (("North-1", "South-3"), 1, "used_up"),
        (("North-1",), 2, "quantity_too_high"),
        (("North-1", "North-2"), 3, "quantity_too_high"),
    ],
)
def test_every_requested_seat_must_be_available(seats: tuple[str, ...], quantity: int, reason: str | None) -> None:
    answer = ask(state(LIST, rows=SEATED, items=LISTED), code="testing1", seats=seats, quantity=quantity)
    assert decision(answer) == (True, reason is None, (reason,) if reason else ())


@pytest.mark.parametrize(
    ("anywhere", "seats", "purchasable"),
    [(1, ("A", "B"), True), (1, ("A", "B", "C"), False), (2, ("A", "B", "C"), True), (0, ("A",), True)],
)
def test_seats_without_their_own_row_come_from_rows_for_any_seat(
    anywhere: int, seats: tuple[str, ...], purchasable: bool
) -> None:
    rows = (row(seat="A"), row(quantity=3, used=3 - anywhere))
    assert ask(state(LIST, rows=rows, items=LISTED), code="testing1", seats=seats).purchasable is purchasable


def test_the_remaining_quantity_is_the_largest_of_the_rows() -> None:
    rows = (row(quantity=5, used=3), row(quantity=9, used=4, seat="N-1"), row(quantity=3, seat="N-2"))
    assert ask(state(LIST, rows=rows, items=LISTED), code="testing1").remaining == 5


def test_a_membership_lifts_the_limits_of_a_row() -> None:
    context = state(
        LIST, MEMBERS, rows=(row(seat="A", used=1),), members=(member(),), items={"seats": item("list", "members")}
    )
    answer = ask(context, customer=logged_in(), code="testing1", quantity=100)
    assert decision(answer) == OPEN
    assert (answer.seats, answer.remaining) == (None, None)


def test_two_spellings_of_one_category_are_one() -> None:
    other = group("other", "target")
    rows = (row(category="gold"), row(category="Gold "), row(category=" GOLD", of=other))
    items = {"seats": replace(item("list"), inventory_item_id="floor")}
    answer = ask(state(LIST, other, rows=rows, items=items, inventory={"floor": ("other",)}), code="testing1")
    assert (answer.purchasable, answer.categories) == (True, ("gold",))


def test_lists_on_both_levels_open_only_what_both_grant() -> None:
    other = group("other")
    rows = (row(seat="A", quantity=5), row(seat="B"), row(seat="B", of=other, quantity=2), row(seat="C", of=other))
    items = {"seats": replace(item("list"), inventory_item_id="floor")}
    answer = ask(state(LIST, other, rows=rows, items=items, inventory={"floor": ("other",)}), code="testing1")
    assert (answer.seats, answer.remaining) == (("B",), 2)
    assert [one.group_id for one in answer.granted_by] == ["list", "other"]


@pytest.mark.parametrize("kind", list(GroupType))
def test_an_expired_group_of_any_type_opens_nothing(kind: GroupType) -> None:
    old = group("list", kind.value, expires_at=NOW)
    facts: dict[str, Any] = {"rows": (row(of=old),)} if kind is GroupType.TARGET else {"members": (member("list"),)}
    answer = ask(state(old, items=LISTED, **facts), customer=logged_in(), code="testing1")
    assert decision(answer) == (False, False, ("group_expired",))
