"""Who may call what."""

import re

import pytest

from chalicelib.api import routes
from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.organisers.model import Scope, hash_token
from tests.functions.conftest import Api


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
def test_without_a_known_token_nothing_is_answered(call: Api, header: str):
    answer = call.as_(None)("GET /v1/organiser", Authorization=header)
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("organiser", ["x" * 5000, "démo", "demo#GROUPS", "O#demo"])
def test_a_token_whose_organiser_cannot_be_is_unknown(call: Api, organiser: str):
    assert call.as_(f"{organiser}-organiser")("GET /v1/organiser").status == 401


def test_a_token_is_asked_for_before_the_body_is_looked_at(call: Api):
    assert call.as_(None)("PUT /v1/organiser", b"{").status == 401
    assert call.as_("demo-checkout")("PUT /v1/organiser", b"{").status == 403


def test_a_checkout_token_may_not_make_an_organisers_calls(call: Api):
    answer = call.as_("demo-checkout")("GET /v1/organiser")
    assert (answer.status, answer.code) == (403, "wrong_scope")


def test_the_scheme_is_written_in_any_case(call: Api):
    assert call.as_(None)("GET /v1/organiser", Authorization="bearer demo-organiser").status == 200


def test_every_call_asks_for_a_token_of_its_scope(call: Api):
    for route in routes():
        made = f"{route.method} {re.sub(r'{[^}]*}', 'none', route.path)}"
        for stranger in (None, "demo-guessed", "nobody-organiser"):
            assert call.as_(stranger)(made).status == 401, made
        status = call.as_("demo-checkout")(made).status
        assert (status == 403) is (route.endpoint.scope is Scope.ORGANISER), made
        assert status != 401, made


def test_the_document_is_for_everybody(call: Api):
    answer = call.as_(None)("GET /openapi.json")
    assert (answer.status, answer.json["openapi"]) == (200, "3.1.0")


@pytest.mark.behaviour(117)
def test_a_token_speaks_for_its_own_organiser(call: Api):
    assert call("GET /v1/organiser").json["name"] == "Demo"
    assert call.as_("other-organiser")("GET /v1/organiser").json["name"] == "Other"


@pytest.mark.usefixtures("app")
def test_a_token_is_not_stored_in_clear(stored: Table):
    item = stored.get(keys.token("demo", hash_token("demo-organiser")))
    assert item is not None
    assert "demo-organiser" not in str(item)
