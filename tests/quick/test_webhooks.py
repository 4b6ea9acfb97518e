"""From a change to the webhook that is told of it: each event once, in order per subject, with nothing personal."""

import json
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from chalicelib.bootstrap import webhook_sender
from chalicelib.bootstrap import webhooks as bootstrap
from chalicelib.events.webhooks import wake_workers
from guestlist.aws.table import table
from guestlist.customers.model import shard_of
from guestlist.model import clock
from guestlist.webhooks.model import EventType
from guestlist.webhooks.ports import Reply
from guestlist.webhooks.urls import Target
from tests.engines.tables import contents
from tests.quick.api import Api
from tests.quick.stack import Stack

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
ANNA = "anna@example.com"
ADDRESS = "93.184.216.34"
FILE = b"Code,Quantity\nFRIENDS,3\n"


class Receiver:
    """A receiver: the requests that it got, and its responses, with `echo` the request's own body."""

    def __init__(self) -> None:
        self.sent: list[SimpleNamespace] = []
        self.answers: list[int] = []
        self.echo = False

    def __call__(self, target: Target, address: str, headers: Mapping[str, str], body: str) -> Reply:
        content = json.loads(body)
        self.sent.append(SimpleNamespace(host=target.host, address=address, headers=headers, body=body, **content))
        return Reply(self.answers.pop(0) if self.answers else 200, body if self.echo else "ok")

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.sent]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """The receiver at every address."""
    new_receiver = Receiver()
    monkeypatch.setattr(webhook_sender, "send", new_receiver)
    monkeypatch.setattr(bootstrap, "resolve", lambda _host, _port: [ADDRESS])
    return new_receiver


def subscribe(api: Api, webhook_id: str = "crm", **more: object) -> str:
    """Create a webhook for all events and return its secret."""
    request = {"url": f"https://{webhook_id}.example/hook", "events": list(EventType), **more}
    return str(api("PUT /v1/webhooks/{webhook_id}", request, webhook_id=webhook_id).json.get("secret"))


def import_file(stack: Stack, name: str = "Codes") -> None:
    stack.put(f"drop/demo/target-groups/{name}/codes.csv", FILE)
    stack.run()


def test_events_of_an_import_a_hold_and_its_releases_are_delivered_in_order(stack: Stack, api: Api, receiver: Receiver):
    secret = subscribe(api)
    import_file(stack)
    assert sorted(receiver.types) == ["import.ended", "list.published"]
    end_event = next(one for one in receiver.sent if one.type == "import.ended")
    assert (end_event.data["status"], end_event.data["quantity"]) == ("complete", 1)
    receiver.sent.clear()

    hold = api("POST /v1/redemptions", {"code": "friends", "order_id": "1", "quantity": 3, "hold_seconds": 600}).json
    names = {"redemption_id": hold["redemption_id"]}
    for quantity in (1, None):
        api("POST /v1/redemptions/{redemption_id}/confirm", **names)
        api("POST /v1/redemptions/{redemption_id}/release", {"quantity": quantity}, **names)
    stack.run()
    assert receiver.types == ["code.held", "code.used_up", "code.redeemed", "code.released", "code.released"]
    assert [(one.data["quantity"], one.data["remaining"], one.data["status"]) for one in receiver.sent] == [
        (3, 0, "held"),
        (3, 0, "held"),
        (3, None, "redeemed"),
        (2, None, "redeemed"),
        (0, None, "released"),
    ]
    for one in receiver.sent:
        assert Verifier(secret).verify(one.body, dict(one.headers))["data"]["redemption_id"] == hold["redemption_id"]
        assert one.address == ADDRESS
    assert len({one.headers["webhook-id"] for one in receiver.sent}) == 5


def test_records_and_messages_that_come_twice_are_delivered_once(stack: Stack, api: Api, receiver: Receiver):
    subscribe(api)
    stack.put("drop/demo/target-groups/Codes/codes.csv", FILE)
    stack.run(copies=2)
    api("POST /v1/redemptions", {"code": "FRIENDS", "order_id": "1"})
    stack.run(copies=2)
    assert sorted(receiver.types) == ["code.redeemed", "import.ended", "list.published"]


def test_a_waiting_import_is_delivered_before_its_end(stack: Stack, api: Api, receiver: Receiver):
    subscribe(api, events=["import.waiting", "import.ended"])
    stack.put("drop/demo/target-groups/Codes/codes.csv", FILE, review="true")
    stack.run()
    (waiting,) = receiver.sent
    assert (waiting.type, waiting.data["status"], waiting.data["quantity"]) == ("import.waiting", "awaiting_review", 1)
    api("POST /v1/imports/{import_id}/confirm", {}, import_id=waiting.data["import_id"])
    stack.run()
    assert receiver.types == ["import.waiting", "import.ended"]


def test_joins_and_leaves_are_delivered_without_addresses_unless_personal_data_is_included(
    stack: Stack, api: Api, receiver: Receiver
):
    subscribe(api, "plain")
    subscribe(api, "personal", include_personal=True)
    group_id = api("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    api("POST /v1/groups/{group_id}/members", {"customers": [{"email": ANNA}]}, group_id=group_id)
    api("POST /v1/groups/{group_id}/members/remove", {"emails": [ANNA]}, group_id=group_id)
    stack.run()
    plain = [one for one in receiver.sent if one.host == "plain.example"]
    personal = [one for one in receiver.sent if one.host == "personal.example"]
    for webhook in (plain, personal):
        assert [(one.type, one.data["group_id"]) for one in webhook] == [
            ("member.joined", group_id),
            ("member.left", group_id),
        ]
    assert not any(ANNA in one.body for one in plain)
    assert [one.data["email"] for one in personal] == [ANNA, ANNA]


def test_each_person_added_by_a_file_is_delivered_once_and_in_order(stack: Stack, api: Api, receiver: Receiver):
    subscribe(api, events=["member.joined", "member.left"], include_personal=True)
    group_id = api("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    emails = [email for email in (f"p{number}@example.com" for number in range(60)) if shard_of(email) == 0][:4]
    opened = api("POST /v1/imports", {"kind": "customers", "file_name": "c.csv", "consent": True}).json
    rows = "".join(f"{email},Friends\n" for email in emails)
    stack.put(opened["upload"]["fields"]["key"], f"Email,Customer groups\n{rows}".encode())
    stack.run(copies=2)
    (block,) = (item for item in contents(table()) if "#AUDIT#" in item["pk"])
    assert block["import_id"] == opened["import_id"]
    api("POST /v1/groups/{group_id}/members/remove", {"emails": emails[:1]}, group_id=group_id)
    stack.run(copies=2)
    joined = [one for one in receiver.sent if one.type == "member.joined"]
    assert sorted(one.data["email"] for one in joined) == sorted(emails)
    assert {one.data["import_id"] for one in joined} == {opened["import_id"]}
    assert [one.type for one in receiver.sent if one.data["email"] == emails[0]] == ["member.joined", "member.left"]


def test_only_subscribed_events_are_stored_and_none_for_a_disabled_webhook(stack: Stack, api: Api, receiver: Receiver):
    subscribe(api, "held", events=["code.held"])
    subscribe(api, "off", enabled=False)
    import_file(stack)
    api("POST /v1/redemptions", {"code": "FRIENDS", "order_id": "1"})
    stack.run()
    assert receiver.sent == []
    for webhook_id in ("held", "off"):
        assert api("GET /v1/webhooks/{webhook_id}/deliveries", webhook_id=webhook_id).json["items"] == []


def test_an_import_that_ended_before_a_webhook_was_created_is_not_delivered_to_it(
    stack: Stack, api: Api, receiver: Receiver
):
    import_file(stack)
    subscribe(api)
    (record,) = api("GET /v1/imports").json["items"]
    api("POST /v1/imports/{import_id}/undo", import_id=record["import_id"])
    stack.run()
    assert receiver.types == []


def test_an_expired_group_is_delivered_once(
    stack: Stack, api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    subscribe(api, events=["group.expired"])
    # Late in the evening it is tomorrow already where the organiser is.
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    group = {"name": "Friends", "type": "manual", "expires_on": tomorrow}
    group_id = api("POST /v1/groups", group).json["group_id"]
    wake_workers(clock.now())
    stack.run()
    assert receiver.sent == []
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    for _ in range(2):
        wake_workers(clock.now())
        stack.run()
    assert [(one.type, one.data["group_id"]) for one in receiver.sent] == [("group.expired", group_id)]


def test_a_host_that_moves_to_a_private_address_is_not_connected_to(
    stack: Stack, api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    subscribe(api, events=["import.ended"])
    monkeypatch.setattr(bootstrap, "resolve", lambda _host, _port: [ADDRESS, "10.0.0.1"])
    import_file(stack)
    assert receiver.sent == []
    assert tries(api) == [(None, "The URL's host has an address that is not public.")]


def tries(api: Api) -> list[tuple[Any, Any]]:
    (delivery,) = api("GET /v1/webhooks/{webhook_id}/deliveries", webhook_id="crm").json["items"]
    return [(one["status_code"], one["error"]) for one in delivery["attempts"]]


def test_a_webhook_that_answers_410_is_disabled_and_its_organiser_mailed(stack: Stack, api: Api, receiver: Receiver):
    subscribe(api, events=["import.ended"])
    receiver.answers = [410]
    import_file(stack)
    webhook = api("GET /v1/webhooks/{webhook_id}", webhook_id="crm").json
    assert (webhook["enabled"], webhook["disabled_reason"]) == (False, "gone")
    (mail,) = [mail for mail in stack.mails if mail.subject == "Webhook disabled: crm"]
    assert mail.to == ["organiser@demo.example"]
    assert "crm.example" in mail.text

    subscribe(api, events=["import.ended"])
    assert api("GET /v1/webhooks/{webhook_id}", webhook_id="crm").json["disabled_at"] is None


def test_an_erased_person_is_redacted_in_stored_events_and_responses(stack: Stack, api: Api, receiver: Receiver):
    subscribe(api, include_personal=True)
    receiver.echo = True
    group_id = api("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    people = {"customers": [{"email": email} for email in (ANNA, f"jo{ANNA}")]}
    api("POST /v1/groups/{group_id}/members", people, group_id=group_id)
    stack.run()
    items = stored_texts(api)
    assert items.count(f'"{ANNA}"') == 2
    api("DELETE /v1/customers/{email}", email=ANNA)
    stack.run()
    items = stored_texts(api)
    assert f'"{ANNA}"' not in items
    assert items.count(f'"jo{ANNA}"') == 2
    assert items.count("(erased)") == 2
    leaving = [one for one in receiver.sent if one.type == "member.left"]
    assert [one.data.get("email") for one in leaving] == [None]


def test_an_event_that_comes_after_its_person_was_erased_has_no_address(stack: Stack, api: Api, receiver: Receiver):
    subscribe(api, include_personal=True)
    group_id = api("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    api("POST /v1/groups/{group_id}/members", {"customers": [{"email": ANNA}]}, group_id=group_id)
    api("DELETE /v1/customers/{email}", email=ANNA)
    stack.run()
    assert receiver.types == ["member.joined", "member.left"]
    assert not any(ANNA in one.body for one in receiver.sent)


def stored_texts(api: Api) -> str:
    """All that is stored of deliveries, with the raw answers, in one text."""
    items = api("GET /v1/webhooks/{webhook_id}/deliveries", webhook_id="crm").json["items"]
    return "".join(json.dumps(one["payload"]) + one["answer"] for one in items)
