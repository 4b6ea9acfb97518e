"""Undoing a large import: the response is immediate, a worker does it, and a second completes it after a crash."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guestlist.imports import undo
from guestlist.imports.explanation import explanation_of
from guestlist.imports.lease import LEASE_TIMEOUT
from guestlist.imports.model import Import, Kind, Mode
from guestlist.imports.undo import WORKER_LIFETIME, request_undo, run_undo
from guestlist.imports.watchdog import supervise
from guestlist.lists.entry import Entry
from guestlist.lists.importing.undo import ListUndo
from guestlist.model.errors import Conflict
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.unit.imports.harness import Harness, SingleListStore, options
from tests.unit.lists.test_undo import InUse

ROWS = [f"C{number}" for number in range(9)]
CALLS = 16
"""Of the ports together, in one undo of which something is kept."""


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few rows count as a large import."""
    monkeypatch.setattr(undo, "BACKGROUND_ROWS", 5)


@dataclass
class Ports:
    """The ports behind a crash injector."""

    imports: Any
    groups: Any
    expired_versions: Any
    uses: Any


def lists(harness: Harness, injector: CrashInjector, *used: str) -> ListUndo:
    def delete_group(org: str, group_id: str, _now: object, _by: str) -> None:
        groups = harness.imports.groups
        groups.write_group_index(org, groups.read_group_index(org).without(group_id))

    guarded = injector.wrap(Ports(harness.imports, harness.imports.groups, harness.expired_versions, InUse(*used)))
    return ListUndo(
        imports=guarded.imports,
        groups=guarded.groups,
        list_store=lambda org, group_id: injector.wrap(SingleListStore(harness.list_store(org, group_id))).list_store,
        expired_versions=guarded.expired_versions,
        uses=guarded.uses,
        delete_group=delete_group,
        find_replaced_version=lambda _org, _group_id, _version_id: None,
        list_versions=lambda _org, _group_id: (),
        folder=harness.folder,
    )


def request(harness: Harness, import_id: str) -> Import:
    one = lists(harness, CrashInjector())
    undos = {Kind.TARGET_GROUP: one.undo}
    record = harness.imports.get_import("demo", import_id)
    return request_undo(record, harness.clock.now(), "day shift", undos, one.check, harness.imports, harness.queue)


def worked(harness: Harness, *used: str, import_id: str = "imp-2", injector: CrashInjector | None = None) -> Import:
    """The import after the requested worker has run."""
    undos = {Kind.TARGET_GROUP: lists(harness, injector or CrashInjector(), *used).undo}
    run_undo(harness.imports.get_import("demo", import_id), "w1", harness.clock.now(), undos, harness.imports)
    return harness.imports.get_import("demo", import_id)


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    """A harness with a list of A and B, to which a large file was appended."""
    harness = Harness(tmp_path)
    harness.imported("Code\nA\nB\n")
    harness.imported("\n".join(["Code", *ROWS]), "imp-2", options=options(mode=Mode.APPEND))
    return harness


def test_a_small_import_is_undone_at_once(tmp_path: Path) -> None:
    harness = Harness(tmp_path)
    harness.imported("Code\nA\nB\n")
    assert request(harness, "imp-1").undone
    assert harness.queue.resumed == []


def test_the_undo_of_a_large_import_is_accepted_at_once_and_left_to_a_worker(harness: Harness) -> None:
    record = request(harness, "imp-2")
    assert (record.undoing, record.undone) == (harness.clock.now(), None)
    assert harness.queue.resumed == [("demo", "imp-2")]
    assert len(harness.entries()) == len(ROWS) + 2
    final_record = worked(harness, "C7")
    assert (final_record.undoing, final_record.due_at) == (None, None)
    assert final_record.undone
    assert final_record.undone_by == "day shift"
    assert final_record.undone.texts() == ("“C7” is in use, and stays.",)
    assert harness.entries() == [Entry("A"), Entry("B"), Entry("C7")]


def test_a_repeated_undo_while_one_runs_changes_nothing(harness: Harness) -> None:
    once = request(harness, "imp-2")
    harness.clock.advance(timedelta(seconds=1))
    assert request(harness, "imp-2") == once
    assert len(harness.queue.resumed) == 1


def test_an_impossible_undo_is_refused_at_once(harness: Harness) -> None:
    harness.imported("Code\nD\n", "imp-3", options=options(mode=Mode.APPEND))
    with pytest.raises(Conflict) as caught:
        request(harness, "imp-2")
    assert caught.value.code == "superseded"
    assert harness.imports.get_import("demo", "imp-2").undoing is None


def test_an_undo_fails_if_the_list_changes_before_its_worker_starts(harness: Harness) -> None:
    request(harness, "imp-2")
    harness.imported("Code\nD\n", "imp-3", options=options(mode=Mode.APPEND))
    record = worked(harness)
    assert (record.undoing, record.undone) == (None, None)
    assert "A later import has changed the same group" in str(explanation_of(record))
    assert "Een latere import" in str(explanation_of(record, "nl"))
    assert len(harness.entries()) == len(ROWS) + 3


def test_a_second_worker_leaves_the_undo_to_the_first(harness: Harness) -> None:
    request(harness, "imp-2")
    with pytest.raises(Killed):
        worked(harness, injector=CrashInjector(2))
    assert worked(harness).undone is None


def test_the_number_of_calls_is_the_one_that_the_next_test_interrupts(harness: Harness) -> None:
    request(harness, "imp-2")
    injector = CrashInjector()
    worked(harness, "C7", injector=injector)
    assert injector.calls == CALLS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, CALLS + 1))
def test_an_undo_killed_at_any_call_and_restarted_ends_the_same(harness: Harness, at: int, *, after: bool) -> None:
    request(harness, "imp-2")
    with pytest.raises(Killed):
        worked(harness, "C7", injector=CrashInjector(at, after=after))
    harness.clock.advance(WORKER_LIFETIME)
    for due in harness.imports.due(harness.clock.now()):
        supervise(due, harness.clock.now(), harness.imports, harness.queue, {})
    record = worked(harness, "C7")
    assert record.undone
    assert record.undone.texts() == ("“C7” is in use, and stays.",)
    assert harness.entries() == [Entry("A"), Entry("B"), Entry("C7")]


def test_a_worker_that_never_started_is_requested_again(harness: Harness) -> None:
    request(harness, "imp-2")
    harness.clock.advance(LEASE_TIMEOUT)
    for due in harness.imports.due(harness.clock.now()):
        supervise(due, harness.clock.now(), harness.imports, harness.queue, {})
    assert harness.queue.resumed == [("demo", "imp-2")] * 2
