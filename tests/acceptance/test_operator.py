"""The operator's command on the whole stack."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.client import Api, a_name, eventually
from tests.acceptance.stack_admin import StackAdmin
from tests.acceptance.stacks import ROOT, Stack

CODES = b"Code\nSPRING\n"


@pytest.fixture
def admin(stack: Stack) -> Iterator[StackAdmin]:
    """Access to a stack whose timers are stopped, so that the operator has to recover it."""
    admin = StackAdmin(stack)
    with admin.without_timers():
        yield admin


def run(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an operator command."""
    command = [sys.executable, "-m", "infra.administration", "--local", stack.address, *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def output_of(stack: Stack, *words: str) -> str:
    """Run an operator command that succeeds, and return its output."""
    process = run(stack, *words)
    assert process.returncode == 0, process.stderr
    return process.stdout


def token_in(output: str, organiser: str) -> str:
    """The last token of that organiser that was printed."""
    return [word for word in output.split() if word.startswith(f"{organiser}-")][-1]


def status(stack: Stack, token: str) -> int:
    """The status of a checkout's call with this token."""
    return Api(stack.address, token).call("POST", "/v1/check", {"code": "X"}).status_code


def test_an_organiser_is_created_and_its_tokens_are_rotated_and_revoked(stack: Stack) -> None:
    hall = a_name("hall").replace(" ", "")
    output = output_of(stack, "organisers", "create", hall, "--name", "City Hall", "--email", "it@hall.example")
    first = token_in(output, hall)
    assert status(stack, first) == 200

    second = token_in(output_of(stack, "tokens", "rotate", hall, "checkout"), hall)
    assert [status(stack, token) for token in (first, second)] == [401, 200]

    third = token_in(output_of(stack, "tokens", "rotate", hall, "checkout", "--overlap-hours", "1"), hall)
    assert [status(stack, token) for token in (second, third)] == [200, 200]

    assert "2 revoked" in output_of(stack, "tokens", "revoke", hall, "checkout")
    assert [status(stack, token) for token in (second, third)] == [401, 401]


def test_senders_are_granted_and_revoked(stack: Stack, organiser: Api) -> None:
    domain = f"{a_name('hall').replace(' ', '').lower()}.example"
    assert domain in output_of(stack, "senders", "add", "demo", domain)
    assert domain in organiser.get("/v1/organiser")["senders"]
    assert domain not in output_of(stack, "senders", "remove", "demo", domain)


def test_the_status_of_an_organiser_is_printed(stack: Stack, organiser: Api) -> None:
    event = a_name("event").replace(" ", "-")
    organiser.put(f"/v1/events/{event}", {"name": "Festival"})
    rules = {"operator": "any", "rules": [{"type": "event", "id": event, "minimum": 1}]}
    organiser.post("/v1/groups", {"name": a_name("Buyers"), "type": "automatic", "rules": rules})
    output = output_of(stack, "organisers", "show", "demo")
    assert "Demo Hall" in output
    assert "local checkout" in output
    assert "demo-" not in output
    assert "automatic" in output


def test_all_organisers_are_printed(stack: Stack) -> None:
    assert {"demo", "other"} <= {line.split()[0] for line in output_of(stack, "organisers", "list").splitlines()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["organisers", "show", "nobody"], "There is no organiser nobody.\n"),
        (
            ["organisers", "create", "demo", "--name", "x", "--email", "a@b.example"],
            "The organiser demo exists already.\n",
        ),
        (["tokens", "revoke", "demo", "nothing"], "The organiser demo has no token nothing.\n"),
        (["imports", "resume", "demo", "nothing"], "There is no import nothing.\n"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_an_error_is_printed_in_one_line(stack: Stack, words: list[str], expected: str) -> None:
    process = run(stack, *words)
    assert (process.returncode, process.stdout, process.stderr) == (1, "", expected)


def test_a_file_whose_message_became_a_dead_letter_is_imported_when_replayed(
    stack: Stack, admin: StackAdmin, organiser: Api
) -> None:
    import_id, body = admin.intercept_upload(organiser, CODES, "target_group", group=a_name("Lost"))
    dead = admin.resource_name("UploadsDeadLetters")
    stack.aws("sqs").send_message(QueueUrl=dead, MessageBody=body)
    assert import_id in output_of(stack, "dead-letters", "replay", "--queue", "uploads")
    assert organiser.wait_until_ended(import_id)["status"] == "complete"
    assert output_of(stack, "dead-letters", "show", "--queue", "uploads") == "There are no dead letters.\n"


def test_a_bounce_notice_whose_function_failed_is_recorded_when_replayed(
    stack: Stack, admin: StackAdmin, organiser: Api
) -> None:
    email = f"{a_name('gone').replace(' ', '-')}@example.com"
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": email}]}
    message = {"mail": {"tags": {"organiser": [b"demo".hex()]}}, "bounce": bounce}
    event = {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(message)}}]}
    send_dead_letter(stack, admin, "NoteBounces", "MailDeadLetters", event)
    assert "to its function" in output_of(stack, "dead-letters", "replay", "--queue", "mail")
    (suppression,) = eventually(lambda: organiser.get(f"/v1/suppressions?q={email}")["items"] or None)
    assert suppression["why"] == "bounce"


def test_the_dead_letter_of_a_webhook_is_replayed(stack: Stack, admin: StackAdmin) -> None:
    body = json.dumps({"organiser_id": "demo", "webhook_id": "unknown", "fresh": False})
    stack.aws("sqs").send_message(QueueUrl=admin.resource_name("WebhooksDeadLetters"), MessageBody=body)
    assert "webhook demo/unknown" in output_of(stack, "dead-letters", "replay", "--queue", "webhooks")
    assert output_of(stack, "dead-letters", "show", "--queue", "webhooks") == "There are no dead letters.\n"


def send_dead_letter(stack: Stack, admin: StackAdmin, function: str, letters: str, event: Any) -> None:
    """Send the dead letter that Lambda writes when that function has failed for good."""
    arn = stack.aws("lambda").get_function_configuration(FunctionName=admin.resource_name(function))["FunctionArn"]
    body = {"requestContext": {"functionArn": arn, "condition": "RetriesExhausted"}, "requestPayload": event}
    stack.aws("sqs").send_message(QueueUrl=admin.resource_name(letters), MessageBody=json.dumps(body))


def test_a_stuck_import_is_shown_and_resumed(stack: Stack, admin: StackAdmin, organiser: Api) -> None:
    with admin.without_timers():
        import_id = admin.import_of_dead_worker(organiser, CODES, "target_group", group=a_name("Stuck"))
        assert import_id in output_of(stack, "imports", "stuck")
        output_of(stack, "imports", "resume", "demo", import_id)
    assert organiser.wait_until_ended(import_id)["status"] == "complete"


def test_an_import_ended_by_the_operator_sends_its_mail(stack: Stack, admin: StackAdmin, organiser: Api) -> None:
    email = f"{a_name('it').replace(' ', '-')}@example.com"
    with admin.without_timers():
        import_id = admin.import_of_dead_worker(organiser, CODES, "target_group", group=a_name("Ended"), notify=email)
        output_of(stack, "imports", "fail", "demo", import_id, "--reason", "This file was sent twice.")
    assert organiser.wait_until_ended(import_id)["reason"] == "crashed"
    (mail,) = organiser.wait_for_mails(email)
    assert "This file was sent twice." in " ".join(mail["text"].split())


# Last, since nobody waits for what it fires: the watchdog would look after an import that the next test left.
@pytest.mark.parametrize("timer", ["Resync", "Expiry", "Watchdog"])
def test_a_timer_that_failed_is_fired_again(stack: Stack, admin: StackAdmin, timer: str) -> None:
    event: dict[str, Any] = {"detail-type": "Scheduled Event", "source": "aws.events", "resources": [], "detail": {}}
    event |= {"version": "0", "id": "1", "account": "0", "time": "2026-11-21T12:00:00Z", "region": "eu-west-1"}
    send_dead_letter(stack, admin, timer, "TimersDeadLetters", event)
    assert admin.resource_name(timer) in output_of(stack, "dead-letters", "replay", "--queue", "timers", "--most", "1")
