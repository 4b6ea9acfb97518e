"""A worker whose import was cancelled undoes what it stored as soon as it learns of it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from guestlist.imports.lease import Lease, claim
from guestlist.imports.model import Import, Kind, Status
from guestlist.imports.notes import UndoResult
from guestlist.imports.service import cancel
from guestlist.imports.undo import undo_cancelled
from guestlist.model.errors import ConcurrentModification
from tests.fakes.imports import START, FakeClock, FakeImports
from tests.unit.customers.harness import CustomerHarness
from tests.unit.imports.builders import SOURCE, an_import


@pytest.fixture
def imports() -> FakeImports:
    return FakeImports()


@pytest.fixture
def lease(imports: FakeImports) -> Lease:
    """A worker that is storing customers."""
    imports.add_import(an_import(kind=Kind.CUSTOMERS))
    claimed = claim(imports.get_import("demo", "imp-1"), "w1", SOURCE, imports, FakeClock().time)
    assert claimed
    claimed.update(status=Status.IMPORTING)
    return claimed


def taken_back(lease: Lease, imports: FakeImports) -> Import:
    """The import after its worker learned that it lost the lease."""

    def undo(record: Import, now: datetime) -> Import:
        return imports.save_import(replace(record, undone=UndoResult(at=now)))

    undo_cancelled(lease, START, {Kind.CUSTOMERS: undo}, imports)
    return imports.get_import("demo", "imp-1")


def test_the_worker_of_a_cancelled_import_undoes_what_it_stored(imports: FakeImports, lease: Lease) -> None:
    cancel(imports.get_import("demo", "imp-1"), START, imports)
    record = taken_back(lease, imports)
    assert (record.status, record.undone, record.due_at) == (Status.CANCELLED, UndoResult(at=START), None)


def test_a_worker_that_was_replaced_leaves_the_undo_to_a_timer(imports: FakeImports, lease: Lease) -> None:
    imports.save_import(imports.get_import("demo", "imp-1"))
    cancelled = cancel(imports.get_import("demo", "imp-1"), START, imports)
    assert taken_back(lease, imports) == cancelled


def test_an_import_that_was_not_cancelled_is_left_as_it_is(imports: FakeImports, lease: Lease) -> None:
    record = imports.save_import(imports.get_import("demo", "imp-1"))
    assert taken_back(lease, imports) == record


def test_an_undo_that_is_not_possible_yet_is_left_to_a_timer(imports: FakeImports, lease: Lease) -> None:
    def too_early(_record: Import, _now: datetime) -> Import:
        raise ConcurrentModification

    cancelled = cancel(imports.get_import("demo", "imp-1"), START, imports)
    undo_cancelled(lease, START, {Kind.CUSTOMERS: too_early}, imports)
    assert imports.get_import("demo", "imp-1") == cancelled


@pytest.mark.parametrize("cancelled", [True, False], ids=["cancelled", "left alone"])
def test_a_worker_reports_whether_it_kept_the_lease_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, cancelled: bool
) -> None:
    harness = CustomerHarness(tmp_path)
    apply = harness.memberships.apply

    def late(*options: object) -> object:
        if cancelled:
            cancel(harness.imports.get_import("demo", "imp-1"), harness.clock.now(), harness.imports)
        return apply(*options)

    monkeypatch.setattr(harness.memberships, "apply", late)
    source = harness.upload("Email,Customer groups\nann@example.com,\n")
    assert harness.worked(source) is not cancelled
