"""Confirming holds and releasing redemptions."""

from datetime import timedelta

import pytest

from guestlist.checkout.counting import TakeStep
from guestlist.checkout.holds import confirm, release
from guestlist.checkout.redemption import RedemptionRequest, Status
from guestlist.checkout.response import RedemptionResult
from guestlist.model.errors import Conflict, Unknown
from tests.fakes.checkouts import HOLD, Action, World
from tests.fakes.ledger import FakeLedger
from tests.unit.checkout.builders import NOW

HOLD_ACTION = Action("take", quantity=2, hold=HOLD)
TAKE_ACTION = Action("take", quantity=2)
END = NOW + timedelta(seconds=HOLD)
BEFORE = END - timedelta(microseconds=1)


@pytest.fixture
def world() -> World:
    return World(FakeLedger(), (3, 1))


def uses_taken(world: World) -> int:
    return world.sums(world.rows[0])[0]


def place_hold(world: World) -> RedemptionResult:
    return world.result_of(HOLD_ACTION)


# Confirm


def test_a_confirmed_hold_is_a_redemption(world: World) -> None:
    hold = place_hold(world)
    answer = confirm(world.ledger, hold.redemption_id, BEFORE)
    assert answer == RedemptionResult(
        redemption_id=hold.redemption_id, status=Status.REDEEMED, group_id="list", quantity=2, remaining=1
    )


def test_a_confirmed_hold_does_not_lapse(world: World) -> None:
    confirm(world.ledger, place_hold(world).redemption_id, BEFORE)
    world.result_of(Action("take", 1, quantity=1, after=HOLD))
    assert world.result_of(Action("take", 2, quantity=1, after=HOLD)).remaining == 0
    assert uses_taken(world) == 3


def test_confirming_again_changes_nothing(world: World) -> None:
    hold = place_hold(world)
    first = confirm(world.ledger, hold.redemption_id, NOW)
    assert confirm(world.ledger, hold.redemption_id, END) == first


def test_confirming_a_redemption_that_was_no_hold_changes_nothing(world: World) -> None:
    assert confirm(world.ledger, world.result_of(TAKE_ACTION).redemption_id, NOW).status is Status.REDEEMED


@pytest.mark.parametrize("at", [END, END + timedelta(days=30)], ids=["at-its-end", "later"])
def test_an_expired_hold_cannot_be_confirmed(world: World, at: object) -> None:
    with pytest.raises(Conflict) as caught:
        confirm(world.ledger, place_hold(world).redemption_id, at)  # type: ignore[arg-type]
    assert caught.value.code == "hold_expired"


def test_a_hold_that_others_released_cannot_be_confirmed(world: World) -> None:
    hold = place_hold(world)
    world.result_of(Action("take", 1, quantity=2, after=HOLD))
    with pytest.raises(Conflict):
        confirm(world.ledger, hold.redemption_id, NOW)


def test_a_released_hold_cannot_be_confirmed(world: World) -> None:
    hold = place_hold(world)
    release(world.ledger, hold.redemption_id, "x", NOW)
    with pytest.raises(Conflict):
        confirm(world.ledger, hold.redemption_id, NOW)


def test_a_former_hold_of_the_same_order_cannot_be_confirmed(world: World) -> None:
    first = place_hold(world)
    world.result_of(Action("take", quantity=2, hold=HOLD, after=HOLD))
    with pytest.raises(Conflict):
        confirm(world.ledger, first.redemption_id, END)


@pytest.mark.parametrize("redemption_id", ["", "x", "0" * 32 + "-1", "0" * 32 + "-0", "é-1", "-1"])
@pytest.mark.parametrize("kind", ["confirm", "release"])
def test_an_unknown_redemption_is_not_found(world: World, redemption_id: str, kind: str) -> None:
    calls = {
        "confirm": lambda: confirm(world.ledger, redemption_id, NOW),
        "release": lambda: release(world.ledger, redemption_id, "x", NOW),
    }
    with pytest.raises(Unknown):
        calls[kind]()


def test_an_unknown_generation_is_not_found(world: World) -> None:
    request = place_hold(world).redemption_id.removesuffix("-1")
    with pytest.raises(Unknown):
        confirm(world.ledger, f"{request}-2", NOW)


# Release


@pytest.mark.parametrize("action", [HOLD_ACTION, TAKE_ACTION], ids=["hold", "redemption"])
@pytest.mark.parametrize(
    ("quantity", "remaining", "status"),
    [(None, 0, Status.RELEASED), (2, 0, Status.RELEASED), (1, 1, None), (9, 0, Status.RELEASED)],
    ids=["all", "as-many", "some", "more-than-it-has"],
)
def test_a_release_returns_its_quantity_and_never_more_than_was_redeemed(
    world: World, action: Action, quantity: int | None, remaining: int, status: Status | None
) -> None:
    result = world.result_of(action)
    answer = release(world.ledger, result.redemption_id, "x", NOW, quantity=quantity)
    assert (answer.quantity, answer.remaining) == (remaining, 3 - remaining)
    assert answer.status is (status or result.status)
    assert uses_taken(world) == remaining
    world.exact(NOW)


def test_each_release_returns_uses_until_none_are_left(world: World) -> None:
    result = world.result_of(TAKE_ACTION)
    remaining = [release(world.ledger, result.redemption_id, f"x{n}", NOW, quantity=1).quantity for n in range(3)]
    assert remaining == [1, 0, 0]
    assert uses_taken(world) == 0


def test_a_take_repeated_after_its_release_is_returned(world: World) -> None:
    result = world.result_of(TAKE_ACTION)
    redemption = world.ledger.redemption(TAKE_ACTION.ask.request(b""))
    release(world.ledger, result.redemption_id, "x", NOW)
    world.ledger.begin_take(TakeStep(redemption=redemption))
    assert uses_taken(world) == 2
    assert world.result_of(Action("take", 1, quantity=3, after=120)).quantity == 3
    world.exact(NOW)


def test_a_release_with_an_id_returns_uses_once(world: World) -> None:
    result = world.result_of(TAKE_ACTION)
    remaining = [
        release(world.ledger, result.redemption_id, f"x{n}", NOW, quantity=1, call=call).quantity
        for n, call in enumerate(["a", "a", "b", "a"])
    ]
    assert remaining == [1, 1, 0, 0]


def test_a_released_part_of_a_hold_is_not_returned_again_when_the_hold_lapses(world: World) -> None:
    release(world.ledger, place_hold(world).redemption_id, "x", NOW, quantity=1)
    world.result_of(Action("take", 1, quantity=2))
    assert world.result_of(Action("take", 2, quantity=1, after=HOLD)).remaining == 0
    assert uses_taken(world) == 3


def test_a_release_repeated_after_its_hold_lapsed_reports_no_held_uses(world: World) -> None:
    hold = place_hold(world)
    release(world.ledger, hold.redemption_id, "x", NOW, quantity=1, call="first")
    second = release(world.ledger, hold.redemption_id, "y", END, quantity=1, call="first")
    assert (second.status, second.quantity, second.remaining) == (Status.LAPSED, 0, 3)


def test_an_order_can_redeem_again_after_a_release(world: World) -> None:
    first = world.result_of(TAKE_ACTION)
    release(world.ledger, first.redemption_id, "x", NOW)
    second = world.result_of(TAKE_ACTION)
    assert second.redemption_id != first.redemption_id
    assert uses_taken(world) == 2


def test_releasing_a_former_redemption_of_the_same_order_leaves_the_new_one(world: World) -> None:
    first = world.result_of(TAKE_ACTION)
    release(world.ledger, first.redemption_id, "x", NOW)
    world.result_of(TAKE_ACTION)
    assert release(world.ledger, first.redemption_id, "y", NOW).quantity == 0
    assert uses_taken(world) == 2


def test_releasing_a_lapsed_hold_returns_its_uses_once(world: World) -> None:
    hold = place_hold(world)
    answer = release(world.ledger, hold.redemption_id, "x", END)
    assert (answer.status, answer.quantity, answer.remaining) == (Status.LAPSED, 0, 3)
    assert release(world.ledger, hold.redemption_id, "y", END) == answer
    assert uses_taken(world) == 0


def test_remaining_uses_count_lapsed_holds_as_free(world: World) -> None:
    place_hold(world)
    world.result_of(Action("take", 1, quantity=1))
    other = world.result_of(Action("take", 2, quantity=1))
    assert release(world.ledger, other.redemption_id, "x", END).remaining == 3


def test_an_id_names_its_request_and_generation(world: World) -> None:
    ask = RedemptionRequest(order_id="order-0", code="testing1", quantity=2, hold_seconds=HOLD)
    assert place_hold(world).redemption_id == f"{ask.request(b'')}-1"
