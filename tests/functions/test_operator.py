"""The operator's function."""

from typing import Any
from uuid import uuid4

import boto3
import pytest

from chalicelib.bootstrap import adapters
from chalicelib.events import operations
from guestlist.aws.settings import settings
from guestlist.aws.table import Table
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.lease import LEASE_TIMEOUT
from guestlist.imports.store import Imports
from guestlist.model import clock
from guestlist.organisers.model import Scope, hash_token
from tests.fakes.contexts import context
from tests.functions.conftest import Api
from tests.unit.imports.builders import a_running_import

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
CONTEXT = context("operator")
HALL = {"id": "city-hall", "name": "City Hall", "email": "it@hall.example", "zone": "Europe/Amsterdam"}


@pytest.fixture(autouse=True)
def queues(api_table: Table, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:  # noqa: ARG001 - AWS is there then
    """The queues of dead letters, by what lies there."""
    urls = {
        word: boto3.client("sqs").create_queue(QueueName=f"{uuid4().hex}-{word}")["QueueUrl"]
        for word in ("uploads", "mail", "timers", "webhooks")
    }
    for word, url in urls.items():
        monkeypatch.setenv(f"DEAD_LETTERS_{word.upper()}", url)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    return urls


def response_to(command: str, **arguments: Any) -> Any:
    """All responses of the function."""
    return operations.operator({"command": command, "arguments": arguments}, CONTEXT)


def run_command(command: str, **arguments: Any) -> Any:
    """Run an operator command and return its answer."""
    return response_to(command, **arguments)["answer"]


def problem_of(command: str, **arguments: Any) -> str:
    """Run an operator command that is refused, and return the code of its problem."""
    return response_to(command, **arguments)["problem"]["code"]


def test_a_new_organiser_has_a_working_token_of_each_scope(call: Api) -> None:
    tokens = {one["scope"]: one["token"] for one in run_command("organisers create", **HALL)["tokens"]}
    assert call.as_(tokens["organiser"])("GET /v1/organiser").json["time_zone"] == "Europe/Amsterdam"
    assert call.as_(tokens["checkout"])("POST /v1/check", {"code": "x"}).status == 200
    assert call.as_(tokens["checkout"])("GET /v1/organiser").status == 403


def test_an_organiser_is_created_once_and_its_tokens_stay(call: Api) -> None:
    (first, _) = run_command("organisers create", **HALL)["tokens"]
    assert problem_of("organisers create", **HALL) == "organiser_exists"
    assert call.as_(first["token"])("GET /v1/organiser").status == 200


@pytest.mark.parametrize(
    "wrong",
    [{"id": "city hall"}, {"email": "nobody"}, {"zone": "Europe/Nowhere"}, {"name": ""}, {"colour": "blue"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_invalid_organiser_is_not_created(wrong: dict[str, str]) -> None:
    assert problem_of("organisers create", **{**HALL, **wrong}) == "invalid"
    assert run_command("organisers list") == []


@pytest.mark.usefixtures("app")
def test_organisers_are_listed() -> None:
    run_command("organisers create", **HALL)
    assert [one["organiser_id"] for one in run_command("organisers list")] == ["city-hall", "demo", "other"]


def test_a_token_is_rotated_and_revoked(call: Api) -> None:
    former_token = run_command("tokens create", id="demo", scope="organiser", name="office")["token"]
    new_token = run_command("tokens rotate", id="demo", name="office")["token"]
    assert [call.as_(token)("GET /v1/organiser").status for token in (former_token, new_token)] == [401, 200]
    assert run_command("tokens revoke", id="demo", name="office") == {"name": "office", "revoked": 1}
    assert call.as_(new_token)("GET /v1/organiser").status == 401


def test_with_an_overlap_the_former_token_stays_valid_for_a_while(call: Api) -> None:
    former_token = run_command("tokens create", id="demo", scope="organiser", name="office")["token"]
    run_command("tokens rotate", id="demo", name="office", overlap_hours=1)
    assert call.as_(former_token)("GET /v1/organiser").status == 200
    ends = [one["ends_at"] for one in run_command("tokens list", id="demo") if one["name"] == "office"]
    assert sorted(map(bool, ends)) == [False, True]


@pytest.mark.usefixtures("app")
def test_a_list_of_tokens_shows_no_token() -> None:
    token = run_command("tokens create", id="demo", scope="checkout", name="shop")["token"]
    tokens = run_command("tokens list", id="demo")
    assert hash_token(token)[:8] in {one["hash"] for one in tokens}
    assert token not in str(tokens)
    assert hash_token(token) not in str(tokens)


@pytest.mark.usefixtures("app")
def test_a_token_never_reaches_the_log(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    token = run_command("tokens create", id="demo", scope="checkout", name="shop")["token"]
    log_text = "".join([*capsys.readouterr(), *(str(vars(one)) for one in caplog.records)])
    assert "tokens create" in log_text
    assert token.rpartition("-")[2] not in log_text


@pytest.mark.parametrize(
    "command",
    [
        ("tokens create", {"scope": "checkout", "name": "shop"}),
        ("tokens rotate", {"name": "shop"}),
        ("tokens revoke", {"name": "shop"}),
        ("tokens list", {}),
        ("organisers show", {}),
        ("imports resume", {"import_id": "imp-1"}),
        ("imports fail", {"import_id": "imp-1", "reason": "No more."}),
    ],
    ids=lambda command: command[0],
)
def test_an_unknown_organiser_is_refused(command: tuple[str, dict[str, str]]) -> None:
    assert problem_of(command[0], id="nobody", **command[1]) == "not_found"


def test_an_unknown_command_is_refused() -> None:
    assert problem_of("organisers delete", id="demo") == "not_found"


def test_the_status_of_an_organiser_is_shown(call: Api, queues: dict[str, str]) -> None:
    call("POST /v1/groups", {"name": "Fans", "type": "manual"})
    call("POST /v1/imports", {"kind": "customers", "file_name": "people.csv"})
    dead_letter = '{"resume": {"organiser_id": "demo", "import_id": "imp-1"}}'
    boto3.client("sqs").send_message(QueueUrl=queues["uploads"], MessageBody=dead_letter)
    status = run_command("organisers show", id="demo")
    assert status["settings"]["name"] == "Demo"
    assert (status["groups"], status["imports"]) == ({"manual": 1}, {"awaiting_upload": 1})
    assert (status["mails"], status["dead_letters"], status["synced_at"]) == ({}, 1, None)
    assert {one["scope"] for one in status["tokens"]} == set(Scope)


def test_dead_letters_are_shown_and_replayed(queues: dict[str, str]) -> None:
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=queues["uploads"], MessageBody='{"resume": {"organiser_id": "demo", "import_id": "x"}}')
    (letter,) = run_command("dead-letters replay", queue="uploads", most=5)
    assert (letter["about"], letter["goes"]) == ("import demo/x", "to its queue")
    assert run_command("dead-letters show") == []


def test_an_import_whose_worker_is_gone_is_stuck_until_it_is_resumed(api_table: Table) -> None:
    silent = a_running_import(due_at=clock.now() - LEASE_TIMEOUT)
    Imports(api_table, GroupIndexes(api_table)).add_import(silent)
    assert [one["import_id"] for one in run_command("imports stuck")] == ["imp-1"]
    assert run_command("imports resume", id="demo", import_id="imp-1")["attempts"] == 0
    (message,) = boto3.client("sqs").receive_message(QueueUrl=settings().queue_url)["Messages"]
    assert message["Body"] == '{"resume": {"organiser_id": "demo", "import_id": "imp-1"}}'


@pytest.mark.usefixtures("app")
def test_failing_an_import_by_hand_adds_a_result_mail() -> None:
    silent = a_running_import(due_at=clock.now() - LEASE_TIMEOUT)
    adapters.imports().add_import(silent)
    assert run_command("imports fail", id="demo", import_id="imp-1", reason="Sent twice.")["status"] == "failed"
    assert run_command("organisers show", id="demo")["mails"] == {"owed": 1}
    assert problem_of("imports fail", id="demo", import_id="imp-1", reason="Again.") == "already_ended"


def test_senders_are_granted_and_revoked(call: Api) -> None:
    run_command("organisers create", **HALL)
    assert run_command("senders list", id="city-hall") == []
    assert run_command("senders add", id="city-hall", sender="Hall.Example") == [
        {"organiser": "city-hall", "sender": "hall.example"}
    ]
    run_command("senders add", id="city-hall", sender="box@city.example")
    run_command("senders add", id="city-hall", sender="hall.example")
    assert run_command("senders remove", id="city-hall", sender="HALL.example") == [
        {"organiser": "city-hall", "sender": "box@city.example"}
    ]
    assert problem_of("senders remove", id="city-hall", sender="hall.example") == "not_found"
    assert run_command("senders list", id="city-hall") == [{"organiser": "city-hall", "sender": "box@city.example"}]
    assert call("GET /v1/organiser").json["senders"] == ["demo.example"]


def test_an_invalid_sender_is_not_granted() -> None:
    run_command("organisers create", **HALL)
    for wrong in ("", "example", "@hall.example", "hall example.com", "a@b@hall.example"):
        assert problem_of("senders add", id="city-hall", sender=wrong) == "invalid"
    assert problem_of("senders add", id="nobody", sender="hall.example") == "not_found"
