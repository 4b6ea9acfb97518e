"""Resuming and failing a stalled import by hand."""

from datetime import timedelta

import pytest

from guestlist.imports.lease import LEASE_TIMEOUT, MAX_ATTEMPTS
from guestlist.imports.model import Import, Kind, Reason, Status
from guestlist.imports.recovery import fail, resume
from guestlist.model.errors import Conflict
from tests.fakes.imports import START, FakeImports, FakeQueue
from tests.unit.imports.builders import a_running_import, an_import

SILENT = START + LEASE_TIMEOUT


def imports_with(record: Import) -> FakeImports:
    imports = FakeImports()
    imports.add_import(record)
    return imports


def test_an_abandoned_import_is_resumed_as_if_never_attempted() -> None:
    record, queue = a_running_import(attempts=MAX_ATTEMPTS, progress=0.5), FakeQueue()
    resumed = resume(record, SILENT, imports_with(record), queue)
    assert (resumed.attempts, resumed.worker, resumed.progress) == (0, None, 0.5)
    assert queue.resumed == [("demo", "imp-1")]


def test_an_import_ended_by_hand_fails_with_a_mail_that_says_why() -> None:
    record = a_running_import()
    imports = imports_with(record)
    ended = fail(record, "The file was sent twice.", SILENT, imports)
    assert (ended.status, ended.reason, ended.detail) == (Status.FAILED, Reason.CRASHED, "The file was sent twice.")
    assert imports.mails == ["imp-1"]


def test_rows_of_an_import_that_was_failed_by_hand_are_undone_later() -> None:
    record = a_running_import(kind=Kind.CUSTOMERS, status=Status.IMPORTING)
    assert fail(record, "No more.", SILENT, imports_with(record)).due_at == SILENT + LEASE_TIMEOUT


@pytest.mark.parametrize(
    ("record", "code"),
    [
        pytest.param(a_running_import(status=Status.COMPLETE), "already_ended", id="ended"),
        pytest.param(an_import(expires_at=START), "already_ended", id="its wait is over"),
        pytest.param(a_running_import(due_at=SILENT + timedelta(seconds=1)), "at_work", id="a worker lives"),
    ],
)
def test_an_import_that_is_not_stalled_is_neither_resumed_nor_failed(record: Import, code: str) -> None:
    imports, queue = imports_with(record), FakeQueue()
    with pytest.raises(Conflict) as resume_error:
        resume(record, SILENT, imports, queue)
    with pytest.raises(Conflict) as fail_error:
        fail(record, "No more.", SILENT, imports)
    assert {resume_error.value.code, fail_error.value.code} == {code}
    assert (imports.mails, queue.resumed) == ([], [])


def test_an_import_awaiting_its_organiser_is_not_resumed() -> None:
    record, queue = an_import(), FakeQueue()
    with pytest.raises(Conflict, match="waiting"):
        resume(record, SILENT, imports_with(record), queue)
    assert queue.resumed == []
