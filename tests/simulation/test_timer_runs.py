"""The timer's visits to automatic groups on the model: each in its time, whatever one of them takes."""

import pytest

from guestlist.groups.sync_store import Syncs
from tests.simulation.timer_runs import LARGE, PERIOD, Visited, visits

RUNS = 9
END = RUNS * PERIOD


def played(share: int) -> Visited:
    """Eighteen groups: a pass over the large one takes a run's whole time, a first pass over all others two."""
    return visits(6, 3, 1_000, runs=RUNS, seconds=1, share=share, each=0.001)


def longest(result: Visited) -> float:
    """The longest that a group other than the large one waited for a visit."""
    return result.longest(END, {LARGE})


def test_every_group_is_synced_in_time_despite_a_large_one() -> None:
    result = played(share=100)
    assert longest(result) < 2 * PERIOD + 60
    assert result.longest(END) < 3 * PERIOD + 60
    assert result.passed
    assert result.failures == 0


def test_a_group_that_uses_up_the_timers_time_is_found() -> None:
    assert longest(played(share=1_000)) > 2 * PERIOD + 60


def test_visiting_groups_always_in_the_same_order_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Syncs, "postpone", lambda *_: None)
    monkeypatch.setattr(Syncs, "mark_synced", lambda *_: None)
    assert longest(played(share=1_000)) > 3 * PERIOD
