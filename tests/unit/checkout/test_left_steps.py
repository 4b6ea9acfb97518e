"""Redemptions of entries with few uses leave their step on the counter, and a later call ends it."""

from dataclasses import replace
from datetime import datetime

import pytest

from guestlist.checkout.counting import STEP_TIMEOUT, ReturnStep, TakeStep, balance, requests_to_verify
from guestlist.checkout.holds import confirm, release
from guestlist.checkout.recovery import complete_overdue_steps, complete_step
from guestlist.checkout.redemption import MAX_QUANTITY_WITH_STEPS, Redemption
from tests.fakes.checkouts import KEYED_LIST, LIST, Action, World
from tests.fakes.ledger import FakeLedger
from tests.unit.checkout.builders import NOW

USED = Action("take", quantity=MAX_QUANTITY_WITH_STEPS)
LATER = NOW + STEP_TIMEOUT


@pytest.fixture(params=[LIST, KEYED_LIST], ids=["earlier", "new"])
def world(request: pytest.FixtureRequest) -> World:
    return World(FakeLedger(), (MAX_QUANTITY_WITH_STEPS, 1), owner=request.param)


def used(world: World, now: datetime) -> int:
    uses = world.uses(now)
    redemptions = world.ledger.redemptions(requests_to_verify(uses, now))
    return sum(balance(uses, row.counter_key, redemptions, now).used_quantity for row in world.rows)


def steps(world: World) -> int:
    return len(list(world.uses(NOW).steps()))


def redemption(world: World) -> Redemption:
    record = world.ledger.redemption(USED.ask.request(b""))
    assert record
    return record


@pytest.mark.parametrize("now", [NOW, LATER])
def test_a_redemption_of_an_entry_with_few_uses_keeps_its_step(world: World, now: datetime) -> None:
    world.result_of(USED)
    assert (steps(world), used(world, now)) == (1, 2)


def test_a_redemption_of_an_entry_with_more_uses_ends_its_step_at_once() -> None:
    world = World(FakeLedger(), (MAX_QUANTITY_WITH_STEPS + 1, 1))
    world.result_of(USED)
    assert (steps(world), used(world, NOW)) == (0, 2)


def test_a_later_reader_ends_the_remaining_step(world: World) -> None:
    world.result_of(USED)
    complete_overdue_steps(world.ledger, world.uses(LATER), LATER)
    assert (steps(world), used(world, LATER)) == (0, 2)
    world.exact(LATER)


def test_others_redeem_the_remaining_uses_and_no_more(world: World) -> None:
    world.result_of(Action("take"))
    assert world.result_of(Action("take", 1, quantity=2, after=120)).remaining == 0
    (outcome,) = world.does(Action("take", 2, after=240))
    assert getattr(outcome, "code", None) == "used_up"


@pytest.mark.parametrize("met", [False, True])
def test_a_redemption_is_released_in_part_and_then_whole(world: World, *, met: bool) -> None:
    redemption_id = world.result_of(USED).redemption_id
    if met:
        complete_overdue_steps(world.ledger, world.uses(LATER), LATER)
    assert release(world.ledger, redemption_id, "x", LATER, quantity=1).remaining == 1
    assert (steps(world), used(world, LATER)) == (0, 1)
    assert release(world.ledger, redemption_id, "y", LATER).remaining == 2
    world.exact(LATER)


def test_an_abandoned_release_leaves_all_uses_redeemed(world: World) -> None:
    world.result_of(USED)
    ((counter_key, step),) = world.uses(NOW).steps()
    give = ReturnStep(request=step.request, generation=1, revision=0, attempt="dead", quantity=2, at=NOW)
    assert world.ledger.begin_return(counter_key, give, world.ledger.counter(counter_key), replaced=step)
    complete_step(world.ledger, counter_key, give)
    assert (steps(world), used(world, LATER)) == (0, 2)
    assert release(world.ledger, redemption(world).redemption_id, "x", LATER).remaining == 2
    world.exact(LATER)


def test_uses_taken_by_another_attempt_of_the_request_are_free(world: World) -> None:
    world.result_of(USED)
    stray = replace(redemption(world), attempt="dead", counter_key=world.rows[1].counter_key, quantity=1)
    assert world.ledger.begin_take(TakeStep(stray))
    assert (used(world, NOW), used(world, LATER)) == (3, 2)
    complete_overdue_steps(world.ledger, world.uses(LATER), LATER)
    world.exact(LATER)


def test_confirming_a_redemption_that_was_no_hold_leaves_its_step(world: World) -> None:
    redemption_id = world.result_of(USED).redemption_id
    assert confirm(world.ledger, redemption_id, LATER).quantity == 2
    assert (steps(world), used(world, LATER)) == (1, 2)
