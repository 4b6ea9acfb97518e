"""The calls for customers."""

import pytest

from tests.functions.conftest import Api

PEOPLE = [
    {"email": "Anna@Example.com", "name": "Anna van den Berg"},
    {"email": "bo@example.com", "name": "Bo Larsen"},
    {"email": "cy@example.com"},
]


@pytest.fixture
def people(call: Api) -> Api:
    """Three customers."""
    group_id = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    call(f"POST /v1/groups/{group_id}/members", {"customers": PEOPLE})
    return call


@pytest.mark.behaviour(193, 194, 195)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Anna@Example.com", "bo@example.com", "cy@example.com"]),
        ("B", ["Anna@Example.com", "bo@example.com"]),
        ("berg", ["Anna@Example.com"]),
        ("van%20den", ["Anna@Example.com"]),
        ("ANNA@", ["Anna@Example.com"]),
        ("xyz", []),
    ],
)
def test_customers_are_found_while_typing(people: Api, query: str, expected: list[str]):
    items = people(f"GET /v1/customers?q={query}").json["items"]
    assert [one["email"] for one in items] == expected
    assert all(one.keys() == {"email", "name", "created_at"} for one in items)


@pytest.mark.parametrize("query", ["", "example", "b"])
def test_customers_are_listed_in_pages(people: Api, query: str):
    whole = people(f"GET /v1/customers?q={query}").json["items"]
    items, cursor = [], ""
    while cursor is not None:
        page = people(f"GET /v1/customers?q={query}&limit=1{cursor}").json
        items += page["items"]
        cursor = page["next"] and f"&cursor={page['next']}"
    assert items == whole


@pytest.mark.behaviour(176)
def test_one_customers_automatic_groups_are_synced(people: Api):
    people("PUT /v1/events/gala", {"name": "Gala"})
    people("PUT /v1/sale-items/early", {"name": "Early", "event_id": "gala"})
    order = {"customer": {"email": "bo@example.com"}, "lines": [{"sale_item_id": "early", "quantity": 1}]}
    people("POST /v1/purchases", {"order_id": "1", **order})
    groups = []
    for name in ("Fans", "Regulars"):
        rules = {"operator": "any", "rules": [{"type": "event", "id": "gala", "minimum": 1}]}
        groups.append(people("POST /v1/groups", {"name": name, "type": "automatic", "rules": rules}).json["group_id"])
    changes = people("POST /v1/customers/BO@example.com/resync").json["changes"]
    assert {change["group_id"] for change in changes} == set(groups)
    assert {change["what"] for change in changes} == {"added"}
    assert people("POST /v1/customers/bo@example.com/resync").json == {"changes": []}
    memberships = people("GET /v1/memberships?email=bo@example.com").json["groups"]
    assert {one["group_id"] for one in memberships} >= set(groups)


def test_an_unknown_customer_is_not_synced(people: Api):
    assert people("POST /v1/customers/nobody@example.com/resync").status == 404


def test_a_customer_is_shown_with_groups_orders_and_tickets(people: Api):
    people("PUT /v1/events/gala", {"name": "Gala"})
    people("PUT /v1/sale-items/early", {"name": "Early", "event_id": "gala"})
    purchase = {"customer": {"email": "anna@example.com"}, "lines": [{"sale_item_id": "early", "quantity": 2}]}
    people("POST /v1/purchases", {"order_id": "1", **purchase})
    ticket = {"code": "*123*", "when_full": "continue", "email": "ANNA@example.com", "name": "Anna"}
    people("POST /v1/events/gala/tickets", ticket)
    customer = people("GET /v1/customers/anna%40example.com").json
    assert (customer["email"], customer["name"]) == ("Anna@Example.com", "Anna van den Berg")
    assert [group["name"] for group in customer["groups"]] == ["Friends"]
    assert {(order["order_id"] == "1", order["imported"]) for order in customer["orders"]} == {
        (True, False),
        (False, True),
    }
    assert [one["code"] for one in customer["tickets"]] == ["*123*"]
    assert people("GET /v1/customers/nobody@example.com").status == 404


def test_an_erased_person_cannot_be_found_after_the_response(people: Api):
    response = people("DELETE /v1/customers/ANNA@example.com")
    assert response.status == 202
    assert people("GET /v1/customers/anna@example.com").status == 404
    assert people("GET /v1/customers?q=anna").json["items"] == []
    assert people("GET /v1/memberships?email=anna@example.com").json == {"groups": []}
    group_id = people("GET /v1/groups").json["items"][0]["group_id"]
    assert [one["email"] for one in people(f"GET /v1/groups/{group_id}/members").json["items"]] == [
        "bo@example.com",
        "cy@example.com",
    ]
    assert people("DELETE /v1/customers/anna@example.com").status == 202


def test_the_proof_of_an_erasure_says_when_it_ended(people: Api):
    erasure = people("DELETE /v1/customers/anna@example.com").json
    assert (erasure["by"], erasure["done_at"]) == ("organiser", None)
    assert people("GET /v1/customers/ANNA@example.com/erasure").json == erasure
    assert people("GET /v1/customers/bo@example.com/erasure").status == 404


def test_a_customer_is_renamed(people: Api):
    response = people("PATCH /v1/customers/ANNA@example.com", {"name": "  Anna\tJansen "})
    assert (response.status, response.json["name"], response.json["email"]) == (200, "Anna Jansen", "Anna@Example.com")
    assert people("GET /v1/customers/anna@example.com").json["name"] == "Anna Jansen"
    assert [one["email"] for one in people("GET /v1/customers?q=jansen").json["items"]] == ["Anna@Example.com"]
    assert people("GET /v1/customers?q=berg").json["items"] == []


def test_an_unknown_customer_is_not_renamed(people: Api):
    assert people("PATCH /v1/customers/nobody@example.com", {"name": "Nobody"}).status == 404
    assert people.as_("other-organiser")("PATCH /v1/customers/anna@example.com", {"name": "Mine"}).status == 404
    assert people("PATCH /v1/customers/anna@example.com", {}).status == 422
    assert people("PATCH /v1/customers/anna@example.com", {"name": "x" * 201}).status == 422
