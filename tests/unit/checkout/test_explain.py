"""Explanations of refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guestlist.catalogue.restrictions import Discount
from guestlist.checkout.check import check
from guestlist.checkout.context import CheckContext
from guestlist.checkout.explain import Alternatives, Explainer, Shortfall
from guestlist.checkout.request import CheckRequest
from guestlist.messages.language import Language
from tests.unit.checkout.builders import ANNA, NOW, group, item, logged_in, member, question, row, state, typed

MEMBERS = group("members", "manual")
SUMMER = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
"""The first half past two of that day in Copenhagen, where clocks go back half an hour later."""
VIP = group("vip", "automatic", name="VIP")
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MIDNIGHT = datetime(2026, 11, 3, 23, tzinfo=UTC)
"""The end of 3 November in Copenhagen."""


def explained(
    request: CheckRequest, context: CheckContext, language: Language = "en", ways: Alternatives = ()
) -> list[tuple[str, ...]]:
    answer = check(request, context, NOW, Explainer(language, COPENHAGEN, lambda _: ways))
    parts = [*answer.items, answer.code, answer.discount]
    return [part.explanation for part in parts if part is not None and part.explanation is not None]


def sentences(*groups: Any, items: Any = None, ways: Alternatives = (), **facts: Any) -> tuple[str, ...]:
    context_facts = {name: facts.pop(name) for name in ("rows", "members", "inventory") if name in facts}
    context = state(*groups, items={"seats": items or item("members", "vip")}, **context_facts)
    (item_explanation,) = explained(question("seats", **facts), context, ways=ways)
    return item_explanation


def test_an_item_that_is_not_refused_has_no_explanation() -> None:
    assert explained(question("seats"), state(items={"seats": item()})) == []


def test_refusals_are_explained_only_on_request() -> None:
    assert check(question("seats"), state(), NOW).items[0].explanation is None


def test_the_explanation_names_the_level_that_refused() -> None:
    both = replace(item("members"), inventory_item_id="floor")
    other = group("other", "manual")
    explanation = sentences(
        MEMBERS, other, items=both, inventory={"floor": ("other",)}, members=(member(),), customer=logged_in()
    )
    assert explanation == ("Inventory item: this is for customers in “Other” only.",)


@pytest.mark.parametrize(
    ("groups", "more", "sentence"),
    [
        ((MEMBERS,), {}, "Sale item: this is for customers in “Members” only; log in."),
        ((), {}, "Sale item: the group that gave access was deleted."),
        (
            (replace(MEMBERS, expires_at=MIDNIGHT),),
            {"customer": logged_in(), "items": item("members")},
            "Sale item: “Members” ended on 3 November 2026.",
        ),
        (
            (MEMBERS,),
            {"customer": logged_in(), "members": (member(removal_at=MIDNIGHT),)},
            "Sale item: the membership of “Members” ended on 3 November 2026.",
        ),
    ],
    ids=["login", "deleted", "expired", "ended"],
)
def test_the_explanation_has_the_purchases_found_and_needed(groups: Any, more: Any, sentence: str) -> None:
    assert sentences(*groups, **more) == (sentence,)


@pytest.mark.parametrize(
    ("language", "starts", "sentence"),
    [
        ("en", SUMMER, "Sale item: “Members” does not start before 31 October 2027, 02:30 (CEST)."),
        ("en", SUMMER + timedelta(hours=1), "Sale item: “Members” does not start before 31 October 2027, 02:30 (CET)."),
        ("nl", SUMMER, "Verkoopitem: “Members” geeft pas toegang vanaf 31 oktober 2027 om 02:30 (CEST)."),
        ("da", SUMMER, "Salgsvare: “Members” giver først adgang fra 31. oktober 2027 kl. 02.30 (CEST)."),
    ],
    ids=["summer-time", "an-hour-later", "nl", "da"],
)
def test_the_start_of_a_group_is_explained_on_both_sides_of_a_change_of_clocks(
    language: Language, starts: datetime, sentence: str
) -> None:
    later = replace(MEMBERS, starts_at=starts)
    context = state(later, members=(member(),), items={"seats": item("members")})
    assert explained(question("seats", customer=logged_in()), context, language) == [(sentence,)]


@pytest.mark.parametrize(
    ("listed_row", "facts", "sentence"),
    [
        (row(quantity=3, used=1), {"quantity": 5}, "Code: too few uses are left; 5 needed, 2 left."),
        (row(used=1), {}, "Code: all uses are taken; 1 needed, none left."),
        (row(quantity=2, held=1), {"quantity": 2},
         "Code: the rest is in other people's carts and may become free again; 2 needed, 1 left."),
        (row(category="A"), {"category": "B"}, "Code: this is for the category A, not for B."),
        (row(seat="N-1"), {"seats": ("N-2",)}, "Code: this is for the seats N-1, not for N-2."),
        (row(email=ANNA), {"customer": typed("bob@example.org")},
         "Code: this code only works for the e-mail address that it was given to."),
    ],
    ids=["too-few", "used-up", "held", "category", "seat", "personal"],
)  # fmt: skip
def test_the_explanation_says_why_a_code_is_refused(listed_row: Any, facts: Any, sentence: str) -> None:
    assert explained(CheckRequest(code="testing1", **facts), state(rows=(listed_row,))) == [(sentence,)]


@pytest.mark.parametrize(
    ("seat", "sentence"),
    [
        ("A-2", "Code: this is for the category Gold, not for Silver."),
        ("A-3", "Code: this is for the seats A-1, not for A-3."),
    ],
)
def test_a_seat_of_another_category_and_a_closed_one_have_different_explanations(seat: str, sentence: str) -> None:
    rows = (row(category="Silver", seat="A-1"), row(category="Gold", seat="A-2"))
    assert explained(CheckRequest(code="testing1", category="Silver", seats=(seat,)), state(rows=rows)) == [(sentence,)]


def test_a_personal_code_does_not_tell_whose_it_is() -> None:
    (explanation,) = explained(CheckRequest(code="testing1"), state(rows=(row(email=ANNA),)))
    assert ANNA not in " ".join(explanation)


def test_the_explanation_of_an_unknown_code_says_that_it_is_in_no_list() -> None:
    request = question("seats", code="nothing", customer=typed())
    context = state(group("list"), group("other"), items={"seats": item("list")})
    assert explained(request, context)[1] == ("Code: this code is not in any list.",)


def test_an_unknown_discount_and_one_for_other_items_are_explained() -> None:
    some = Discount(code="TEN", percent=10, sale_item_ids=("other",))
    for discount, sentence in [
        (None, "Discount code: this discount code does not exist."),
        (some, "Discount code: this sale item does not exist."),
    ]:
        request = CheckRequest(discount="ten", sale_items=("seats",))
        assert explained(request, state(items={"seats": item()}, discount=discount)) == [(sentence,)]


# What would help

ONE = Shortfall(name="Festival 2025", purchased=2, required=3, before=datetime(2026, 12, 3, 11, tzinfo=UTC))
TWO = Shortfall(name="Winter Series", purchased=0, required=2)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            (
                "What would help for “VIP”: 1 more ticket of Festival 2025 (2 of 3 found) before 3 December 2026, "
                "or 2 more tickets of Winter Series (0 of 2 found)."
            ),
        ),
        (
            "nl",
            (
                "Wat zou helpen voor “VIP”: nog 1 ticket van Festival 2025 (2 van 3 gevonden) vóór 3 december 2026, "
                "of nog 2 tickets van Winter Series (0 van 2 gevonden)."
            ),
        ),
        (
            "da",
            (
                "Det ville hjælpe for “VIP”: 1 billet mere til Festival 2025 (2 af 3 fundet) før 3. december 2026, "
                "eller 2 billetter mere til Winter Series (0 af 2 fundet)."
            ),
        ),
    ],
)
def test_the_missing_purchases_are_explained_in_each_language(language: Language, sentence: str) -> None:
    request = question("seats", customer=logged_in())
    ((_, help_),) = explained(request, state(VIP, items={"seats": item("vip")}), language, ((ONE,), (TWO,)))
    assert help_ == sentence


def test_requirements_that_apply_together_are_joined() -> None:
    explanation = sentences(VIP, customer=logged_in(), ways=((TWO, TWO),))
    assert explanation[1].count("Winter Series") == 2
    assert " and " in explanation[1]


def test_a_stranger_is_not_told_what_a_customer_has_bought() -> None:
    assert len(sentences(VIP, customer=typed(), ways=((ONE,),))) == 1
