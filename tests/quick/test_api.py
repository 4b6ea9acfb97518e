"""Every call of the API, made as API Gateway makes it; `Api` holds each to success and to the document."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from app import app
from chalicelib.bootstrap import webhooks
from chalicelib.routes import versions
from guestlist.aws.table import table
from guestlist.lists.code_generator import ALPHABET
from guestlist.mail.suppressions import BOUNCE, Suppressions
from guestlist.mail.unsubscriptions import Unsubscriptions
from guestlist.model import clock
from guestlist.tickets import snapshots
from guestlist.webhooks.delivery_store import Deliveries
from tests.fakes.webhooks import a_delivery
from tests.quick.api import Api, ApiResponse
from tests.quick.stack import Stack

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
ANNA = "anna@example.com"
RULES = {"operator": "any", "rules": [{"type": "event", "id": "gala", "minimum": 1}]}


@pytest.fixture
def shop(api: Api) -> Api:
    """An event with one sale item and one inventory item."""
    api("PUT /v1/schedules/{schedule_id}", {"name": "Summer"}, schedule_id="summer")
    api("PUT /v1/events/{event_id}", {"name": "Gala", "schedule_id": "summer", "capacity": 9}, event_id="gala")
    api("PUT /v1/inventory-items/{inventory_item_id}", {"name": "Standing"}, inventory_item_id="standing")
    item = {"name": "Early", "event_id": "gala", "inventory_item_id": "standing"}
    api("PUT /v1/sale-items/{sale_item_id}", item, sale_item_id="early")
    return api


@pytest.fixture
def friends(shop: Api) -> str:
    """The id of a manual group with Anna in it."""
    group_id: str = shop("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    members = {"customers": [{"email": ANNA, "name": "Anna"}]}
    shop("POST /v1/groups/{group_id}/members", members, group_id=group_id)
    return group_id


@pytest.fixture
def codes(stack: Stack, shop: Api) -> str:
    """The id of a target group with the code FRIENDS, three times."""
    stack.put("drop/demo/target-groups/Codes/codes.csv", b"Code,Quantity\nFRIENDS,3\n")
    stack.run()
    (group,) = shop("GET /v1/groups", query={"type": "target"}).json["items"]
    return str(group["group_id"])


def test_the_catalogue_is_read_and_searched(shop: Api):
    assert shop("GET /v1/schedules/{schedule_id}", schedule_id="summer").json["name"] == "Summer"
    assert shop("GET /v1/events/{event_id}", event_id="gala").json["capacity"] == 9
    assert shop("GET /v1/inventory-items/{inventory_item_id}", inventory_item_id="standing").json["name"] == "Standing"
    assert shop("GET /v1/sale-items/{sale_item_id}", sale_item_id="early").json["event_id"] == "gala"
    assert [one["id"] for one in shop("GET /v1/catalogue", query={"q": "ga"}).json["items"]] == ["gala"]


def test_restrictions_and_discounts_decide_a_check(shop: Api, friends: str):
    only = {"group_ids": [friends]}
    shop("PUT /v1/sale-items/{sale_item_id}/restriction", only, sale_item_id="early")
    shop("PUT /v1/inventory-items/{inventory_item_id}/restriction", only, inventory_item_id="standing")
    shop("PUT /v1/discounts/{code}", {"percent": 10}, code="SAVE")
    assert shop("GET /v1/discounts/{code}", code="save").json["percent"] == 10
    assert len(shop("GET /v1/discounts").json["items"]) == 1
    stranger = shop("POST /v1/check", {"sale_items": ["early"]}).json
    member = {"customer": {"email": ANNA, "authenticated": True}, "sale_items": ["early"], "discount": "SAVE"}
    assert [one["items"][0]["purchasable"] for one in (stranger, shop("POST /v1/check", member).json)] == [False, True]
    shop("DELETE /v1/sale-items/{sale_item_id}/restriction", sale_item_id="early")
    shop("DELETE /v1/inventory-items/{inventory_item_id}/restriction", inventory_item_id="standing")
    shop("DELETE /v1/discounts/{code}", code="SAVE")
    assert shop("POST /v1/check", {"sale_items": ["early"]}).json["items"][0]["purchasable"]


def test_entries_are_added_changed_and_removed_and_the_edits_undone(shop: Api, codes: str):
    def quantities() -> dict[str, int]:
        rows = shop("GET /v1/groups/{group_id}/entries", group_id=codes).json["items"]
        return {one["code"] or one["email"]: one["quantity"] for one in rows}

    new_entries = {
        "entries": [{"code": "NEW", "quantity": 2}, {"code": "friends"}, {"email": ANNA}, {"email": "nobody"}]
    }
    addition = shop("POST /v1/groups/{group_id}/entries", new_entries, group_id=codes).json
    assert addition["added"] == 2
    assert [(one["index"], one["code"]) for one in addition["refused"]] == [(1, "duplicate_existing"), (3, "bad_email")]
    more = {"entries": [{"code": "FRIENDS", "quantity": 8}]}
    change = shop("POST /v1/groups/{group_id}/entries/change", more, group_id=codes).json
    assert (change["changed"], change["refused"], quantities()) == (1, [], {"FRIENDS": 8, "NEW": 2, ANNA: 1})
    entries_to_remove = {"entries": [{"code": "new"}, {"code": "other"}]}
    removal = shop("POST /v1/groups/{group_id}/entries/remove", entries_to_remove, group_id=codes).json
    assert (removal["removed"], removal["refused"][0]["code"]) == (1, "unknown_entry")
    history = shop("GET /v1/groups/{group_id}/history", group_id=codes).json["items"]
    assert [one["what"] for one in history][:3] == ["entries_removed", "entries_changed", "entries_added"]
    assert {one["by"] for one in history[:3]} == {"local organiser"}
    for edit in (removal, change, addition):
        shop("POST /v1/imports/{import_id}/undo", import_id=edit["import_id"])
    assert quantities() == {"FRIENDS": 3}


def test_generated_codes_are_added_to_a_list(stack: Stack, shop: Api, codes: str):
    request = {"count": 20, "prefix": "VIP-", "quantity": 2, "category": "Gold"}
    job = shop("POST /v1/groups/{group_id}/codes", request, group_id=codes).json
    personal_job = shop("POST /v1/groups/{group_id}/codes", {"emails": [ANNA]}, group_id=codes).json
    stack.run()
    counts = [shop("GET /v1/imports/{import_id}", import_id=one["import_id"]).json for one in (job, personal_job)]
    assert [(one["status"], one["counts"]["imported"]) for one in counts] == [("complete", 20), ("complete", 1)]
    rows = shop("GET /v1/groups/{group_id}/entries", group_id=codes).json["items"]
    new_codes = [one["code"].removeprefix("VIP-") for one in rows if one["category"] == "Gold" and one["quantity"] == 2]
    assert len(new_codes) == 20
    assert all(len(code) == 10 and set(code) <= set(ALPHABET) for code in new_codes)
    assert sum(one["email"] == ANNA for one in rows) == 1


def test_uses_of_a_code_are_held_confirmed_and_released(shop: Api, codes: str):
    checkout = Api("demo-checkout")
    hold = checkout(
        "POST /v1/redemptions", {"code": "FRIENDS", "order_id": "1", "quantity": 2, "hold_seconds": 600}
    ).json
    checkout("POST /v1/redemptions/{redemption_id}/confirm", redemption_id=hold["redemption_id"])
    checkout("POST /v1/redemptions/{redemption_id}/release", {"quantity": 1}, redemption_id=hold["redemption_id"])
    now = checkout("GET /v1/redemptions/{redemption_id}", redemption_id=hold["redemption_id"]).json
    for by in ({"code": "friends"}, {"order_id": "1"}):
        assert shop("GET /v1/redemptions", query=by).json["items"] == [now]
    assert (now["code"], now["order_id"], now["email"]) == ("FRIENDS", "1", None)
    assert (now["status"], now["quantity"], now["remaining_quantity"]) == ("redeemed", 2, 1)
    (entry,) = shop("GET /v1/groups/{group_id}/entries", group_id=codes).json["items"]
    assert (entry["quantity"], entry["used"]) == (3, 1)
    in_time = shop("GET /v1/groups/{group_id}/uses", group_id=codes).json
    assert (in_time["entries"], in_time["partial"], [hour["uses"] for hour in in_time["hours"]]) == (1, False, [1])
    assert checkout("GET /v1/memberships", query={"email": ANNA}).json["groups"] == []


def test_purchases_make_members_of_an_automatic_group_and_refunds_end_it(shop: Api):
    fans = {"name": "Fans", "type": "automatic", "rules": RULES}
    group_id = shop("POST /v1/groups", fans).json["group_id"]
    shop("POST /v1/groups/{group_id}/resync", group_id=group_id)
    purchase = {"order_id": "1", "customer": {"email": ANNA}, "lines": [{"sale_item_id": "early", "quantity": 1}]}
    shop("POST /v1/purchases", purchase)
    assert [one["email"] for one in shop("GET /v1/groups/{group_id}/members", group_id=group_id).json["items"]] == [
        ANNA
    ]
    assert shop("POST /v1/rules/preview", {"rules": RULES}).json["matching"] == 1
    for number in (2, 3):
        shop("POST /v1/purchases", {**purchase, "order_id": f"more-{number}"})
    first_page = shop("GET /v1/events/{event_id}/orders", event_id="gala", query={"q": "AN", "limit": "2"}).json
    second_page = shop(
        "GET /v1/events/{event_id}/orders", event_id="gala", query={"q": "AN", "cursor": first_page["next"]}
    ).json
    lines = [*first_page["items"], *second_page["items"]]
    assert [one["order_id"] for one in lines] == ["1", "more-2", "more-3"]
    assert {(one["sale_item"], one["quantity"], one["email"]) for one in lines} == {("Early", 1, ANNA)}
    for number in (2, 3):
        shop("POST /v1/purchases/{order_id}/refund", order_id=f"more-{number}")
    shop("POST /v1/purchases/{order_id}/refund", order_id="1")
    shop("POST /v1/purchases", {**purchase, "order_id": "#1/2"})
    refund = shop("POST /v1/purchases/refund", {"order_id": "#1/2"}).json
    assert (refund["order_id"], refund["lines"][0]["refunded"]) == ("#1/2", 1)
    assert shop("POST /v1/customers/{email}/resync", email=ANNA).json["changes"] == []
    assert shop("GET /v1/groups/{group_id}/members", group_id=group_id).json["items"] == []


def test_a_group_is_changed_filled_deleted_and_restored(shop: Api, friends: str):
    shop("PATCH /v1/groups/{group_id}", {"name": "Old friends"}, group_id=friends)
    stay = {"remove_after": {"value": 2, "unit": "weeks"}}
    shop("PATCH /v1/groups/{group_id}/members/{email}", stay, group_id=friends, email=ANNA)
    shop("POST /v1/groups/{group_id}/members/remove", {"emails": [ANNA]}, group_id=friends)
    shop("DELETE /v1/groups/{group_id}", group_id=friends)
    shop("POST /v1/groups/{group_id}/restore", group_id=friends)
    assert shop("GET /v1/groups/{group_id}", group_id=friends).json["name"] == "Old friends"
    audit_entries = shop("GET /v1/groups/{group_id}/history", group_id=friends).json["items"]
    assert [audit_entry["what"] for audit_entry in audit_entries[:2]] == ["group_restored", "group_deleted"]


def test_a_group_is_exported_as_a_file(shop: Api, friends: str, codes: str):
    assert shop("GET /v1/groups/{group_id}/export.csv", group_id=friends).status == 302
    assert shop("GET /v1/groups/{group_id}/export.csv", group_id=codes, query={"used": "none"}).status == 302


def test_entries_are_found_by_their_beginning_and_by_use(shop: Api, codes: str):
    def search(**query: str) -> list[str]:
        rows = shop("GET /v1/groups/{group_id}/entries", group_id=codes, query=query).json["items"]
        return [row["code"] or row["email"] for row in rows]

    shop("POST /v1/groups/{group_id}/entries", {"entries": [{"code": "FR"}, {"email": ANNA}]}, group_id=codes)
    assert search(q="fr") == ["FR", "FRIENDS"]
    assert search(q=ANNA[:3]) == [ANNA]
    assert search(q="fr", used="some") == []
    shop("POST /v1/redemptions", {"code": "friends", "order_id": "found"})
    assert search(used="some") == ["FRIENDS"]
    assert search(q="fr", used="none") == ["FR"]


def test_a_welcome_mail_is_previewed_and_tested(stack: Stack, shop: Api, friends: str):
    assert shop("GET /v1/groups/{group_id}/welcome-email/preview", group_id=friends).json["subject"]
    preview = shop("POST /v1/groups/{group_id}/welcome-email/preview", {"subject": "Hi"}, group_id=friends)
    assert preview.json["subject"] == "Hi"
    shop("POST /v1/groups/{group_id}/welcome-email/test", group_id=friends)
    stack.run()
    assert [mail.to for mail in stack.mails] == [["organiser@demo.example"]]


@pytest.mark.usefixtures("friends")
def test_a_customer_is_found_shown_and_erased(stack: Stack, shop: Api):
    assert [one["email"] for one in shop("GET /v1/customers", query={"q": "ann"}).json["items"]] == [ANNA]
    assert shop("GET /v1/customers/{email}", email=ANNA).json["name"] == "Anna"
    assert shop("GET /v1/customers/{email}/history", email=ANNA).json["items"][0]["what"] == "added"
    shop("DELETE /v1/customers/{email}", email=ANNA)
    stack.run()
    assert shop("GET /v1/customers/{email}/erasure", email=ANNA).json["done_at"]
    assert shop("GET /v1/customers").json["items"] == []


def test_every_list_of_people_is_searched_by_half_a_domain_with_any_letters(stack: Stack, shop: Api, friends: str):
    ann = "ann@xn--bcher-kva.example"
    members = {"customers": [{"email": ann}, {"email": "ann@xn--bcha-0ra.example"}]}
    shop("POST /v1/groups/{group_id}/members", members, group_id=friends)
    order = {"order_id": "1", "customer": {"email": ann}, "lines": [{"sale_item_id": "early", "quantity": 1}]}
    shop("POST /v1/purchases", order)
    Suppressions(table()).add_suppression("demo", ann, BOUNCE, datetime(2026, 11, 29, tzinfo=UTC))
    ticket = f"Ticket code,Email\nT1,{ann}\n".encode()
    stack.put("drop/demo/tickets/gala/continue/t.csv", ticket)
    stack.put("drop/demo/target-groups/Books/b.csv", f"Email\n{ann}\n".encode())
    stack.run()
    (tickets,) = shop("GET /v1/imports", query={"kind": "tickets"}).json["items"]
    (books,) = shop("GET /v1/groups", query={"type": "target"}).json["items"]
    lists: list[tuple[str, dict[str, str]]] = [
        ("GET /v1/customers", {}),
        ("GET /v1/groups/{group_id}/members", {"group_id": friends}),
        ("GET /v1/groups/{group_id}/entries", {"group_id": books["group_id"]}),
        ("GET /v1/events/{event_id}/orders", {"event_id": "gala"}),
        ("GET /v1/imports/{import_id}/contacts", {"import_id": tickets["import_id"]}),
        ("GET /v1/suppressions", {}),
    ]
    for q in ("ann@büche", "ann@bücher.ex", "ann@xn--bcher"):
        emails = {
            call: [one["email"] for one in shop(call, query={"q": q}, **names).json["items"]] for call, names in lists
        }
        assert emails == {call: [ann] for call, _ in lists}


def test_tickets_are_added_listed_and_scanned(stack: Stack, shop: Api):
    shop("POST /v1/events/{event_id}/tickets", {"code": "1", "when_full": "stop"}, event_id="gala")
    stack.put(
        "drop/demo/tickets/gala/continue/t.csv",
        b"Ticket code,Email,Ticket type,Seat,Order\n2,bo@example.com,VIP,A-1,#7\n",
    )
    stack.run()
    tickets = shop("GET /v1/events/{event_id}/tickets", event_id="gala").json["items"]
    assert {one["code"] for one in tickets} == {"1", "2"}
    (record,) = shop("GET /v1/imports", query={"kind": "tickets"}).json["items"]
    import_id = record["import_id"]
    assert shop("GET /v1/imports/{import_id}/tickets", import_id=import_id).json["items"][0]["code"] == "2"
    for code, expected in (("2", ["2"]), ("1", []), ("none", [])):
        items = shop("GET /v1/imports/{import_id}/tickets", import_id=import_id, query={"code": code}).json["items"]
        assert [one["code"] for one in items] == expected
    for q, expected_emails in (("", ["bo@example.com"]), (" BO@ex", ["bo@example.com"]), ("ann", [])):
        contacts = shop("GET /v1/imports/{import_id}/contacts", import_id=import_id, query={"q": q}).json["items"]
        assert [one["email"] for one in contacts] == expected_emails
    scan_result = Api("demo-checkout")("POST /v1/scans", {"event_id": "gala", "code": "2"}).json
    assert scan_result["result"] == "accepted"
    scan = {"event_id": "gala", "code": "2", "scanned_at": clock.now().isoformat(), "device": "gate-3"}
    (late,) = Api("demo-door")("POST /v1/scans/batch", {"scans": [scan]}).json["results"]
    assert (late["result"], late["ticket"]["scanned_by"]) == ("already_scanned", "")
    (conflict,) = shop("GET /v1/events/{event_id}/scan-conflicts", event_id="gala").json["items"]
    assert (conflict["code"], conflict["scanned_by"]) == ("2", "gate-3")
    assert Api("demo-door")("GET /v1/events/{event_id}/snapshot", event_id="gala").status == 302
    assert Api("demo-door")("GET /v1/keys").json["keys"]
    visits = shop("GET /v1/events/{event_id}/attendance", event_id="gala").json
    assert (visits["tickets"], visits["scanned"], [hour["scanned"] for hour in visits["hours"]]) == (2, 1, [1])
    (one_ticket,) = shop("GET /v1/events/{event_id}/tickets", event_id="gala", query={"code": "2"}).json["items"]
    assert (one_ticket["code"], one_ticket["scanned_at"] is not None) == ("2", True)
    optional_fields = {"ticket_type": "VIP", "seat": "A-1", "order": "#7"}
    assert [optional_fields.items() <= one.items() for one in (*tickets, scan_result["ticket"])].count(True) == 2
    (ticket,) = shop("GET /v1/customers/{email}", email="bo@example.com").json["tickets"]
    assert (ticket["code"], ticket["order"]) == ("2", "#7")


def test_an_import_is_reviewed_confirmed_and_undone(stack: Stack, api: Api):
    request = {"kind": "target_group", "file_name": "codes.csv", "group": "Codes", "review": True}
    record = api("POST /v1/imports", request).json
    import_id = record["import_id"]
    stack.put(record["upload"]["fields"]["key"], b"Code,Quantity\nA1,1\nA2,none\n")
    stack.run()
    assert api("GET /v1/imports/{import_id}", import_id=import_id).json["status"] == "awaiting_review"
    api("POST /v1/imports/{import_id}/confirm", {}, import_id=import_id)
    stack.run()
    assert api("GET /v1/imports/{import_id}", import_id=import_id).json["status"] == "partial"
    api("GET /v1/imports/{import_id}/refused.csv", import_id=import_id)
    assert api("POST /v1/imports/{import_id}/undo", import_id=import_id).json["undone"]["kept"] == []


def test_a_former_version_of_a_list_is_restored_and_replaced_again(stack: Stack, shop: Api, codes: str):
    checkout = Api("demo-checkout")
    checkout("POST /v1/redemptions", {"code": "FRIENDS", "order_id": "1"})
    stack.put("drop/demo/target-groups/Codes/codes.csv", b"Code,Quantity\nOTHERS,1\n")
    stack.run()
    now, before = shop("GET /v1/groups/{group_id}/versions", group_id=codes).json["items"]
    assert [one["state"] for one in (now, before)] == ["current", "former"]
    assert [(one["entries"], one["added"], one["removed"]) for one in (now, before)] == [(1, 1, 1), (1, 1, 0)]

    def publish(version: dict[str, Any]) -> str:
        names = {"group_id": codes, "version_id": version["version_id"]}
        return str(shop("POST /v1/groups/{group_id}/versions/{version_id}/publish", **names).json["state"])

    assert publish(before) == publish(before) == "current"
    (grant,) = checkout("POST /v1/check", {"code": "FRIENDS"}).json["code"]["grants"]
    assert grant["remaining"] == 2
    assert publish(now) == "current"
    validity = [checkout("POST /v1/check", {"code": code}).json["code"]["valid"] for code in ("FRIENDS", "OTHERS")]
    assert validity == [False, True]
    items = shop("GET /v1/groups/{group_id}/versions", group_id=codes).json["items"]
    assert [(one["version_id"], one["state"]) for one in items] == [
        (now["version_id"], "current"),
        (before["version_id"], "former"),
    ]


def test_the_versions_that_changed_an_entry_are_found_by_its_code_or_address(stack: Stack, shop: Api, codes: str):
    ada = "ada@bücher.example"
    new = [{"code": "Vip", "quantity": 2}, {"email": ada}, {"code": "MINE", "email": ada}]
    shop("POST /v1/groups/{group_id}/entries", {"entries": new}, group_id=codes)
    shop("POST /v1/groups/{group_id}/entries/change", {"entries": [{"code": "VIP", "quantity": 5}]}, group_id=codes)
    stack.put("drop/demo/target-groups/Codes/codes.csv", b"Code,Quantity\nFRIENDS,2\n")
    stack.run()

    def changes_of(entry: str, **page: str) -> list[list[tuple[str, Any, Any]]]:
        response = shop("GET /v1/groups/{group_id}/versions", query={"entry": entry, **page}, group_id=codes).json
        changes = [version["changes"] for version in response["items"]]
        return [[(one["change"], one["former_quantity"], one["quantity"]) for one in some] for some in changes]

    assert changes_of(" vip ") == [[("removed", 5, None)], [("changed", 2, 5)], [("added", None, 2)]]
    assert changes_of("Ada@bücher.example") == [[("removed", 1, None)], [("added", None, 1)]]
    assert changes_of("FRIENDS") == [[("changed", 3, 2)], [("added", None, 3)]]
    assert (changes_of("nobody"), changes_of("VIP", limit="1")) == ([], [[("removed", 5, None)]])
    response = shop("GET /v1/groups/{group_id}/versions", query={"entry": " "}, group_id=codes).json["items"]
    assert [("changes" in one) for one in response] == [False] * 4


def test_a_list_is_scheduled_shown_and_cancelled(stack: Stack, shop: Api, codes: str):
    at = clock.now() + timedelta(days=3)
    request = {"kind": "target_group", "file_name": "codes.csv", "group": "Codes", "mode": "replace"}
    record = shop("POST /v1/imports", {**request, "publish_at": at.isoformat()}).json
    stack.put(record["upload"]["fields"]["key"], b"Code,Quantity\nLATER,1\n")
    stack.run()
    finished_record = shop("GET /v1/imports/{import_id}", import_id=record["import_id"]).json
    assert (finished_record["status"], datetime.fromisoformat(finished_record["options"]["publish_at"])) == (
        "complete",
        at,
    )
    next_version, current_version = shop("GET /v1/groups/{group_id}/versions", group_id=codes).json["items"]
    assert [one["state"] for one in (next_version, current_version)] == ["scheduled", "current"]
    assert (datetime.fromisoformat(next_version["publish_at"]), "published_at" in next_version) == (at, False)
    names = {"group_id": codes, "version_id": next_version["version_id"]}
    assert shop("GET /v1/groups/{group_id}/versions/{version_id}/diff.csv", **names).status == 302
    assert shop("DELETE /v1/groups/{group_id}/versions/{version_id}", **names).status == 204
    assert len(shop("GET /v1/groups/{group_id}/versions", group_id=codes).json["items"]) == 1


def content(stack: Stack, answer: ApiResponse) -> str:
    """The file that a response redirects to."""
    key = urlsplit(answer.headers["Location"]).path.removeprefix("/").removeprefix(f"{stack.bucket}/")
    return str(boto3.client("s3").get_object(Bucket=stack.bucket, Key=key)["Body"].read().decode())


def test_the_difference_of_a_version_of_a_long_list_is_computed_by_a_worker(
    stack: Stack, shop: Api, codes: str, monkeypatch: pytest.MonkeyPatch
):
    call = "GET /v1/groups/{group_id}/versions/{version_id}/diff.csv"
    (current,) = shop("GET /v1/groups/{group_id}/versions", group_id=codes).json["items"]
    names = {"group_id": codes, "version_id": current["version_id"]}
    at_once = shop(call, **names)
    monkeypatch.setattr(versions, "MAX_ENTRIES_AT_ONCE", 0)
    response = shop(call, **names)
    assert (response.status, response.headers["Retry-After"]) == (202, "5")
    stack.run()
    files = [content(stack, one) for one in (at_once, shop(call, **names))]
    assert files[0] == files[1]
    assert '"added","FRIENDS"' in files[0]


def test_the_snapshot_of_very_many_tickets_is_made_by_a_worker(
    stack: Stack, shop: Api, monkeypatch: pytest.MonkeyPatch
):
    shop("POST /v1/events/{event_id}/tickets", {"code": "T1", "when_full": "stop"}, event_id="gala")
    monkeypatch.setattr(snapshots, "MAX_INLINE_TICKETS", 0)
    call, door = "GET /v1/events/{event_id}/snapshot", Api("demo-door")
    response = door(call, event_id="gala")
    assert (response.status, response.headers["Retry-After"]) == (202, "5")
    stack.run()
    assert '"tickets":1' in content(stack, door(call, event_id="gala"))


def test_an_import_with_questions_is_confirmed_with_its_suggestions(stack: Stack, api: Api):
    request = {"kind": "customers", "file_name": "people.csv", "consent": True, "on_question": "wait"}
    record = api("POST /v1/imports", request).json
    import_id = record["import_id"]
    stack.put(record["upload"]["fields"]["key"], b"Email,Status\na@x.nl,paid\nb@x.nl,refunded\nc@x.nl,queried\n")
    stack.run()
    review = api("GET /v1/imports/{import_id}", import_id=import_id).json
    assert review["reason"] == "decision_required"
    assert (review["counts"]["imported"], review["counts"]["would_import"]) == (0, 2)
    assert [(one["about"], one["column"]) for one in review["decisions"]] == [("status", "Status")]
    assert review["suggested"] == {"leave_out": {"column": "Status", "values": ["refunded"]}}
    api("POST /v1/imports/{import_id}/confirm", review["suggested"], import_id=import_id)
    stack.run()
    finished_record = api("GET /v1/imports/{import_id}", import_id=import_id).json
    assert (finished_record["status"], finished_record["counts"]["imported"], "decisions" in finished_record) == (
        "complete",
        2,
        False,
    )


def test_an_import_is_cancelled(api: Api):
    request = {"kind": "target_group", "file_name": "codes.csv", "group": "Codes"}
    import_id = api("POST /v1/imports", request).json["import_id"]
    assert api("POST /v1/imports/{import_id}/cancel", import_id=import_id).json["status"] == "cancelled"


def test_a_sample_of_each_kind_of_file_is_downloaded(api: Api):
    assert api("GET /v1/samples/target_group.csv").text.startswith("Code")
    assert "Email" in api("GET /v1/samples/customers.csv").text
    assert "Ticket code" in api("GET /v1/samples/tickets.csv").text
    assert "Order" in api("GET /v1/samples/purchases.csv").text


def test_the_organisers_settings_are_changed(api: Api):
    settings = {"name": "Demo", "time_zone": "Europe/Copenhagen"}
    api("PUT /v1/organiser", settings)
    assert api("GET /v1/organiser").json["time_zone"] == "Europe/Copenhagen"


def test_a_webhook_is_created_rotated_listed_and_deleted(api: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhooks, "resolve", lambda _host, _port: ["93.184.216.34"])
    hook = {"url": "https://hooks.example/guestlist", "events": ["code.redeemed"]}
    assert api("PUT /v1/webhooks/{webhook_id}", hook, webhook_id="crm").json["secret"]
    assert api("POST /v1/webhooks/{webhook_id}/rotate", webhook_id="crm").json["secret"]
    assert api("GET /v1/webhooks/{webhook_id}", webhook_id="crm").json["url"] == hook["url"]
    delivery = a_delivery("crm")
    Deliveries(table()).add_delivery(delivery)
    names = {"webhook_id": "crm", "delivery_id": delivery.delivery_id}
    api("POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", **names)
    (shown_delivery,) = api("GET /v1/webhooks/{webhook_id}/deliveries", webhook_id="crm").json["items"]
    assert (shown_delivery["delivery_id"], shown_delivery["status"]) == (delivery.delivery_id, "pending")
    api("DELETE /v1/webhooks/{webhook_id}", webhook_id="crm")
    assert api("GET /v1/webhooks").json["items"] == []


def test_the_document_and_the_console_are_served(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "console").mkdir()
    (tmp_path / "console" / "index.html").write_text("<p>Console</p>")
    (tmp_path / "console" / "docs.html").write_text("<p>Reference</p>")
    (tmp_path / "console" / "console-ABC.js").write_text("1")
    monkeypatch.syspath_prepend(tmp_path)
    assert api("GET /openapi.json").json["openapi"]
    assert api("GET /").text == "<p>Console</p>"
    assert api("GET /docs").text == "<p>Reference</p>"
    assert api("GET /console/{name}", name="console-ABC.js").text == "1"


def registered_calls() -> set[str]:
    """The calls that are registered with the app."""
    return {f"{method} {path}" for path, methods in app.routes.items() for method in methods}


def calls_made(text: str) -> set[str]:
    """The calls that a module's tests make: the first argument of whatever they call."""
    tests = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)]
    calls = [node for test in tests for node in ast.walk(test) if isinstance(node, ast.Call) and node.args]
    firsts = [node.args[0] for node in calls]
    return {str(first.value) for first in firsts if isinstance(first, ast.Constant)}


def test_every_registered_call_is_made():
    assert registered_calls() - calls_made(Path(__file__).read_text(encoding="utf-8")) == set()


def test_a_call_without_a_test_is_found():
    assert calls_made("GET = 'GET /v1/a'\ndef test_b():\n    api('GET /v1/b')\n") == {"GET /v1/b"}


def test_the_name_of_a_customer_is_corrected(shop: Api, friends: str):
    assert friends
    assert shop("PATCH /v1/customers/{email}", {"name": "Anna Berg"}, email=ANNA).json["name"] == "Anna Berg"


def test_a_person_unsubscribes_by_a_link(api: Api):
    link = Unsubscriptions(table()).link("demo", "reference", ANNA, "")
    token = link.rpartition("/")[2]
    assert "<button>" in api("GET /v1/unsubscribe/{unsubscribe_token}", unsubscribe_token=token).text
    assert not Unsubscriptions(table()).has_unsubscribed("demo", ANNA)
    api("POST /v1/unsubscribe/{unsubscribe_token}", unsubscribe_token=token)
    assert Unsubscriptions(table()).has_unsubscribed("demo", ANNA)


def test_a_bounced_address_is_listed_and_lifted(api: Api):
    Suppressions(table()).add_suppression("demo", ANNA, BOUNCE, datetime(2026, 11, 29, tzinfo=UTC))
    assert [one["email"] for one in api("GET /v1/suppressions").json["items"]] == [ANNA]
    api("DELETE /v1/suppressions/{email}", email=ANNA)
    assert api("GET /v1/suppressions").json["items"] == []


def test_tokens_are_created_listed_and_revoked(api: Api):
    new_token = api("POST /v1/tokens", {"name": "Front door", "scope": "door"}).json
    assert "Front door" in [one["name"] for one in api("GET /v1/tokens").json["items"]]
    Api(new_token["token"])("POST /v1/scans", {"event_id": "gala", "code": "1"})
    api("DELETE /v1/tokens/{token_id}", token_id=new_token["token_id"])
    assert "Front door" not in [one["name"] for one in api("GET /v1/tokens").json["items"]]


def test_a_session_is_started_listed_and_ended(api: Api):
    session = api("POST /v1/session").json
    assert [one["session_id"] for one in api("GET /v1/sessions").json["items"]] == [session["session_id"]]
    assert api("GET /v1/sessions/{session_id}", session_id=session["session_id"]).json["name"] == "local organiser"
    api("DELETE /v1/sessions/{session_id}", session_id=session["session_id"])
    assert api("GET /v1/sessions").json["items"] == []
