"""`/openapi.json` is what the handlers say, is valid, and judges bodies as the API does."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from chalicelib.api import Route, routes
from guestlist.organisers.model import Scope
from infra import openapi
from tests.contract.bodies import BODIES, FURTHER, is_read, spoilt

DOCUMENT = json.loads(openapi.DOCUMENT.read_text(encoding="utf-8"))
OF_CHECKOUTS = {"check", "redemptions", "scans", "purchases"}
ROUTES = {f"{route.method} {route.path}": route for route in routes()}


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return found


def test_the_stored_document_is_up_to_date():
    assert openapi.DOCUMENT.read_text(encoding="utf-8") == openapi.text(), "run: python -m infra.openapi"


def test_the_document_is_valid():
    validate(DOCUMENT)


def test_every_call_is_in_the_document_and_nothing_else():
    described = {f"{method.upper()} {path}" for path, item in DOCUMENT["paths"].items() for method in item}
    assert described == ROUTES.keys()


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_call_says_what_it_does_and_who_may_make_it(route: Route):
    described = operation(route)
    assert described["summary"].endswith(".")
    assert described["security"] == ([{"token": []}] if route.endpoint.scope else [])
    assert ("401" in described["responses"]) is (route.endpoint.scope is not None)
    assert ("403" in described["responses"]) is (route.endpoint.scope is Scope.ORGANISER)


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_checkout_may_make_the_calls_of_the_checkout_alone(route: Route):
    assert (route.endpoint.scope is Scope.CHECKOUT) is (route.module in OF_CHECKOUTS)


def test_objects_that_are_sent_are_closed():
    sent = {name: schema for name, schema in DOCUMENT["components"]["schemas"].items() if "required" in schema}
    for route in routes():
        if route.endpoint.body is not None:
            reference = operation(route)["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            assert sent[reference.rpartition("/")[2]]["additionalProperties"] is False


@pytest.mark.parametrize("call", [call for call, route in ROUTES.items() if route.endpoint.body is not None])
def test_the_document_and_the_api_agree_on_every_body(call: str):
    route = ROUTES[call]
    schema = operation(route)["requestBody"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": DOCUMENT["components"]}
    judge = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert call in BODIES, "give an example of a body for this call"
    for body in BODIES[call]:
        assert judge.is_valid(body)
        for changed in spoilt(body):
            allowed, found = judge.is_valid(changed), is_read(route.endpoint.body, changed)
            assert found <= allowed, changed
            assert found == allowed or route.endpoint.body.__name__ in FURTHER, changed
