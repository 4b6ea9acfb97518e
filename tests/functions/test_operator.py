"""The operator's function, as a person calls it."""

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
def queues(stored: Table, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:  # noqa: ARG001 - AWS is there then
    """The queues of dead letters, by what lies there."""
    made = {
        word: boto3.client("sqs").create_queue(QueueName=f"{uuid4().hex}-{word}")["QueueUrl"]
        for word in ("uploads", "mail", "timers", "webhooks")
    }
    for word, url in made.items():
        monkeypatch.setenv(f"DEAD_LETTERS_{word.upper()}", url)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    return made


def response_to(command: str, **arguments: Any) -> Any:
    """All that the function answers."""
    return operations.operator({"command": command, "arguments": arguments}, CONTEXT)


def done(command: str, **arguments: Any) -> Any:
    """The answer to a command that is carried out."""
    return response_to(command, **arguments)["answer"]


def refused(command: str, **arguments: Any) -> str:
    """The code word with which a command is refused."""
    return response_to(command, **arguments)["problem"]["code"]


def test_a_new_organiser_has_a_working_token_of_each_scope(call: Api) -> None:
    tokens = {one["scope"]: one["token"] for one in done("organisers create", **HALL)["tokens"]}
    assert call.as_(tokens["organiser"])("GET /v1/organiser").json["time_zone"] == "Europe/Amsterdam"
    assert call.as_(tokens["checkout"])("POST /v1/check", {"code": "x"}).status == 200
    assert call.as_(tokens["checkout"])("GET /v1/organiser").status == 403


def test_an_organiser_is_made_once_and_its_tokens_stay(call: Api) -> None:
    (first, _) = done("organisers create", **HALL)["tokens"]
    assert refused("organisers create", **HALL) == "organiser_exists"
    assert call.as_(first["token"])("GET /v1/organiser").status == 200


@pytest.mark.parametrize(
    "wrong",
    [{"id": "city hall"}, {"email": "nobody"}, {"zone": "Europe/Nowhere"}, {"name": ""}, {"colour": "blue"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_organiser_that_cannot_be_is_not_made(wrong: dict[str, str]) -> None:
    assert refused("organisers create", **{**HALL, **wrong}) == "invalid"
    assert done("organisers list") == []


@pytest.mark.usefixtures("app")
def test_organisers_are_listed() -> None:
    done("organisers create", **HALL)
    assert [one["organiser_id"] for one in done("organisers list")] == ["city-hall", "demo", "other"]


def test_a_token_is_exchanged_and_taken_back(call: Api) -> None:
    given = done("tokens create", id="demo", scope="organiser", name="office")["token"]
    new = done("tokens rotate", id="demo", name="office")["token"]
    assert [call.as_(token)("GET /v1/organiser").status for token in (given, new)] == [401, 200]
    assert done("tokens revoke", id="demo", name="office") == {"name": "office", "revoked": 1}
    assert call.as_(new)("GET /v1/organiser").status == 401


def test_with_an_overlap_the_former_token_is_good_for_a_while(call: Api) -> None:
    given = done("tokens create", id="demo", scope="organiser", name="office")["token"]
    done("tokens rotate", id="demo", name="office", overlap_hours=1)
    assert call.as_(given)("GET /v1/organiser").status == 200
    ends = [one["ends_at"] for one in done("tokens list", id="demo") if one["name"] == "office"]
    assert sorted(map(bool, ends)) == [False, True]


@pytest.mark.usefixtures("app")
def test_a_list_of_tokens_tells_none_of_them() -> None:
    given = done("tokens create", id="demo", scope="checkout", name="shop")["token"]
    listed = done("tokens list", id="demo")
    assert hash_token(given)[:8] in {one["hash"] for one in listed}
    assert given not in str(listed)
    assert hash_token(given) not in str(listed)


@pytest.mark.usefixtures("app")
def test_a_token_never_reaches_the_log(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    given = done("tokens create", id="demo", scope="checkout", name="shop")["token"]
    logged = "".join([*capsys.readouterr(), *(str(vars(one)) for one in caplog.records)])
    assert "tokens create" in logged
    assert given.rpartition("-")[2] not in logged


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
def test_what_is_not_there_is_unknown(command: tuple[str, dict[str, str]]) -> None:
    assert refused(command[0], id="nobody", **command[1]) == "not_found"


def test_a_command_that_there_is_not_is_refused() -> None:
    assert refused("organisers delete", id="demo") == "not_found"


def test_the_standing_of_an_organiser_is_told(call: Api, queues: dict[str, str]) -> None:
    call("POST /v1/groups", {"name": "Fans", "type": "manual"})
    call("POST /v1/imports", {"kind": "customers", "file_name": "people.csv"})
    lost = '{"resume": {"organiser_id": "demo", "import_id": "imp-1"}}'
    boto3.client("sqs").send_message(QueueUrl=queues["uploads"], MessageBody=lost)
    standing = done("organisers show", id="demo")
    assert standing["settings"]["name"] == "Demo"
    assert (standing["groups"], standing["imports"]) == ({"manual": 1}, {"awaiting_upload": 1})
    assert (standing["mails"], standing["dead_letters"], standing["synced_at"]) == ({}, 1, None)
    assert {one["scope"] for one in standing["tokens"]} == set(Scope)


def test_dead_letters_are_shown_and_replayed(queues: dict[str, str]) -> None:
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=queues["uploads"], MessageBody='{"resume": {"organiser_id": "demo", "import_id": "x"}}')
    (replayed,) = done("dead-letters replay", queue="uploads", most=5)
    assert (replayed["about"], replayed["goes"]) == ("import demo/x", "to its queue")
    assert done("dead-letters show") == []


def test_an_import_whose_worker_is_gone_is_stuck_until_it_is_resumed(stored: Table) -> None:
    silent = a_running_import(due_at=clock.now() - LEASE_TIMEOUT)
    Imports(stored, GroupIndexes(stored)).add_import(silent)
    assert [one["import_id"] for one in done("imports stuck")] == ["imp-1"]
    assert done("imports resume", id="demo", import_id="imp-1")["attempts"] == 0
    (message,) = boto3.client("sqs").receive_message(QueueUrl=settings().queue_url)["Messages"]
    assert message["Body"] == '{"resume": {"organiser_id": "demo", "import_id": "imp-1"}}'


@pytest.mark.usefixtures("app")
def test_an_import_failed_by_hand_owes_its_organiser_a_mail() -> None:
    silent = a_running_import(due_at=clock.now() - LEASE_TIMEOUT)
    adapters.imports().add_import(silent)
    assert done("imports fail", id="demo", import_id="imp-1", reason="Sent twice.")["status"] == "failed"
    assert done("organisers show", id="demo")["mails"] == {"owed": 1}
    assert refused("imports fail", id="demo", import_id="imp-1", reason="Again.") == "already_ended"


def test_senders_are_granted_and_taken_back(call: Api) -> None:
    done("organisers create", **HALL)
    assert done("senders list", id="city-hall") == []
    assert done("senders add", id="city-hall", sender="Hall.Example") == [
        {"organiser": "city-hall", "sender": "hall.example"}
    ]
    done("senders add", id="city-hall", sender="box@city.example")
    done("senders add", id="city-hall", sender="hall.example")
    assert done("senders remove", id="city-hall", sender="HALL.example") == [
        {"organiser": "city-hall", "sender": "box@city.example"}
    ]
    assert refused("senders remove", id="city-hall", sender="hall.example") == "not_found"
    assert done("senders list", id="city-hall") == [{"organiser": "city-hall", "sender": "box@city.example"}]
    assert call("GET /v1/organiser").json["senders"] == ["demo.example"]


def test_what_is_no_sender_is_not_granted() -> None:
    done("organisers create", **HALL)
    for wrong in ("", "example", "@hall.example", "hall example.com", "a@b@hall.example"):
        assert refused("senders add", id="city-hall", sender=wrong) == "invalid"
    assert refused("senders add", id="nobody", sender="hall.example") == "not_found"
