from contextlib import suppress
from datetime import timedelta

import pytest

from guestlist.imports.lease import (
    HEARTBEAT_INTERVAL,
    IDLE_HEARTBEAT,
    LEASE_TIMEOUT,
    Lease,
    LeaseLost,
    OutOfTime,
    claim,
)
from guestlist.imports.model import Import, Source, Status
from tests.fakes.imports import START, FakeClock, FakeImports
from tests.unit.imports.builders import SOURCE, a_running_import, an_import


@pytest.fixture
def imports() -> FakeImports:
    return FakeImports()


def claimed(record: Import, imports: FakeImports, clock: FakeClock, source: Source | None = None) -> Lease | None:
    imports.add_import(record)
    return claim(imports.get_import("demo", "imp-1"), "w2", source, imports, clock.time)


def test_the_first_worker_claims_the_import_of_an_arriving_file(imports: FakeImports) -> None:
    lease = claimed(an_import(), imports, FakeClock(), SOURCE)
    assert lease
    assert (lease.record.status, lease.record.source, lease.record.worker) == (Status.READING, SOURCE, "w2")


def test_a_repeated_event_finds_the_import_claimed(imports: FakeImports) -> None:
    assert claimed(a_running_import(), imports, FakeClock(), SOURCE) is None


def test_a_silent_worker_loses_its_lease(imports: FakeImports) -> None:
    clock = FakeClock(START + LEASE_TIMEOUT)
    assert claimed(a_running_import(), imports, clock)


@pytest.mark.parametrize("status", [Status.COMPLETE, Status.PARTIAL, Status.FAILED, Status.CANCELLED])
def test_an_import_that_has_ended_is_not_run_again(imports: FakeImports, status: Status) -> None:
    assert claimed(a_running_import(status=status, worker=None), imports, FakeClock(), SOURCE) is None


def test_an_import_in_review_is_not_run_by_a_late_event(imports: FakeImports) -> None:
    waiting = a_running_import(status=Status.AWAITING_REVIEW, worker=None)
    assert claimed(waiting, imports, FakeClock(), SOURCE) is None


def test_a_second_file_under_the_same_key_changes_nothing(imports: FakeImports) -> None:
    other = Source(key=SOURCE.key, version_id="v2", size=5, modified=START)
    assert claimed(a_running_import(worker=None), imports, FakeClock(), other) is None


def test_a_file_that_arrives_after_the_wait_is_not_imported(imports: FakeImports) -> None:
    clock = FakeClock(START + timedelta(hours=1))
    assert claimed(an_import(), imports, clock, SOURCE) is None


def test_resuming_needs_a_file(imports: FakeImports) -> None:
    assert claimed(an_import(), imports, FakeClock(), None) is None


def test_a_heartbeat_stores_the_progress_and_extends_the_lease(imports: FakeImports) -> None:
    clock = FakeClock()
    lease = claimed(an_import(), imports, clock, SOURCE)
    assert lease
    clock.advance(HEARTBEAT_INTERVAL)
    lease.heartbeat(0.25)
    record = imports.get_import("demo", "imp-1")
    assert (record.progress, record.due_at) == (0.25, clock.instant + LEASE_TIMEOUT)


def test_frequent_heartbeats_write_nothing(imports: FakeImports) -> None:
    lease = claimed(an_import(), imports, FakeClock(), SOURCE)
    assert lease
    lease.heartbeat(0.25)
    assert imports.get_import("demo", "imp-1").progress == 0


def test_a_worker_whose_import_was_cancelled_learns_it_at_its_next_heartbeat(imports: FakeImports) -> None:
    clock = FakeClock()
    lease = claimed(an_import(), imports, clock, SOURCE)
    assert lease
    imports.save_import(imports.get_import("demo", "imp-1"))
    clock.advance(HEARTBEAT_INTERVAL)
    with pytest.raises(LeaseLost):
        lease.heartbeat(0.5)


def test_a_worker_short_of_time_stops_at_its_next_heartbeat(imports: FakeImports) -> None:
    lease = claimed(an_import(), imports, FakeClock(remaining_checks=0), SOURCE)
    assert lease
    with pytest.raises(OutOfTime):
        lease.heartbeat(0.5)


@pytest.mark.parametrize("remaining", [0, 1], ids=["short of time", "in time"])
def test_a_checkpoint_is_stored_with_a_heartbeat_and_when_time_is_short(imports: FakeImports, remaining: int) -> None:
    clock = FakeClock()
    lease = claimed(an_import(), imports, clock, SOURCE)
    assert lease
    clock.advance(HEARTBEAT_INTERVAL * remaining)
    clock.remaining_checks = remaining
    with suppress(OutOfTime):
        lease.heartbeat(0.5, {"line": 7})
    record = imports.get_import("demo", "imp-1")
    assert (record.progress, record.checkpoint) == (0.5, {"line": 7})


@pytest.mark.parametrize(("progress", "attempts"), [(0.5, 1), (0.0, 2)], ids=["further", "no further"])
def test_a_released_lease_can_be_claimed_and_counts_as_an_attempt_without_progress(
    imports: FakeImports, progress: float, attempts: int
) -> None:
    clock = FakeClock()
    lease = claimed(an_import(), imports, clock, SOURCE)
    assert lease
    clock.advance(HEARTBEAT_INTERVAL)
    lease.heartbeat(progress)
    lease.release()
    second = claim(imports.get_import("demo", "imp-1"), "w3", None, imports, clock.time)
    assert second
    assert second.record.attempts == attempts


def test_a_worker_that_reads_on_without_a_row_keeps_its_lease(imports: FakeImports) -> None:
    clock = FakeClock()
    lease = claimed(an_import(), imports, clock, SOURCE)
    assert lease
    before = imports.get_import("demo", "imp-1").revision
    lease.keep_alive()
    assert imports.get_import("demo", "imp-1").revision == before
    clock.advance(IDLE_HEARTBEAT)
    lease.keep_alive()
    assert imports.get_import("demo", "imp-1").due_at == START + IDLE_HEARTBEAT + LEASE_TIMEOUT


def test_a_worker_that_reads_on_stops_once_another_has_the_lease(imports: FakeImports) -> None:
    clock = FakeClock()
    lease = claimed(an_import(), imports, clock, SOURCE)
    assert lease
    imports.save_import(imports.get_import("demo", "imp-1"))
    clock.advance(IDLE_HEARTBEAT)
    with pytest.raises(LeaseLost):
        lease.keep_alive()
