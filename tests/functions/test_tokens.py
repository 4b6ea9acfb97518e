"""The calls that each token may make."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.api import Route, routes
from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.model import clock
from guestlist.organisers.model import Scope, hash_token
from tests.functions.conftest import Api, ApiResponse


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic demo-organiser",
        "Bearer nobody",
        "Bearer demo-",
        "Bearer -x",
        "Bearer demo-wrong",
    ],
)
def test_a_call_without_a_known_token_is_refused(call: Api, header: str):
    answer = call.as_(None)("GET /v1/organiser", Authorization=header)
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("organiser", ["x" * 5000, "démo", "demo#GROUPS", "O#demo"])
def test_a_token_with_an_invalid_organiser_is_unknown(call: Api, organiser: str):
    assert call.as_(f"{organiser}-organiser")("GET /v1/organiser").status == 401


def test_the_token_is_verified_before_the_body(call: Api):
    assert call.as_(None)("PUT /v1/organiser", b"{").status == 401
    assert call.as_("demo-checkout")("PUT /v1/organiser", b"{").status == 403


def test_a_checkout_token_may_not_make_an_organisers_calls(call: Api):
    answer = call.as_("demo-checkout")("GET /v1/organiser")
    assert (answer.status, answer.code) == (403, "wrong_scope")


def test_the_scheme_is_written_in_any_case(call: Api):
    assert call.as_(None)("GET /v1/organiser", Authorization="bearer demo-organiser").status == 200


@pytest.mark.parametrize("scope", Scope)
def test_every_call_requires_a_token_of_its_scope(call: Api, scope: Scope):
    for route in [one for one in routes() if one.endpoint.scope]:
        request = f"{route.method} {re.sub(r'{[^}]*}', 'none', route.path)}"
        for stranger in (None, "demo-guessed", f"nobody-{scope}"):
            assert call.as_(stranger)(request).status == 401, request
        status = call.as_(f"demo-{scope}")(request).status
        assert (status != 403) is (scope in route.endpoint.scopes(route.method)), request
        assert status != 401, request


def test_a_reader_may_read_everything_but_secrets():
    reading = {f"{one.method} {one.path}" for one in routes() if one.method == "GET" and one.endpoint.scope}
    assert {f"{one.method} {one.path}" for one in of(Scope.READER)} == reading - {
        "GET /v1/tokens",
        "GET /v1/sessions",
        "GET /v1/sessions/{session_id}",
        "GET /v1/webhooks",
        "GET /v1/webhooks/{webhook_id}",
        "GET /v1/webhooks/{webhook_id}/deliveries",
    }


def test_a_door_token_may_scan_and_no_more():
    assert {f"{one.method} {one.path}" for one in of(Scope.DOOR)} == {
        "POST /v1/scans",
        "POST /v1/scans/batch",
        "GET /v1/events/{event_id}/snapshot",
        "GET /v1/keys",
    }


def of(scope: Scope) -> list[Route]:
    """The calls that a token of that scope may make."""
    return [route for route in routes() if scope in route.endpoint.scopes(route.method)]


@pytest.mark.parametrize("scope", [Scope.DOOR, Scope.READER])
def test_a_check_and_a_redemption_require_the_checkout_scope(call: Api, scope: Scope):
    for request, body in {
        "POST /v1/check": {"code": "x"},
        "POST /v1/redemptions": {"code": "x", "order_id": "1"},
    }.items():
        assert call.as_(f"demo-{scope}")(request, body).code == "wrong_scope"


def test_a_token_is_created_shown_once_and_revoked(call: Api):
    response = call("POST /v1/tokens", {"name": "Front door", "scope": "door"})
    token, token_id = response.json["token"], response.json["token_id"]
    assert response.status == 201
    assert call.as_(token)("POST /v1/scans", {"event_id": "gala", "code": "1"}).status == 200
    tokens = call("GET /v1/tokens")
    assert token not in tokens.text
    assert {"token_id": token_id, "name": "Front door", "scope": "door"}.items() <= token_named(
        tokens, "Front door"
    ).items()
    assert call(f"DELETE /v1/tokens/{token_id}").status == 204
    assert call.as_(token)("POST /v1/scans", {"event_id": "gala", "code": "1"}).status == 401
    assert call(f"DELETE /v1/tokens/{token_id}").status == 404


def token_named(response: ApiResponse, name: str) -> Any:
    (token,) = [one for one in response.json["items"] if one["name"] == name]
    return token


def test_a_token_is_valid_until_its_end(call: Api, monkeypatch: pytest.MonkeyPatch):
    end = clock.now() + timedelta(hours=1)
    request = {"name": "Guest", "scope": "reader", "expires_at": end.isoformat()}
    token = call("POST /v1/tokens", request).json["token"]
    assert call.as_(token)("GET /v1/organiser").status == 200
    monkeypatch.setattr(clock, "now", lambda: end)
    assert call.as_(token)("GET /v1/organiser").status == 401
    assert "Guest" not in call("GET /v1/tokens").text


def test_a_token_with_an_end_in_the_past_is_not_created(call: Api):
    request = {"name": "Late", "scope": "reader", "expires_at": "2020-01-01T00:00:00Z"}
    answer = call("POST /v1/tokens", request)
    assert (answer.status, answer.code) == (422, "bad_instant")
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [("expires_at", "bad_instant")]


def test_tokens_may_share_a_name_and_an_idempotency_key_is_refused(call: Api):
    request = {"name": "organiser", "scope": "reader"}
    responses = [call("POST /v1/tokens", request, Idempotency_Key="once") for _ in range(2)]
    assert [answer.status for answer in responses] == [201, 201]
    assert len({answer.json["token"] for answer in responses}) == 2
    assert [one["name"] for one in call("GET /v1/tokens").json["items"]].count("organiser") == 3


def test_the_last_organiser_token_cannot_be_revoked(call: Api):
    own = token_named(call("GET /v1/tokens"), "organiser")
    assert own["current"]
    refusal = call(f"DELETE /v1/tokens/{own['token_id']}")
    assert (refusal.status, refusal.code) == (409, "last_token")
    second = call("POST /v1/tokens", {"name": "Second", "scope": "organiser"}).json["token"]
    assert call(f"DELETE /v1/tokens/{own['token_id']}").status == 204
    assert call.as_(second)("GET /v1/organiser").status == 200


def test_another_organisers_token_is_unknown(call: Api):
    own = token_named(call("GET /v1/tokens"), "checkout")
    assert call.as_("other-organiser")(f"DELETE /v1/tokens/{own['token_id']}").status == 404


def test_tokens_are_listed_newest_first_a_page_at_a_time(call: Api):
    for name in ("Ann", "Zoe"):
        call("POST /v1/tokens", {"name": name, "scope": "door"})
    first = call("GET /v1/tokens?limit=3")
    rest = call(f"GET /v1/tokens?limit=3&cursor={first.json['next']}")
    assert [one["name"] for one in first.json["items"] + rest.json["items"]] == ["Zoe", "Ann", *sorted(Scope)]
    assert rest.json["next"] is None


def test_the_openapi_document_needs_no_token(call: Api):
    answer = call.as_(None)("GET /openapi.json")
    assert (answer.status, answer.json["openapi"]) == (200, "3.1.0")


@pytest.mark.behaviour(117)
def test_a_token_speaks_for_its_own_organiser(call: Api):
    assert call("GET /v1/organiser").json["name"] == "Demo"
    assert call.as_("other-organiser")("GET /v1/organiser").json["name"] == "Other"


@pytest.mark.usefixtures("app")
def test_a_token_is_stored_as_a_hash(api_table: Table):
    item = api_table.get(keys.token("demo", hash_token("demo-organiser")))
    assert item is not None
    assert "demo-organiser" not in str(item)
