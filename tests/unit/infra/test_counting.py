"""The code emits every metric that alarms and the dashboard use."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.events import handler, notifications, stream, timers
from chalicelib.web import telemetry
from guestlist.imports.model import Import
from guestlist.imports.watchdog import LONG_OVERDUE
from guestlist.mail.delivery import Outcome
from guestlist.mail.outbox import DUE as DUE_MAILS
from infra.watching import OURS
from tests.fakes.contexts import context
from tests.fakes.imports import START, FakeImports, FakeQueue
from tests.fakes.mail import an_item
from tests.fakes.ses_notices import bounce, complaint
from tests.unit.imports.builders import a_running_import

CONTEXT = context("watchdog")
COUNT_ONE = """
from chalicelib.events.handler import metrics
metrics.add_metric(name="One", unit="Count", value=1)
metrics.flush_metrics()
"""
ANSWER_ONE = """
from types import SimpleNamespace
from chalicelib.web.telemetry import middleware
request = SimpleNamespace(context={"counts": {"One": 1}})
middleware(request, lambda _request: SimpleNamespace(headers={}, status_code=200))
"""
DUE = START + timedelta(minutes=2)
NO_ERASURE = {"ErasuresWithoutEnd": [0.0]}


def late_since(now: datetime) -> int:
    """The number of erasures older than a day at that time."""
    return 2 if now > DUE + timedelta(days=1) else 0


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> FakeImports:
    """The watchdog's imports, one of which was due at `DUE`."""
    fake_imports = FakeImports()
    fake_imports.add_import(a_running_import(due_at=DUE))
    monkeypatch.setattr(timers.adapters, "imports", lambda: fake_imports)
    monkeypatch.setattr(timers, "undos", dict)
    monkeypatch.setattr(timers, "due_erasures", list)
    monkeypatch.setattr(timers.adapters, "erasures", lambda: SimpleNamespace(overdue=late_since))
    monkeypatch.setattr(timers, "queue", FakeQueue)
    monkeypatch.setattr(timers, "send_due_mails", lambda _context: 0)
    monkeypatch.setattr(timers, "wake_workers", lambda _now: 0)
    return fake_imports


def run_watchdog(now: datetime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Run the watchdog at that time, and return the metrics it emits."""
    monkeypatch.setattr(timers.clock, "now", lambda: now)
    capsys.readouterr()
    handler.metrics.clear_metrics()
    timers.watchdog(
        {
            "version": "0",
            "account": "",
            "region": "",
            "detail": {},
            "detail-type": "",
            "source": "",
            "time": "",
            "id": "",
            "resources": [],
        },
        CONTEXT,
    )
    return counted(capsys)


def counted(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The emitted metrics by name, without cold starts."""
    values: dict[str, Any] = {}
    for line in capsys.readouterr().out.splitlines():
        record = json.loads(line)
        for metric in record.get("_aws", {}).get("CloudWatchMetrics", []):
            assert metric["Namespace"] == "Guestlist"
            values |= {one["Name"]: record[one["Name"]] for one in metric["Metrics"] if one["Name"] != "ColdStart"}
    return values


@pytest.mark.usefixtures("imports")
@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(0), [0.0]), (LONG_OVERDUE, [0.0]), (LONG_OVERDUE + timedelta(seconds=1), [1.0])],
    ids=["just due", "not yet long overdue", "long overdue"],
)
def test_the_watchdog_counts_stalled_imports(
    after: timedelta, expected: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_watchdog(DUE + after, monkeypatch, capsys) == {"ImportsWithoutEnd": expected} | NO_ERASURE


def test_a_watchdog_that_finds_nothing_emits_zero(
    imports: FakeImports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imports.records.clear()
    assert run_watchdog(DUE, monkeypatch, capsys) == {"ImportsWithoutEnd": [0.0]} | NO_ERASURE


def test_the_watchdog_counts_erasures_that_take_over_a_day(
    imports: FakeImports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imports.records.clear()
    counts = run_watchdog(DUE + timedelta(days=1, seconds=1), monkeypatch, capsys)
    assert counts["ErasuresWithoutEnd"] == [2.0]


def test_an_import_that_fails_in_the_watchdog_delays_no_other(
    imports: FakeImports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imports.add_import(a_running_import(import_id="another", due_at=DUE))
    looked_after = []

    def fail(record: Import, *_: object) -> None:
        looked_after.append(record.import_id)
        raise ValueError("cannot be read")

    monkeypatch.setattr(timers, "supervise", fail)
    run_watchdog(DUE, monkeypatch, capsys)
    assert sorted(looked_after) == sorted(import_id for _, import_id in imports.records)


@pytest.mark.usefixtures("imports")
def test_every_metric_of_alarms_and_dashboard_is_emitted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = set(run_watchdog(DUE, monkeypatch, capsys))
    monkeypatch.setattr(
        stream, "_outbox", lambda: SimpleNamespace(due=lambda _now, what=DUE_MAILS: [an_item()][: what == DUE_MAILS])
    )
    monkeypatch.setattr(stream, "mailbox", lambda: None)
    monkeypatch.setattr(stream, "_composers", lambda: dict.fromkeys([an_item().kind]))
    for result in Outcome:
        monkeypatch.setattr(stream, "deliver", lambda *_, result=result: result)
        stream.send_due_mails(CONTEXT)
        handler.metrics.flush_metrics()
    monkeypatch.setattr(
        notifications, "_suppressions", lambda: SimpleNamespace(add_suppression=lambda *_, **_options: None)
    )
    monkeypatch.setattr(notifications, "_erasures", lambda: SimpleNamespace(proof=lambda *_: None))
    records = [{"EventSource": "aws:sns", "Sns": {"Message": one}} for one in (bounce("Permanent"), complaint())]
    notifications.note_bounces({"Records": records}, CONTEXT)
    assert names | set(counted(capsys)) | set(of_a_call(503, monkeypatch)) == OURS


def of_a_call(status: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The metrics by name of a call whose handler counts nothing."""
    text, request = StringIO(), SimpleNamespace(context={})
    for one in telemetry.LOGGER.handlers:
        monkeypatch.setattr(one, "stream", text)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    telemetry.middleware(request, lambda _: SimpleNamespace(headers={}, status_code=status))
    line = json.loads(text.getvalue())
    metrics = [one for each in line.get("_aws", {}).get("CloudWatchMetrics", ()) for one in each["Metrics"]]
    return {one["Name"]: line[one["Name"]] for one in metrics}


@pytest.mark.parametrize(("status", "expected"), [(503, {"Unanswered": [1.0]}), (500, {}), (409, {}), (200, {})])
def test_every_kind_of_call_without_a_response_is_counted(
    monkeypatch: pytest.MonkeyPatch, status: int, expected: dict[str, Any]
) -> None:
    assert of_a_call(status, monkeypatch) == expected


@pytest.mark.parametrize("script", [COUNT_ONE, ANSWER_ONE], ids=["an event", "a call of the API"])
def test_the_environment_gives_the_dimensions_of_the_metrics(script: str) -> None:
    env = {**os.environ, "POWERTOOLS_SERVICE_NAME": "guestlist-blue", "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert json.loads(process.stdout)["service"] == "guestlist-blue"
