"""The progress of syncs: both engines and the fake are held to the same facts."""

from datetime import UTC, datetime, timedelta

import pytest

from guestlist.customers.model import SHARDS
from guestlist.groups.progress import END, START, Progress
from guestlist.groups.sync_store import Syncs
from guestlist.model.errors import ConcurrentModification
from tests.fakes.groups import FakeSyncs

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(params=["fake", "ministack", "dynalite"])
def syncs(request: pytest.FixtureRequest) -> Syncs | FakeSyncs:
    """Syncs in memory and on each engine."""
    if request.param == "fake":
        return FakeSyncs()
    from tests.engines.tables import new_table

    return Syncs(new_table(request.getfixturevalue(request.param)))


def begin_pass(syncs: Syncs | FakeSyncs) -> Progress:
    syncs.request_full_pass("demo", "g1", NOW, "me")
    return syncs.begin_pass(syncs.get_progress("demo", "g1"), "r1", LATER)


def finish_shards(syncs: Syncs | FakeSyncs, progress: Progress) -> Progress:
    for shard in range(SHARDS):
        progress = syncs.advance_pass(progress, shard, END)
    return progress


def test_a_group_that_was_never_synced_has_no_progress(syncs: Syncs | FakeSyncs) -> None:
    assert syncs.get_progress("demo", "g1") == Progress(organiser_id="demo", group_id="g1")
    assert not syncs.get_progress_of_each("demo", ["g1"])


def test_a_pass_begins_at_the_beginning_of_every_shard(syncs: Syncs | FakeSyncs) -> None:
    progress = begin_pass(syncs)
    assert progress == syncs.get_progress("demo", "g1") == syncs.get_progress_of_each("demo", ["g1"])["g1"]
    assert (progress.run_id, progress.started_at, progress.asked_at) == ("r1", LATER, NOW)
    assert progress.cursors == (START,) * SHARDS


def test_of_two_workers_one_begins_a_pass(syncs: Syncs | FakeSyncs) -> None:
    before = syncs.get_progress("demo", "g1")
    begin_pass(syncs)
    with pytest.raises(ConcurrentModification):
        syncs.begin_pass(before, "r2", LATER)


def test_each_shard_advances_by_itself_and_is_recorded_by_one_worker(syncs: Syncs | FakeSyncs) -> None:
    progress = begin_pass(syncs)
    syncs.advance_pass(progress, 3, "a@example.com")
    with pytest.raises(ConcurrentModification):
        syncs.advance_pass(progress, 3, "b@example.com")
    progress = syncs.advance_pass(progress, 4, END)
    assert (progress.cursors[3], progress.cursors[4]) == ("a@example.com", END)


@pytest.mark.behaviour(168)
def test_the_end_of_a_pass_sets_the_time_of_the_last_sync(syncs: Syncs | FakeSyncs) -> None:
    progress = finish_shards(syncs, begin_pass(syncs))
    assert progress.is_done
    assert progress.synced_at is None
    final_progress = syncs.finish_pass(progress, LATER)
    assert (final_progress.synced_at, final_progress.passed_at, final_progress.run_id, final_progress.asked_at) == (
        LATER,
        LATER,
        None,
        None,
    )


def test_a_pass_requested_during_a_pass_stays_requested(syncs: Syncs | FakeSyncs) -> None:
    progress = begin_pass(syncs)
    later = LATER + timedelta(seconds=1)
    syncs.request_full_pass("demo", "g1", later, "somebody else")
    with pytest.raises(ConcurrentModification):
        syncs.finish_pass(progress, later)
    final_progress = syncs.finish_pass(syncs.get_progress("demo", "g1"), later)
    assert (final_progress.run_id, final_progress.asked_at, final_progress.asked_by) == (None, later, "somebody else")


def test_a_pass_ends_once(syncs: Syncs | FakeSyncs) -> None:
    progress = begin_pass(syncs)
    syncs.finish_pass(progress, LATER)
    with pytest.raises(ConcurrentModification):
        syncs.finish_pass(progress, LATER + timedelta(hours=1))
    assert syncs.get_progress("demo", "g1").synced_at == LATER


def test_a_group_is_marked_as_synced_only_while_no_pass_is_requested(syncs: Syncs | FakeSyncs) -> None:
    progress = begin_pass(syncs)
    syncs.mark_synced(progress, LATER)
    assert syncs.get_progress("demo", "g1").synced_at is None
    final_progress = syncs.finish_pass(progress, LATER)
    later = LATER + timedelta(minutes=15)
    syncs.mark_synced(final_progress, later)
    assert (syncs.get_progress("demo", "g1").synced_at, syncs.get_progress("demo", "g1").passed_at) == (later, LATER)


def test_every_group_is_found_until_it_is_taken_off_the_list(syncs: Syncs | FakeSyncs) -> None:
    for org, group_id in (("demo", "g1"), ("demo", "g2"), ("other", "g1")):
        syncs.request_full_pass(org, group_id, NOW, "me")
    syncs.unschedule(syncs.get_progress("demo", "g1"))
    assert {(one.organiser_id, one.group_id) for one in syncs.due(NOW)} == {("demo", "g2"), ("other", "g1")}
    syncs.request_full_pass("demo", "g1", LATER, "me")
    assert len(list(syncs.due(LATER))) == 3


def test_the_group_that_has_waited_longest_is_visited_first_and_once_in_a_run(syncs: Syncs | FakeSyncs) -> None:
    for number in range(4):
        syncs.request_full_pass("demo", f"g{number}", NOW + timedelta(seconds=number), "me")
    group_ids = []
    for one in syncs.due(LATER):
        group_ids.append(one.group_id)
        syncs.postpone(one, LATER)
    assert group_ids == ["g0", "g1", "g2", "g3"]
    assert list(syncs.due(LATER)) == []
    syncs.request_full_pass("demo", "g3", LATER, "me")
    assert next(syncs.due(LATER + timedelta(minutes=15))).group_id == "g3"


def test_a_group_removed_from_the_list_is_not_added_by_a_concurrent_visit(syncs: Syncs | FakeSyncs) -> None:
    syncs.request_full_pass("demo", "g1", NOW, "me")
    progress = syncs.get_progress("demo", "g1")
    syncs.unschedule(progress)
    syncs.postpone(progress, LATER)
    assert list(syncs.due(LATER + timedelta(minutes=15))) == []
