"""Every error is a problem with a status, and reveals nothing internal."""

import json
import logging

import pytest
from botocore.exceptions import ConnectTimeoutError
from chalice.app import Request

from chalicelib.routes import organiser
from chalicelib.web.problems import RequestInfo, answer_to, middleware
from guestlist.aws.dynamodb import NoResponse, RequestRefused
from guestlist.aws.table import Unavailable
from guestlist.model.errors import ConcurrentModification, Conflict, FieldFault, Invalid, TooManyRequests
from guestlist.organisers.store import Organisers
from tests.functions.conftest import Api

MEMBERS = {"type", "title", "status", "detail", "code", "request_id", "params"}


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        pytest.param(("PUT /v1/organiser", b"{"), 400, "malformed_json", id="half a body"),
        pytest.param(("PUT /v1/organiser", b'{"name": NaN}'), 400, "malformed_json", id="not a number"),
        pytest.param(("PUT /v1/organiser", b"[" * 100_000), 400, "malformed_json", id="a deep body"),
        pytest.param(("PUT /v1/organiser", b"\xff"), 400, "malformed_json", id="not UTF-8"),
        pytest.param(("PUT /v1/organiser", []), 422, "invalid", id="a list"),
        pytest.param(("PUT /v1/organiser", {"colour": 1}), 422, "invalid", id="an unknown field"),
        pytest.param(("POST /v1/redemptions/x/confirm", b"{"), 400, "malformed_json", id="half a body of no fields"),
        pytest.param(("POST /v1/groups/x/resync", {"colour": 1}), 422, "invalid", id="a field where there is none"),
        pytest.param(("POST /v1/session", []), 422, "invalid", id="a list where there is no field"),
        pytest.param(("DELETE /v1/organiser",), 405, "method_not_allowed", id="another method"),
    ],
)
def test_an_error_is_a_problem(call: Api, arguments: tuple, status: int, code: str):
    answer = call(*arguments)
    assert (answer.status, answer.code) == (status, code)
    assert answer.json.keys() >= MEMBERS
    assert answer.json["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-Id"] == answer.json["request_id"]


@pytest.mark.parametrize("endpoint", ["PUT /v1/organiser", "POST /v1/session"])
def test_a_body_that_is_no_object_is_called_so(call: Api, endpoint: str):
    assert call(endpoint, []).json["detail"] == "The body must be an object."


def test_a_call_without_fields_takes_an_empty_object_or_nothing(call: Api):
    assert [call("POST /v1/session", body).status for body in ({}, None)] == [201, 201]


def test_a_body_of_another_type_is_refused(call: Api):
    answer = call("PUT /v1/organiser", b"name=x", Content_Type="application/x-www-form-urlencoded")
    assert (answer.status, answer.code) == (415, "wrong_content_type")
    assert call("PUT /v1/organiser", {"name": "x"}, Content_Type="application/json; charset=utf-8").status == 200


def test_every_error_of_a_body_names_its_field(call: Api):
    answer = call(
        "PUT /v1/organiser", {"name": "", "time_zone": "Mars/Base", "notify_email": "me", "customer_groups": 1}
    )
    assert {(fault["field"], fault["code"]) for fault in answer.json["errors"]} == {
        ("name", "too_short"),
        ("time_zone", "bad_time_zone"),
        ("notify_email", "bad_email"),
        ("customer_groups", "wrong_type"),
    }
    assert all(fault["detail"] for fault in answer.json["errors"])


def test_a_problem_lists_at_most_a_hundred_errors():
    response = answer_to(
        Invalid([FieldFault(f"rows.{number}", "missing") for number in range(5_000)]), RequestInfo("1")
    )
    assert len(json.loads(response.body)["errors"]) == 100
    assert len(response.body) < 10_000


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unavailable(), 503),
        (NoResponse("GetItem"), 503),
        (RequestRefused("GetItem", "ThrottlingException", "someone@example.com"), 503),
        (ConnectTimeoutError(endpoint_url="https://dynamodb.eu-west-1.amazonaws.com"), 503),
        (ConcurrentModification(), 503),
        (KeyError("someone@example.com"), 500),
    ],
)
def test_an_internal_error_shows_its_content_neither_to_the_caller_nor_in_the_log(
    call: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, status: int
):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Organisers, "change", fail)
    with caplog.at_level(logging.ERROR, logger="guestlist.http"):
        answer = call("PUT /v1/organiser", {"name": "x"})
    assert answer.status == status
    assert answer.json.keys() == MEMBERS
    for secret in ("Traceback", "amazonaws", "dynamodb", "someone@example.com", "KeyError", ".py"):
        assert secret not in answer.text
    assert answer.json["request_id"] in caplog.text
    assert "someone@example.com" not in caplog.text
    assert organiser.__file__ in caplog.text


def test_a_conflict_has_its_parameters():
    body = answer_to(Conflict("quantity_too_high", {"remaining": 3}), RequestInfo("r")).body
    assert '"remaining": 3' in body
    assert '"code": "quantity_too_high"' in body
    assert '"params": {"remaining": 3}' in body


@pytest.mark.parametrize(
    ("languages", "detail", "fault"),
    [
        ({}, "colour: This field is not known.", "This field is not known."),
        ({"Accept_Language": "fr, de;q=0.5"}, "colour: This field is not known.", "This field is not known."),
        ({"Accept_Language": "nl-BE"}, "colour: Dit is hier niet bekend.", "Dit is hier niet bekend."),
        ({"Accept_Language": "en;q=0.1, da"}, "colour: Det kendes ikke her.", "Det kendes ikke her."),
    ],
)
def test_a_problem_is_in_the_best_language_of_the_caller(call: Api, languages: dict, detail: str, fault: str):
    answer = call("PUT /v1/organiser", {"colour": 1}, **languages)
    assert (answer.json["detail"], answer.json["errors"][0]["detail"]) == (detail, fault)


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        (("DELETE /v1/organiser",), "Dit adres kent die methode niet."),
        (("GET /v1/imports/none",), "De import none bestaat niet."),
        (("GET /console/none.js",), "Op dit adres is niets."),
    ],
)
def test_problems_from_every_layer_are_in_the_language_of_the_caller(call: Api, arguments: tuple, detail: str):
    assert call(*arguments, Accept_Language="nl").json["detail"] == detail


def test_a_429_response_has_retry_after():
    answer = answer_to(TooManyRequests("too_many_requests", retry_after=7), RequestInfo("r"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_an_event_that_is_no_request_gets_a_problem():
    def fail(_: Request | None) -> None:
        raise ValueError

    assert middleware(None, fail).status_code == 500


def test_responses_are_not_cacheable(call: Api):
    assert call("GET /v1/organiser").headers["Cache-Control"] == "no-store"
