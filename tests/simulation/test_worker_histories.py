"""Histories of workers shared by organisers: who sends many files keeps nobody else waiting without bound."""

import pytest

from guestlist.imports import slots
from guestlist.imports.slot_store import Slots
from guestlist.imports.store import Imports
from tests.simulation.laws import broken_laws, broken_laws_by_seed
from tests.simulation.worker_histories import WorkerHistory

SEEDS = range(1)
"""The seeds of histories in which a planted fault must be found."""


def test_no_history_of_shared_workers_breaks_a_law() -> None:
    assert broken_laws_by_seed(WorkerHistory, range(2)) == {}


def test_an_organiser_that_occupies_all_workers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "MAX_WORKERS", 100)
    assert "nobody waits for the files of another organiser without bound" in broken_laws(WorkerHistory, SEEDS)


def test_a_lost_turn_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slots, "pop_waiting", lambda *_of: None)
    monkeypatch.setattr(Imports, "due", lambda *_of: [])
    assert "each file has its turn, and is imported once" in broken_laws(WorkerHistory, SEEDS)
