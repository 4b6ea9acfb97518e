"""The logs of functions: one line per call, metrics, and no value of a caller."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app import app
from chalicelib.api import routes
from chalicelib.events import handler, notifications, operations, timers
from chalicelib.web import telemetry
from tests.contract.bodies import BODIES
from tests.fakes.contexts import context
from tests.fakes.ses_notices import bounce
from tests.quick.api import Api, event
from tests.quick.stack import Stack

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
ROUTES = [f"{route.method} {route.path}" for route in routes()]
TICK = dict.fromkeys(("account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"), "")
RUNNING = (Path(__file__).parents[2] / "docs" / "running.md").read_text(encoding="utf-8")


@pytest.fixture
def out(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """The output of the loggers."""
    assert stack
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    text = StringIO()
    for logger in (telemetry.LOGGER, handler.logger):
        for one in logger.handlers:
            monkeypatch.setattr(one, "stream", text)
    further = logging.StreamHandler(text)
    logging.getLogger("guestlist.http").addHandler(further)
    yield text
    logging.getLogger("guestlist.http").removeHandler(further)


@pytest.fixture
def lines(out: StringIO, capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """The lines written since the last call."""

    def read() -> list[dict[str, Any]]:
        text = out.getvalue() + capsys.readouterr().out
        out.seek(0)
        out.truncate()
        return [json.loads(line) for line in text.splitlines()]

    return read


def counts(lines: list[dict[str, Any]]) -> dict[str, float]:
    """The metrics in the lines by name, in CloudWatch's embedded format, without cold starts."""
    sums: dict[str, float] = {}
    for line in lines:
        for metrics in line.get("_aws", {}).get("CloudWatchMetrics", []):
            assert metrics["Namespace"] == "Guestlist"
            names = [one["Name"] for one in metrics["Metrics"] if one["Name"] != "ColdStart"]
            sums |= {name: sum(line[name]) for name in names}
    return sums


def call(checkout: Api, name: str, body: Any, **names: str) -> int:
    """The status of a call that may be refused."""
    method, path = name.split(" ")
    return int(app(event(method, path, checkout.token, body, {}, names), context("api"))["statusCode"])


Lines = Callable[[], list[dict[str, Any]]]


def test_a_call_of_the_api_logs_one_line(api: Api, lines: Lines):
    api("PUT /v1/events/{event_id}", {"name": "Gala", "capacity": 9}, event_id="gala")
    (line,) = lines()
    assert {name: line[name] for name in ("level", "message", "request_id", "route", "status")} == {
        "level": "INFO",
        "message": "call",
        "request_id": "request-1",
        "route": "PUT /v1/events/{event_id}",
        "status": 200,
    }
    assert line["duration_ms"] >= 0
    assert line["cold_start"] in {True, False}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["timestamp"])
    assert "problem" not in line


def test_the_line_of_a_refused_call_has_the_code_word(api: Api, lines: Lines):
    assert call(api, "POST /v1/groups", {}) == 422
    (line,) = lines()
    assert (line["status"], line["problem"]) == (422, "invalid")


def test_only_the_first_call_of_a_process_is_a_cold_start(api: Api, lines: Lines):
    api("GET /v1/organiser")
    api("GET /v1/organiser")
    assert lines()[-1]["cold_start"] is False


def test_checks_are_counted_with_the_reasons_of_refusals(api: Api, lines: Lines):
    checkout = Api("demo-checkout")
    api("POST /v1/check", {"code": "no such code", "sale_items": ["no-such-item"]})
    assert counts(lines()) == {"Checks": 1, "Refusals.unknown_code": 1, "Refusals.unknown_item": 1}
    assert call(checkout, "POST /v1/check", {"quantity": 0}) == 422
    assert counts(lines()) == {"Refusals.invalid": 1}


def test_redemptions_and_holds_are_counted_when_they_are_made(api: Api, stack: Stack, lines: Lines):
    stack.put("drop/demo/target-groups/Codes/codes.csv", b"Code,Quantity\nFRIENDS,3\n")
    stack.run()
    lines()
    checkout, one, two = (
        Api("demo-checkout"),
        {"code": "FRIENDS", "order_id": "1"},
        {"code": "FRIENDS", "order_id": "2"},
    )
    checkout("POST /v1/redemptions", one)
    assert counts(lines()) == {"Redemptions": 1}
    checkout("POST /v1/redemptions", one)
    assert counts(lines()) == {}
    redemption_id = checkout("POST /v1/redemptions", {**two, "hold_seconds": 60}).json["redemption_id"]
    assert counts(lines()) == {"Holds": 1}
    checkout("POST /v1/redemptions/{redemption_id}/confirm", redemption_id=redemption_id)
    assert counts(lines()) == {"Confirmations": 1}
    checkout("POST /v1/redemptions/{redemption_id}/release", {}, redemption_id=redemption_id)
    assert counts(lines()) == {"Releases": 1}
    assert call(checkout, "POST /v1/redemptions", {"code": "FRIENDS", "order_id": "3", "quantity": 9}) == 409
    assert counts(lines()) == {"Refusals.quantity_too_high": 1}
    assert call(Api("wrong"), "POST /v1/redemptions", one) == 401
    assert counts(lines()) == {"Refusals.unauthenticated": 1}
    api("POST /v1/scans", {"event_id": "gala", "code": "123"})
    assert counts(lines()) == {"Scans.unknown": 1}


@pytest.mark.parametrize(
    ("content", "end"),
    [(b"Code\nA\n", "complete"), (b"Code,Quantity\nA,1\nB,x\n", "partial"), (b"", "failed")],
    ids=["complete", "partial", "failed"],
)
def test_imports_are_counted_by_their_end(stack: Stack, lines: Lines, content: bytes, end: str):
    stack.put("drop/demo/target-groups/Codes/codes.csv", content)
    stack.run()
    log_lines = lines()
    assert counts(log_lines)[f"Imports.{end}"] == 1
    assert {line["status"] for line in log_lines if line.get("message") == "run"} == {end}


def _resync(_stack: Stack) -> None:
    timers.resync(TICK, context("resync"))


def _expiry(_stack: Stack) -> None:
    timers.expiry(TICK, context("expiry"))


def _watchdog(_stack: Stack) -> None:
    timers.watchdog(TICK, context("watchdog"))


def _operator(_stack: Stack) -> None:
    operations.operator({"command": "organisers list"}, context("operator"))


def _bounces(_stack: Stack) -> None:
    record = {"EventSource": "aws:sns", "Sns": {"Message": bounce("Permanent")}}
    notifications.note_bounces({"Records": [record]}, context("note_bounces"))


def _imports_and_mails(stack: Stack) -> None:
    stack.put("drop/demo/target-groups/Codes/codes.csv", b"Code\nA\n")
    stack.run()


RUNS = {
    _resync: {"Evaluations", "ResyncFailures"},
    _expiry: {"MembershipsEnded", "UsesTidied", "VersionsRemoved"},
    _watchdog: {"ErasuresWithoutEnd", "ImportsWithoutEnd"},
    _operator: {"OperatorCommands"},
    _bounces: {"MailBounce"},
    _imports_and_mails: {"Imports.complete", "MailSent"},
}


@pytest.mark.parametrize(("run", "names"), RUNS.items(), ids=[one.__name__.strip("_") for one in RUNS])
def test_each_event_function_logs_one_line_per_call_and_counts(
    stack: Stack, lines: Lines, run: Callable[[Stack], None], names: set[str]
):
    run(stack)
    log_lines = lines()
    assert set(counts(log_lines)) == names
    calls = [line for line in log_lines if line.get("message") == "call"]
    assert calls
    for line in calls:
        assert line["ended"] == "answered"
        assert {"cold_start", "function_name", "function_request_id", "service"} <= line.keys()


def test_a_failed_call_logs_its_line(stack: Stack, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stack

    def fail(*_: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(timers, "sync_groups", fail)
    with pytest.raises(RuntimeError, match="no"):
        timers.resync(TICK, context("resync"))
    assert [line["ended"] for line in lines() if line.get("message") == "call"] == ["failed"]


def test_a_command_that_does_not_exist_is_not_logged(stack: Stack, out: StringIO):
    assert stack
    operations.operator({"command": "anna@example.com"}, context("operator"))
    assert "anna" not in out.getvalue()


def test_every_metric_has_its_row_and_every_row_its_metric():
    section = RUNNING.partition("\n### Logs and metrics\n")[2].partition("\n### ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    rows = {name for cell in cells for name in re.findall(r"`([\w.…]+)`", cell)}
    metrics = {name for names in RUNS.values() for name in names}
    metrics |= {"Checks", "Holds", "Redemptions", "Confirmations", "Releases", "Refusals.…", "Scans.…", "Exports"}
    metrics |= {"Unanswered", "MailTaken", "MailPutBack", "MailGivenUp", "MailComplaint", "ColdStart"}
    metrics = {re.sub(r"(?<=\w\.)[a-z]+", "…", name) for name in metrics}
    assert rows == metrics


# Nothing that a caller sent

MARKS = st.text("abcdefghjkmnpqrstuvwxyz0123456789", min_size=12, max_size=20).map(lambda text: f"zq{text}")
SHAPES = ["{}", "{}@example.com", "{} of some street", "{}/..%2F"]


@st.composite
def with_mark(draw: st.DrawFn, value: Any, mark: str) -> Any:
    """The JSON value with the mark in some of its texts and names."""
    if isinstance(value, dict):
        inner = {name: draw(with_mark(part, mark)) for name, part in value.items()}
        return inner | ({mark: mark} if draw(st.booleans()) else {})
    if isinstance(value, list):
        return [draw(with_mark(part, mark)) for part in value]
    return draw(st.sampled_from(SHAPES)).format(mark) if isinstance(value, str) and draw(st.booleans()) else value


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A mark and a call that has it in its path, query, headers, token or body."""
    mark, name = draw(MARKS), draw(st.sampled_from(ROUTES))
    method, path = name.split(" ")
    text = st.sampled_from(SHAPES).map(lambda shape: shape.format(mark))
    names = {one: draw(text) for one in re.findall(r"{(\w+)}", path)}
    query = draw(st.dictionaries(st.sampled_from(["q", "email", "cursor", "limit", "name", "type", mark]), text))
    token = draw(st.sampled_from(["demo-organiser", "demo-checkout", mark]))
    request = event(method, path, token, None, query, names)
    body = draw(with_mark(draw(st.sampled_from(BODIES.get(name, [{}]))), mark))
    request["body"] = json.dumps(body) if draw(st.booleans()) else draw(text)
    request["headers"] |= draw(
        st.dictionaries(st.sampled_from(["Idempotency-Key", "User-Agent", "Accept-Language"]), text)
    )
    return mark, request


def holds(out: StringIO, mark: str) -> bool:
    """Whether the log contains the mark."""
    return mark in out.getvalue().lower()


def test_a_logged_value_of_a_caller_is_found(out: StringIO, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telemetry, "_problem", lambda _: "/v1/customers/ZQmark")
    app(event("GET", "/v1/organiser", "demo-organiser", None, {}, {}), context("api"))
    assert holds(out, "zqmark")


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(requests())
def test_no_log_line_contains_a_value_of_a_caller(out: StringIO, call: tuple[str, dict[str, Any]]):
    mark, request = call
    out.seek(0)
    out.truncate()
    answer = app(request, context("api"))
    assume(answer["statusCode"] < 500)
    assert not holds(out, mark)
    (line,) = out.getvalue().splitlines()
    assert json.loads(line)["route"] in ROUTES
