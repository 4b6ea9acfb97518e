"""The calls for members and entries of groups."""

import pytest

from guestlist.aws.table import Table
from guestlist.lists.entry import Entry
from tests.functions.builders import a_list
from tests.functions.conftest import Api

PEOPLE = [
    {"email": "Anna@Example.com", "name": "Anna Jansen"},
    {"email": "bo@example.com", "name": "Bo Larsen", "removal_date": "2030-01-31"},
    {"email": "cy@example.com", "remove_after": {"value": 2, "unit": "weeks"}},
]


@pytest.fixture
def path(call: Api) -> str:
    """A manual group with three members."""
    group_id = call("POST /v1/groups", {"name": "Friends", "type": "manual"}).json["group_id"]
    response = call(f"POST /v1/groups/{group_id}/members", {"customers": PEOPLE})
    assert response.json == {"added": 3, "already": 0, "created_customers": 3}
    return f"/v1/groups/{group_id}"


@pytest.mark.behaviour(192, 196, 197, 204)
def test_members_are_listed_by_email(call: Api, path: str):
    members = call(f"GET {path}/members").json["items"]
    assert [member["email"] for member in members] == ["Anna@Example.com", "bo@example.com", "cy@example.com"]
    assert [member["name"] for member in members] == ["Anna Jansen", "Bo Larsen", ""]
    assert [member["removal_date"] for member in members][:2] == [None, "2030-01-31T23:00:00Z"]
    assert call(f"GET {path}").json["members"] == 3


@pytest.mark.behaviour(203)
def test_a_member_is_not_added_twice(call: Api, path: str):
    second = call(f"POST {path}/members", {"customers": [{"email": "ANNA@example.com"}]})
    assert second.json == {"added": 0, "already": 1, "created_customers": 0}


@pytest.mark.parametrize(("query", "expected"), [("an", ["Anna@Example.com"]), ("LAR", ["bo@example.com"]), ("x", [])])
def test_members_are_found_while_typing(call: Api, path: str, query: str, expected: list[str]):
    assert [member["email"] for member in call(f"GET {path}/members?q={query}").json["items"]] == expected


def test_members_are_listed_in_pages(call: Api, path: str):
    first = call(f"GET {path}/members?limit=2").json
    second = call(f"GET {path}/members?limit=2&cursor={first['next']}").json
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]


@pytest.mark.behaviour(205, 206)
def test_members_are_removed(call: Api, path: str):
    removal = {"emails": ["ANNA@example.com", "nobody@example.com"]}
    assert call(f"POST {path}/members/remove", removal).json == {"removed": 1, "absent": 1}
    assert len(call(f"GET {path}/members").json["items"]) == 2


@pytest.mark.behaviour(207, 208, 209)
def test_a_removal_date_is_set_changed_and_cleared(call: Api, path: str):
    member = f"PATCH {path}/members/anna%40example.com"
    assert call(member, {"removal_date": "2030-01-31"}).json["removal_date"] == "2030-01-31T23:00:00Z"
    assert call(member, {"remove_after": {"value": 1, "unit": "weeks"}}).json["removal_date"]
    assert call(member, {"removal_date": None}).json["removal_date"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "removal_date"),
        ({"removal_date": "2030-01-31", "remove_after": {"value": 1, "unit": "days"}}, "remove_after"),
        ({"removal_date": "soon"}, "removal_date"),
    ],
)
def test_an_invalid_removal_date_is_refused(call: Api, path: str, body: dict, field: str):
    answer = call(f"PATCH {path}/members/bo@example.com", body)
    assert [fault["field"] for fault in answer.json["errors"]] == [field]


@pytest.mark.parametrize("email", ["nobody@example.com", "nobody", "a%252Fb@example.com"])
def test_the_end_date_of_a_non_member_is_404(call: Api, path: str, email: str):
    assert call(f"PATCH {path}/members/{email}", {"removal_date": None}).status == 404


@pytest.mark.behaviour(210, 211)
def test_members_of_an_automatic_group_cannot_be_added_by_hand(call: Api):
    call("PUT /v1/events/gala", {"name": "Gala"})
    rules = {"operator": "any", "rules": [{"type": "event", "id": "gala", "minimum": 1}]}
    group = call("POST /v1/groups", {"name": "Fans", "type": "automatic", "rules": rules}).json
    path = f"/v1/groups/{group['group_id']}/members"
    assert call(f"POST {path}", {"customers": PEOPLE}).code == "automatic_group"
    assert call(f"POST {path}/remove", {"emails": ["a@example.com"]}).code == "automatic_group"
    assert call(f"PATCH {path}/a@example.com", {"removal_date": None}).code == "automatic_group"


def test_a_checkout_can_read_memberships(call: Api, path: str):
    memberships = call.as_("demo-checkout")("GET /v1/memberships?email=BO@example.com").json["groups"]
    assert [(one["name"], one["type"], one["removal_date"]) for one in memberships] == [
        ("Friends", "manual", "2030-01-31T23:00:00Z")
    ]
    assert memberships[0]["group_id"] in path


def test_entries_are_listed_with_their_uses(call: Api, api_table: Table):
    rows = [
        Entry(code="SHARED", quantity=10),
        Entry(email="Bo@Example.com", seat="North-1", category="Floor"),
        Entry(code="ONCE"),
    ]
    path = f"/v1/groups/{a_list(api_table, *rows)}/entries"
    call("POST /v1/redemptions", {"code": "shared", "order_id": "1", "quantity": 3})
    call("POST /v1/redemptions", {"code": "shared", "order_id": "2", "quantity": 2, "hold_seconds": 600})
    first = call(f"GET {path}?limit=2").json
    second = call(f"GET {path}?limit=2&cursor={first['next']}").json
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    entries = {(one["code"], one["email"]): one for one in [*first["items"], *second["items"]]}
    assert entries["SHARED", None] == {
        "code": "SHARED",
        "email": None,
        "category": None,
        "seat": None,
        "quantity": 10,
        "used": 3,
        "held": 2,
    }
    assert entries[None, "Bo@Example.com"]["seat"] == "North-1"
    assert entries["ONCE", None]["used"] == 0


def test_a_group_without_a_list_has_no_entries(call: Api, path: str):
    assert call(f"GET {path}/entries").code == "not_target_group"
    target = call("POST /v1/groups", {"name": "Codes", "type": "target"}).json["group_id"]
    assert call(f"GET /v1/groups/{target}/entries").json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("languages", "message"),
    [
        ({}, "This group expired on 2020-01-31: its members have no access any more."),
        ({"Accept_Language": "nl"}, "Deze groep is op 2020-01-31 verlopen: de leden hebben geen toegang meer."),
    ],
)
def test_the_message_of_an_expired_group_is_in_the_language_of_the_caller(
    call: Api, languages: dict[str, str], message: str
):
    group = call("POST /v1/groups", {"name": "Ended", "type": "manual", "expires_on": "2020-01-31"}).json
    assert call(f"GET /v1/groups/{group['group_id']}/members", **languages).json["message"] == message


@pytest.mark.parametrize(
    ("languages", "detail"),
    [
        ({}, "This is not an e-mail address. Send one address, such as name@example.org."),
        ({"Accept_Language": "nl"}, "Dit is geen e-mailadres. Stuur één adres, zoals naam@example.org."),
    ],
)
def test_why_an_entry_is_refused_is_in_the_language_of_the_caller(call: Api, languages: dict[str, str], detail: str):
    target = call("POST /v1/groups", {"name": "Codes", "type": "target"}).json["group_id"]
    sent = {"entries": [{"code": "NEW"}, {"email": "nobody"}]}
    added = call(f"POST /v1/groups/{target}/entries", sent, **languages).json
    assert (added["added"], added["refused"]) == (1, [{"index": 1, "code": "bad_email", "detail": detail}])


@pytest.mark.parametrize(
    ("languages", "words"),
    [
        ({}, ("Customers are added and removed by hand, by the API or by an import", "expired")),
        (
            {"Accept_Language": "da"},
            ("Kunder tilføjes og fjernes i hånden, via API'et eller ved en import", "udløbet"),
        ),
    ],
)
def test_descriptions_of_a_group_are_in_the_language_of_the_caller(
    call: Api, languages: dict[str, str], words: tuple[str, str]
):
    made = call("POST /v1/groups", {"name": "Ended", "type": "manual", "expires_on": "2020-01-31"}, **languages).json
    shown = call(f"GET /v1/groups/{made['group_id']}", **languages).json
    (listed,) = call("GET /v1/groups", **languages).json["items"]
    for one in (made, shown, listed):
        assert (one["description"], one["expires_in"]) == words
