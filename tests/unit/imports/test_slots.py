"""Slots for workers: an organiser with more files than workers waits."""

from datetime import timedelta

from guestlist.imports.lease import TURN_TIMEOUT, claim, is_claimable, wait_for_turn
from guestlist.imports.model import Status
from guestlist.imports.slots import MAX_WORKERS, SLOT_LIFETIME, has_free, with_slot, without_slot
from tests.fakes.imports import START, FakeClock, FakeImports
from tests.unit.imports.builders import SOURCE, a_running_import, an_import

FULL = {f"imp-{number}": START + SLOT_LIFETIME for number in range(MAX_WORKERS)}


def test_an_organiser_never_has_more_workers_than_its_share() -> None:
    assert with_slot(FULL, "imp-9", START, START + SLOT_LIFETIME) is None
    assert not has_free(FULL, START)


def test_a_released_slot_is_free() -> None:
    assert with_slot(without_slot(FULL, "imp-0"), "imp-9", START, START + SLOT_LIFETIME)


def test_a_resumed_import_keeps_its_slot() -> None:
    assert with_slot(FULL, "imp-0", START, START + SLOT_LIFETIME) == FULL


def test_a_slot_outlives_any_worker_and_then_is_free() -> None:
    assert timedelta(minutes=15) < SLOT_LIFETIME
    assert with_slot(FULL, "imp-9", START + SLOT_LIFETIME, START + 2 * SLOT_LIFETIME) == {
        "imp-9": START + 2 * SLOT_LIFETIME
    }


def test_a_file_waiting_for_a_slot_is_neither_cancelled_nor_counted_as_an_attempt() -> None:
    imports, clock = FakeImports(), FakeClock()
    imports.add_import(an_import())
    wait_for_turn(imports.get_import("demo", "imp-1"), SOURCE, imports, START)
    waiting = imports.get_import("demo", "imp-1")
    assert (waiting.status, waiting.source, waiting.attempts) == (Status.READING, SOURCE, 0)
    assert waiting.at(START + timedelta(days=2)).status is Status.READING
    assert waiting.due_at == START + TURN_TIMEOUT
    assert claim(waiting, "w1", None, imports, clock.time)


def test_an_import_held_by_a_worker_cannot_be_claimed() -> None:
    assert not is_claimable(a_running_import(), None, START)
