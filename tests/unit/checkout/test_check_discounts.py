"""Discounts of a check."""

from typing import Any

import pytest

from guestlist.catalogue.restrictions import Discount
from guestlist.checkout.check import check
from guestlist.checkout.request import Customer
from guestlist.checkout.response import CheckedDiscount
from tests.unit.checkout.builders import DAY, NOW, by_email, group, logged_in, member, question, row, state, typed

MEMBERS = group("members", "manual")
TEN = Discount(code="TEN", percent=10, group_ids=("members", "list"))


def check_discount(
    discount: Discount | None, *groups: Any, items: tuple[str, ...] = (), **more: Any
) -> CheckedDiscount:
    facts = {name: more.pop(name) for name in ("rows", "emails", "members") if name in more}
    answer = check(question(*items, discount="ten", **more), state(*groups, discount=discount, **facts), NOW).discount
    assert answer is not None
    return answer


def test_an_answer_without_a_discount_has_none() -> None:
    assert check(question(), state(), NOW).discount is None


def test_an_unknown_discount_is_refused() -> None:
    assert check_discount(None) == CheckedDiscount(accepted=False, reasons=("unknown_discount",))  # type: ignore[arg-type]


@pytest.mark.parametrize("customer", [None, typed(), logged_in()], ids=["anonymous", "typed", "logged-in"])
def test_a_discount_for_all_is_accepted_from_anybody(customer: Customer | None) -> None:
    answer = check_discount(Discount(code="TEN", amount=2.5), customer=customer)
    assert answer == CheckedDiscount(accepted=True, amount=2.5)


@pytest.mark.behaviour(114, 188, 190)
def test_a_member_who_is_logged_in_gets_the_discount() -> None:
    answer = check_discount(TEN, MEMBERS, members=(member(),), customer=logged_in())
    assert answer == CheckedDiscount(accepted=True, percent=10)


@pytest.mark.behaviour(189)
@pytest.mark.parametrize("customer", [None, typed()], ids=["anonymous", "typed"])
def test_a_restricted_discount_requires_a_login(customer: Customer | None) -> None:
    answer = check_discount(
        TEN, MEMBERS, members=(member(),), rows=(row(),), emails=(by_email(),), customer=customer, code="testing1"
    )
    assert (answer.accepted, answer.reasons, answer.percent) == (False, ("login_required",), None)


@pytest.mark.behaviour(191)
def test_a_logged_in_customer_in_no_group_is_refused_the_discount_with_a_reason() -> None:
    answer = check_discount(TEN, MEMBERS, customer=logged_in())
    assert (answer.accepted, answer.reasons) == (False, ("not_in_group",))


@pytest.mark.behaviour(44, 46)
@pytest.mark.parametrize("facts", [{"rows": (row(),)}, {"emails": (by_email(),)}], ids=["code", "email"])
def test_an_entry_of_a_list_opens_a_discount_to_a_logged_in_customer(facts: dict[str, Any]) -> None:
    assert check_discount(TEN, customer=logged_in(), code="testing1", **facts).accepted


@pytest.mark.behaviour(248)
def test_a_deleted_group_opens_no_discount() -> None:
    assert check_discount(TEN, members=(member(),), customer=logged_in()).reasons == ("group_deleted",)


def test_a_group_opens_no_discount_before_its_start() -> None:
    later = group("members", "manual", starts_at=NOW + DAY)
    answer = check_discount(TEN, later, members=(member(),), customer=logged_in())
    assert (answer.accepted, answer.reasons) == (False, ("not_yet",))


@pytest.mark.behaviour(254)
def test_an_expired_group_opens_no_discount() -> None:
    old = group("members", "manual", expires_at=NOW)
    answer = check_discount(TEN, old, group("list"), members=(member(),), customer=logged_in())
    assert (answer.accepted, answer.reasons) == (False, ("group_expired",))


@pytest.mark.parametrize(
    ("items", "accepted"),
    [((), True), (("seats",), True), (("seats", "other"), True), (("other",), False)],
)
def test_a_discount_for_some_items_applies_where_one_of_them_is_bought(items: tuple[str, ...], accepted: bool) -> None:
    answer = check_discount(Discount(code="TEN", percent=10, sale_item_ids=("seats",)), items=items)
    assert answer.accepted is accepted
    assert answer.sale_item_ids == (("seats",) if accepted else None)
    assert answer.reasons == (() if accepted else ("unknown_item",))
