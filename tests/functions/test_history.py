"""The calls for histories: who or what made a member, when and why."""

from typing import Any

import pytest

from tests.functions.conftest import Api


@pytest.fixture
def group_id(call: Api) -> str:
    """A manual group with Anna and Bo in it, Anna renewed and Bo removed since."""
    new_id: str = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    people = [{"email": "Anna@example.com"}, {"email": "bo@example.com"}]
    call(f"POST /v1/groups/{new_id}/members", {"customers": people})
    call(f"PATCH /v1/groups/{new_id}/members/anna@example.com", {"remove_after": {"value": 2, "unit": "days"}})
    call(f"POST /v1/groups/{new_id}/members/remove", {"emails": ["bo@example.com"]})
    return new_id


def history(call: Api, path: str) -> list[dict[str, Any]]:
    """All audit entries, read in pages of one."""
    entries, cursor = [], ""
    while cursor is not None:
        page = call(f"GET {path}?limit=1{cursor}").json
        entries += page["items"]
        cursor = page["next"] and f"&cursor={page['next']}"
    assert call(f"GET {path}").json["items"] == entries
    return entries


def test_the_history_of_a_customer_is_listed_newest_first(call: Api, group_id: str):
    entries = history(call, "/v1/customers/ANNA%40example.com/history")
    assert [(audit_entry["what"], audit_entry["reason"][:23]) for audit_entry in entries] == [
        ("changed", "stay set by hand, until"),
        ("added", "added by hand"),
    ]
    for audit_entry in entries:
        assert (audit_entry["group_id"], audit_entry["group"], audit_entry["by"]) == (group_id, "Friends", "organiser")
        assert (audit_entry["email"], audit_entry["source"]) == ("anna@example.com", "hand")
    assert entries[1]["because"] == {"code": "added_by_hand", "params": {}}
    assert entries[0]["because"]["code"] == "end_set_by_hand"
    assert entries[0]["because"]["params"]["until"] in entries[0]["reason"]


def test_the_history_of_a_group_is_listed_newest_first(call: Api, group_id: str):
    call(f"PATCH /v1/groups/{group_id}", {"name": "Old friends", "lifetime": {"value": 1, "unit": "weeks"}})
    call(f"DELETE /v1/groups/{group_id}")
    call(f"POST /v1/groups/{group_id}/restore")
    entries = history(call, f"/v1/groups/{group_id}/history")
    assert [
        (audit_entry["what"], audit_entry["email"], audit_entry["reason"].partition(", until")[0])
        for audit_entry in entries[:5]
    ] == [
        ("group_restored", None, ""),
        ("group_deleted", None, ""),
        ("group_changed", None, "name, lifetime"),
        ("removed", "bo@example.com", "removed by hand"),
        ("changed", "anna@example.com", "stay set by hand"),
    ]
    assert {(audit_entry["what"], audit_entry["email"]) for audit_entry in entries[5:7]} == {
        ("added", "anna@example.com"),
        ("added", "bo@example.com"),
    }
    assert [audit_entry["what"] for audit_entry in entries[7:]] == ["group_created"]
    assert {audit_entry["by"] for audit_entry in entries} == {"organiser"}


def test_the_history_of_an_automatic_member_names_the_rule_and_the_orders(call: Api):
    call("PUT /v1/events/gala", {"name": "Gala"})
    call("PUT /v1/sale-items/early", {"name": "Early", "event_id": "gala"})
    rules = {"operator": "any", "rules": [{"type": "event", "id": "gala", "minimum": 2}]}
    group_id = call("POST /v1/groups", {"name": "Fans", "type": "automatic", "rules": rules}).json["group_id"]
    call(f"POST /v1/groups/{group_id}/resync")
    order = {"customer": {"email": "anna@example.com"}, "lines": [{"sale_item_id": "early", "quantity": 2}]}
    call("POST /v1/purchases", {"order_id": "order-7", **order})
    call("POST /v1/purchases/order-7/refund", {"lines": [{"sale_item_id": "early", "quantity": 1}]})
    removal, addition = history(call, "/v1/customers/anna@example.com/history")
    assert (addition["what"], addition["by"], addition["source"]) == ("added", "purchase", "rule")
    assert addition["reason"] == "meets the rules, by order “order-7”"
    assert addition["because"] == {
        "code": "rules_met_by_orders",
        "params": {"n": 1, "orders": ["order-7"], "findings": ["event:gala 2/2"]},
    }
    assert (removal["what"], removal["by"], removal["source"]) == ("removed", "purchase", "rule")
    assert removal["reason"] == "no longer meets the rules"
    assert removal["because"] == {"code": "rules_unmet", "params": {"findings": ["event:gala 1/2"]}}
    dutch = call("GET /v1/customers/anna@example.com/history", Accept_Language="nl").json["items"]
    assert [entry["reason"] for entry in dutch] == [
        "voldoet niet meer aan de regels",
        "voldoet aan de regels, door bestelling “order-7”",
    ]


def test_the_history_of_an_erased_person_is_kept_without_the_address(call: Api, group_id: str):
    before = history(call, f"/v1/groups/{group_id}/history")
    call("DELETE /v1/customers/anna@example.com")
    after = history(call, f"/v1/groups/{group_id}/history")
    assert (after[0]["what"], after[0]["reason"], after[0]["by"]) == ("removed", "erased", "organiser")
    assert after[0]["because"] == {"code": "erased", "params": {}}
    nameless = [
        {**audit_entry, "email": None} if audit_entry["email"] == "anna@example.com" else audit_entry
        for audit_entry in before
    ]
    assert sorted(map(str, after[1:])) == sorted(map(str, nameless))
    assert call("GET /v1/customers/anna@example.com/history").status == 404


def test_the_history_of_an_unknown_customer_or_group_is_answered_with_404(call: Api):
    assert call("GET /v1/customers/nobody@example.com/history").status == 404
    assert call("GET /v1/groups/none/history").status == 404
