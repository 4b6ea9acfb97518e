"""Concurrent checkouts, interrupted anywhere: no use is counted twice, and none is lost."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guestlist.aws.table import Table
from guestlist.checkout.ledger import Ledger
from guestlist.model.errors import GuestlistError
from tests.fakes.checkouts import HOLD, KEYED_LIST, LATER, LIST, Action, World
from tests.fakes.interleaving import Died, Interleaving, LostAnswer
from tests.fakes.ledger import FakeLedger
from tests.unit.checkout.builders import NOW

takes = st.builds(
    Action,
    kind=st.just("take"),
    order=st.integers(0, 1),
    quantity=st.integers(1, 2),
    hold=st.sampled_from([None, HOLD]),
    after=st.sampled_from([0, HOLD]),
)
changes = st.builds(
    Action,
    kind=st.sampled_from(["confirm", "release"]),
    order=st.integers(0, 1),
    quantity=st.integers(1, 2),
    after=st.sampled_from([0, HOLD]),
)
pasts = st.lists(takes, max_size=2)
plans = st.lists(takes | changes, min_size=2, max_size=4)
rows = st.fixed_dictionaries(
    {
        "quantities": st.tuples(st.integers(1, 3), st.integers(1, 2)),
        "owner": st.sampled_from([LIST, KEYED_LIST]),
    }
)
storms = st.dictionaries(st.integers(0, 40), st.sampled_from(Interleaving.FATES[1:]), min_size=1, max_size=3)
Fates = dict[int, str]


def chooser(data: st.DataObject, fates: Fates) -> Callable[[int], tuple[int, str]]:
    """Any order of steps; `fates` says which of them go wrong, and how."""
    number = count()
    return lambda going: (data.draw(st.integers(0, going - 1)), fates.get(next(number), ""))


def play(world: World, past: list[Action], plan: list[Action], choose: Callable[[int], tuple[int, str]]) -> None:
    world.does(*past)
    results = Interleaving(choose, world.never_too_many).run(*map(world.flow, plan))
    assert [one for one in results if isinstance(one, BaseException) and not foreseen(one)] == []
    world.mended(LATER)
    world.exact(LATER)


def foreseen(error: Any) -> bool:
    return isinstance(error, GuestlistError | Died | LostAnswer)


@pytest.mark.behaviour(42)
@settings(max_examples=500, deadline=None)
@given(past=pasts, plan=plans, of=rows, data=st.data())
def test_no_interleaving_redeems_too_many_uses_or_leaves_a_step(
    past: list[Action], plan: list[Action], of: dict[str, Any], data: st.DataObject
) -> None:
    play(World(FakeLedger(), **of), past, plan, chooser(data, {}))


@settings(max_examples=500, deadline=None)
@given(past=pasts, plan=plans, of=rows, fates=storms, data=st.data())
def test_after_crashes_and_lost_responses_recovery_makes_all_counts_exact(
    past: list[Action], plan: list[Action], of: dict[str, Any], fates: Fates, data: st.DataObject
) -> None:
    play(World(FakeLedger(), **of), past, plan, chooser(data, fates))


@settings(max_examples=500, deadline=None)
@given(past=pasts, plan=plans, of=rows, late=st.sets(st.integers(0, 40), min_size=1), data=st.data())
def test_late_copies_of_requests_never_free_a_redeemed_use(
    past: list[Action], plan: list[Action], of: dict[str, Any], late: set[int], data: st.DataObject
) -> None:
    world = World(FakeLedger(), **of)
    world.does(*past)
    choose = chooser(data, dict.fromkeys(late, Interleaving.ECHOES))
    play = Interleaving(choose, world.never_too_many)
    play.run(*map(world.flow, plan))
    for echo in play.echoes:
        echo()
        world.mended(NOW)
        world.never_too_many()


@pytest.mark.behaviour(42)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=pasts, plan=plans, of=rows, fates=storms | st.just({}), number=st.uuids(), data=st.data())
def test_the_interleavings_are_exact_on_the_table_too(
    table: Table,
    past: list[Action],
    plan: list[Action],
    of: dict[str, Any],
    fates: Fates,
    number: object,
    data: st.DataObject,
) -> None:
    world = World(Ledger(table, f"{number}"), org=f"{number}", **of)
    play(world, past, plan, chooser(data, fates))
