"""Logs of functions name nobody."""

import json

import pytest

from chalicelib.events import timers
from chalicelib.events.uploads import import_files
from guestlist.groups.sync import SyncReport
from tests.fakes.contexts import context
from tests.functions.builders import log_text

pytestmark = [
    pytest.mark.filterwarnings("ignore:No application metrics"),
    pytest.mark.usefixtures("api_table"),
]
CONTEXT = context("resync")
TICK = dict.fromkeys(("account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"), "")


def test_a_failed_sync_logs_no_address(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    report = SyncReport(
        failures=[("demo", "ann@example.org", RuntimeError("no")), ("demo", "01group", RuntimeError("no"))]
    )
    monkeypatch.setattr(timers, "sync_groups", lambda *_: report)
    timers.resync(TICK, CONTEXT)
    assert "sync failed" in log_text(caplog)
    assert "01group" in log_text(caplog)
    assert "ann@" not in log_text(caplog)


def test_an_object_without_an_organiser_is_logged_without_its_key(caplog: pytest.LogCaptureFixture) -> None:
    object_facts = {"key": "drop/nobody/customers/ann%40example.org.csv", "versionId": "v7", "size": 1}
    event = {"eventTime": "2026-11-21T12:00:00.000Z", "s3": {"object": object_facts}}
    record = {"messageId": "1", "body": json.dumps({"Records": [event]}), "eventSource": "aws:sqs"}
    assert import_files({"Records": [record]}, CONTEXT) == {"batchItemFailures": []}
    assert "object of no organiser or import" in log_text(caplog)
    assert "v7" in log_text(caplog)
    assert "example.org" not in log_text(caplog)
