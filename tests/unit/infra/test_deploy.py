"""The parts of `make deploy` that no engine can show."""

import io
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra.deploy import sender
from infra.deploy.smoke import smoke
from infra.deploy.stack import Change, DeployFailed, Stack
from infra.deploy.store import Store, digest_of
from tests.engines.servers import free_port

ROOT = Path(__file__).parents[3]
DEPLOYING = (
    (ROOT / "docs" / "running.md").read_text(encoding="utf-8").partition("\n## Deploying\n")[2].partition("\n## ")[0]
)
GOOD = {
    "/openapi.json": (200, "application/json", {"openapi": "3.1.0"}),
    "/v1/check": (401, "application/problem+json", {"code": "unauthenticated"}),
}


class Functions:
    """Lambda, with a function that answers or fails."""

    def __init__(self, error: str = "") -> None:
        self.error = error

    def invoke(self, **_request: Any) -> dict[str, Any]:
        failed = {"FunctionError": "Unhandled"} if self.error else {}
        return {"Payload": io.BytesIO(self.error.encode() or b"{}"), **failed}


class Formation:
    """CloudFormation, with one stack in that status."""

    def __init__(self, status: str) -> None:
        self.status = status

    def describe_stacks(self, **_request: Any) -> dict[str, Any]:
        return {"Stacks": [{"StackStatus": self.status}]}


@pytest.fixture
def answers() -> dict[str, tuple[int, str, Any]]:
    """The response by path of the server."""
    return dict(GOOD)


@pytest.fixture
def address(answers: dict[str, tuple[int, str, Any]]) -> Iterator[str]:
    """The address of a server with those answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, media_type, body = answers[self.path]
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def wrong(address: str, functions: Functions | None = None) -> list[str]:
    """The failures of the smoke test."""
    return [fault for _, fault in smoke(address, functions or Functions(), "watchdog", pause=0) if fault]


def test_the_smoke_test_passes_for_a_healthy_stage(address: str) -> None:
    assert wrong(address) == []


@pytest.mark.parametrize(
    ("path", "answer", "output"),
    [
        ("/openapi.json", (403, "application/json", {}), ["GET /openapi.json answered 403"]),
        ("/openapi.json", (200, "application/json", {"message": "hello"}), ["GET /openapi.json answered 200"]),
        ("/v1/check", (200, "application/json", {}), ["POST /v1/check answered 200"] * 2),
        ("/v1/check", (401, "application/json", {"code": "unauthenticated"}), ["POST /v1/check answered 401"] * 2),
        (
            "/v1/check",
            (500, "application/problem+json", {"code": "internal_error"}),
            ["POST /v1/check answered 500 internal_error"] * 2,
        ),
    ],
    ids=["closed", "another service", "open to all", "not a problem", "broken"],
)
def test_the_smoke_test_fails_for_other_responses(
    address: str, answers: dict[str, Any], path: str, answer: Any, output: list[str]
) -> None:
    answers[path] = answer
    assert wrong(address) == output


def test_the_smoke_test_fails_without_a_response() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    faults = wrong(address)
    assert len(faults) == 3
    assert all(one.startswith(f"no answer from {address}") for one in faults)


def test_the_smoke_test_fails_if_the_watchdog_fails(address: str) -> None:
    assert wrong(address, Functions("no module")) == ["no module"]


@pytest.mark.parametrize(
    ("status", "output"),
    [
        ("UPDATE_IN_PROGRESS", "being changed by somebody else"),
        ("CREATE_IN_PROGRESS", "being changed by somebody else"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("ROLLBACK_FAILED", "delete-stack"),
    ],
)
def test_a_stack_that_cannot_be_changed_now_says_what_to_do(status: str, output: str) -> None:
    with pytest.raises(DeployFailed, match=output):
        Stack("guestlist-live", Formation(status)).clear(print)


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_stack_in_a_stable_state_may_be_changed(status: str) -> None:
    assert Stack("guestlist-live", Formation(status)).clear(print) == {"StackStatus": status}


@pytest.mark.parametrize(
    ("change", "loses"),
    [
        (Change("Add", "Table", "AWS::DynamoDB::Table"), False),
        (Change("Modify", "Table", "AWS::DynamoDB::Table"), False),
        (Change("Modify", "Table", "AWS::DynamoDB::Table", "Conditional"), False),
        (Change("Modify", "Table", "AWS::DynamoDB::Table", "True"), True),
        (Change("Remove", "Table", "AWS::DynamoDB::Table"), True),
    ],
    ids=lambda value: f"{value.action} {value.replaced}" if isinstance(value, Change) else None,
)
def test_a_resource_is_lost_if_it_is_removed_or_replaced(change: Change, loses: bool) -> None:
    assert change.loses is loses


def test_the_name_of_a_template_does_not_depend_on_the_order_of_its_keys() -> None:
    assert digest_of({"a": 1, "b": {"c": 2, "d": 3}}) == digest_of({"b": {"d": 3, "c": 2}, "a": 1})


class Missing(Exception):
    """An identity that SES does not have."""


class Mail:
    """SES, which knows these identities: verified or not."""

    class exceptions:  # noqa: N801
        NotFoundException = Missing

    def __init__(self, production: bool = True, **identities: bool) -> None:
        self.known = {name.replace("_at_", "@").replace("_", "."): sound for name, sound in identities.items()}
        self.production = production

    def get_email_identity(self, EmailIdentity: str) -> dict[str, Any]:  # noqa: N803
        if EmailIdentity not in self.known:
            raise Missing
        return {
            "VerifiedForSendingStatus": self.known[EmailIdentity],
            "DkimAttributes": {"Tokens": ["one", "two", "three"]},
        }

    def get_account(self) -> dict[str, Any]:
        return {"ProductionAccessEnabled": self.production}


@pytest.mark.parametrize(
    ("mail", "expected"),
    [(Mail(), False), (Mail(me_at_hall_example=False), True), (Mail(hall_example=True), True)],
    ids=["not known", "the address", "its domain"],
)
def test_ses_knows_a_sender_by_its_address_or_its_domain(mail: Mail, expected: bool) -> None:
    assert sender.is_known(mail, "me@hall.example") is expected


@pytest.mark.parametrize(
    ("mail", "sentences"),
    [
        (Mail(me_at_hall_example=True), []),
        (Mail(hall_example=True), []),
        (Mail(me_at_hall_example=False), ["SES has mailed a link to me@hall.example"]),
        (Mail(production=False, me_at_hall_example=True), ["The account is in SES's sandbox"]),
    ],
    ids=["verified", "by its domain", "not yet verified", "sandbox"],
)
def test_the_report_lists_what_prevents_mails(mail: Mail, sentences: list[str]) -> None:
    steps = list(sender.left_to_do(mail, "me@hall.example"))
    assert [one[: len(begin)] for one, begin in zip(steps, sentences, strict=True)] == sentences


def test_the_records_that_verify_a_domain_are_printed() -> None:
    text = "\n".join(sender.left_to_do(Mail(hall_example=False), "me@hall.example"))
    assert re.findall(r"(\S+) -> (\S+)", text) == [
        (f"{token}._domainkey.hall.example", f"{token}.dkim.amazonses.com") for token in ("one", "two", "three")
    ]
    assert "_dmarc.hall.example" in text
    assert "link" not in text


def test_the_guide_recommends_a_domain_before_a_single_address() -> None:
    first = next(line for line in DEPLOYING.splitlines() if line.startswith("$ make deploy"))
    assert "SENDER_DOMAIN=" in first


def test_the_bucket_of_artefacts_is_created_in_its_region() -> None:
    requests: list[dict[str, Any]] = []

    class Storage:
        class exceptions:  # noqa: N801
            BucketAlreadyOwnedByYou = Missing

        def __getattr__(self, _call: str) -> Any:
            return lambda **what: requests.append(what)

    for region in ("us-east-1", "eu-west-1"):
        Store(Storage(), "artefacts").create(region)
    creations = [one for one in requests if set(one) <= {"Bucket", "CreateBucketConfiguration"}]
    assert creations == [
        {"Bucket": "artefacts"},
        {"Bucket": "artefacts", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
    ]
    (closed, _) = [one for one in requests if "PublicAccessBlockConfiguration" in one]
    assert set(closed["PublicAccessBlockConfiguration"].values()) == {True}


# What docs/running.md says of it


def test_the_documented_errors_of_a_deployment_are_quoted_from_the_code() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "infra" / "deploy").glob("*.py"))
    documented = [line.split("|")[1] for line in DEPLOYING.splitlines() if line.startswith("| `")]
    words = [word for cell in documented for word in re.findall(r"`([^`]+)`", cell)]
    assert len(words) == 5
    assert [word for word in words if word not in source and not word.endswith("_FAILED")] == []


def test_every_documented_variable_of_make_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    names = {name for name in re.findall(r"\b([A-Z_]+)=", DEPLOYING) if not name.startswith("AWS_")} - {"ARGS"}
    assert names == {"STAGE", "SENDER", "SENDER_DOMAIN", "ALARMS", "DOMAIN", "CERTIFICATE"}
    assert {name for name in names if f"$({name})" not in makefile} == set()
