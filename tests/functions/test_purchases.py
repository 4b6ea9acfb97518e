"""Purchases, what rules make of them, and syncing on demand."""

from typing import Any

import pytest

from tests.functions.conftest import Api

RULES = {"operator": "any", "rules": [{"type": "event", "id": "gala", "minimum": 2}]}


def an_order(order_id: str, quantity: int = 2, **more: Any) -> dict[str, Any]:
    """An order of Anna's."""
    lines = [{"sale_item_id": "early", "quantity": quantity}]
    return {"order_id": order_id, "customer": {"email": "Anna@Example.com", "name": "Anna"}, "lines": lines, **more}


@pytest.fixture
def fans(call: Api) -> str:
    """An automatic group of those who bought two items of an event."""
    call("PUT /v1/events/gala", {"name": "Gala"})
    call("PUT /v1/sale-items/early", {"name": "Early bird", "event_id": "gala"})
    response = call("POST /v1/groups", {"name": "Fans", "type": "automatic", "rules": RULES})
    assert response.status == 201
    return str(response.json["group_id"])


@pytest.mark.usefixtures("fans")
def test_an_order_is_stored_once(call: Api):
    checkout = call.as_("demo-checkout")
    first = checkout("POST /v1/purchases", an_order("1", purchased_at="2026-11-01"))
    assert first.status == 201
    assert first.json == {
        "order_id": "1",
        "customer": {"email": "Anna@Example.com", "name": "Anna"},
        "purchased_at": "2026-10-31T23:00:00Z",
        "lines": [{"sale_item_id": "early", "event_id": "gala", "quantity": 2, "refunded": 0}],
    }
    second = checkout("POST /v1/purchases", an_order("1", purchased_at="2026-11-01"))
    assert (second.status, second.json) == (200, first.json)
    other = checkout("POST /v1/purchases", an_order("1", quantity=3, purchased_at="2026-11-01"))
    assert (other.status, other.code) == (409, "idempotency_conflict")


@pytest.mark.usefixtures("fans")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"sale_item_id": "none", "quantity": 1}]}, "lines.0.sale_item_id"),
        ({"lines": [{"sale_item_id": "early", "quantity": 0}]}, "lines.0.quantity"),
        ({"customer": {"email": "nobody"}}, "customer.email"),
        ({"purchased_at": "2100-01-01"}, "purchased_at"),
    ],
)
def test_an_invalid_order_is_refused(call: Api, change: dict[str, Any], field: str):
    answer = call("POST /v1/purchases", {**an_order("1"), **change})
    assert [fault["field"] for fault in answer.json["errors"]] == [field]


@pytest.mark.usefixtures("fans")
def test_a_refund_is_partial_or_whole(call: Api):
    call("POST /v1/purchases", an_order("1", quantity=3))
    part = {"lines": [{"sale_item_id": "early", "quantity": 1}]}
    first = call("POST /v1/purchases/1/refund", part, Idempotency_Key="a")
    assert first.json["lines"][0]["refunded"] == 1
    assert call("POST /v1/purchases/1/refund", part, Idempotency_Key="a").text == first.text
    assert call("POST /v1/purchases/1/refund").json["lines"][0]["refunded"] == 3
    assert call("POST /v1/purchases/1/refund", part).code == "quantity_too_high"
    assert call("POST /v1/purchases/none/refund").status == 404


def test_an_explanation_tells_a_logged_in_customer_what_is_missing(call: Api, fans: str):
    call("PUT /v1/sale-items/early/restriction", {"group_ids": [fans]})
    call("POST /v1/purchases", an_order("1", quantity=1))

    def explanation(email: str, *, authenticated: bool = True) -> str:
        customer = {"email": email, "authenticated": authenticated}
        question = {"customer": customer, "sale_items": ["early"], "explain": True}
        return " ".join(call("POST /v1/check", question).json["items"][0]["explanation"])

    assert "1 more ticket of Gala (1 of 2 found)" in explanation("anna@example.com")
    assert "2 more tickets of Gala (0 of 2 found)" in explanation("bo@example.com")
    assert "Gala" not in explanation("anna@example.com", authenticated=False)


def test_rules_are_previewed_without_being_stored(call: Api, fans: str):
    call("POST /v1/purchases", an_order("1"))
    call("POST /v1/purchases", {**an_order("2", quantity=1), "customer": {"email": "bo@example.com"}})
    preview = call("POST /v1/rules/preview", {"rules": RULES}).json
    assert (preview["matching"], preview["joining"], preview["leaving"]) == (1, 1, 0)
    assert [email.lower() for email in preview["sample"]] == ["anna@example.com"]
    assert call("POST /v1/rules/preview", {"rules": RULES, "group_id": fans}).status == 200
    unknown = {"operator": "any", "rules": [{"type": "schedule", "id": "none", "minimum": 1}]}
    assert call("POST /v1/rules/preview", {"rules": unknown}).status == 422
    assert call("POST /v1/rules/preview", {"rules": RULES, "group_id": "none"}).status == 404


@pytest.mark.behaviour(170)
def test_a_sync_is_requested(call: Api, fans: str):
    assert call(f"POST /v1/groups/{fans}/resync").status == 202


@pytest.mark.behaviour(179)
def test_a_manual_group_is_not_synced(call: Api):
    group_id = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    answer = call(f"POST /v1/groups/{group_id}/resync")
    assert (answer.status, answer.code) == (409, "not_automatic")


@pytest.mark.behaviour(252)
def test_a_deleted_group_is_not_synced(call: Api, fans: str):
    call(f"DELETE /v1/groups/{fans}")
    assert call(f"POST /v1/groups/{fans}/resync").status == 404


@pytest.mark.usefixtures("fans")
@pytest.mark.parametrize("order_id", ["#1001", "Å 7/b", "1%2", "x" * 200])
def test_an_order_with_any_printable_number_is_stored_and_refunded(call: Api, order_id: str):
    assert call("POST /v1/purchases", an_order(order_id)).json["order_id"] == order_id
    part = [{"sale_item_id": "early", "quantity": 1}]
    back = call("POST /v1/purchases/refund", {"order_id": order_id, "lines": part})
    assert (back.status, back.json["lines"][0]["refunded"]) == (200, 1)
    assert call("POST /v1/purchases/refund", {"order_id": order_id}).json["lines"][0]["refunded"] == 2


@pytest.mark.parametrize("order_id", ["", " ", "a\nb", "a\u200bb", "x" * 201])
def test_an_invalid_order_number_is_refused(call: Api, order_id: str):
    answer = call("POST /v1/purchases/refund", {"order_id": order_id})
    assert (answer.status, [fault["field"] for fault in answer.json["errors"]]) == (422, ["order_id"])


@pytest.mark.usefixtures("fans")
def test_an_unknown_order_cannot_be_refunded(call: Api):
    assert call("POST /v1/purchases/refund", {"order_id": "#1"}).status == 404
