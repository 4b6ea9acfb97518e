"""Checks and redemptions, as checkout systems call them."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.routes import check
from chalicelib.web import dispatch
from guestlist.aws.table import Table
from guestlist.checkout import guess_limits
from guestlist.lists.entry import Entry
from guestlist.model import clock
from tests.engines.tables import on_requests
from tests.functions.builders import a_list
from tests.functions.conftest import Api

ROWS = [
    Entry(code="SHARED", quantity=10),
    Entry(code="ONCE"),
    Entry(code="Mine", email="anna@example.com", seat="North-1", category="Floor"),
    Entry(email="Bo@Example.com", quantity=2),
]


@pytest.fixture
def friends(call: Api, api_table: Table) -> str:
    """A list of the organiser `demo`, and an item that is restricted to it."""
    group_id = a_list(api_table, *ROWS)
    call("PUT /v1/events/gala", {"name": "Gala"})
    call("PUT /v1/sale-items/early", {"name": "Early bird", "event_id": "gala"})
    call("PUT /v1/sale-items/free", {"name": "For all", "event_id": "gala"})
    call("PUT /v1/sale-items/early/restriction", {"group_ids": [group_id]})
    return group_id


@pytest.fixture
def checkout(call: Api) -> Api:
    """The API for a checkout."""
    return call.as_("demo-checkout")


@pytest.mark.behaviour(51)
def test_a_check_answers_in_the_words_of_the_contract(checkout: Api, friends: str):
    question = {"code": " shared ", "sale_items": ["early", "free", "none"], "discount": "SAVE"}
    assert checkout("POST /v1/check", question).json == {
        "items": [
            {
                "sale_item_id": "early",
                "visible": True,
                "purchasable": True,
                "reasons": [],
                "granted_by": [{"group_id": friends, "group": "Friends", "type": "target"}],
                "seats": None,
                "categories": None,
                "remaining": 10,
            },
            {
                "sale_item_id": "free",
                "visible": True,
                "purchasable": True,
                "reasons": [],
                "granted_by": [],
                "seats": None,
                "categories": None,
                "remaining": None,
            },
            {
                "sale_item_id": "none",
                "visible": False,
                "purchasable": False,
                "reasons": ["unknown_item"],
                "granted_by": [],
                "seats": None,
                "categories": None,
                "remaining": None,
            },
        ],
        "code": {
            "valid": True,
            "reasons": [],
            "grants": [
                {
                    "group_id": friends,
                    "group": "Friends",
                    "category": None,
                    "seat": None,
                    "quantity": 10,
                    "remaining": 10,
                }
            ],
        },
        "discount": {"accepted": False, "reasons": ["unknown_discount"], "sale_item_ids": None},
    }


def test_an_empty_check_gets_an_empty_response(checkout: Api):
    assert checkout("POST /v1/check").json == {"items": []}


@pytest.mark.parametrize(
    ("question", "reasons"),
    [
        ({"code": "nobody's"}, ["unknown_code"]),
        ({"code": "mine"}, ["wrong_email"]),
        ({"code": "mine", "customer": {"email": "ANNA@example.com"}}, []),
        ({"code": "mine", "customer": {"email": "anna@example.com"}, "seats": ["South-3"]}, ["wrong_seat"]),
        ({"code": "shared", "quantity": 11}, ["quantity_too_high"]),
    ],
)
def test_a_code_that_may_not_be_used_says_why(
    checkout: Api, friends: str, question: dict[str, Any], reasons: list[str]
):
    decision = checkout("POST /v1/check", question).json["code"]
    assert (decision["valid"], decision["reasons"]) == (not reasons, reasons)
    assert all(grant["group_id"] == friends for grant in decision["grants"])


@pytest.mark.usefixtures("friends")
def test_an_explanation_comes_in_the_language_of_the_caller(checkout: Api):
    question = {"sale_items": ["early"], "explain": True}
    english, danish = (
        checkout("POST /v1/check", question, Accept_Language=language).json["items"][0]["explanation"]
        for language in ("fr, en;q=0.5", "da-DK, en;q=0.5")
    )
    assert english
    assert english != danish


@pytest.mark.usefixtures("friends")
def test_a_check_with_an_unknown_token_is_refused(call: Api):
    stranger = call.as_("demo-guessed")
    for body in ({"code": "shared"}, {"code": 7}, b"{"):
        assert stranger("POST /v1/check", body).status == 401
        assert stranger("POST /v1/redemptions", body).status == 401


def test_a_large_body_is_not_read_before_its_token_is_known(call: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dispatch, "read", lambda *_: pytest.fail("the body was read"))
    body = b'{"seats": [' + b"1," * 60_000 + b"1]}"
    assert call.as_("demo-guessed")("POST /v1/check", body).status == 401


def test_a_field_name_with_an_unpaired_surrogate_is_reported(checkout: Api):
    answer = checkout("POST /v1/check", b'{"\\ud800": 1}')
    assert (answer.status, answer.json["errors"][0]["code"]) == (422, "unknown_field")


@pytest.mark.behaviour(117)
def test_another_organisers_lists_are_not_checked(call: Api, friends: str):
    other = call.as_("other-checkout")
    answer = other("POST /v1/check", {"code": "shared", "sale_items": ["early"]}).json
    assert answer["code"]["reasons"] == ["unknown_code"]
    assert answer["items"][0]["reasons"] == ["unknown_item"]
    assert friends not in str(answer)
    assert other("POST /v1/redemptions", {"code": "shared", "order_id": "1"}).code == "unknown_code"


@pytest.mark.behaviour(42)
def test_a_repeated_redemption_redeems_once_and_gets_the_same_answer(checkout: Api, friends: str):
    redemption = {"code": "shared", "order_id": "1", "quantity": 4}
    first = checkout("POST /v1/redemptions", redemption)
    assert (first.status, first.json) == (
        201,
        {
            "redemption_id": first.json["redemption_id"],
            "status": "redeemed",
            "group_id": friends,
            "quantity": 4,
            "remaining": 6,
        },
    )
    second = checkout("POST /v1/redemptions", redemption)
    assert (second.status, second.json) == (200, first.json)
    other = checkout("POST /v1/redemptions", {**redemption, "quantity": 5})
    assert (other.status, other.code) == (409, "idempotency_conflict")
    assert checkout("POST /v1/check", {"code": "shared"}).json["code"]["grants"][0]["remaining"] == 6


@pytest.mark.usefixtures("friends")
@pytest.mark.parametrize(
    ("redemption", "status", "code", "remaining"),
    [
        ({"code": "nobody's"}, 404, "unknown_code", None),
        ({"code": "shared", "quantity": 11}, 409, "quantity_too_high", 10),
        ({"code": "mine"}, 409, "wrong_email", None),
        ({"code": "shared", "sale_item_id": "none"}, 409, "unknown_item", None),
        ({"code": "shared", "group_id": "none"}, 404, "not_found", None),
    ],
)
def test_a_refused_redemption_says_why(
    checkout: Api, redemption: dict[str, Any], status: int, code: str, remaining: int | None
):
    answer = checkout("POST /v1/redemptions", {"order_id": "1", **redemption})
    assert (answer.status, answer.code, answer.json.get("remaining")) == (status, code, remaining)


@pytest.mark.usefixtures("friends")
def test_a_used_up_code_says_so(checkout: Api):
    checkout("POST /v1/redemptions", {"code": "once", "order_id": "1"})
    answer = checkout("POST /v1/redemptions", {"code": "once", "order_id": "2"})
    assert (answer.status, answer.code, answer.json["remaining"]) == (409, "used_up", 0)


@pytest.mark.usefixtures("friends")
def test_a_hold_is_confirmed_or_released(checkout: Api):
    hold = checkout("POST /v1/redemptions", {"code": "shared", "order_id": "1", "quantity": 3, "hold_seconds": 60}).json
    assert hold["status"] == "held"
    assert hold["hold_expires_at"].endswith("Z")
    path = f"/v1/redemptions/{hold['redemption_id']}"
    confirmation = checkout(f"POST {path}/confirm").json
    assert (confirmation["status"], "hold_expires_at" in confirmation) == ("redeemed", False)
    part = checkout(f"POST {path}/release", {"quantity": 1}).json
    assert (part["quantity"], part["remaining"]) == (2, 8)
    whole = checkout(f"POST {path}/release").json
    assert (whole["status"], whole["quantity"], whole["remaining"]) == ("released", 0, 10)


@pytest.mark.usefixtures("friends")
def test_a_lapsed_hold_cannot_be_confirmed(checkout: Api, monkeypatch: pytest.MonkeyPatch):
    hold = checkout("POST /v1/redemptions", {"code": "shared", "order_id": "1", "hold_seconds": 1}).json
    later = clock.now().replace(year=2100)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = checkout(f"POST /v1/redemptions/{hold['redemption_id']}/confirm")
    assert (answer.status, answer.code) == (409, "hold_expired")


@pytest.mark.usefixtures("friends")
def test_a_repeated_release_with_an_idempotency_key_releases_once(checkout: Api):
    redemption = checkout("POST /v1/redemptions", {"code": "shared", "order_id": "1", "quantity": 5}).json
    path = f"POST /v1/redemptions/{redemption['redemption_id']}/release"
    first = checkout(path, {"quantity": 2}, Idempotency_Key="refund-1")
    assert checkout(path, {"quantity": 2}, Idempotency_Key="refund-1").text == first.text
    assert checkout(path, {"quantity": 2}, Idempotency_Key="refund-2").json["remaining"] == 9


@pytest.mark.usefixtures("friends")
def test_a_repeated_redemption_with_an_idempotency_key_gets_the_stored_answer(checkout: Api):
    redemption = {"code": "shared", "order_id": "1", "quantity": 4}
    first = checkout("POST /v1/redemptions", redemption, Idempotency_Key="1")
    second = checkout("POST /v1/redemptions", redemption, Idempotency_Key="1")
    assert (second.status, second.text) == (201, first.text)
    assert checkout("POST /v1/check", {"code": "shared"}).json["code"]["grants"][0]["remaining"] == 6


@pytest.mark.parametrize("redemption_id", ["x", "0" * 32 + "-1", "a%20b"])
def test_an_unknown_redemption_cannot_be_confirmed_or_released(checkout: Api, redemption_id: str):
    for action in ("confirm", "release"):
        assert checkout(f"POST /v1/redemptions/{redemption_id}/{action}").status == 404


@pytest.mark.usefixtures("friends")
def test_wrong_codes_are_rate_limited_and_valid_ones_are_not(checkout: Api, monkeypatch: pytest.MonkeyPatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(guess_limits, "_MAX_PER_CLIENT", 2)
    client = {"ip": "2001:db8::7", "session": "s-1"}
    for remaining in ("1", "0"):
        answer = checkout("POST /v1/check", {"code": "guess", "client": client})
        assert (answer.status, answer.headers["RateLimit-Remaining"]) == (200, remaining)
    decision = checkout("POST /v1/check", {"code": "guess", "client": client, "explain": True}).json["code"]
    wait = decision.pop("retry_after")
    assert decision == {
        "valid": False,
        "reasons": ["too_many_tries"],
        "grants": [],
        "explanation": ["Code: too many wrong codes were tried; try again in a minute."],
    }
    refusal = checkout("POST /v1/redemptions", {"code": "guess", "order_id": "1", "client": client})
    assert (refusal.status, refusal.code, refusal.headers["Retry-After"]) == (429, "too_many_requests", str(wait))
    assert checkout("POST /v1/check", {"code": "shared", "client": client}).json["code"]["valid"]
    assert checkout("POST /v1/redemptions", {"code": "shared", "order_id": "1", "client": client}).status == 201


@pytest.mark.parametrize("client", [{"ip": ""}, {"session": "s" * 129}, {"name": "x"}, "x"])
def test_a_client_is_an_address_or_a_session(checkout: Api, client: Any):
    assert checkout("POST /v1/check", {"code": "x", "client": client}).status == 422


def test_a_blank_code_and_discount_count_as_none(checkout: Api):
    answer = checkout("POST /v1/check", {"code": " ", "discount": ""})
    assert answer.json == {"items": []}
    assert "RateLimit-Remaining" not in answer.headers


def test_memberships_are_listed_by_email(checkout: Api):
    assert checkout("GET /v1/memberships?email=nobody@example.com").json == {"groups": []}
    assert checkout("GET /v1/memberships").status == 422
    assert checkout("GET /v1/memberships?email=nobody").status == 422


@pytest.mark.parametrize("sent", ["ann+1@example.com", "ann%2B1@example.com", "ann%201%40example.com"])
def test_a_plus_sign_in_a_query_may_be_escaped_or_not(call: Api, sent: str):
    group_id = call("POST /v1/groups", {"name": "Plus", "type": "manual"}).json["group_id"]
    call(f"POST /v1/groups/{group_id}/members", {"customers": [{"email": "ann+1@example.com"}]})
    found = call(f"GET /v1/memberships?email={sent}").json["groups"]
    assert [group["group_id"] for group in found] == [group_id]
    assert call(f"GET /v1/redemptions?email={sent}").json["items"] == []


def test_a_check_reads_twice_and_its_token_with_the_first(checkout: Api, friends: str):
    reads: list[str] = []
    table = check.checkout_reads()._table  # noqa: SLF001 - what it reads is counted
    on_requests(table, "before-call", lambda operation, _: reads.append(operation))
    assert checkout("POST /v1/check", {"code": "shared", "sale_items": ["early"]}).status == 200
    assert reads[0] == "BatchGetItem"
    assert "GetItem" not in reads
    assert friends


def test_a_redemption_can_be_read_in_every_status(checkout: Api, call: Api, friends: str, monkeypatch: Any):
    request = {"code": "shared", "order_id": "1", "quantity": 2, "hold_seconds": 600}
    hold = checkout("POST /v1/redemptions", request).json
    path = f"/v1/redemptions/{hold['redemption_id']}"

    def life() -> tuple[str, int | None, int]:
        now = checkout(f"GET {path}").json
        return now["status"], now["quantity"], now["remaining_quantity"]

    first = checkout(f"GET {path}").json
    assert (first["group_id"], first["hold_expires_at"]) == (friends, hold["hold_expires_at"])
    assert life() == ("held", 2, 2)
    checkout(f"POST {path}/confirm")
    assert life() == ("redeemed", 2, 2)
    checkout(f"POST {path}/release", {"quantity": 1})
    assert life() == ("redeemed", 2, 1)
    checkout(f"POST {path}/release")
    assert life() == ("released", 2, 0)
    second = checkout("POST /v1/redemptions", request).json
    assert life() == ("released", 2, 0)
    assert [one["redemption_id"] for one in call("GET /v1/redemptions?order_id=1").json["items"]] == [
        second["redemption_id"],
        hold["redemption_id"],
    ]
    path = f"/v1/redemptions/{second['redemption_id']}"
    later = clock.now() + timedelta(seconds=601)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert life() == ("lapsed", 2, 0)
    assert call.as_("demo-reader")(f"GET {path}").json["hold_expires_at"] is None


@pytest.mark.parametrize("nothing", ["none", f"{'0' * 32}-1"])
def test_an_unknown_redemption_is_answered_with_404(checkout: Api, nothing: str):
    assert checkout(f"GET /v1/redemptions/{nothing}").status == 404
