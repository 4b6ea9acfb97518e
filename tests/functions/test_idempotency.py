"""Requests that come twice under one Idempotency-Key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.routes import imports
from chalicelib.web import idempotency
from guestlist.aws.idempotency import CLAIM
from guestlist.model import clock
from guestlist.model.errors import Conflict, TooManyRequests
from tests.functions.conftest import Api

REQUEST = {"kind": "target_group", "file_name": "list.csv", "group": "Friends"}


def test_a_repeat_gets_the_first_response_and_changes_nothing(call: Api):
    first = call("POST /v1/imports", REQUEST, Idempotency_Key="1")
    second = call("POST /v1/imports", dict(reversed(REQUEST.items())), Idempotency_Key="1")
    assert (second.status, second.text) == (first.status, first.text)
    assert len(call("GET /v1/imports").json["items"]) == 1


def test_a_request_with_omitted_fields_may_be_repeated(call: Api):
    group_id = call("POST /v1/groups", {"name": "Staff", "type": "manual"}).json["group_id"]
    adding = f"POST /v1/groups/{group_id}/members", {"customers": [{"email": "anna@example.com"}]}
    first, second = (call(*adding, Idempotency_Key="1") for _ in range(2))
    assert (first.json["added"], second.text) == (1, first.text)


def test_without_a_key_a_repeated_request_is_a_new_one(call: Api):
    ids = {call("POST /v1/imports", REQUEST).json["import_id"] for _ in range(2)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("POST /v1/imports", {**REQUEST, "review": True}), id="another body"),
        pytest.param(("POST /v1/imports/1/cancel",), id="another call"),
    ],
)
def test_the_key_of_another_request_is_a_conflict(call: Api, other: tuple):
    call("POST /v1/imports", REQUEST, Idempotency_Key="1")
    answer = call(*other, Idempotency_Key="1")
    assert (answer.status, answer.code) == (409, "idempotency_conflict")


def test_each_organiser_has_its_own_idempotency_keys(call: Api):
    call("POST /v1/imports", REQUEST, Idempotency_Key="1")
    assert (
        call.as_("other-organiser")("POST /v1/imports", {**REQUEST, "group": "Mine"}, Idempotency_Key="1").status == 201
    )


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_an_invalid_idempotency_key_is_refused(call: Api, key: str):
    answer = call("POST /v1/imports", REQUEST, Idempotency_Key=key)
    assert [fault["field"] for fault in answer.json["errors"]] == ["Idempotency-Key"]


def test_a_refusal_is_repeated_too(call: Api):
    first = call("POST /v1/imports/1/cancel", Idempotency_Key="1")
    assert first.status == 404
    assert call("POST /v1/imports/1/cancel", Idempotency_Key="1").text == first.text


@pytest.mark.parametrize("error", [ValueError(), TooManyRequests("too_many_requests", retry_after=1)], ids=repr)
def test_a_failed_call_may_be_repeated_with_its_key(call: Api, monkeypatch: pytest.MonkeyPatch, error: Exception):
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise error

        broken.setattr(imports.imports_service, "request_import", fail)
        assert call("POST /v1/imports", REQUEST, Idempotency_Key="1").status in {429, 500}
    assert call("POST /v1/imports", REQUEST, Idempotency_Key="1").status == 201


def test_a_repeat_after_a_crash_returns_the_same_import(call: Api, monkeypatch: pytest.MonkeyPatch):
    class Death(BaseException):
        pass

    def die(*_: object) -> None:
        raise Death

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "_store_response", die)
        with pytest.raises(Death):
            call("POST /v1/imports", REQUEST, Idempotency_Key="1")
    later = clock.now() + CLAIM
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(seconds=1))
    second = call("POST /v1/imports", REQUEST, Idempotency_Key="1")
    assert [item["import_id"] for item in call("GET /v1/imports").json["items"]] == [second.json["import_id"]]


def test_a_repeat_while_the_first_call_runs_is_a_conflict(call: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(idempotency, "_MAX_POLLS", 1)
    answers = []

    def meanwhile(*_: object) -> None:
        answers.append(call("POST /v1/imports", REQUEST, Idempotency_Key="1"))
        raise Conflict("busy")

    monkeypatch.setattr(imports.imports_service, "request_import", meanwhile)
    call("POST /v1/imports", REQUEST, Idempotency_Key="1")
    assert [(answer.status, answer.code) for answer in answers] == [(409, "still_running")]


def test_concurrent_repeats_are_carried_out_once(call: Api):
    with ThreadPoolExecutor(8) as people_file:
        answers = list(people_file.map(lambda _: call("POST /v1/imports", REQUEST, Idempotency_Key="1"), range(8)))
    assert {answer.text for answer in answers} == {answers[0].text}
    assert len(call("GET /v1/imports").json["items"]) == 1
