"""`/openapi.json` agrees with the handlers, is valid, and validates bodies as the API does."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from chalicelib.api import Route, routes
from chalicelib.web.endpoint import Endpoint
from guestlist.organisers.model import Scope
from infra import annotations, openapi
from tests.contract.bodies import BODIES, WITH_FURTHER_RULES, body_variants, is_valid_body

DOCUMENT = json.loads(openapi.DOCUMENT.read_text(encoding="utf-8"))
OF_CHECKOUTS = {"check", "redemptions", "scans", "purchases"}
OF_DOORS = {"merge_batch", "list_conflicts"}
SCHEMAS = DOCUMENT["components"]["schemas"]
ROUTES = {f"{route.method} {route.path}": route for route in routes()}


VERBS = re.compile(
    "add|cancel|check|confirm|create|delete|download|erase|export|get|list|merge|preview|publish|put|record|refund|"
    "release|remove|replay|restore|restrict|resync|revoke|rotate|scan|search|send|undo|unrestrict|update"
)


def operations() -> list[dict[str, Any]]:
    return [spec for item in DOCUMENT["paths"].values() for spec in item.values()]


def sentences(part: Any) -> Iterator[str]:
    """Every text of the document."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, value in inner:
        if name in {"summary", "description"} and isinstance(value, str):
            yield value
        yield from sentences(value)


def operation(route: Route) -> dict[str, Any]:
    spec: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return spec


def test_the_stored_document_is_up_to_date():
    assert openapi.DOCUMENT.read_text(encoding="utf-8") == openapi.text(), "run: python -m infra.openapi"


def test_the_document_is_valid():
    validate(DOCUMENT)


def test_every_call_is_in_the_document_and_nothing_else():
    calls = {f"{method.upper()} {path}" for path, item in DOCUMENT["paths"].items() for method in item}
    assert calls == ROUTES.keys()


def test_each_call_has_a_name_of_its_own_that_begins_with_a_verb():
    ids = [spec["operationId"] for spec in operations()]
    assert len(set(ids)) == len(ids)
    for name in ids:
        verb, *nouns = re.findall("[A-Z]?[a-z]+", name)
        assert name == "".join((verb, *nouns)), f"{name} is not in camelCase"
        assert VERBS.fullmatch(verb)
        assert nouns


def test_names_of_schemas_are_written_by_hand_and_each_is_in_use():
    writer = openapi.Writer()
    writer.document()
    assert writer.annotations.unused() == set()
    assert [name for name in DOCUMENT["components"]["schemas"] if not re.fullmatch("([A-Z][a-z]+)+", name)] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_property_has_a_description_and_an_example_that_fits(name: str):
    for each, schema in SCHEMAS[name]["properties"].items():
        assert schema["description"].endswith((".", "?")), each
        (example,) = schema["examples"]
        judge({name: value for name, value in schema.items() if name != "examples"}).validate(example)


@pytest.mark.parametrize("name", [name for name, schema in SCHEMAS.items() if "examples" in schema])
def test_an_example_of_an_object_fits(name: str):
    (example,) = SCHEMAS[name]["examples"]
    judge(SCHEMAS[name]).validate(example)


def test_each_parameter_has_a_description_and_an_example_that_fits():
    for spec in operations():
        for parameter in spec["parameters"]:
            assert parameter["description"].endswith(".")
            judge(parameter["schema"]).validate(parameter["example"])


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_each_problem_of_a_call_lists_its_code_words(route: Route):
    codes = SCHEMAS["Problem"]["properties"]["code"]["enum"]
    for status, response in operation(route)["responses"].items():
        if status.isdigit() and int(status) >= 400:
            _, own = response["content"]["application/problem+json"]["schema"]["allOf"]
            words = own["properties"]["code"]["enum"]
            assert words
            assert set(words) <= set(codes)


def test_code_words_are_enumerated():
    assert {"bad_id", "bad_email", "bad_time_zone", "missing", "unknown_field", "not_one_of", "too_small"} <= set(
        SCHEMAS["FieldProblem"]["properties"]["code"]["enum"]
    )
    assert {"duplicate_in_file", "bad_email", "wrong_column_count", "too_long"} <= set(
        SCHEMAS["RowProblem"]["properties"]["code"]["enum"]
    )
    assert "login_required" in SCHEMAS["CheckedItem"]["properties"]["reasons"]["items"]["enum"]
    assert "consent_required" in SCHEMAS["Import"]["properties"]["reason"]["anyOf"][0]["enum"]
    assert SCHEMAS["Suppression"]["properties"]["why"]["enum"] == ["bounce", "complaint", "unsubscribed"]


def test_a_property_without_a_description_fails_with_a_hint():
    new = {"Event": {"properties": {"new": {"type": "string"}}}}
    with pytest.raises(
        annotations.NotAnnotated, match=re.escape("Event.new is not described: add it to infra/contract/")
    ):
        annotations.Annotations().described(new)


def judge(schema: dict[str, Any]) -> Draft202012Validator:
    whole = {**schema, "components": DOCUMENT["components"]}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_a_call_without_a_name_fails_with_a_hint():
    with pytest.raises(
        annotations.NotAnnotated, match=re.escape("GET /v1/new is not described: add it to infra/contract/")
    ):
        annotations.Annotations().operation("GET /v1/new")


def test_each_tag_is_described_and_in_use():
    tags = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    assert all(description.endswith(".") for description in tags.values())
    assert [spec["tags"] for spec in operations() if not tags.keys() >= set(spec["tags"])] == []
    assert {tag for spec in operations() for tag in spec["tags"]} == tags.keys()


def test_the_document_says_where_the_api_is():
    assert [server["url"] for server in DOCUMENT["servers"]] == [
        "http://127.0.0.1:{port}",
        "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
    ]


def test_json_has_null_and_no_none():
    assert [sentence for sentence in sentences(DOCUMENT) if re.search(r"\bNone\b", sentence)] == []


def test_calls_that_answer_in_the_callers_language_document_accept_language():
    localised = {spec["operationId"] for spec in operations() if "Accept-Language" in headers(spec)}
    assert localised == {
        "addGroupEntries",
        "cancelImport",
        "checkAccess",
        "confirmImport",
        "createGroup",
        "createUnsubscription",
        "deleteGroup",
        "getGroup",
        "getImport",
        "getUnsubscribePage",
        "listCustomerHistory",
        "listGroupHistory",
        "listGroupMembers",
        "listGroups",
        "listImports",
        "listWebhookDeliveries",
        "removeGroupEntries",
        "replayWebhookDelivery",
        "restoreGroup",
        "resyncGroup",
        "undoImport",
        "updateGroup",
        "updateGroupEntries",
    }


def headers(spec: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in spec["parameters"] if parameter["in"] == "header"}


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_call_says_what_it_does_and_who_may_make_it(route: Route):
    spec = operation(route)
    assert spec["summary"].endswith(".")
    scopes = [scope for requirement in spec["security"] for scope in requirement["token"]]
    assert scopes == list(route.endpoint.scopes(route.method))
    assert ("401" in spec["responses"]) is ("403" in spec["responses"]) is (scopes != [])


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_the_checkout_scope_allows_checkout_calls_alone(route: Route):
    of_checkouts = route.module in OF_CHECKOUTS and route.name not in OF_DOORS
    assert (route.endpoint.scope is Scope.CHECKOUT) is of_checkouts


@pytest.mark.parametrize(
    ("method", "parameter", "scopes"),
    [
        ("GET", {"scope": None}, []),
        ("POST", {"scope": Scope.ORGANISER}, ["organiser"]),
        ("GET", {"scope": Scope.ORGANISER}, ["reader", "organiser"]),
        ("GET", {"scope": Scope.ORGANISER, "secret": True}, ["organiser"]),
        ("GET", {"scope": Scope.CHECKOUT}, ["checkout", "reader", "organiser"]),
        ("POST", {"scope": Scope.CHECKOUT, "further_scopes": (Scope.DOOR,)}, ["door", "checkout", "organiser"]),
    ],
)
def test_the_scopes_of_a_call_follow_from_its_metadata(method: str, parameter: dict[str, Any], scopes: list[str]):
    assert list(Endpoint(handle=print, **parameter).scopes(method)) == scopes


def test_request_schemas_allow_no_other_properties():
    request_schemas = {
        name: schema for name, schema in DOCUMENT["components"]["schemas"].items() if "required" in schema
    }
    for route in routes():
        if route.endpoint.body is not None:
            reference = operation(route)["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            assert request_schemas[reference.rpartition("/")[2]]["additionalProperties"] is False


@pytest.mark.parametrize("call", [call for call, route in ROUTES.items() if route.endpoint.body is not None])
def test_the_document_and_the_api_agree_on_every_body(call: str):
    route = ROUTES[call]
    schema = operation(route)["requestBody"]["content"]["application/json"]["schema"]
    document = judge(schema)
    assert call in BODIES, "give an example of a body for this call"
    for body in BODIES[call]:
        assert document.is_valid(body)
        for variant in body_variants(body):
            is_allowed, is_accepted = document.is_valid(variant), is_valid_body(route.endpoint.body, variant)
            assert is_accepted <= is_allowed, variant
            assert is_accepted == is_allowed or route.endpoint.body.__name__ in WITH_FURTHER_RULES, variant
