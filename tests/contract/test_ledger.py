"""The ledger of the checkout: in memory, in the table on both engines, and on the model it behaves the same."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.aws.keys import Key, counter
from guestlist.aws.table import Table
from guestlist.checkout.counter_sharding import MAX_STEPS, Bound
from guestlist.checkout.counting import Counter, HoldNote, ReturnStep, TakeStep, return_slot
from guestlist.checkout.ledger import FIRST_HOLDS, MAX_COUNTERS_PER_QUERY, Ledger
from guestlist.checkout.ledger_items import former_step_text
from guestlist.checkout.ports import Ledger as Port
from guestlist.checkout.recovery import hold_note
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.lists.entry import Entry
from tests.engines.tables import new_table
from tests.fakes.ledger import FakeLedger
from tests.simulation.network import Model
from tests.unit.checkout.builders import NOW

SPOT = CounterKey(*counter("demo", "group", Entry("testing1").identity, b""))
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["fake", "model", "ministack-boto3", "ministack-own", "dynalite-boto3", "dynalite-own"])
def ledger(request: pytest.FixtureRequest) -> Iterator[Port]:
    if request.param == "fake":
        return FakeLedger()
    if request.param == "model":
        return Ledger(Model().table(), "demo")
    engine, by = request.param.split("-")
    return Ledger(new_table(request.getfixturevalue(engine), by), "demo")


def a_redemption(request: str = "a", quantity: int = 1, *, hold: timedelta | None = None, **more: Any) -> Redemption:
    facts = {
        "generation": 1,
        "attempt": f"try-{request}",
        "limit": 3,
        "at": NOW,
        "counter_key": SPOT,
        "group_id": "group",
    }
    facts["status"] = Status.REDEEMED if hold is None else Status.HELD
    facts["until"] = None if hold is None else NOW + hold
    return Redemption(request=request, quantity=quantity, **(facts | more))


def take(*args: Any, **more: Any) -> TakeStep:
    return TakeStep(redemption=a_redemption(*args, **more))


def give(request: str = "a", quantity: int = 1, revision: int = 0) -> ReturnStep:
    return ReturnStep(request=request, generation=1, revision=revision, attempt="give", quantity=quantity, at=NOW)


# Counters


def test_an_unused_counter_is_at_zero(ledger: Port) -> None:
    assert ledger.counter(SPOT) == Counter()


def test_a_take_raises_the_counter_and_its_step_stays_until_it_ends(ledger: Port) -> None:
    one = take("a", 2, hold=MINUTE)
    assert ledger.begin_take(one) == ledger.counter(SPOT) == Counter(2, {"a": one})
    assert ledger.end_step(SPOT, one)
    assert ledger.counter(SPOT) == Counter(2)


@pytest.mark.behaviour(42)
@pytest.mark.parametrize(("first", "second"), [(3, 1), (2, 2), (1, 3)])
def test_no_more_is_taken_than_the_limit(ledger: Port, first: int, second: int) -> None:
    assert ledger.begin_take(take("a", first))
    assert ledger.begin_take(take("b", second)) is None
    assert ledger.counter(SPOT).uses_taken == first


def test_a_first_take_over_the_limit_is_refused(ledger: Port) -> None:
    assert ledger.begin_take(take("a", 4)) is None
    assert ledger.counter(SPOT).uses_taken == 0


def test_a_request_takes_once_while_its_step_is_unfinished(ledger: Port) -> None:
    assert ledger.begin_take(take("a"))
    assert ledger.begin_take(take("a", attempt="another")) is None
    assert ledger.counter(SPOT).uses_taken == 1


def test_ending_a_step_may_return_its_uses(ledger: Port) -> None:
    one = take("a", 2)
    ledger.begin_take(one)
    assert ledger.end_step(SPOT, one, returned=2)
    assert ledger.counter(SPOT) == Counter(0, returns={return_slot("a"): 1})


def test_a_step_ends_once(ledger: Port) -> None:
    one = take("a", 2)
    ledger.begin_take(one)
    ledger.end_step(SPOT, one, returned=1)
    assert not ledger.end_step(SPOT, one, returned=1)
    assert ledger.counter(SPOT).uses_taken == 1


@pytest.mark.parametrize(
    "other",
    [take("a", attempt="another"), take("a", generation=2), take("b"), give("a")],
    ids=["attempt", "generation", "request", "kind"],
)
def test_only_the_present_step_can_be_ended(ledger: Port, other: TakeStep | ReturnStep) -> None:
    ledger.begin_take(take("a"))
    assert not ledger.end_step(SPOT, other, returned=1)
    assert ledger.counter(SPOT) == Counter(1, {"a": take("a")})


def test_beginning_a_release_returns_no_uses_yet(ledger: Port) -> None:
    one = take("a", 2)
    ledger.begin_take(one)
    ledger.end_step(SPOT, one)
    assert ledger.begin_return(SPOT, give(), ledger.counter(SPOT))
    assert not ledger.begin_return(SPOT, give(revision=1), ledger.counter(SPOT))
    assert ledger.counter(SPOT) == Counter(2, {"a": give()})


def test_a_release_is_begun_once_however_late_its_repeat_arrives(ledger: Port) -> None:
    for number in range(1, 3):
        ledger.begin_take(take("a", attempt=f"{number}"))
        ledger.end_step(SPOT, take("a", attempt=f"{number}"))
        read, step = ledger.counter(SPOT), give("a")._replace(attempt=f"{number}")
        assert ledger.begin_return(SPOT, step, read)
        assert ledger.end_step(SPOT, step, returned=1)
        assert not ledger.begin_return(SPOT, step, read)
        assert ledger.counter(SPOT) == Counter(0, returns={return_slot("a"): number})
    assert ledger.begin_return(SPOT, give("a"), ledger.counter(SPOT))


def test_a_release_replaces_only_the_step_that_it_names(ledger: Port) -> None:
    ledger.begin_take(take("a", 2))
    read = ledger.counter(SPOT)
    assert not ledger.begin_return(SPOT, give(), read, take("a", 2, attempt="another"))
    assert ledger.begin_return(SPOT, give(), read, take("a", 2))
    assert ledger.counter(SPOT) == Counter(2, {"a": give()})
    assert not ledger.begin_return(SPOT, give(), read, take("a", 2))


def test_an_abandoned_step_may_be_begun_again(ledger: Port) -> None:
    ledger.begin_take(take("a"))
    ledger.end_step(SPOT, take("a"))
    read = ledger.counter(SPOT)
    assert ledger.begin_return(SPOT, give("a"), read)
    assert ledger.end_step(SPOT, give("a"))
    assert ledger.begin_return(SPOT, give("a"), read)


def test_the_number_of_steps_on_a_counter_is_limited(ledger: Port) -> None:
    steps = [take(f"r{number}", limit=99) for number in range(MAX_STEPS)]
    assert all(ledger.begin_take(step) for step in steps)
    assert ledger.begin_take(take("late", limit=99)) is None
    assert not ledger.begin_return(SPOT, give("late"), ledger.counter(SPOT))
    assert ledger.end_step(SPOT, steps[0])
    assert ledger.begin_return(SPOT, give("late"), ledger.counter(SPOT))


def test_a_step_that_an_earlier_version_began_is_read_and_ended(table: Table) -> None:
    ledger, one = Ledger(table, "demo"), take("a", 2, hold=MINUTE)
    key = Key(*SPOT)
    table.put({**key._asdict(), "taken": 2, "s_a": former_step_text(one), "s_b": former_step_text(give("b"))})
    assert ledger.counter(SPOT) == Counter(2, {"a": one, "b": give("b")})
    assert ledger.end_step(SPOT, one, returned=2)
    assert ledger.end_step(SPOT, give("b"))
    assert ledger.counter(SPOT) == Counter(0, returns={return_slot("a"): 1})


# Parts


def test_a_counter_is_split_once_and_only_with_enough_free_uses(ledger: Port) -> None:
    ledger.begin_take(take("a", limit=30))
    assert not ledger.split_counter(SPOT, 4, 28)
    assert ledger.split_counter(SPOT, 4, 29)
    assert not ledger.split_counter(SPOT, 1, 29)
    assert ledger.counter(SPOT).share == 4


def test_a_take_from_a_counter_whose_share_or_cap_changed_is_refused(ledger: Port) -> None:
    part = SPOT.parts[0]
    ledger.begin_take(take("a"))
    ledger.split_counter(SPOT, 4, 40)
    assert ledger.begin_take(take("b"), Bound(SPOT, 40)) is None
    assert ledger.begin_take(take("b"), Bound(SPOT, 12, share=4))
    one = take("c", counter_key=part)
    assert ledger.begin_take(one, Bound(part, 4))
    assert ledger.cap_counter(part, ledger.counter(part))
    assert ledger.begin_take(take("d", counter_key=part), Bound(part, 4)) is None
    assert ledger.begin_take(take("d", counter_key=part), Bound(part, 1, cap=1)) is None
    ledger.end_step(part, one, returned=1)
    assert ledger.begin_take(take("d", counter_key=part), Bound(part, 1, cap=1))


def test_a_part_is_capped_only_if_it_is_unchanged_since_it_was_read(ledger: Port) -> None:
    part = SPOT.parts[2]
    assert ledger.cap_counter(part, Counter())
    assert not ledger.cap_counter(part, Counter())
    assert not ledger.cap_counter(part, Counter(1, cap=0))
    assert ledger.counter(part) == Counter(0, cap=0)


def test_uses_include_those_counted_in_parts(ledger: Port) -> None:
    part = SPOT.parts[6]
    ledger.begin_take(take("a"))
    ledger.split_counter(SPOT, 4, 40)
    ledger.begin_take(take("b", 2, counter_key=part), Bound(part, 4))
    hold = hold_note(a_redemption("c", hold=MINUTE, counter_key=part))
    assert hold is not None
    ledger.save_hold_note(hold)
    uses = ledger.uses(SPOT.partition, NOW)
    assert uses.uses_taken(SPOT) == 3
    assert uses.open == (hold,)
    assert {step.request for _, step in uses.steps()} == {"a", "b"}


def test_returned_uses_can_be_redeemed_again(ledger: Port) -> None:
    for request in "abcdef":
        one = take(request, 3)
        assert ledger.begin_take(one)
        ledger.end_step(SPOT, one, returned=3)
    assert (ledger.counter(SPOT).uses_taken, ledger.counter(SPOT).steps) == (0, {})


# Redemptions


def test_a_recorded_redemption_is_read_back(ledger: Port) -> None:
    one = a_redemption("a", 2, hold=MINUTE, remaining=1, calls=("x",), committed_return="1.0.give", returned=1)
    assert ledger.redemption("a") is None
    assert ledger.create_redemption(one)
    assert ledger.redemption("a") == one
    assert ledger.redemptions(["a", "b"]) == {"a": one}


@pytest.mark.parametrize(
    ("status", "generation", "stays"),
    [
        (Status.REDEEMED, 2, False),
        (Status.HELD, 2, False),
        (Status.RELEASED, 2, True),
        (Status.LAPSED, 2, True),
        (Status.RELEASED, 1, False),
        (Status.RELEASED, 3, False),
    ],
)
def test_only_the_next_generation_replaces_an_ended_one(
    ledger: Port, status: Status, generation: int, stays: bool
) -> None:
    ledger.create_redemption(a_redemption("a", status=status))
    following = a_redemption("a", generation=generation, attempt="next")
    assert ledger.create_redemption(following) is stays
    assert ledger.redemption("a") == (following if stays else a_redemption("a", status=status))


def test_a_redemption_is_revised_one_step_at_a_time(ledger: Port) -> None:
    ledger.create_redemption(a_redemption("a"))
    assert ledger.update_redemption(a_redemption("a", status=Status.RELEASED))
    assert not ledger.update_redemption(a_redemption("a", status=Status.LAPSED))
    assert ledger.redemption("a") == a_redemption("a", status=Status.RELEASED, revision=1)


def test_another_generation_is_not_revised(ledger: Port) -> None:
    ledger.create_redemption(a_redemption("a", status=Status.RELEASED))
    ledger.create_redemption(a_redemption("a", generation=2))
    assert not ledger.update_redemption(a_redemption("a"))


def test_an_unknown_redemption_is_not_revised(ledger: Port) -> None:
    assert not ledger.update_redemption(a_redemption("a"))
    assert ledger.redemption("a") is None


# Notes of holds


def test_notes_are_lapsed_or_open_by_their_ends(ledger: Port) -> None:
    holds = {minutes: hold_note(a_redemption(f"r{minutes}", hold=minutes * MINUTE)) for minutes in (3, 1, 2)}
    for hold in holds.values():
        assert hold is not None
        ledger.save_hold_note(hold)
    uses = ledger.uses(SPOT.partition, NOW + 2 * MINUTE)
    assert uses.lapsed == (holds[1], holds[2])
    assert uses.open == (holds[3],)


def test_deleting_a_note_keeps_the_others(ledger: Port) -> None:
    first, second = (
        hold_note(a_redemption("a", hold=MINUTE)),
        hold_note(a_redemption("a", hold=MINUTE, attempt="another")),
    )
    assert first is not None
    assert second is not None
    ledger.save_hold_note(first)
    ledger.save_hold_note(second)
    ledger.delete_hold_note(first)
    ledger.delete_hold_note(first)
    assert ledger.uses(SPOT.partition, NOW).open == (second,)


def test_a_note_replaces_the_former_one_of_its_hold(ledger: Port) -> None:
    hold = hold_note(a_redemption("a", 3, hold=MINUTE))
    assert hold is not None
    ledger.save_hold_note(hold)
    ledger.save_hold_note(replace(hold, quantity=1))
    assert [note.quantity for note in ledger.uses(SPOT.partition, NOW).open] == [1]


def test_only_the_first_open_holds_are_read_unless_all_are_requested(ledger: Port) -> None:
    for number in range(30):
        hold = hold_note(a_redemption(f"r{number:02d}", hold=(number + 1) * MINUTE))
        assert hold is not None
        ledger.save_hold_note(hold)
    some = ledger.uses(SPOT.partition, NOW)
    assert some.has_more
    assert [hold.request for hold in some.open] == [f"r{number:02d}" for number in range(25)]
    whole = ledger.uses(SPOT.partition, NOW, whole=True)
    assert not whole.has_more
    assert len(whole.open) == 30


def test_all_counters_of_a_key_are_read_and_no_others(ledger: Port) -> None:
    entries = [Entry("testing1", seat="North-1"), Entry("testing1", category="Section2"), Entry("other")]
    spots = [CounterKey(*counter("demo", group, one.identity, b"")) for one in entries for group in ("g1", "g2")]
    for number, counter_key in enumerate(spots):
        ledger.begin_take(take(f"r{number}", counter_key=counter_key))
    assert set(ledger.uses(spots[0].partition, NOW).counters) == set(spots[:4])


# Together


def test_of_concurrent_takes_exactly_the_limit_succeed(request: pytest.FixtureRequest, engine: str) -> None:
    ledger = Ledger(new_table(request.getfixturevalue(engine)), "demo")
    with ThreadPoolExecutor(32) as pool:
        redemptions = list(pool.map(lambda number: ledger.begin_take(take(f"r{number}", limit=9)), range(64)))
    assert sum(one is not None for one in redemptions) == ledger.counter(SPOT).uses_taken == 9


@pytest.fixture(params=["ministack", "dynalite"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.parametrize(
    "counters",
    [0, 1, MAX_COUNTERS_PER_QUERY, MAX_COUNTERS_PER_QUERY + FIRST_HOLDS, MAX_COUNTERS_PER_QUERY + FIRST_HOLDS + 5],
)
def test_a_single_query_reads_few_counters_like_two_queries(
    request: pytest.FixtureRequest, engine: str, counters: int
) -> None:
    table = new_table(request.getfixturevalue(engine))
    ledger, partition = Ledger(table, "demo"), SPOT.partition
    table.put_many({"pk": partition, "sk": f"C#{number:03d}", "taken": 1} for number in range(counters))
    for number in range(FIRST_HOLDS + 5):
        until = NOW + (number - 2) * MINUTE
        ledger.save_hold_note(
            HoldNote(counter_key=SPOT, request=f"{number}", generation=1, attempt="a", quantity=1, until=until)
        )
    one, two = (table.read(ledger.reading(partition, NOW, single_query=single_query)) for single_query in (True, False))
    assert (one.counters, one.lapsed, len(one.counters)) == (two.counters, two.lapsed, counters)
    first = min(len(one.open), FIRST_HOLDS)
    assert one.open[:first] == two.open[:first]
    assert one.has_more or len(one.open) == FIRST_HOLDS + 2
