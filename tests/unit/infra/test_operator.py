"""The operator's command line: what it reads, whom it calls, what it prints."""

import io
import json
import sys
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.administration import __main__ as front
from infra.administration.calling import CommandRefused, Function, FunctionUnavailable, function_name
from infra.administration.commands import arguments, parser, read
from infra.administration.rendering import render

ADDRESS = "http://127.0.0.1:8000"
TOKEN = {"name": "shop", "scope": "checkout", "token": "hall-s3cret"}
LETTER = {"queue": "uploads", "sent_at": "2026-11-21T12:00:00+00:00", "about": "file x", "goes": "to its queue"}
IMPORT = {
    "organiser": "hall",
    "import_id": "imp-1",
    "kind": "customers",
    "status": "importing",
    "progress": 0.5,
    "attempts": 4,
    "due_at": "2026-11-21T12:00:00+00:00",
}
ORGANISER = {
    "settings": {"organiser_id": "hall", "name": "City Hall", "from_email": ""},
    "tokens": [{"name": "shop", "scope": "checkout", "hash": "0a1b2c3d", "ends_at": None}],
    "groups": {"manual": 2, "target": 1},
    "imports": {},
    "mails": {"owed": 1},
    "synced_at": None,
    "dead_letters": 0,
}


class FakeLambda:
    """A Lambda client that returns a prepared response and keeps the requests."""

    def __init__(self, answer: Any = None, error: str = "") -> None:
        self.answer, self.error = answer, error
        self.invocations: list[tuple[str, Any]] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any:  # noqa: N803 - AWS's names
        self.invocations.append((FunctionName, json.loads(Payload)))
        if self.error == "denied":
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Invoke")
        failed = {"FunctionError": "Unhandled"} if self.error else {}
        return {"Payload": io.BytesIO(json.dumps(self.answer).encode()), **failed}


def run(monkeypatch: pytest.MonkeyPatch, fake: FakeLambda, *words: str) -> int:
    """The command's status, in an account where the function is the fake."""
    monkeypatch.setattr(boto3, "client", lambda *_args, **_more: fake)
    monkeypatch.setattr(sys, "argv", ["operator", *words])
    return front.main()


# What is said


@pytest.mark.parametrize(
    ("words", "command", "response"),
    [
        ("organisers list", "organisers list", {}),
        ("tokens rotate hall shop", "tokens rotate", {"id": "hall", "name": "shop", "overlap_hours": 0}),
        ("senders add hall hall.example", "senders add", {"id": "hall", "sender": "hall.example"}),
        ("senders list hall", "senders list", {"id": "hall"}),
        ("dead-letters replay --most 5", "dead-letters replay", {"most": 5}),
        ("dead-letters show --queue mail", "dead-letters show", {"queue": "mail", "most": 100}),
        ("imports fail hall imp-1 --reason No", "imports fail", {"id": "hall", "import_id": "imp-1", "reason": "No"}),
    ],
)
def test_a_command_consists_of_two_words_and_its_arguments(words: str, command: str, response: dict[str, Any]) -> None:
    assert arguments(read(["--stage", "live", *words.split()])) == (command, response)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        (["--local", "organisers", "list"], ADDRESS),
        (["--local", "http://127.0.0.1:9000", "organisers", "list"], "http://127.0.0.1:9000"),
        (["--local=http://127.0.0.1:9000", "organisers", "list"], "http://127.0.0.1:9000"),
    ],
    ids=["by itself", "with an address", "with an equals sign"],
)
def test_the_local_stack_has_a_default_address(words: list[str], address: str) -> None:
    assert read(words).local == address


def test_the_stage_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "live")
    assert read(["organisers", "list"]).stage == "live"


@pytest.mark.parametrize(
    "words",
    [
        ["organisers", "list"],
        ["--stage", "live", "organisers"],
        ["--stage", "a", "--function", "b", "tokens", "list", "x"],
    ],
    ids=["nowhere", "half a command", "two places"],
)
def test_invalid_arguments_exit_with_2(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAGE", raising=False)
    with pytest.raises(SystemExit) as ended:
        read(words)
    assert ended.value.code == 2


def test_the_examples_of_the_help_are_valid_commands() -> None:
    help_text = parser().format_help()
    examples = [line.strip() for line in help_text.splitlines() if line.startswith("  python -m infra.administration")]
    assert len(examples) >= 5
    assert "--local" in help_text


# Whom it calls, and what it prints


def test_the_function_of_a_stage_is_called_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = FakeLambda({"answer": []})
    assert run(monkeypatch, fake, "--stage", "live", "imports", "stuck") == 0
    assert fake.invocations == [(function_name("live"), {"command": "imports stuck", "arguments": {}})]
    assert capsys.readouterr().out == "No import is stuck.\n"


def test_a_function_may_be_given_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLambda({"answer": []})
    run(monkeypatch, fake, "--function", "arn:aws:lambda:x", "organisers", "list")
    assert fake.invocations[0][0] == "arn:aws:lambda:x"


@pytest.mark.parametrize(
    ("fake", "status", "expected"),
    [
        (FakeLambda({"problem": {"code": "not_found", "detail": "There is\nno such."}}), 1, "There is no such.\n"),
        (FakeLambda({"errorMessage": "out of time"}, "broke"), 2, "guestlist-live-operator broke: out of time\n"),
        (FakeLambda(error="denied"), 2, None),
    ],
    ids=["refused", "broken", "not to be called"],
)
def test_an_error_is_one_line_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fake: FakeLambda,
    status: int,
    expected: str | None,
) -> None:
    assert run(monkeypatch, fake, "--stage", "live", "tokens", "list", "hall") == status
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert expected in {None, printed.err}


def test_a_refusal_of_the_function_is_distinguished_from_a_failure() -> None:
    with pytest.raises(CommandRefused, match="no such"):
        Function("f", FakeLambda({"problem": {"code": "not_found", "detail": "no such"}})).call("x", {})
    with pytest.raises(FunctionUnavailable):
        Function("f", FakeLambda({}, "broke")).call("x", {})


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        (
            "organisers create",
            {"organiser": {"organiser_id": "hall"}, "tokens": [TOKEN]},
            ["Created the organiser hall", "hall-s3cret"],
        ),
        ("organisers show", ORGANISER, ["City Hall", "2 manual, 1 target", "1 owed", "0a1b2c3d"]),
        ("organisers list", [], ["There is no organiser."]),
        ("tokens create", TOKEN, ["hall-s3cret", "cannot be shown again"]),
        ("tokens rotate", {**TOKEN, "former_ends_at": "2026-11-21"}, ["hall-s3cret", "2026-11-21"]),
        ("tokens revoke", {"name": "shop", "revoked": 2}, ["2 revoked"]),
        ("tokens list", ORGANISER["tokens"], ["shop  checkout  0a1b2c3d"]),
        ("dead-letters show", [], ["There are no dead letters."]),
        ("dead-letters replay", [LETTER], ["file x", "1 sent"]),
        ("imports stuck", [IMPORT], ["imp-1", "importing"]),
        ("imports resume", IMPORT, ["imp-1"]),
        ("imports fail", IMPORT, ["imp-1"]),
    ],
)
def test_an_answer_is_printed_for_people(command: str, answer: Any, expected: list[str]) -> None:
    printed = render(command, answer)
    assert [words for words in expected if words not in printed] == []
    assert "{" not in printed
