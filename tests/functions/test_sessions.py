"""The console's sessions: a cookie in place of a token, and what other pages cannot do with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.model import clock
from tests.functions.conftest import Api

HOST = "127.0.0.1:8000"
GROUP = {"name": "Friends", "type": "manual"}


def cookie_of(call: Api, host: str = HOST) -> tuple[str, str]:
    """The session cookie in the browser, and the CSRF token of the page."""
    answer = call("POST /v1/session", Host=host)
    assert answer.status == 201
    return answer.headers["Set-Cookie"], answer.json["csrf_token"]


@pytest.fixture
def page(call: Api) -> Api:
    """The console in a browser that has a session, as its own page calls."""
    cookie, csrf = cookie_of(call)
    own = {"Host": HOST, "Cookie": f"a=b; {cookie.partition(';')[0]}", "Origin": f"http://{HOST}", "X-CSRF-Token": csrf}
    return replace(call, token=None, more=own)


def without(page: Api, **changes: str | None) -> Api:
    """The same browser, with other headers or without some."""
    headers = page.more | {name.replace("_", "-"): value for name, value in changes.items()}
    return replace(page, more={name: value for name, value in headers.items() if value is not None})


def test_a_session_stands_for_its_token(page: Api):
    assert page("GET /v1/organiser").json["name"] == "Demo"
    assert page("POST /v1/groups", GROUP).status == 201
    assert page("POST /v1/check", {"code": "x"}).status == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(call: Api):
    cookie, csrf = cookie_of(call)
    name, *attributes = cookie.split("; ")
    assert name.startswith("guestlist-session-8000=demo-")
    assert attributes == ["Path=/", "Max-Age=43200", "HttpOnly", "SameSite=Strict"]
    assert csrf not in cookie
    secure, _ = cookie_of(call, "abc.execute-api.eu-west-1.amazonaws.com")
    assert secure.startswith("guestlist-session-443=")
    assert secure.endswith("; Secure")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "null"},
        {"X_CSRF_Token": None},
        {"X_CSRF_Token": "0" * 32},
    ],
    ids=str,
)
def test_a_forged_request_changes_nothing(page: Api, headers: dict[str, Any]):
    other = without(page, **headers)
    for change in ("POST /v1/groups", "PUT /v1/organiser", "DELETE /v1/discounts/x", "POST /v1/check"):
        refusal = other(change, GROUP)
        assert (refusal.status, refusal.code) == (403, "forged_request"), change
    assert other("GET /v1/groups").json["items"] == []


def test_a_reloaded_page_gets_its_csrf_token(page: Api):
    anew = without(page, X_CSRF_Token=None, Origin=None)
    session = anew("GET /v1/sessions/current").json
    assert (session["current"], session["csrf_token"]) == (True, page.more["X-CSRF-Token"])


def test_a_session_ends_after_twelve_hours(page: Api, monkeypatch: pytest.MonkeyPatch):
    end = clock.now() + timedelta(hours=12)
    monkeypatch.setattr(clock, "now", lambda: end)
    assert page("GET /v1/organiser").status == 401


def test_a_session_ends_with_its_token(call: Api, monkeypatch: pytest.MonkeyPatch):
    now = clock.now().replace(microsecond=0)
    end = now + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    request = {"name": "Guest", "scope": "organiser", "expires_at": end.isoformat()}
    cookie, _ = cookie_of(call.as_(call("POST /v1/tokens", request).json["token"]))
    assert "Max-Age=3600" in cookie
    browser = replace(call, token=None, more={"Host": HOST, "Cookie": cookie.partition(";")[0]})
    monkeypatch.setattr(clock, "now", lambda: end)
    assert browser("GET /v1/organiser").status == 401


def test_revoking_a_token_ends_its_sessions(call: Api, page: Api):
    token = call("POST /v1/tokens", {"name": "Second", "scope": "organiser"}).json
    cookie, _ = cookie_of(call.as_(token["token"]))
    second = without(page, Cookie=cookie.partition(";")[0])
    assert second("GET /v1/organiser").status == 200
    assert page(f"DELETE /v1/tokens/{token['token_id']}").status == 204
    assert second("GET /v1/organiser").status == 401
    assert page("GET /v1/organiser").status == 200


def test_sessions_are_listed_and_ended(page: Api, call: Api):
    cookie_of(call)
    first, second = page("GET /v1/sessions").json["items"]
    assert [first["current"], second["current"]] == [False, True]
    assert "csrf_token" not in first
    assert page(f"DELETE /v1/sessions/{first['session_id']}").status == 204
    response = page("DELETE /v1/sessions/current")
    assert response.headers["Set-Cookie"].startswith("guestlist-session-8000=; Path=/; Max-Age=0")
    assert page("GET /v1/sessions").status == 401
    assert call("GET /v1/sessions").json["items"] == []


def test_a_secret_that_is_shown_once_requires_the_token(page: Api):
    request = {"name": "Stolen", "scope": "organiser"}
    for change in ("POST /v1/tokens", "POST /v1/session"):
        refusal = page(change, request if change.endswith("tokens") else None)
        assert (refusal.status, refusal.code) == (403, "token_required")
    assert page("POST /v1/tokens", request, Authorization="Bearer demo-organiser").status == 201


def test_a_session_changes_a_webhook_but_only_a_token_gets_its_secret(page: Api):
    hook, own = {"url": "http://127.0.0.1:9/hook", "events": ["code.held"]}, {"Authorization": "Bearer demo-organiser"}
    assert page("PUT /v1/webhooks/crm", hook).code == "token_required"
    assert page("PUT /v1/webhooks/crm", hook, **own).json["secret"]
    assert page("PUT /v1/webhooks/crm", hook).status == 200
    assert page("POST /v1/webhooks/crm/rotate").code == "token_required"
    assert page("POST /v1/webhooks/crm/rotate", **own).json["secret"]


def test_a_session_cookie_is_no_bearer_token(page: Api, call: Api):
    names = [one["name"] for one in page("GET /v1/tokens").json["items"]]
    assert sorted(names) == ["checkout", "door", "organiser", "reader"]
    own = next(one for one in page("GET /v1/tokens").json["items"] if one["current"])
    assert (own["name"], call(f"DELETE /v1/tokens/{own['token_id']}").code) == ("organiser", "last_token")


def test_without_a_session_there_is_no_current_one(call: Api):
    assert call("GET /v1/sessions/current").status == 404
    assert call.as_(None)("GET /v1/sessions/current", Host=HOST, Cookie="guestlist-session-8000=demo-x").status == 401
    assert call.as_(None)("GET /v1/organiser", Host=HOST, Cookie="other=demo-organiser").status == 401


def test_only_an_organiser_token_begins_a_session(call: Api):
    for scope in ("checkout", "door", "reader"):
        assert call.as_(f"demo-{scope}")("POST /v1/session", Host=HOST).status == 403
