"""Used, held and free uses, from counters, unfinished steps and notes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guestlist.checkout.counting import (
    STEP_TIMEOUT,
    Counter,
    ReturnStep,
    Step,
    TakeStep,
    Uses,
    balance,
    is_overdue,
    leftover_notes,
    requests_to_verify,
)
from guestlist.checkout.recovery import hold_note
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from tests.unit.checkout.builders import NOW

SPOT = CounterKey("key", "entry")
MINUTE = timedelta(minutes=1)
REDEMPTION = Redemption(
    request="a",
    generation=1,
    attempt="x",
    counter_key=SPOT,
    group_id="list",
    quantity=2,
    limit=9,
    at=NOW,
    status=Status.REDEEMED,
)
HOLD = replace(REDEMPTION, status=Status.HELD, until=NOW + MINUTE)
GIVE = ReturnStep(request="a", generation=1, revision=0, attempt="y", quantity=1, at=NOW)
LATER = NOW + STEP_TIMEOUT


def counted(total: int, *steps: Step, lapsed: Redemption | None = None, open_hold: Redemption | None = None) -> Uses:
    notes = [tuple(filter(None, [hold_note(one)])) if one else () for one in (lapsed, open_hold)]
    counter = Counter(total, {step.request: step for step in steps})
    return Uses(counters={SPOT: counter}, lapsed=notes[0], open=notes[1])


def used_and_held(uses: Uses, *redemptions: Redemption) -> tuple[int, int]:
    counter_balance = balance(uses, SPOT, {one.request: one for one in redemptions}, LATER)
    return counter_balance.used_quantity, counter_balance.held_quantity


def test_an_entry_that_was_never_taken_has_nothing_used() -> None:
    assert balance(Uses(), SPOT, {}, NOW).remaining(5) == 5


def test_uses_of_a_step_count_while_its_attempt_may_be_running() -> None:
    uses = counted(2, TakeStep(redemption=REDEMPTION))
    assert requests_to_verify(uses, NOW + STEP_TIMEOUT - timedelta(microseconds=1)) == set()
    assert requests_to_verify(uses, LATER) == {"a"}


@pytest.mark.parametrize("step", [TakeStep(redemption=replace(HOLD, until=NOW + timedelta(seconds=1)))])
def test_the_ended_hold_of_a_step_is_looked_up_at_once(step: TakeStep) -> None:
    assert not is_overdue(step, NOW)
    assert is_overdue(step, NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("uses", "redemptions", "expected"),
    [
        (counted(2, TakeStep(redemption=REDEMPTION)), (), (2, 0)),
        (counted(2, TakeStep(redemption=REDEMPTION)), (REDEMPTION,), (2, 0)),
        (counted(2, TakeStep(redemption=REDEMPTION)), (replace(REDEMPTION, attempt="other"),), (0, 0)),
        (counted(2, TakeStep(redemption=HOLD)), (), (0, 0)),
        (counted(2, TakeStep(redemption=HOLD), lapsed=HOLD), (HOLD,), (0, 0)),
        (counted(2, TakeStep(redemption=replace(HOLD, until=LATER + MINUTE))), (), (2, 0)),
        (counted(2, GIVE), (REDEMPTION,), (2, 0)),
        (counted(2, GIVE), (replace(REDEMPTION, returned=1, committed_return=GIVE.name),), (1, 0)),
    ],
    ids=[
        "nobody-recorded-it",
        "recorded",
        "another-attempt-was-quicker",
        "a-hold-nobody-recorded-has-ended",
        "a-recorded-hold-has-ended",
        "a-hold-nobody-recorded-still-holds",
        "not-agreed-to",
        "agreed-to",
    ],
)
def test_an_unfinished_step_counts_as_its_eventual_result(
    uses: Uses, redemptions: tuple[Redemption, ...], expected: tuple[int, int]
) -> None:
    assert used_and_held(uses, *redemptions) == expected


@pytest.mark.parametrize(
    ("redemption", "expected"),
    [
        (HOLD, (3, 0)),
        (replace(HOLD, returned=1), (4, 0)),
        (replace(HOLD, status=Status.REDEEMED), (5, 0)),
        (replace(HOLD, status=Status.LAPSED), (5, 0)),
        (replace(HOLD, generation=2), (5, 0)),
        (replace(HOLD, attempt="other"), (5, 0)),
    ],
    ids=["still-held", "part-of-it", "confirmed", "given-back", "taken-anew", "of-another-attempt"],
)
def test_a_note_of_a_lapsed_hold_counts_as_what_its_redemption_says(
    redemption: Redemption, expected: tuple[int, int]
) -> None:
    assert used_and_held(counted(5, lapsed=HOLD), redemption) == expected


def test_open_holds_are_held_and_the_rest_is_used() -> None:
    assert used_and_held(counted(5, open_hold=replace(HOLD, until=LATER + MINUTE))) == (3, 2)


@pytest.mark.parametrize(
    ("redemption", "expected"),
    [
        (HOLD, False),
        (replace(HOLD, status=Status.REDEEMED), True),
        (replace(HOLD, generation=2), True),
        (replace(HOLD, generation=0), False),
        (replace(HOLD, attempt="other"), True),
    ],
)
def test_a_note_is_left_over_once_its_hold_has_ended(redemption: Redemption, expected: bool) -> None:
    assert bool(leftover_notes(counted(2, lapsed=HOLD), {"a": redemption})) is expected


def test_a_note_without_a_known_redemption_is_not_left_over() -> None:
    assert leftover_notes(counted(2, lapsed=HOLD), {}) == []
