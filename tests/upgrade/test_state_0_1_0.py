"""A stage of version 0.1.0 is upgraded: what its code stored is read, changed and erased by this code."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.events.timers import expiry, resync, watchdog
from guestlist.aws import person_keys
from guestlist.aws.digests import digest
from guestlist.aws.keys import Key
from guestlist.aws.table import table
from guestlist.erasure.worker import RECHECK_DELAY
from guestlist.model import clock
from tests.engines.tables import contents
from tests.fakes.contexts import context
from tests.quick.api import Api
from tests.quick.stack import Stack

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
STATE = json.loads(Path(__file__).with_name("state_0_1_0.json").read_text(encoding="utf-8"))
NAMES = STATE["names"]
ANNA, BEN, ERASED_EMAIL, WAITING_EMAIL = "anna@example.com", "ben@example.com", "gone@example.com", "waits@example.com"
TICK = dict.fromkeys(("account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"), "")


@pytest.fixture
def shift(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """The offset of the clock, which is a minute after the state was recorded."""
    distance = [datetime.fromisoformat(NAMES["at"]) + timedelta(minutes=1) - clock.machine()]
    monkeypatch.setattr(clock, "shift", lambda: distance[0])
    return distance
    return distance


@pytest.fixture
def old(stack: Stack, api: Api, shift: list[timedelta]) -> Api:
    """The API of a stage that holds what version 0.1.0 stored, and nothing else."""
    assert shift
    table().delete_many([Key(item["pk"], item["sk"]) for item in contents(table())])
    s3: Any = boto3.client("s3")
    items = json.dumps(STATE["items"])
    for one in STATE["objects"]:
        body = one["body"].encode("latin-1")
        response = s3.put_object(Bucket=stack.bucket, Key=one["key"], Body=body, Metadata=one["metadata"])
        items = items.replace(one["version"], response["VersionId"])
    dynamodb: Any = boto3.client("dynamodb")
    for item in json.loads(items):
        dynamodb.put_item(TableName=stack.environment["TABLE_NAME"], Item=item)
    # The old code was told of these files and items already.
    while stack.receive_messages():
        pass
    assert list(stack._records())  # noqa: SLF001 - no test but this one has changes that nobody is to be told of
    return api


LISTS = [
    ("GET /v1/organiser", {}),
    ("GET /v1/imports", {}),
    ("GET /v1/groups", {}),
    ("GET /v1/groups/{group_id}/members", {"group_id": NAMES["friends"]}),
    ("GET /v1/groups/{group_id}/members", {"group_id": NAMES["fans"]}),
    ("GET /v1/groups/{group_id}/entries", {"group_id": NAMES["codes"]}),
    ("GET /v1/groups/{group_id}/history", {"group_id": NAMES["friends"]}),
    ("GET /v1/groups/{group_id}/welcome-email/preview", {"group_id": NAMES["friends"]}),
    ("GET /v1/groups/{group_id}/export.csv", {"group_id": NAMES["codes"]}),
    ("GET /v1/groups/{group_id}", {"group_id": NAMES["deleted"]}),
    ("GET /v1/catalogue", {}),
    ("GET /v1/schedules/{schedule_id}", {"schedule_id": "summer"}),
    ("GET /v1/events/{event_id}", {"event_id": "gala"}),
    ("GET /v1/events/{event_id}/tickets", {"event_id": "gala"}),
    ("GET /v1/inventory-items/{inventory_item_id}", {"inventory_item_id": "standing"}),
    ("GET /v1/sale-items/{sale_item_id}", {"sale_item_id": "members-only"}),
    ("GET /v1/discounts", {}),
    ("GET /v1/customers", {}),
    ("GET /v1/customers/{email}", {"email": ANNA}),
    ("GET /v1/customers/{email}/history", {"email": BEN}),
    ("GET /v1/customers/{email}/erasure", {"email": ERASED_EMAIL}),
    ("GET /v1/tokens", {}),
    ("GET /v1/webhooks", {}),
    ("GET /v1/suppressions", {}),
]


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("scope", ["organiser", "checkout"])
def test_stored_tokens_are_valid(scope: str) -> None:
    answer = Api(f"demo-{scope}")("POST /v1/check", {"code": "FRIENDS"}).json
    assert answer["code"]["valid"] is True


def test_every_stored_record_is_listed_and_shown(old: Api) -> None:
    for call, names in LISTS:
        assert old(call, **names).status < 400, call
    for import_id, (kind, status) in NAMES["imports"].items():
        record = old("GET /v1/imports/{import_id}", import_id=import_id).json
        assert (record["kind"], record["status"]) == (kind, status)
    entries = old("GET /v1/groups/{group_id}/entries", group_id=NAMES["codes"]).json["items"]
    assert len(entries) > 1


@pytest.mark.usefixtures("old")
def test_stored_holds_are_confirmed_and_released() -> None:
    checkout, first, second, third = Api("demo-checkout"), *(NAMES[f"redemption_{number}"] for number in (1, 2, 3))
    assert checkout("POST /v1/check", {"code": "friends"}).json["code"]["grants"][0]["remaining"] == 9 - 2 - 1 - 1
    checkout("POST /v1/redemptions/{redemption_id}/confirm", redemption_id=first)
    checkout("POST /v1/redemptions/{redemption_id}/release", redemption_id=second)
    checkout("POST /v1/redemptions/{redemption_id}/release", redemption_id=third)
    checkout("POST /v1/redemptions", {"code": "FRIENDS", "order_id": "new", "quantity": 7})
    assert not checkout("POST /v1/check", {"code": "friends"}).json["code"]["valid"]
    same = checkout(
        "POST /v1/redemptions", {"code": "FRIENDS", "order_id": "h1", "quantity": 2, "hold_seconds": 600}
    ).json
    assert same["redemption_id"] == first


def test_packed_rows_are_found_by_code_and_by_address(old: Api) -> None:
    assert old("POST /v1/check", {"code": "c299"}).json["code"]["grants"][0]["remaining"] == 1 + 299 % 3
    person = {"email": ANNA, "authenticated": True}
    (decision,) = old("POST /v1/check", {"customer": person, "sale_items": ["members-only"]}).json["items"]
    assert decision["purchasable"]
    (decision_without,) = old("POST /v1/check", {"sale_items": ["members-only"]}).json["items"]
    assert not decision_without["purchasable"]


def test_stored_members_are_removed_and_new_ones_added(old: Api) -> None:
    group = {"group_id": NAMES["friends"]}
    assert {one["email"] for one in old("GET /v1/groups/{group_id}/members", **group).json["items"]} == {ANNA, BEN}
    old("POST /v1/groups/{group_id}/members/remove", {"emails": [BEN]}, **group)
    old("POST /v1/groups/{group_id}/members", {"customers": [{"email": "new@example.com"}]}, **group)
    emails = {one["email"] for one in old("GET /v1/groups/{group_id}/members", **group).json["items"]}
    assert emails == {ANNA, "new@example.com"}
    old("POST /v1/groups/{group_id}/restore", group_id=NAMES["deleted"])


def test_stored_purchases_are_refunded_and_automatic_groups_updated(old: Api) -> None:
    resync(TICK, context("resync"))
    assert reasons(old) == {ANNA: "3/1", "carl@example.com": "1/1"}
    refund = old("POST /v1/purchases/{order_id}/refund", order_id="o1").json
    assert refund["lines"][0]["refunded"] == 2
    old("POST /v1/purchases/{order_id}/refund", order_id="f1")
    assert set(reasons(old)) == {ANNA}, "she still has a ticket"
    purchase = {"order_id": "o3", "customer": {"email": BEN}, "lines": [{"sale_item_id": "early", "quantity": 1}]}
    old("POST /v1/purchases", purchase)
    assert reasons(old)[BEN] == "1/1"


def reasons(api: Api) -> dict[str, str]:
    """The number of counted purchases of each member of the automatic group."""
    members = api("GET /v1/groups/{group_id}/members", group_id=NAMES["fans"]).json["items"]
    return {one["email"]: one["because"]["params"]["findings"][0].rpartition(" ")[2] for one in members}


def test_a_scanned_ticket_stays_scanned_and_another_is_admitted(old: Api) -> None:
    results = [old("POST /v1/scans", {"event_id": "gala", "code": code}).json["result"] for code in ("T1", "T2")]
    assert results[0] != "accepted"
    assert results[1] == "accepted"


def test_a_stored_waiting_import_is_confirmed_and_an_ended_one_undone(stack: Stack, old: Api) -> None:
    old("POST /v1/imports/{import_id}/confirm", {}, import_id=NAMES["waiting"])
    stack.run()
    assert old("GET /v1/imports/{import_id}", import_id=NAMES["waiting"]).json["status"] == "complete"
    assert old("POST /v1/check", {"code": "W1"}).json["code"]["valid"]
    for import_id, (kind, status) in NAMES["imports"].items():
        if status == "complete" and kind in {"customers", "purchases", "tickets"}:
            old("POST /v1/imports/{import_id}/undo", import_id=import_id)
            stack.run()
            assert old("GET /v1/imports/{import_id}", import_id=import_id).json["undone"], kind


def test_a_file_for_a_stored_request_is_imported(stack: Stack, old: Api) -> None:
    stack.put(f"uploads/demo/{NAMES['awaited']}", b"Code\nLATE\n")
    stack.run()
    assert old("GET /v1/imports/{import_id}", import_id=NAMES["awaited"]).json["status"] == "complete"
    assert old("POST /v1/check", {"code": "late"}).json["code"]["valid"]


def test_timers_send_the_stored_mails_that_are_due(stack: Stack, old: Api, shift: list[timedelta]) -> None:
    assert old
    shift[0] += timedelta(hours=7)
    for timer in (resync, expiry, watchdog):
        timer(TICK, context("timer"))
    stack.run()
    assert any(NAMES["codes"] in mail.text for mail in stack.mails)
    assert ANNA in {to for mail in stack.mails for to in mail.to}


def test_erasures_continue_and_find_data_under_unkeyed_digests(stack: Stack, old: Api, shift: list[timedelta]) -> None:
    unkeyed = {person_keys.suppression("demo", digest(BEN)).pk, person_keys.erasure("demo", WAITING_EMAIL).pk}
    assert unkeyed <= places()
    assert old("GET /v1/customers/{email}/erasure", email=ERASED_EMAIL).json["done_at"]
    old("DELETE /v1/customers/{email}", email=BEN)
    for _ in range(3):
        watchdog(TICK, context("watchdog"))
        stack.run()
        shift[0] += RECHECK_DELAY + timedelta(minutes=15)
    for email in (BEN, WAITING_EMAIL, ERASED_EMAIL):
        assert old("GET /v1/customers/{email}/erasure", email=email).json["done_at"], email
        assert email not in str(contents(table())).lower()
    assert person_keys.suppression("demo", digest(BEN)).pk not in places()


def places() -> set[str]:
    """The partitions of the table."""
    return {item["pk"] for item in contents(table())}
