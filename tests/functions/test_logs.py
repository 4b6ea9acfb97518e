"""What functions log names nobody."""

import json

import pytest

from chalicelib.events import timers
from chalicelib.events.uploads import import_files
from guestlist.groups.sync import SyncReport
from tests.fakes.contexts import context

pytestmark = [
    pytest.mark.filterwarnings("ignore:No application metrics"),
    pytest.mark.usefixtures("stored"),
]
CONTEXT = context("resync")
TICK = dict.fromkeys(("account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"), "")


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, with whatever went along."""
    return str([vars(one) for one in caplog.records])


def test_a_person_who_could_not_be_followed_is_not_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failed = SyncReport(
        failures=[("demo", "ann@example.org", RuntimeError("no")), ("demo", "01group", RuntimeError("no"))]
    )
    monkeypatch.setattr(timers, "sync_groups", lambda *_: failed)
    timers.resync(TICK, CONTEXT)
    assert "could not be brought in step" in logged(caplog)
    assert "01group" in logged(caplog)
    assert "ann@" not in logged(caplog)


def test_an_object_that_belongs_to_nobody_is_not_named(caplog: pytest.LogCaptureFixture) -> None:
    stored = {"key": "drop/nobody/customers/ann%40example.org.csv", "versionId": "v7", "size": 1}
    event = {"eventTime": "2026-11-21T12:00:00.000Z", "s3": {"object": stored}}
    record = {"messageId": "1", "body": json.dumps({"Records": [event]}), "eventSource": "aws:sqs"}
    assert import_files({"Records": [record]}, CONTEXT) == {"batchItemFailures": []}
    assert "belongs to nobody" in logged(caplog)
    assert "v7" in logged(caplog)
    assert "example.org" not in logged(caplog)
