"""The answer of a check on a code."""

from typing import Any

import pytest

from guestlist.checkout.check import check
from guestlist.checkout.response import CheckedCode, Grant
from guestlist.checkout.rows import Row
from tests.unit.checkout.builders import ANNA, DAY, NOW, group, question, row, state, typed

LATER = group("list", starts_at=NOW + DAY)
OLD = group("list", expires_at=NOW)


def worth(*rows: Row, **more: Any) -> CheckedCode:
    answer = check(question(code="testing1", **more), state(rows=rows), NOW).code
    assert answer is not None
    return answer


def test_an_answer_without_a_code_has_none() -> None:
    assert check(question(), state(), NOW).code is None


@pytest.mark.behaviour(51)
def test_the_answer_has_a_codes_groups_rows_categories_and_remaining_uses() -> None:
    answer = worth(row(quantity=5, used=2, category="Section2", of=group("list", name="Members 2026")))
    grant = Grant(group_id="list", group="Members 2026", category="Section2", seat=None, quantity=5, remaining=3)
    assert answer == CheckedCode(valid=True, grants=(grant,))


def test_labels_are_answered_without_the_blanks_around_them() -> None:
    answer = worth(row(category=" Gold ", seat=" A 1\t"), row(category=" "))
    assert [(one.category, one.seat) for one in answer.grants] == [("Gold", "A 1"), (None, None)]


def test_every_row_is_listed_including_used_up_ones() -> None:
    answer = worth(row(seat="A", used=1), row(seat="B"), row(category="C", of=group("other")))
    assert [(one.group_id, one.seat, one.category, one.remaining) for one in answer.grants] == [
        ("list", "A", None, 0),
        ("list", "B", None, 1),
        ("other", None, "C", 1),
    ]
    assert answer.valid


@pytest.mark.parametrize(
    ("rows", "facts", "reasons"),
    [
        ((), {}, ("unknown_code",)),
        ((row(used=1),), {}, ("used_up",)),
        ((row(held=1),), {}, ("held_by_others",)),
        ((row(),), {"quantity": 2}, ("quantity_too_high",)),
        ((row(category="Section2"),), {"category": "Section3"}, ("wrong_category",)),
        ((row(seat="North-1"),), {"seats": ("North-2",)}, ("wrong_seat",)),
        ((row(email=ANNA),), {}, ("wrong_email",)),
        ((row(of=OLD),), {}, ("group_expired",)),
        ((row(of=LATER),), {}, ("not_yet",)),
        ((row(of=OLD), row(email=ANNA, of=group("other"))), {}, ("group_expired", "wrong_email")),
    ],
    ids=lambda case: case[0] if isinstance(case, tuple) and case and isinstance(case[0], str) else "",
)
def test_a_code_that_is_not_valid_says_why(rows: tuple[Row, ...], facts: dict[str, Any], reasons: tuple[str]) -> None:
    answer = worth(*rows, **facts)
    assert not answer.valid
    assert answer.reasons == reasons


@pytest.mark.parametrize("quantity", [1, 2, 3])
def test_a_code_is_valid_as_long_as_one_row_has_enough(quantity: int) -> None:
    assert worth(row(), row(seat="A", quantity=2), quantity=quantity).valid is (quantity < 3)


def test_rows_of_other_persons_are_not_listed() -> None:
    mine, hers = row(email="bob@example.org"), row(email=ANNA, quantity=7)
    assert [one.quantity for one in worth(mine, hers, customer=typed("bob@example.org")).grants] == [1]


def test_rows_of_an_expired_group_are_not_listed() -> None:
    assert worth(row(of=OLD)).grants == ()


@pytest.mark.parametrize(
    ("seats", "reason"),
    [(("A-2",), "wrong_category"), (("A-1", "A-2"), "wrong_category"), (("A-2", "A-3"), "wrong_seat")],
)
def test_a_seat_that_is_open_in_another_category_is_of_the_wrong_category(seats: tuple[str, ...], reason: str) -> None:
    rows = (row(category="Silver", seat="A-1"), row(category="Gold", seat="A-2"))
    assert worth(*rows, category="Silver", seats=seats).reasons == (reason,)
