"""Whatever the bucket and the table hold, and whoever presses how often: an erasure ends, and nobody is named."""

import hashlib
import json
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from itertools import count, islice
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import app
from chalicelib.bootstrap import adapters, webhook_sender
from chalicelib.bootstrap import webhooks as bootstrap
from chalicelib.events import erasures
from chalicelib.events.timers import watchdog
from guestlist.aws.keys import Key
from guestlist.aws.table import table
from guestlist.customers.model import Customer, shard_of
from guestlist.customers.name_blocks import NameBlocks
from guestlist.erasure import worker as worker_module
from guestlist.erasure.model import Erasure
from guestlist.erasure.worker import RECHECK_DELAY
from guestlist.exports.service import Export
from guestlist.exports.store import Exports
from guestlist.groups.index import GroupType
from guestlist.lists import search_index
from guestlist.mail.suppressions import BOUNCE, Suppressions
from guestlist.model import clock
from guestlist.model.email_address import fold_email
from guestlist.webhooks.model import EventType
from guestlist.webhooks.ports import Reply
from tests.engines.tables import contents, keyed
from tests.fakes.contexts import context
from tests.quick.api import Api, event
from tests.quick.stack import Stack
from tests.quick.traces import find_traces, names_any

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
TURNS = 12
_TELLING = 12
NUMBERS = count(1)
TICK = dict.fromkeys(("account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"), "")


class World:
    """A stage, and a person whose data it gets in different ways."""

    def __init__(self, stack: Stack, api: Api, number: int) -> None:
        self.stack, self.api, self.number = stack, api, number
        self.local, self.domain = f"zoe{number}", f"b\u00fccher{number}.example"
        self.email = f"{self.local}@{self.domain}"
        self.name = f"Zoe{number} Quill{number}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """The address as different people type it."""
        domain = self.domain.encode("idna").decode()
        decomposed_domain = self.domain.replace("\u00fc", "u\u0308")
        return (self.email, self.email.upper(), f"{self.local}@{domain}", f"{self.local}@{decomposed_domain}")

    def put(self, key: str, text: str, **metadata: str) -> None:
        self.stack.put(key, text.encode(), **metadata)

    def leftovers(self, log_lines: Sequence[str], digests: Collection[str] = ()) -> list[str]:
        """Where the person is still named: items, versions of objects and their names and tags, and log lines.

        `digests` are those that were made of them without a key; the beginning of one names them as well.
        """
        needles = {one.lower() for one in (*self.spellings, f"{self.local}@", self.name)}
        needles |= {one[:_TELLING] for one in digests}
        lines = [f"log {line}" for line in log_lines if names_any(line, needles)]
        return [*lines, *find_traces(self.stack.bucket, needles)]


@pytest.fixture
def unkeyed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, str]]:
    """Texts whose digests have no key: anybody with the digest could test guesses of them."""
    inputs_and_digests: list[tuple[bytes, str]] = []
    blake2b, sha256 = hashlib.blake2b, hashlib.sha256

    def noted_blake2b(data: bytes = b"", *, key: bytes = b"", **how: Any) -> Any:
        digest = blake2b(data, key=key, **how)
        inputs_and_digests.extend([] if key else [(data, digest.hexdigest())])
        return digest

    def noted_sha256(data: bytes = b"", **how: Any) -> Any:
        inputs_and_digests.append((data, sha256(data).hexdigest()))
        return sha256(data, **how)

    monkeypatch.setattr(hashlib, "blake2b", noted_blake2b)
    monkeypatch.setattr(hashlib, "sha256", noted_sha256)
    return inputs_and_digests


def folder_markers(world: World) -> None:
    for place in ("drop", "uploads", "reports", "exports"):
        world.put(f"{place}/demo/", "")
    world.put("drop/demo/customers/", "")


def foreign_objects(world: World) -> None:
    world.put(f"uploads/demo/nobodys{world.number}/notes.txt", f"Dear {world.email}")
    world.put(f"reports/demo/nobodys{world.number}", f"Code,Email\nA,{world.email}\n")
    world.put(f"drop/demo/customers/of{world.number}.csv", f"Email,Name\n{world.email},{world.name}\n", rewrites="any")


def names_of_objects(world: World) -> None:
    world.put(f"drop/demo/target-groups/L{world.number}/{world.local}@{world.domain}.csv", "Code\nA1\n")


def dropped_lists(world: World) -> None:
    for spelling in world.spellings:
        world.put(f"drop/demo/target-groups/L{world.number}/list.csv", f"Code,Email\nK1,{spelling}\nK2,\n")


def quoted_in_a_list(world: World) -> None:
    text = f'Code,Email\nK1,"  {world.email} "\nK2,"<{world.email}>"\nK3,mailto:{world.email}\nK4,"""{world.email}"""\n'
    world.put(f"drop/demo/target-groups/Q{world.number}/quoted.csv", text)


def wide_letters(world: World) -> None:
    text = f"Email;Name\n{world.email};{world.name}\nbad;nobody\n"
    world.stack.put(f"drop/demo/customers/wide{world.number}.csv", text.encode("utf-16"))


def deleted_versions(world: World) -> None:
    key = f"drop/demo/customers/gone{world.number}.csv"
    world.put(key, f"Email,Name\n{world.email},{world.name}\nbad,nobody\n")
    world.stack.run()
    s3 = boto3.client("s3")
    s3.delete_object(Bucket=world.stack.bucket, Key=key)
    for one in s3.list_objects_v2(Bucket=world.stack.bucket, Prefix="reports/demo/").get("Contents", []):
        s3.delete_object(Bucket=world.stack.bucket, Key=one["Key"])


def awaited_upload(world: World) -> None:
    record = world.api("POST /v1/imports", {"kind": "customers", "file_name": "way.csv", "notify": world.email}).json
    world.put(record["upload"]["fields"]["key"], f"Email,Name\n{world.email},{world.name}\n")


def member_with_a_welcome(world: World) -> None:
    group = world.api("POST /v1/groups", {"name": f"G{world.number}", "type": "manual"}).json["group_id"]
    world.api("PATCH /v1/groups/{group_id}", {"welcome_email": {"enabled": True}}, group_id=group)
    person = {"customers": [{"email": world.email, "name": world.name}]}
    world.api("POST /v1/groups/{group_id}/members", person, group_id=group)


def members_by_a_file(world: World) -> None:
    """People whom a file adds to a group together, so that their audit entries are one item."""
    name = f"F{next(NUMBERS)}"
    world.api("POST /v1/groups", {"name": name, "type": "manual"})
    request = {"kind": "customers", "file_name": "c.csv", "consent": True}
    opened = world.api("POST /v1/imports", request).json
    others = (f"other{number}-{world.number}@example.com" for number in count())
    neighbours = islice((one for one in others if shard_of(one) == shard_of(fold_email(world.email))), 3)
    rows = "".join(f"{email},{name}\n" for email in (world.email, *neighbours))
    world.put(opened["upload"]["fields"]["key"], f"Email,Customer groups\n{rows}")
    world.stack.run()
    assert any("#AUDIT#" in item["pk"] for item in contents(table()))


def redeemer(world: World) -> None:
    rows = f"Code,Email,Quantity\nOWN{world.number},{world.email},9\n,{world.email},9\n"
    world.put(f"drop/demo/target-groups/U{world.number}/uses.csv", rows)
    world.stack.run()
    order = {"order_id": f"order-{world.number}", "email": world.email}
    for request in (order, order | {"code": f"OWN{world.number}"}):
        world.api("POST /v1/redemptions", request)
    assert len(world.api("GET /v1/redemptions", query={"email": world.email}).json["items"]) == 2


def redeemer_by_a_code_that_is_the_address(world: World) -> None:
    rows = f"Code,Seat,Quantity\n{world.email},,1\nfor {world.email},,1\nANY{world.number},seat of {world.email},1\n"
    world.put(f"drop/demo/target-groups/C{world.number}/codes.csv", rows)
    world.stack.run()
    for number, code in enumerate((world.email, f"for {world.email}", f"ANY{world.number}", world.email)):
        order = {"order_id": f"by-code-{world.number}-{number % 3}", "code": code}
        redemption_id = world.api("POST /v1/redemptions", order).json["redemption_id"]
        world.api("POST /v1/redemptions/{redemption_id}/release", {}, redemption_id=redemption_id)


def bounce(world: World) -> None:
    Suppressions(table()).add_suppression("demo", world.email, BOUNCE, clock.now())
    Suppressions(keyed(table(), b"")).add_suppression(
        "demo", world.email, BOUNCE, clock.now()
    )  # as an earlier version kept it


def order_of(world: World) -> dict[str, Any]:
    return {
        "order_id": f"order-{world.number}",
        "customer": {"email": world.email, "name": world.name},
        "lines": [{"sale_item_id": "early", "quantity": 1}],
    }


def purchase_that_is_answered_again(world: World) -> None:
    body = order_of(world)
    api_event = event("POST", "/v1/purchases", world.api.token, body, {}, {})
    api_event["headers"]["Idempotency-Key"] = f"key-{world.number}"
    for _ in range(2):
        assert app(api_event, context("api"))["statusCode"] < 300


def ticket(world: World) -> None:
    new_ticket = {"code": f"T{world.number}", "email": world.email, "name": world.name, "when_full": "stop"}
    world.api("POST /v1/events/{event_id}/tickets", new_ticket, event_id="gala")


def webhook_that_fails(world: World) -> None:
    request = {"url": "https://crm.example/hook", "events": list(EventType), "include_personal": True}
    world.api("PUT /v1/webhooks/{webhook_id}", request, webhook_id="crm")


def review_that_ends_a_membership(world: World) -> None:
    member_with_a_welcome(world)
    request = {"kind": "customers", "file_name": "c.csv", "consent": True, "review": True, "notify": "x@demo.example"}
    record = world.api("POST /v1/imports", request).json
    world.put(record["upload"]["fields"]["key"], f"Email,Customer groups\n{world.email},\n")
    world.stack.run()
    review = world.api("GET /v1/imports/{import_id}", import_id=record["import_id"]).json
    assert [one["email"] in world.spellings for one in review["lost_memberships"]] == [True]


def imported_list(world: World, body: str, **more: str) -> str:
    """A list of that file, perhaps one that is to come; answers its group."""
    name = f"V{world.number}"
    record = world.api(
        "POST /v1/imports",
        {"kind": "target_group", "file_name": "v.csv", "group": name, "mode": "replace", "consent": True, **more},
    ).json
    world.put(record["upload"]["fields"]["key"], body)
    world.stack.run()
    finished_record = world.api("GET /v1/imports/{import_id}", import_id=record["import_id"]).json
    assert finished_record["status"] == "complete", finished_record
    return str(finished_record["group_id"])


def former_and_scheduled_versions(world: World) -> None:
    imported_list(world, f"Code,Email\nV1,{world.email}\n", mode="create")
    group = imported_list(world, "Code\nV2\n")
    imported_list(world, f"Code,Email\nV3,{world.email}\n", publish_at=(clock.now() + timedelta(days=9)).isoformat())
    versions = world.api("GET /v1/groups/{group_id}/versions", group_id=group).json["items"]
    assert [one["state"] for one in versions] == ["scheduled", "current", "former"]
    for one in versions:
        path_names = {"group_id": group, "version_id": one["version_id"]}
        world.api("GET /v1/groups/{group_id}/versions/{version_id}/diff.csv", **path_names)


def edited_entries(world: World) -> None:
    group = world.api("POST /v1/groups", {"name": f"E{world.number}", "type": "target"}).json["group_id"]
    for act, quantity in (("entries", 1), ("entries/change", 7), ("entries/remove", None), ("entries", 2)):
        entry = {"code": "EDITED", "email": world.email} | ({"quantity": quantity} if quantity else {})
        world.api(f"POST /v1/groups/{{group_id}}/{act}", {"entries": [entry]}, group_id=group)
    world.api("POST /v1/groups/{group_id}/codes", {"emails": [world.email]}, group_id=group)
    world.api("GET /v1/groups/{group_id}/export.csv", group_id=group)


def export_that_waits_for_a_worker(world: World) -> None:
    behind = {"email": world.email}
    export = Export(
        organiser_id="demo",
        group_id=world.api("POST /v1/groups", {"name": f"X{world.number}", "type": "manual"}).json["group_id"],
        type=GroupType.MANUAL,
        export_id="x1",
        heard_at=clock.now(),
        behind=behind,
    )
    Exports(table()).save_export(export)


def stray_index(world: World) -> None:
    world.put("search/demo/nobodys/file", world.email)


def names_of_which_no_profile_tells(world: World) -> None:
    customer = Customer(email=world.email, name=world.name, created_at=clock.now())
    NameBlocks(table()).put_names("demo", [customer])


def worker(world: World) -> None:
    world.stack.run()


def press(world: World) -> None:
    for spelling in world.spellings[::2]:
        world.api("DELETE /v1/customers/{email}", email=spelling)


Step = Callable[[World], None]
STEPS: list[Step] = [
    folder_markers,
    foreign_objects,
    names_of_objects,
    dropped_lists,
    quoted_in_a_list,
    wide_letters,
    deleted_versions,
    awaited_upload,
    member_with_a_welcome,
    redeemer,
    bounce,
    purchase_that_is_answered_again,
    ticket,
    webhook_that_fails,
    worker,
    press,
]
OF_LISTS: list[Step] = [
    webhook_that_fails,
    redeemer,
    former_and_scheduled_versions,
    edited_entries,
    export_that_waits_for_a_worker,
    stray_index,
    review_that_ends_a_membership,
    members_by_a_file,
    names_of_which_no_profile_tells,
    redeemer_by_a_code_that_is_the_address,
]


WORLDS, MAX_PASSES = 2, 40


@pytest.fixture
def shop(api: Api) -> Api:
    """An event with one sale item."""
    api("PUT /v1/schedules/{schedule_id}", {"name": "Summer"}, schedule_id="summer")
    api("PUT /v1/events/{event_id}", {"name": "Gala", "schedule_id": "summer"}, event_id="gala")
    api("PUT /v1/inventory-items/{inventory_item_id}", {"name": "Standing"}, inventory_item_id="standing")
    item = {"name": "Early", "event_id": "gala", "inventory_item_id": "standing"}
    api("PUT /v1/sale-items/{sale_item_id}", item, sale_item_id="early")
    return api


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of resumed erasures, one for each pass; a test with too many fails instead of running forever."""
    emails: list[str] = []

    def resume(org: str, erasure: Erasure, *rest: Any) -> bool:
        emails.append(erasure.email)
        assert len(emails) <= MAX_PASSES, "the erasure goes round in circles"
        return worker_module.resume(org, erasure, *rest)

    monkeypatch.setattr(erasures, "resume", resume)
    return emails


@pytest.fixture
def new_world(stack: Stack, shop: Api, passes: list[str]) -> Callable[[], World]:
    """Make a world on the stage as it was, so that none has to be read with those before it."""
    before = {Key(item["pk"], item["sk"]): item for item in contents(table())}

    def make() -> World:
        passes.clear()
        now = {Key(item["pk"], item["sk"]): item for item in contents(table())}
        table().delete_many([key for key in now if key not in before])
        for key, item in before.items():
            if now.get(key) != item:
                table().put(item)
        s3 = boto3.client("s3")
        versions = s3.list_object_versions(Bucket=stack.bucket)
        for one in [*versions.get("Versions", []), *versions.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=stack.bucket, Key=one["Key"], VersionId=one["VersionId"])
        return World(stack, shop, next(NUMBERS))

    return make


@given(st.lists(st.sampled_from([*STEPS, *OF_LISTS[2:]]), max_size=4), st.integers(1, 3))
@example([one for one in STEPS if one not in (press, worker)], 1)
@example(OF_LISTS, 1)
@example([dropped_lists, press, worker, press, wide_letters, press], 3)
@settings(
    max_examples=WORLDS, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_erasure_ends_and_nothing_names_the_person(
    new_world: Callable[[], World],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    unkeyed: list[tuple[bytes, str]],
    steps: Sequence[Step],
    presses: int,
) -> None:
    unkeyed.clear()
    caplog.set_level(logging.DEBUG, logger="guestlist")
    caplog.clear()
    monkeypatch.setattr(search_index, "MAX_UNINDEXED_PARTITIONS", 0)
    monkeypatch.setattr(webhook_sender, "send", lambda *value: Reply(500, json.dumps(value[-1])[:1024]))
    monkeypatch.setattr(bootstrap, "resolve", lambda _host, _port: ["93.184.216.34"])
    world, shift = new_world(), [timedelta()]
    monkeypatch.setattr(clock, "shift", lambda: shift[0])
    for step in steps:
        step(world)
    for _ in range(presses):
        press(world)
    for _ in range(TURNS):
        world.stack.run()
        proof = world.api("GET /v1/customers/{email}/erasure", email=world.email).json
        if proof["done_at"]:
            break
        shift[0] += RECHECK_DELAY + timedelta(minutes=15)
        watchdog(TICK, context("watchdog"))
    assert proof["done_at"], "the erasure does not end"
    digests = [digest for value, digest in unkeyed if world.local.encode() in value.lower()]
    log_lines = [str(vars(line)) for line in caplog.records if line.name.startswith("guestlist")]
    assert world.leftovers(log_lines, digests) == []


def test_repeated_erasure_requests_take_no_more_passes_than_one(stack: Stack, shop: Api, passes: list[str]) -> None:
    world = World(stack, shop, next(NUMBERS))
    dropped_lists(world)
    stack.run()
    for _ in range(5):
        press(world)
    stack.run()
    assert len(passes) == len(set(passes)), "each spelling is gone over once, however many messages there are"
    stack.run()
    proof = shop("GET /v1/customers/{email}/erasure", email=world.email).json
    assert proof["done_at"] is None, "who was erasing when it was asked for anew may still be writing"


def test_data_stored_under_unkeyed_digests_is_still_recognised(stack: Stack, shop: Api) -> None:
    world, key = World(stack, shop, next(NUMBERS)), table().digest_key
    place = f"drop/demo/target-groups/L{world.number}/list.csv"
    for digest_key in (b"", key):
        table().digest_key = digest_key
        purchase_that_is_answered_again(world)
        if not digest_key:
            member_with_a_welcome(world)
            world.put(place, "Code\nA1\n")
        stack.run()
    assert shop("POST /v1/purchases", order_of(world)).status == 200, "it was told of before"
    group = f"G{world.number}"
    (group_id,) = (one["group_id"] for one in shop("GET /v1/groups").json["items"] if one["name"] == group)
    person = {"emails": [world.email]}
    shop("POST /v1/groups/{group_id}/members/remove", person, group_id=group_id)
    shop("POST /v1/groups/{group_id}/members", {"customers": [{"email": world.email}]}, group_id=group_id)
    stack.run()
    assert sum(group in mail.subject + mail.text for mail in stack.mails) == 1, "the welcome mail went out before"
    (version,) = boto3.client("s3").list_object_versions(Bucket=stack.bucket, Prefix=place)["Versions"]
    assert adapters.imports().find_dropped("demo", place, version["VersionId"])
