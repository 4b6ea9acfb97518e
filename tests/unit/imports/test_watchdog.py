from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from guestlist.imports.lease import LEASE_TIMEOUT, MAX_ATTEMPTS
from guestlist.imports.model import Import, Kind, Reason, Status
from guestlist.imports.notes import UndoResult
from guestlist.imports.service import cancel
from guestlist.imports.undo import Undo
from guestlist.imports.watchdog import supervise
from tests.fakes.imports import START, FakeImports, FakeQueue
from tests.unit.imports.builders import a_running_import, an_import


@pytest.fixture
def imports() -> FakeImports:
    return FakeImports()


def undos(imports: FakeImports) -> dict[Kind, Undo]:
    """An undo of every kind of import that only marks its record."""

    def run_undo(record: Import, now: datetime) -> Import:
        return imports.save_import(replace(record, undone=UndoResult(at=now)))

    return dict.fromkeys(Kind, run_undo)


def supervise_after(record: Import, imports: FakeImports, after: timedelta) -> tuple[Import, FakeQueue]:
    imports.add_import(record)
    queue = FakeQueue()
    for due in imports.due(START + after):
        supervise(due, START + after, imports, queue, undos(imports))
    return imports.get_import("demo", "imp-1"), queue


def test_an_import_whose_worker_died_is_resumed(imports: FakeImports) -> None:
    _, queue = supervise_after(a_running_import(), imports, LEASE_TIMEOUT)
    assert queue.resumed == [("demo", "imp-1")]


def test_an_import_whose_worker_lives_is_left_alone(imports: FakeImports) -> None:
    _, queue = supervise_after(a_running_import(), imports, LEASE_TIMEOUT - timedelta(seconds=1))
    assert queue.resumed == []


@pytest.mark.behaviour(59, 61)
def test_an_import_that_keeps_crashing_fails_with_a_mail(imports: FakeImports) -> None:
    record, queue = supervise_after(a_running_import(attempts=MAX_ATTEMPTS), imports, LEASE_TIMEOUT)
    assert (record.status, record.reason) == (Status.FAILED, Reason.CRASHED)
    assert (imports.mails, queue.resumed) == (["imp-1"], [])


def test_an_import_whose_file_never_came_is_cancelled_without_a_mail(imports: FakeImports) -> None:
    record, _ = supervise_after(an_import(), imports, timedelta(hours=1))
    assert (record.status, imports.mails) == (Status.CANCELLED, [])


def test_a_review_that_nobody_confirmed_is_cancelled_with_a_mail(imports: FakeImports) -> None:
    until = START + timedelta(days=7)
    waiting = a_running_import(status=Status.AWAITING_REVIEW, worker=None, expires_at=until, due_at=until)
    record, _ = supervise_after(waiting, imports, timedelta(days=7))
    assert (record.status, imports.mails) == (Status.CANCELLED, ["imp-1"])


def test_an_import_that_advanced_meanwhile_is_left_alone(imports: FakeImports) -> None:
    stale = a_running_import(attempts=MAX_ATTEMPTS)
    imports.add_import(stale)
    moved = imports.save_import(stale)
    supervise(stale, START + LEASE_TIMEOUT, imports, FakeQueue(), undos(imports))
    assert imports.get_import("demo", "imp-1") == moved


@pytest.mark.parametrize("kind", [Kind.CUSTOMERS, Kind.TICKETS, Kind.PURCHASES])
def test_a_cancelled_import_is_undone_once_its_worker_must_have_ended(imports: FakeImports, kind: Kind) -> None:
    imports.add_import(a_running_import(kind=kind, status=Status.IMPORTING))
    cancelled = cancel(imports.get_import("demo", "imp-1"), START, imports)
    early, _ = supervise_after(cancelled, imports, LEASE_TIMEOUT - timedelta(seconds=1))
    assert early.undone is None
    late, _ = supervise_after(cancelled, imports, LEASE_TIMEOUT)
    assert (late.status, late.undone, late.due_at) == (Status.CANCELLED, UndoResult(at=START + LEASE_TIMEOUT), None)


def test_an_unpublished_list_needs_no_undo(imports: FakeImports) -> None:
    imports.add_import(a_running_import(status=Status.IMPORTING))
    assert cancel(imports.get_import("demo", "imp-1"), START, imports).due_at is None
