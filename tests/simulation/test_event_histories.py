"""Histories of an event's places on the model: nothing is given twice, counted twice or lost."""

from dataclasses import replace
from typing import Any

import pytest

from guestlist.aws import conditions
from guestlist.tickets.model import CapacityAccount
from guestlist.tickets.sales_store import EventSales
from tests.simulation.event_histories import EventHistory
from tests.simulation.laws import broken_laws, broken_laws_by_seed

SEEDS = range(12)
"""The seeds of histories in which a planted fault must be found."""


def test_no_history_of_an_events_places_breaks_a_law() -> None:
    assert broken_laws_by_seed(EventHistory, range(20)) == {}


def test_random_histories_compete_for_the_last_places() -> None:
    histories = [EventHistory(seed) for seed in range(12)]
    for hall in histories:
        hall.run()
    assert sum(0 < len(hall.tickets) < hall.rows for hall in histories) > 3
    assert all(hall.sold[-1][1] for hall in histories)


def test_an_unenforced_capacity_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "at_most", lambda name, _most: conditions.present(name))
    assert "nothing is imported or added where no place is free" in broken_laws(EventHistory, SEEDS)


def test_a_ticket_that_is_counted_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    commit = EventSales.commit_account

    def committed(self: EventSales, *arguments: Any) -> CapacityAccount:
        *where, before, after = arguments
        return commit(self, *where, before, replace(after, used_places=after.used_places + 1))

    monkeypatch.setattr(EventSales, "commit_account", committed)
    assert {"each ticket is counted once", "each place is taken once"} <= broken_laws(EventHistory, SEEDS)
