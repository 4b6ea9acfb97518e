"""Holds of entries with few uses are recorded by their step, without a note."""

from datetime import datetime, timedelta

import pytest

from guestlist.checkout.counting import STEP_TIMEOUT, ReturnStep, balance, requests_to_verify
from guestlist.checkout.holds import confirm, release
from guestlist.checkout.recovery import complete_overdue_steps, complete_step
from guestlist.checkout.redemption import MAX_QUANTITY_WITH_STEPS, Redemption, Status
from guestlist.checkout.release import return_lapsed_hold
from guestlist.groups.index import IndexedGroup
from tests.fakes.checkouts import KEYED_LIST, LIST, Action, World
from tests.fakes.ledger import FakeLedger
from tests.unit.checkout.builders import NOW

LONG = 3600
HOLD_ACTION = Action("take", quantity=1, hold=LONG)
END = NOW + timedelta(seconds=LONG)
LATER = NOW + 2 * STEP_TIMEOUT


@pytest.fixture(params=[LIST, KEYED_LIST], ids=["earlier", "new"])
def world(request: pytest.FixtureRequest) -> World:
    return World(FakeLedger(), (MAX_QUANTITY_WITH_STEPS, 1), owner=request.param)


def used_and_held(world: World, now: object) -> tuple[int, int]:
    """The used and held quantity of both rows."""
    uses = world.uses(now)  # type: ignore[arg-type]
    redemptions = world.ledger.redemptions(requests_to_verify(uses, now))  # type: ignore[arg-type]
    balances = [balance(uses, row.counter_key, redemptions, now) for row in world.rows]  # type: ignore[arg-type]
    return sum(one.used_quantity for one in balances), sum(one.held_quantity for one in balances)


def redemption(world: World) -> Redemption:
    record = world.ledger.redemption(HOLD_ACTION.ask.request(b""))
    assert record
    return record


@pytest.mark.parametrize("now", [NOW, LATER])
def test_a_hold_of_an_entry_with_few_uses_has_a_step_and_no_note(world: World, now: object) -> None:
    world.result_of(HOLD_ACTION)
    assert (len(list(world.uses(NOW).steps())), world.ledger.notes) == (1, {})
    assert used_and_held(world, now) == (0, 1)


def test_the_step_of_an_open_hold_stays_when_others_complete_overdue_steps(world: World) -> None:
    world.result_of(HOLD_ACTION)
    world.result_of(Action("take", 1, after=120))
    complete_overdue_steps(world.ledger, world.uses(LATER), LATER)
    assert used_and_held(world, LATER) == (1, 1)


@pytest.mark.parametrize("now", [NOW, LATER, END])
def test_a_confirmed_hold_is_used_at_once(world: World, now: datetime) -> None:
    confirm(world.ledger, world.result_of(HOLD_ACTION).redemption_id, NOW)
    assert used_and_held(world, now) == (1, 0)
    world.exact(now)


@pytest.mark.parametrize(("owner", "step_count"), [(LIST, 0), (KEYED_LIST, 1)])
def test_a_confirmed_hold_of_a_new_list_keeps_its_step_until_a_later_redemption(
    owner: IndexedGroup, step_count: int
) -> None:
    world = World(FakeLedger(), (MAX_QUANTITY_WITH_STEPS, 1), owner=owner)
    confirm(world.ledger, world.result_of(HOLD_ACTION).redemption_id, NOW)
    assert len(list(world.uses(NOW).steps())) == step_count
    complete_overdue_steps(world.ledger, world.uses(LATER), LATER)
    assert list(world.uses(NOW).steps()) == []
    world.never_too_many()


@pytest.mark.parametrize("met", [False, True])
def test_a_confirmed_hold_is_released_in_part_and_then_whole(world: World, *, met: bool) -> None:
    redemption_id = world.result_of(Action("take", quantity=2, hold=LONG)).redemption_id
    confirm(world.ledger, redemption_id, NOW)
    if met:
        complete_overdue_steps(world.ledger, world.uses(LATER), LATER)
    assert release(world.ledger, redemption_id, "x", LATER, quantity=1).remaining == 1
    assert used_and_held(world, LATER) == (1, 0)
    assert release(world.ledger, redemption_id, "y", LATER).remaining == 2
    world.exact(LATER)


def test_uses_of_a_lapsed_hold_are_free_and_redeemed_by_others(world: World) -> None:
    world.result_of(Action("take", quantity=MAX_QUANTITY_WITH_STEPS, hold=LONG))
    assert used_and_held(world, END) == (0, 0)
    assert world.result_of(Action("take", 1, quantity=MAX_QUANTITY_WITH_STEPS, after=LONG)).remaining == 0
    world.exact(END)


def test_a_full_release_replaces_the_step(world: World) -> None:
    answer = release(world.ledger, world.result_of(HOLD_ACTION).redemption_id, "x", NOW)
    assert (answer.status, answer.remaining) == (Status.RELEASED, 1)
    world.exact(NOW)


def test_a_partial_release_leaves_a_note_of_the_rest(world: World) -> None:
    hold = world.result_of(Action("take", quantity=2, hold=LONG))
    assert release(world.ledger, hold.redemption_id, "x", NOW, quantity=1).quantity == 1
    assert used_and_held(world, LATER) == (0, 1)
    assert world.result_of(Action("take", 1, quantity=2, after=LONG)).remaining == 0
    world.exact(END)


def test_an_abandoned_release_leaves_a_note_in_place_of_the_step(world: World) -> None:
    world.result_of(HOLD_ACTION)
    record = redemption(world)
    ((counter_key, step),) = world.uses(NOW).steps()
    give = ReturnStep(request=record.request, generation=1, revision=0, attempt="dead", quantity=1, at=NOW)
    assert world.ledger.begin_return(counter_key, give, world.ledger.counter(counter_key), replaced=step)
    complete_step(world.ledger, counter_key, give)
    assert used_and_held(world, LATER) == (0, 1)
    (hold,) = world.ledger.notes.values()
    return_lapsed_hold(world.ledger, hold, "timer", END)
    world.exact(END)
