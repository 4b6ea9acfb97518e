"""The slots of an organiser's import workers, and what waits for one, in a table."""

from datetime import UTC, datetime

import pytest

from guestlist.aws.table import Table
from guestlist.imports.slot_store import Slots
from guestlist.imports.slots import MAX_WORKERS, SLOT_LIFETIME
from guestlist.model.ids import new_secret

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAMES = [f"imp-{number}" for number in range(MAX_WORKERS)]


@pytest.fixture
def slots(table: Table) -> Slots:
    """The slots of one organiser, all taken."""
    slots = Slots(table, new_secret)
    assert all(slots.acquire("demo", name, NOW) for name in NAMES)
    return slots


def test_each_organiser_has_its_own_share_of_slots(slots: Slots) -> None:
    assert not slots.acquire("demo", "imp-9", NOW)
    assert not slots.has_free("demo", NOW)
    assert slots.acquire("other", "imp-9", NOW)


def test_a_freed_slot_is_taken_by_the_next(slots: Slots) -> None:
    slots.release("demo", NAMES[0])
    assert slots.has_free("demo", NOW)
    assert slots.acquire("demo", "imp-9", NOW)


def test_the_slot_of_a_dead_worker_becomes_free(slots: Slots) -> None:
    assert slots.acquire("demo", "imp-9", NOW + SLOT_LIFETIME)


def test_a_message_queued_again_is_taken_again(slots: Slots) -> None:
    for _ in range(2):
        slots.enqueue("demo", "imp-8", {"resume": {"organiser_id": "demo", "import_id": "imp-8"}})
        assert slots.pop_waiting("demo")
        assert slots.pop_waiting("demo") is None


def test_a_waiting_message_is_taken_once_oldest_first(slots: Slots) -> None:
    for name in ("imp-8", "imp-7"):
        slots.enqueue("demo", name, {"resume": {"organiser_id": "demo", "import_id": name}})
    messages = [slots.pop_waiting("demo") for _ in range(3)]
    assert [one and one["resume"]["import_id"] for one in messages] == ["imp-7", "imp-8", None]
    assert slots.pop_waiting("other") is None
