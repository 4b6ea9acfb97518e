"""Redemptions: the selected row, the result, and every reason for a refusal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.checkout.redeem import Outcome, RedeemAttempt, redeem
from guestlist.checkout.redemption import RedemptionRequest, Status
from guestlist.checkout.response import RedemptionResult
from guestlist.checkout.rows import Row
from guestlist.model.errors import Conflict, GuestlistError, Invalid, Unknown
from tests.fakes.ledger import FakeLedger, FakeLists
from tests.unit.checkout.builders import ANNA, DAY, NOW, by_email, group, item, redemption_request, row

OLD = group("old", created_at=NOW - 90 * DAY)
NEW = group("new", created_at=NOW - 2 * DAY)


class Checkout:
    """A ledger, and the rows that every lookup finds."""

    def __init__(self, *rows: Row, restrictions: RestrictionIndex | None = None) -> None:
        self.ledger = FakeLedger()
        self.rows = list(rows)
        self.restrictions = restrictions or RestrictionIndex()
        self.attempts = 0

    def take(
        self, ask: RedemptionRequest | None = None, *, after: int = 0, removed_rows: tuple[Row, ...] = (), **more: Any
    ) -> Outcome:
        """Redeem so many seconds after the start, with these rows just removed from their lists."""
        self.attempts += 1
        now, request = NOW + timedelta(seconds=after), ask or redemption_request(**more)
        lists = FakeLists(self.ledger, self.rows, now)
        lists.removed_rows = list(removed_rows)
        attempt = RedeemAttempt(
            request=request,
            request_key=request.request(b""),
            ledger=self.ledger,
            lists=lists,
            attempt_id=f"try-{self.attempts}",
            now=now,
        )
        return redeem(attempt, self.ledger.redemption(request.request(b"")), self.restrictions)

    def refusal(self, **more: Any) -> GuestlistError:
        with pytest.raises((Conflict, Unknown)) as caught:
            self.take(**more)
        return caught.value

    def uses_of(self, one: Row) -> int:
        return self.ledger.counter(one.counter_key).uses_taken


# Taking


@pytest.mark.behaviour(35)
def test_a_code_of_quantity_one_is_used_once() -> None:
    checkout = Checkout(row())
    outcome = checkout.take(order_id="a")
    assert outcome.is_new
    assert (outcome.result.status, outcome.result.remaining) == (Status.REDEEMED, 0)
    assert checkout.refusal(order_id="b").code == "used_up"


def test_the_answer_names_the_group_the_quantity_and_what_is_left() -> None:
    checkout = Checkout(row(quantity=5, of=OLD))
    answer = checkout.take(quantity=2).result
    assert answer == RedemptionResult(
        redemption_id=answer.redemption_id, status=Status.REDEEMED, group_id="old", quantity=2, remaining=3
    )


def test_a_hold_says_when_it_ends() -> None:
    answer = Checkout(row()).take(hold_seconds=600).result
    assert (answer.status, answer.hold_expires_at) == (Status.HELD, NOW + timedelta(seconds=600))


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ([row(of=NEW), row(of=OLD)], 1),
        ([row(category="b"), row(category="A")], 1),
        ([row(seat="N-2"), row(seat="N-1")], 1),
        ([row(of=OLD, seat="N-2"), row(of=NEW, seat="N-1")], 0),
        ([row(), row(seat="N-1")], 1),
        ([row(), row(category="Gold")], 1),
        ([row(category="Gold"), row(category="Gold", seat="N-1")], 1),
        ([row(seat="N-1"), row(category="Gold")], 1),
        ([row(of=OLD), row(of=NEW, category="Gold")], 1),
        ([row(), row(email=ANNA)], 1),
    ],
    ids=[
        *("oldest-group", "category", "seat", "group-before-seat", "seat-before-any", "category-before-any"),
        *("seat-and-category", "category-before-seat", "narrow-before-old", "personal-before-shared"),
    ],
)
def test_rows_are_tried_narrowest_first_then_of_the_oldest_group_then_by_category_and_seat(
    rows: list[Row], first: int
) -> None:
    checkout = Checkout(*rows)
    checkout.take(email=ANNA)
    assert [checkout.uses_of(one) for one in rows] == [int(place == first) for place in range(len(rows))]


@pytest.mark.parametrize("inventory", [False, True])
def test_of_two_lists_the_one_that_opens_fewer_sale_items_is_used_first(inventory: bool) -> None:
    wide, narrow = row(of=OLD), row(of=NEW)
    both, own = ("old", "new"), ("old",)
    items = {"gala": item(*both), "ball": replace(item(), inventory_item_id="floor") if inventory else item(*own)}
    checkout = Checkout(wide, narrow, restrictions=RestrictionIndex(1, items, {"floor": own}))
    assert checkout.take(order_id="a", sale_item_id="gala").result.group_id == "new"
    assert checkout.take(order_id="b", sale_item_id="ball").result.group_id == "old"


@pytest.mark.parametrize("order", [("Gold", "Silver"), ("Silver", "Gold")])
@pytest.mark.parametrize("by", ["code", "email"])
def test_a_code_or_email_for_gold_and_one_for_any_category_give_both_whatever_the_order(
    by: str, order: tuple[str, str]
) -> None:
    rows = [row(), row(category="Gold")] if by == "code" else [by_email(), by_email(category="Gold")]
    fields = {} if by == "code" else {"code": None, "email": ANNA}
    checkout = Checkout(*rows)
    for hold_seconds, category in zip((60, None), order, strict=True):
        assert checkout.take(order_id=category, category=category, hold_seconds=hold_seconds, **fields).is_new


def test_a_seat_of_any_category_leaves_seats_of_a_category_alone_where_a_category_has_rows_of_its_own() -> None:
    rows = [row(seat="A"), row(seat="A", category="Gold"), row(category="Gold"), row(seat="B", category="Gold")]
    checkout = Checkout(*rows)
    asks = [{"seat": "A"}, {"category": "Gold"}, {"seat": "A", "category": "Gold"}, {"seat": "B", "category": "Gold"}]
    assert all(checkout.take(order_id=str(place), **request).is_new for place, request in enumerate(asks))


@pytest.mark.parametrize(("seat", "code"), [("A-2", "wrong_category"), ("A-3", "wrong_seat")])
def test_a_seat_that_is_open_in_another_category_is_of_the_wrong_category(seat: str, code: str) -> None:
    checkout = Checkout(row(category="Silver", seat="A-1"), row(category="Gold", seat="A-2"))
    assert checkout.refusal(category="Silver", seat=seat).code == code


def test_the_whole_quantity_comes_from_one_row() -> None:
    small, large = row(of=OLD, quantity=2), row(of=NEW, quantity=3)
    checkout = Checkout(small, large)
    assert checkout.take(quantity=3).result.group_id == "new"
    assert checkout.uses_of(small) == 0


def test_when_one_row_is_used_up_the_next_one_is_used() -> None:
    checkout = Checkout(row(of=OLD), row(of=NEW))
    assert [checkout.take(order_id=order).result.group_id for order in "ab"] == ["old", "new"]


# The same request again


def test_a_repeated_request_gets_the_first_answer_and_redeems_nothing() -> None:
    only = row(quantity=5)
    checkout = Checkout(only)
    first = checkout.take()
    checkout.take(order_id="another")
    second = checkout.take()
    assert second == Outcome(first.result, is_new=False)
    assert checkout.uses_of(only) == 2


@pytest.mark.parametrize(
    "same",
    [{"code": " TESTING1 "}, {"hold_seconds": 60}, {"email": None}],
    ids=["code-as-it-folds", "hold", "left-out"],
)
def test_a_request_with_an_irrelevant_difference_is_a_repeat(same: dict[str, Any]) -> None:
    checkout = Checkout(row(quantity=5))
    assert checkout.take().is_new
    assert not checkout.take(**same).is_new


@pytest.mark.parametrize(
    "other",
    [
        {"order_id": "order-2"},
        {"code": "testing2"},
        {"email": ANNA},
        {"group_id": "list"},
        {"sale_item_id": "seats"},
        {"category": "Section2"},
        {"seat": "N-1"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_request_with_a_relevant_difference_is_a_new_one(other: dict[str, Any]) -> None:
    restrictions = RestrictionIndex(1, {"seats": item()})
    checkout = Checkout(row(quantity=5), restrictions=restrictions)
    assert checkout.take().is_new
    assert checkout.take(**other).is_new


def test_the_same_request_with_another_quantity_is_a_conflict() -> None:
    checkout = Checkout(row(quantity=5))
    checkout.take(quantity=1)
    assert checkout.refusal(quantity=2).code == "idempotency_conflict"


def test_a_repeat_is_answered_although_the_list_has_lost_the_code_since() -> None:
    checkout = Checkout(row())
    first = checkout.take()
    checkout.rows = []
    assert checkout.take() == Outcome(first.result, is_new=False)


def test_a_request_whose_hold_lapsed_redeems_again_under_another_id() -> None:
    only = row()
    checkout = Checkout(only)
    first = checkout.take(hold_seconds=60)
    second = checkout.take(hold_seconds=60, after=60)
    assert second.is_new
    assert second.result.redemption_id != first.result.redemption_id
    assert checkout.uses_of(only) == 1


# Lists that change meanwhile


@pytest.mark.behaviour(42)
def test_a_redemption_whose_code_left_the_list_meanwhile_is_returned() -> None:
    only = row()
    checkout = Checkout(only)
    with pytest.raises(Unknown, match="unknown_code") as caught:
        checkout.take(removed_rows=(only,))
    assert caught.value.code == "unknown_code"
    assert checkout.uses_of(only) == 0


def test_uses_count_against_a_new_list_that_has_the_code() -> None:
    checkout = Checkout(row(quantity=2))
    checkout.take(order_id="a", quantity=2)
    checkout.rows = [row(quantity=3)]
    assert checkout.take(order_id="b").result.remaining == 0


def test_an_entry_reduced_below_its_uses_has_none_left() -> None:
    checkout = Checkout(row(quantity=5))
    checkout.take(order_id="a", quantity=4)
    checkout.rows = [row(quantity=2)]
    refusal = checkout.refusal(order_id="b")
    assert (refusal.code, refusal.facts) == ("used_up", {"remaining": 0})


# Refusals


@pytest.mark.parametrize(
    ("rows", "fields", "code"),
    [
        ([], {}, "unknown_code"),
        ([], {"code": None, "email": ANNA}, "not_in_group"),
        ([row(of=group(expires_at=NOW))], {}, "group_expired"),
        ([row(of=group(starts_at=NOW + timedelta(seconds=1)))], {}, "not_yet"),
        ([row(email=ANNA)], {}, "wrong_email"),
        ([row(email=ANNA)], {"email": "bob@example.org"}, "wrong_email"),
        ([row(category="Section2")], {"category": "Section3"}, "wrong_category"),
        ([row(category="Section2")], {"sale_item_id": "section3"}, "wrong_category"),
        ([row(seat="North-1")], {"seat": "North-2"}, "wrong_seat"),
        ([row()], {"sale_item_id": "nothing"}, "unknown_item"),
        ([row()], {"sale_item_id": "theirs"}, "not_in_group"),
        ([row(quantity=2)], {"quantity": 3}, "quantity_too_high"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_refusal_says_why(rows: list[Row], fields: dict[str, Any], code: str) -> None:
    items = {"section3": item("list", category="Section3"), "theirs": item("others")}
    checkout = Checkout(*rows, restrictions=RestrictionIndex(1, items))
    assert checkout.refusal(**fields).code == code
    assert all(checkout.uses_of(one) == 0 for one in rows)


def test_only_an_unknown_code_raises_not_found() -> None:
    assert isinstance(Checkout().refusal(), Unknown)
    assert isinstance(Checkout(row(seat="A")).refusal(seat="B"), Conflict)


def test_a_redemption_without_code_and_email_is_refused() -> None:
    with pytest.raises(Invalid):
        RedemptionRequest(order_id="a")


@pytest.mark.parametrize(
    ("held", "used", "requested", "code", "remaining"),
    [
        (3, 0, 1, "held_by_others", 0),
        (2, 0, 2, "held_by_others", 1),
        (2, 1, 1, "held_by_others", 0),
        (1, 1, 3, "quantity_too_high", 1),
        (1, 2, 2, "used_up", 0),
        (0, 3, 1, "used_up", 0),
        (0, 2, 2, "quantity_too_high", 1),
        (1, 0, 4, "quantity_too_high", 2),
        (3, 0, 4, "used_up", 0),
    ],
)
def test_the_refusal_of_too_few_uses_says_whether_others_hold_them(
    held: int, used: int, requested: int, code: str, remaining: int
) -> None:
    checkout = Checkout(row(quantity=3))
    if held:
        checkout.take(order_id="holds", quantity=held, hold_seconds=60)
    if used:
        checkout.take(order_id="uses", quantity=used)
    refusal = checkout.refusal(order_id="asks", quantity=requested)
    assert (refusal.code, refusal.facts) == (code, {"remaining": remaining})


@pytest.mark.parametrize(("quantity", "code"), [(2, "used_up"), (3, "quantity_too_high"), (10, "quantity_too_high")])
def test_an_orders_own_hold_is_not_held_by_others(quantity: int, code: str) -> None:
    checkout = Checkout(row(quantity=quantity))
    checkout.take(order_id="asks", quantity=2, hold_seconds=60)
    assert checkout.refusal(order_id="asks", category="Gold", quantity=quantity - 1).code == code


def test_uses_that_other_orders_hold_are_held_by_others() -> None:
    checkout = Checkout(row(quantity=3))
    checkout.take(order_id="asks", hold_seconds=60)
    checkout.take(order_id="holds", quantity=2, hold_seconds=60)
    refusal = checkout.refusal(order_id="asks", category="Gold", quantity=2)
    assert (refusal.code, refusal.facts) == ("held_by_others", {"remaining": 0})


def test_all_holds_are_read_if_the_first_ones_do_not_suffice() -> None:
    checkout = Checkout(row(quantity=40))
    for number in range(40):
        checkout.take(order_id=f"holds-{number}", hold_seconds=60 + number)
    refusal = checkout.refusal(order_id="asks", quantity=30)
    assert (refusal.code, refusal.facts) == ("held_by_others", {"remaining": 0})


# Holds that have lapsed


def test_a_lapsed_hold_is_released_when_its_uses_are_needed() -> None:
    only = row(quantity=2)
    checkout = Checkout(only)
    checkout.take(order_id="a", quantity=2, hold_seconds=60)
    assert checkout.refusal(order_id="b", quantity=2, after=59).code == "held_by_others"
    assert checkout.take(order_id="b", quantity=2, after=60).is_new
    assert checkout.uses_of(only) == 2


def test_only_as_many_lapsed_holds_are_released_as_are_needed() -> None:
    only = row(quantity=4)
    checkout = Checkout(only)
    for order in "abcd":
        checkout.take(order_id=order, hold_seconds=60)
    answer = checkout.take(order_id="e", after=60).result
    assert checkout.uses_of(only) == 4
    assert answer.remaining == 3


def test_lapsed_holds_count_as_free_in_a_refusal() -> None:
    checkout = Checkout(row(quantity=3))
    checkout.take(order_id="a", quantity=2, hold_seconds=60)
    checkout.take(order_id="b")
    refusal = checkout.refusal(order_id="c", quantity=3, after=60)
    assert (refusal.code, refusal.facts) == ("quantity_too_high", {"remaining": 2})


def test_a_row_with_lapsed_holds_comes_before_the_next_row() -> None:
    old, new = row(of=OLD), row(of=NEW)
    checkout = Checkout(old, new)
    checkout.take(order_id="a", hold_seconds=60)
    assert checkout.take(order_id="b", after=60).result.group_id == "old"


# Persons


@pytest.mark.behaviour(39)
def test_an_email_finds_its_row_in_any_case_of_letters() -> None:
    personal = row(email="Mail@Company.Net")
    assert Checkout(personal).take(email="mail@company.NET").is_new


def test_without_a_code_the_rows_of_the_email_are_used() -> None:
    mine = by_email(seat="North-1")
    checkout = Checkout(mine)
    assert checkout.take(code=None, email=ANNA).is_new
    assert checkout.uses_of(mine) == 1


def test_a_redemption_may_use_a_group_of_either_restriction() -> None:
    restrictions = RestrictionIndex(1, {"seats": replace(item("old"), inventory_item_id="hall")}, {"hall": ("new",)})
    for owner in (OLD, NEW):
        assert Checkout(row(of=owner), restrictions=restrictions).take(sale_item_id="seats").is_new
