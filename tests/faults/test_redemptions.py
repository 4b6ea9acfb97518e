"""A checkout's call that is broken off after any of its steps, or whose answers are lost, and is then made again."""

from collections.abc import Iterator, Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

import pytest

from guestlist.aws.dynamodb import RequestRefused
from guestlist.aws.table import Table
from guestlist.checkout.ledger import Ledger
from tests.engines.tables import new_table
from tests.fakes.checkouts import HOLD, LATER, Action, World
from tests.fakes.interleaving import Died, Interleaving, LostAnswer
from tests.fakes.ledger import FakeLedger
from tests.faults.faulty_network import THROTTLED, TRUNCATED, UNANSWERED, FaultyNetwork, faulty_network

TAKE = Action("take", quantity=2)
HOLD_ACTION = Action("take", quantity=2, hold=HOLD)
CASES = {
    # What was done before, what is done and broken off, and what is taken in the end.
    "redeem": ([], TAKE, 2),
    "hold": ([], HOLD_ACTION, 2),
    "redeem-what-another-let-lapse": ([Action("take", 1, 2, HOLD)], Action("take", quantity=2, after=HOLD), 2),
    "redeem-what-lapsed-itself": ([HOLD_ACTION], Action("take", quantity=2, after=HOLD), 2),
    "redeem-what-was-released": ([TAKE, Action("release", quantity=2)], TAKE, 2),
    "confirm": ([HOLD_ACTION], Action("confirm", quantity=2), 2),
    "release-a-hold": ([HOLD_ACTION], Action("release", quantity=1, call="a"), 1),
    "release-all-of-a-hold": ([HOLD_ACTION], Action("release", quantity=2, call="a"), 0),
    "release-some": ([TAKE], Action("release", quantity=1, call="a"), 1),
    "release-what-was-confirmed": (
        [HOLD_ACTION, Action("confirm", quantity=2)],
        Action("release", quantity=1, call="a"),
        1,
    ),
    "release-what-lapsed": ([HOLD_ACTION], Action("release", quantity=2, call="a", after=HOLD), 0),
}
cases = pytest.mark.parametrize(("past", "action", "expected"), CASES.values(), ids=CASES)


def outcome_and_steps(
    world: World, past: list[Action], action: Action, fates: Mapping[int, str] = MappingProxyType({})
) -> tuple[Any, int]:
    """The outcome of an action after a past, with these fates at its steps, and the number of its steps."""
    world.does(*past)
    number = count()
    orderly = Interleaving(lambda _: (0, fates.get(next(number), "")), world.never_too_many)
    (outcome,) = orderly.run(world.flow(action))
    return outcome, next(number)


@cases
@pytest.mark.parametrize("fate", Interleaving.FATES[1:])
def test_a_repeated_call_counts_once(past: list[Action], action: Action, expected: int, fate: str) -> None:
    _, steps = outcome_and_steps(World(FakeLedger()), past, action)
    for step in range(steps):
        world = World(FakeLedger())
        outcome, _ = outcome_and_steps(world, past, action, {step: fate})
        assert not isinstance(outcome, BaseException) or isinstance(outcome, Died | LostAnswer)
        world.result_of(action)
        assert sum(uses for uses, _ in map(world.sums, world.rows)) == expected, f"step {step}"
        world.mended(LATER)
        world.exact(LATER)


@pytest.fixture(params=[f"{engine}-{by}" for engine in ("ministack", "dynalite") for by in ("boto3", "own")])
def storm(request: pytest.FixtureRequest) -> Iterator[tuple[FaultyNetwork, Table]]:
    """A faulty network before a table, on each engine and by each adapter."""
    engine, by = request.param.split("-")
    address = request.getfixturevalue(engine)
    with faulty_network(address) as (network, through):
        yield network, new_table(address, by, through)


@pytest.mark.parametrize("fate", [UNANSWERED, THROTTLED, TRUNCATED])
@pytest.mark.parametrize("case", ["redeem", "hold", "redeem-what-another-let-lapse", "confirm", "release-some"])
def test_a_write_that_the_client_retries_counts_once(storm: tuple[FaultyNetwork, Table], case: str, fate: str) -> None:
    past, action, expected = CASES[case]
    network, table = storm
    write, writes = 0, 1
    while write < writes:
        world = World(Ledger(table, f"org-{write}"), org=f"org-{write}")
        world.does(*past)
        network.schedule({write: fate})
        world.result_of(action)
        writes = max(writes, network.requests - 1)
        world.exact(action.now)
        assert sum(uses for uses, _ in map(world.sums, world.rows)) == expected, f"write {write}"
        write += 1
    assert writes > 1


def test_a_redemption_of_a_throttled_table_takes_nothing(storm: tuple[FaultyNetwork, Table]) -> None:
    network, table = storm
    world = World(Ledger(table, "demo"))
    network.operations = ("UpdateItem",)
    network.schedule(dict.fromkeys(range(100), THROTTLED))
    (outcome,) = world.does(TAKE)
    assert isinstance(outcome, RequestRefused)
    assert world.sums(world.rows[0]) == (0, 0)
