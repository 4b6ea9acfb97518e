"""From the file in the bucket to the mail, for every kind of file."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.bootstrap import adapters
from guestlist.aws import clients
from guestlist.aws.table import table
from guestlist.imports.slots import MAX_WORKERS
from guestlist.lists import entry_search, search_index
from guestlist.model import clock
from guestlist.model.ids import has_keyed_counters
from tests.engines.tables import on_requests
from tests.quick.api import Api
from tests.quick.stack import Stack, matches

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
SAMPLES = Path(__file__).parents[2] / "samplecsv"
NOTIFY_ADDRESS = "organiser@demo.example"


def list_is_checked(api: Api) -> bool:
    valid: bool = api("POST /v1/check", {"code": "testing1"}).json["code"]["valid"]
    return valid


def customers_are_members(api: Api) -> bool:
    memberships = api("GET /v1/memberships", query={"email": "bo.larsen@example.com"}).json
    return [group["name"] for group in memberships["groups"]] == ["Members"]


def tickets_are_scanned(api: Api) -> bool:
    scan = {"event_id": "spring-concert", "code": "*4711-0001*"}
    is_accepted: bool = api("POST /v1/scans", scan).json["result"] == "accepted"
    return is_accepted


def purchases_are_counted(api: Api) -> bool:
    sold_quantity: int = api("GET /v1/events/{event_id}", event_id="spring-concert").json["sales"]["sold"]
    return sold_quantity == 4


DROPS = {
    "target_group": ("drop/demo/target-groups/Codes/codes.csv", list_is_checked),
    "customers": ("drop/demo/customers/customers.csv", customers_are_members),
    "tickets": ("drop/demo/tickets/spring-concert/continue/tickets.csv", tickets_are_scanned),
    "purchases": ("drop/demo/purchases/purchases.csv", purchases_are_counted),
}


@pytest.fixture
def venue(api: Api) -> Api:
    """The event, sale items and groups that the sample files name."""
    api("PUT /v1/events/{event_id}", {"name": "Spring concert", "capacity": 400}, event_id="spring-concert")
    for item in ("early-bird", "regular"):
        api("PUT /v1/sale-items/{sale_item_id}", {"name": item, "event_id": "spring-concert"}, sale_item_id=item)
    for group in ("Members", "Friends of the house"):
        api("POST /v1/groups", {"name": group, "type": "manual"})
    return api


def the_import(api: Api) -> dict[str, Any]:
    (record,) = api("GET /v1/imports").json["items"]
    return dict(record)


@pytest.mark.parametrize("kind", DROPS)
def test_a_dropped_file_is_imported_and_its_result_mailed(stack: Stack, venue: Api, kind: str):
    key, effect = DROPS[kind]
    stack.put(key, (SAMPLES / Path(key).name).read_bytes())
    stack.run()
    record = the_import(venue)
    assert (record["kind"], record["status"], record["counts"]["refused"]) == (kind, "complete", 0)
    assert effect(venue)
    (mail,) = stack.mails
    assert (mail.to, record["import_id"] in mail.text) == ([NOTIFY_ADDRESS], True)


def test_a_file_sent_by_the_form_of_an_import_is_that_import(stack: Stack, venue: Api):
    new_record = venue("POST /v1/imports", {"kind": "target_group", "file_name": "codes.csv", "group": "Codes"}).json
    stack.put(new_record["upload"]["fields"]["key"], (SAMPLES / "codes.csv").read_bytes())
    stack.run()
    record = the_import(venue)
    assert (record["import_id"], record["status"]) == (new_record["import_id"], "complete")
    assert list_is_checked(venue)


def test_a_bad_row_is_refused_and_listed_in_the_mail(stack: Stack, venue: Api):
    stack.put("drop/demo/target-groups/Codes/codes.csv", b"Code,Quantity\ngood,1\nbad,none\n")
    stack.run()
    record = the_import(venue)
    assert (record["status"], record["counts"]) == ("partial", {"total": 2, "imported": 1, "refused": 1})
    answer = venue("GET /v1/imports/{import_id}/refused.csv", import_id=record["import_id"])
    assert answer.headers["Location"]
    assert len(stack.mails) == 1


def test_a_person_whom_no_mail_can_reach_is_imported_reported_and_not_welcomed(stack: Stack, venue: Api):
    (group_id,) = [one["group_id"] for one in venue("GET /v1/groups").json["items"] if one["name"] == "Members"]
    venue("PATCH /v1/groups/{group_id}", {"welcome_email": {"enabled": True}}, group_id=group_id)
    rows = "jösé@example.com,Members\nann@bücher.example,Members\n"
    stack.put("drop/demo/customers/customers.csv", f"Email,Customer groups\n{rows}".encode())
    stack.run()
    record = the_import(venue)
    assert (record["status"], record["effect"]["mails_to_send"]) == ("complete", 1)
    assert [(one["code"], one["params"]["lines"]) for one in record["detected"]["messages"]] == [("unmailable", [2])]
    assert sorted(mail.to[0] for mail in stack.mails) == ["ann@xn--bcher-kva.example", NOTIFY_ADDRESS]


def test_events_that_come_twice_are_imported_and_mailed_once(stack: Stack, venue: Api):
    key, effect = DROPS["purchases"]
    stack.put(key, (SAMPLES / "purchases.csv").read_bytes())
    stack.run(copies=2)
    assert the_import(venue)["counts"]["imported"] == 3
    assert effect(venue)
    assert len(stack.mails) == 1


def test_objects_outside_the_upload_folders_start_no_function(stack: Stack, venue: Api):
    stack.put("elsewhere/demo/codes.csv", b"Code\nA1\n")
    stack.run()
    assert venue("GET /v1/imports").json["items"] == []
    assert stack.mails == []


@pytest.mark.parametrize(
    ("value", "let_through"),
    [({"a": {"b": "x"}}, True), ({"a": {"b": "z"}}, False), ({"a": "x"}, False), ({}, False)],
)
def test_an_event_filter_compares_every_name_of_its_pattern(value: Any, let_through: bool):
    assert matches({"a": {"b": ["x", "y"]}}, value) is let_through


def test_files_beyond_the_organisers_share_of_workers_wait_and_run_one_by_one(stack: Stack, venue: Api):
    slots, now = adapters.import_slots(), clock.now()
    assert all(slots.acquire("demo", f"busy-{number}", now) for number in range(MAX_WORKERS))
    for name in ("a.csv", "b.csv"):
        stack.put(f"drop/demo/target-groups/Codes/{name}", (SAMPLES / "codes.csv").read_bytes())
    stack.run()
    assert [one["status"] for one in venue("GET /v1/imports").json["items"]] == ["reading", "reading"]
    slots.release("demo", "busy-0")
    stack.put("drop/demo/target-groups/Others/c.csv", (SAMPLES / "codes.csv").read_bytes())
    stack.run()
    assert [one["status"] for one in venue("GET /v1/imports").json["items"]] == ["complete"] * 3


def test_a_second_upload_by_the_form_of_an_ended_import_is_deleted(stack: Stack, venue: Api):
    record = venue("POST /v1/imports", {"kind": "target_group", "file_name": "codes.csv", "group": "Codes"}).json
    key = record["upload"]["fields"]["key"]
    for content in ((SAMPLES / "codes.csv").read_bytes(), b"Code\nother\n", b"Code\nthird\n"):
        stack.put(key, content)
        stack.run()
    response = boto3.client("s3").list_object_versions(Bucket=stack.bucket, Prefix=key)
    assert [one["Size"] for one in response["Versions"]] == [(SAMPLES / "codes.csv").stat().st_size]
    assert list_is_checked(venue)


def test_a_file_for_a_cancelled_import_is_deleted(stack: Stack, venue: Api):
    record = venue("POST /v1/imports", {"kind": "target_group", "file_name": "codes.csv", "group": "Codes"}).json
    venue("POST /v1/imports/{import_id}/cancel", import_id=record["import_id"])
    stack.put(record["upload"]["fields"]["key"], b"Code\nother\n")
    stack.run()
    assert "Versions" not in boto3.client("s3").list_object_versions(Bucket=stack.bucket, Prefix="uploads/")


def test_a_file_rewritten_by_an_erasure_is_kept(stack: Stack, venue: Api):
    record = venue("POST /v1/imports", {"kind": "target_group", "file_name": "codes.csv", "group": "Codes"}).json
    key = record["upload"]["fields"]["key"]
    stack.put(key, b"Code\nfirst\n")
    stack.run()
    (first,) = boto3.client("s3").list_object_versions(Bucket=stack.bucket, Prefix=key)["Versions"]
    stack.put(key, b"Code\nfirst\n", rewrites=first["VersionId"])
    stack.run()
    assert len(boto3.client("s3").list_object_versions(Bucket=stack.bucket, Prefix=key)["Versions"]) == 2


def search_files(stack: Stack) -> list[str]:
    response = boto3.client("s3").list_object_versions(Bucket=stack.bucket, Prefix="search/")
    return [one["Key"] for one in response.get("Versions", [])]


def noted_reads() -> list[str]:
    """The reads of table and bucket that are made from now on, as they are made."""
    reads: list[str] = []

    def note(operation: str, _request: Any) -> None:
        reads.extend([operation] if operation in {"GetItem", "BatchGetItem", "Query"} else [])

    on_requests(table(), "before-call", note)
    clients.s3().meta.events.register("before-call.s3.GetObject", lambda **_: reads.append("GetObject"))
    return reads


def test_a_long_list_gets_an_index_and_erasing_a_person_removes_them_from_it(
    stack: Stack, api: Api, monkeypatch: pytest.MonkeyPatch
):
    for module in (search_index, entry_search):
        monkeypatch.setattr(module, "MAX_UNINDEXED_PARTITIONS", 10)
    rows = [f"CODE-{number:03d},p{number}@example.com\n" for number in range(60)]
    stack.put("drop/demo/target-groups/Codes/codes.csv", "".join(["Code,Email\n", *rows]).encode(), consent="true")
    stack.run()
    (group,) = api("GET /v1/groups", query={"type": "target"}).json["items"]

    def search(q: str) -> list[str]:
        page = api("GET /v1/groups/{group_id}/entries", query={"q": q, "limit": "2"}, group_id=group["group_id"]).json
        return [row["code"] for row in page["items"]]

    assert len(search_files(stack)) == 1
    assert (search("code-02"), search("p7@")) == (["CODE-020", "CODE-021"], ["CODE-007"])
    reads = noted_reads()
    api("POST /v1/check", {"code": "code-031"})
    check = len(reads)
    assert search("code-04") == ["CODE-040", "CODE-041"]
    assert len(reads[check:]) <= check + 2, reads
    api("DELETE /v1/customers/{email}", email="p7@example.com")
    stack.run()
    assert (search_files(stack), search("p7@")) == ([], [])
    stack.run()
    assert len(search_files(stack)) == 1
    assert (search("code-007"), search("code-02")) == ([], ["CODE-020", "CODE-021"])


def test_lists_of_a_new_stage_count_people_under_keyed_digests(stack: Stack, api: Api):
    by_call = api("POST /v1/groups", {"name": "Guests", "type": "target"}).json["group_id"]
    stack.put("drop/demo/target-groups/Codes/codes.csv", b"Code\nK1\n")
    stack.run()
    assert [has_keyed_counters(one) for one in (by_call, the_import(api)["group_id"])] == [True, True]
