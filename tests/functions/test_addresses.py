"""One grammar and one normal form of addresses, codes and labels in every call."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from guestlist.aws import person_keys
from guestlist.aws.table import Table
from guestlist.customers.model import Customer
from guestlist.customers.store import Customers
from guestlist.lists.entry import Entry
from tests.functions.builders import a_list
from tests.functions.conftest import Api, ApiResponse

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LINES = [{"sale_item_id": "early", "quantity": 1}]


@pytest.fixture
def shop(call: Api) -> Api:
    """An organiser with an event, a sale item and a manual group."""
    call("PUT /v1/events/gala", {"name": "Gala"})
    call("PUT /v1/sale-items/early", {"name": "Early", "event_id": "gala"})
    call("PUT /v1/sale-items/late", {"name": "Late", "event_id": "gala"})
    return call


def member(call: Api, email: str) -> ApiResponse:
    groups = call("GET /v1/groups?type=manual").json["items"]
    group = groups[0] if groups else call("POST /v1/groups", {"name": "A", "type": "manual"}).json
    return call(f"POST /v1/groups/{group['group_id']}/members", {"customers": [{"email": email}]})


def purchase(call: Api, email: str) -> ApiResponse:
    return call("POST /v1/purchases", {"order_id": "1", "customer": {"email": email}, "lines": LINES})


def ticket(call: Api, email: str) -> ApiResponse:
    return call("POST /v1/events/gala/tickets", {"code": "1", "when_full": "continue", "email": email})


def setting(call: Api, email: str) -> ApiResponse:
    return call("PUT /v1/organiser", {"notify_email": email})


def notify(call: Api, email: str) -> ApiResponse:
    return call("POST /v1/imports", {"kind": "purchases", "file_name": "p.csv", "notify": email})


def redemption(call: Api, email: str) -> ApiResponse:
    return call("POST /v1/redemptions", {"order_id": "1", "email": email})


DOORS: list[Callable[[Api, str], ApiResponse]] = [member, purchase, ticket, setting, notify, redemption]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("email", [".a@x.nl", "b..c@x.nl", "b@-x.nl", "nobody", "a@x.nl, b@x.nl"])
def test_an_invalid_address_is_refused_by_every_call(shop: Api, door: Callable[[Api, str], ApiResponse], email: str):
    answer = door(shop, email)
    assert (answer.status, [fault["code"] for fault in answer.json["errors"]]) == (422, ["bad_email"])


@pytest.mark.parametrize("door", [member, purchase, ticket])
@pytest.mark.parametrize("email", ["<a@bücher.example>", "mailto:a@b\u200bücher.example", "a@xn--bcher-kva.example;"])
def test_all_calls_and_spellings_of_an_address_lead_to_one_customer(
    shop: Api, door: Callable[[Api, str], ApiResponse], email: str
):
    assert member(shop, "a@bu\u0308cher.example").json["added"] == 1
    assert door(shop, email).status in {200, 201}
    assert [one["email"] for one in shop("GET /v1/customers").json["items"]] == ["a@xn--bcher-kva.example"]
    response = shop(f"GET /v1/customers/{quote('a@bücher.example')}")
    assert (response.status, response.json["email"]) == (200, "a@xn--bcher-kva.example")
    assert purchase(shop, email).status in {200, 201}
    group = shop("GET /v1/groups?type=manual").json["items"][0]["group_id"]
    for people in ("/v1/customers", f"/v1/groups/{group}/members", "/v1/events/gala/orders"):
        assert shop(f"GET {people}?q={quote('A@BÜCHER.e')}").json["items"]


OLD = ["a@bücher.example", "jo\u0308rg@x.nl", "a@x.nl;", ".a@x.nl", "b\u200bo@x.nl"]


@pytest.mark.parametrize("email", OLD)
def test_a_customer_stored_in_an_earlier_spelling_is_found_changed_and_erased(shop: Api, api_table: Table, email: str):
    Customers(api_table).ensure_customers("demo", [Customer(email=email, name="Jo", created_at=NOW)])
    path = f"/v1/customers/{quote(email)}"
    assert shop(f"GET {path}").json["email"] == email
    customer = shop(f"PATCH {path}", {"name": "Joe"}).json
    assert (customer["email"], customer["name"]) == (email, "Joe")
    assert shop(f"GET {path}/history").status == 200
    assert shop(f"POST {path}/resync", {}).status == 200
    assert shop(f"DELETE {path}").status == 202
    assert shop(f"GET {path}/erasure").json["done_at"] is None
    assert shop("GET /v1/customers").json["items"] == []
    assert api_table.get(person_keys.profile("demo", email)) is None


def test_erasing_one_spelling_erases_the_others_too(shop: Api, api_table: Table):
    spellings = ("a@bücher.example", "a@xn--bcher-kva.example")
    people = [Customer(email=email, name="", created_at=NOW) for email in spellings]
    Customers(api_table).ensure_customers("demo", people)
    assert shop(f"DELETE /v1/customers/{quote('a@bücher.example')}").status == 202
    assert shop("GET /v1/customers").json["items"] == []


def test_erasing_a_malformed_stored_address_spares_the_person_with_the_plain_one(shop: Api, api_table: Table):
    people = [Customer(email=email, name="", created_at=NOW) for email in ("a@x.nl;", "a@x.nl")]
    Customers(api_table).ensure_customers("demo", people)
    assert shop(f"DELETE /v1/customers/{quote('a@x.nl;')}").status == 202
    assert [one["email"] for one in shop("GET /v1/customers").json["items"]] == ["a@x.nl"]


@pytest.mark.parametrize(
    ("stored_form", "email"),
    [
        ("a@bücher.example", "a@bücher.example"),
        ("a@bücher.example", "A@xn--bcher-kva.example"),
        ("a@xn--bcher-kva.example", "a@bu\u0308cher.example"),
        ("jo\u0308rg@x.nl", "jörg@x.nl"),
        ("a@x.nl;", "a@x.nl;"),
        (".a@x.nl", ".a@x.nl"),
        ("a@x.nl", "<a@x.nl>"),
        ("b\u200bo@x.nl", "b\u200bo@x.nl"),
    ],
)
@pytest.mark.parametrize("code", ["", "C1"])
def test_a_listed_address_redeems_once_in_any_spelling(
    shop: Api, api_table: Table, stored_form: str, email: str, code: str
):
    group_id = a_list(api_table, Entry(code=code, email=stored_form))
    shop("PUT /v1/sale-items/early/restriction", {"group_ids": [group_id]})
    code_field: dict[str, Any] = {"code": code} if code else {}
    question = {"customer": {"email": email, "authenticated": True}, "sale_items": ["early"], **code_field}
    assert shop("POST /v1/check", question).json["items"][0]["purchasable"] is True
    order = {"order_id": "1", "email": email, "sale_item_id": "early", **code_field}
    assert shop("POST /v1/redemptions", order).status == 201
    second = shop("POST /v1/redemptions", {**order, "order_id": "2"})
    assert (second.status, second.code) == (409, "used_up")
    assert shop("POST /v1/check", question).json["items"][0]["reasons"] == ["used_up"]


@pytest.mark.parametrize("is_composed", [True, False])
def test_codes_categories_and_seats_match_in_any_unicode_composition(shop: Api, api_table: Table, *, is_composed: bool):
    one, other = ("Café", "Cafe\u0301") if is_composed else ("Cafe\u0301", "Café")
    group_id = a_list(api_table, Entry(code=one, category=one, seat=one))
    shop("PUT /v1/sale-items/early/restriction", {"group_ids": [group_id]})
    question = {"code": f"{other}\u200b", "category": other, "seats": [f"\ufeff{other}"], "sale_items": ["early"]}
    assert shop("POST /v1/check", question).json["items"][0]["purchasable"] is True
    order = {"order_id": "1", "code": other, "category": other, "seat": f"{other}\u00ad", "sale_item_id": "early"}
    assert shop("POST /v1/redemptions", order).status == 201


def test_a_code_of_invisible_characters_counts_as_no_code(shop: Api):
    assert "code" not in shop("POST /v1/check", {"code": "\u200b", "sale_items": ["early"]}).json


def test_memberships_are_found_by_any_spelling(shop: Api):
    member(shop, "a@bücher.example")
    for email in ("a@xn--bcher-kva.example", "a@b\u00fccher.example"):
        assert len(shop(f"GET /v1/memberships?email={quote(email)}").json["groups"]) == 1


@pytest.mark.parametrize("end", ["\r", "\n", "\t", "\r\n"])
def test_control_characters_after_a_scanned_code_are_ignored(shop: Api, end: str):
    new_ticket = {"code": f" A\u200b1{end}", "when_full": "continue"}
    assert shop("POST /v1/events/gala/tickets", new_ticket).json["code"] == " A\u200b1"
    response = shop("POST /v1/scans", {"event_id": "gala", "code": f" A\u200b1{end}"})
    assert response.json["result"] == "accepted"
    assert shop("POST /v1/scans", {"event_id": "gala", "code": "A1"}).json["result"] == "unknown"


def named_member(call: Api, name: str) -> ApiResponse:
    group = call("POST /v1/groups", {"name": "A", "type": "manual"}).json["group_id"]
    return call(f"POST /v1/groups/{group}/members", {"customers": [{"email": "a@x.nl", "name": name}]})


def named_buyer(call: Api, name: str) -> ApiResponse:
    customer = {"email": "a@x.nl", "name": name}
    return call("POST /v1/purchases", {"order_id": "1", "customer": customer, "lines": LINES})


def renamed(call: Api, name: str) -> ApiResponse:
    member(call, "a@x.nl")
    return call("PATCH /v1/customers/a@x.nl", {"name": name})


@pytest.mark.parametrize("name_person", [named_member, named_buyer, renamed])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jo\u0308rg\u202e\u200b", "Jörg"),
        (" Anna\n\t van  Dijk ", "Anna van Dijk"),
        ("\u0645\u06cc\u200c\u0631", "\u0645\u06cc\u200c\u0631"),
        (" \x07 ", ""),
    ],
    ids=["invisible characters", "spaces", "a joiner that separates", "nothing else"],
)
def test_a_name_is_stored_in_one_form_on_one_line(
    shop: Api, name_person: Callable[[Api, str], ApiResponse], name: str, expected: str
):
    assert name_person(shop, name).status < 300
    assert shop("GET /v1/customers/a@x.nl").json["name"] == expected


def test_an_invalid_address_has_the_same_code_in_every_call(call: Api):
    group = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    refusals = [
        call(f"POST /v1/groups/{group}/members", {"customers": [{"email": "no address"}]}),
        call(f"POST /v1/groups/{group}/members/remove", {"emails": ["no address"]}),
    ]
    assert [answer.json["errors"][0]["code"] for answer in refusals] == ["bad_email"] * 2
