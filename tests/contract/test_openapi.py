"""`/openapi.json` is what the handlers say, is valid, and judges bodies as the API does."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from chalicelib.api import Route, routes
from guestlist.organisers.model import Scope
from infra import annotations, openapi
from tests.contract.bodies import BODIES, FURTHER, is_read, spoilt

DOCUMENT = json.loads(openapi.DOCUMENT.read_text(encoding="utf-8"))
OF_CHECKOUTS = {"check", "redemptions", "scans", "purchases"}
ROUTES = {f"{route.method} {route.path}": route for route in routes()}


VERBS = re.compile(
    "add|cancel|check|confirm|create|delete|download|erase|export|get|list|preview|put|record|refund|release|remove|"
    "restore|restrict|resync|scan|search|send|undo|unrestrict|update"
)


def operations() -> list[dict[str, Any]]:
    return [described for item in DOCUMENT["paths"].values() for described in item.values()]


def sentences(part: Any) -> Iterator[str]:
    """All that the document says in words."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, held in inner:
        if name in {"summary", "description"} and isinstance(held, str):
            yield held
        yield from sentences(held)


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


def test_each_call_has_a_name_of_its_own_that_begins_with_a_verb():
    ids = [described["operationId"] for described in operations()]
    assert len(set(ids)) == len(ids)
    for name in ids:
        verb, *nouns = re.findall("[A-Z]?[a-z]+", name)
        assert name == "".join((verb, *nouns)), f"{name} is not in camelCase"
        assert VERBS.fullmatch(verb)
        assert nouns


def test_names_of_schemas_are_written_by_hand_and_each_is_in_use():
    writer = openapi.Writer()
    writer.document()
    assert writer.annotations.dead() == set()
    assert [name for name in DOCUMENT["components"]["schemas"] if not re.fullmatch("([A-Z][a-z]+)+", name)] == []


def test_a_call_without_a_name_is_told_where_to_get_one():
    with pytest.raises(annotations.Unnamed, match=re.escape("GET /v1/new has no name: add it to infra/contract/")):
        annotations.Annotations().operation("GET /v1/new")


def test_each_tag_is_described_and_in_use():
    tags = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    assert all(description.endswith(".") for description in tags.values())
    assert [described["tags"] for described in operations() if not tags.keys() >= set(described["tags"])] == []
    assert {tag for described in operations() for tag in described["tags"]} == tags.keys()


def test_the_document_says_where_the_api_is():
    assert [server["url"] for server in DOCUMENT["servers"]] == [
        "http://127.0.0.1:{port}",
        "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
    ]


def test_json_has_null_and_no_none():
    assert [sentence for sentence in sentences(DOCUMENT) if re.search(r"\bNone\b", sentence)] == []


def test_calls_that_answer_in_the_language_of_the_caller_take_it_as_a_header():
    localised = {described["operationId"] for described in operations() if "Accept-Language" in headers(described)}
    assert localised == {"checkAccess"}


def headers(described: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in described["parameters"] if parameter["in"] == "header"}


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_call_says_what_it_does_and_who_may_make_it(route: Route):
    described = operation(route)
    assert described["summary"].endswith(".")
    scopes = [requirement["token"] for requirement in described["security"]]
    assert (
        scopes
        == {None: [], Scope.CHECKOUT: [["checkout"], ["organiser"]], Scope.ORGANISER: [["organiser"]]}[
            route.endpoint.scope
        ]
    )
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
