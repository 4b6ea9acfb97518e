"""Stored responses by idempotency key, on each engine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guestlist.aws.idempotency import CLAIM, RETENTION, Claim, IdempotencyStore, Request, StoredResponse
from guestlist.aws.table import Table
from guestlist.model.errors import Conflict

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
REQUEST = Request("demo", "till", "key-1", "fingerprint")
RESPONSE = StoredResponse(201, '{"import_id":"1"}')


@pytest.fixture
def answers(table: Table) -> IdempotencyStore:
    return IdempotencyStore(table)


def test_a_repeat_gets_the_response_of_the_first_call(answers: IdempotencyStore):
    assert answers.claim(REQUEST, NOW) == Claim(NOW)
    assert answers.save_response(REQUEST, RESPONSE) == RESPONSE
    assert answers.claim(REQUEST, NOW + timedelta(days=1)) == RESPONSE


def test_a_second_call_waits_while_the_first_runs(answers: IdempotencyStore):
    answers.claim(REQUEST, NOW)
    assert answers.claim(REQUEST, NOW + CLAIM / 2) is None


def test_when_the_first_call_died_one_other_continues_with_the_same_time(answers: IdempotencyStore):
    answers.claim(REQUEST, NOW)
    later = NOW + CLAIM
    assert answers.claim(REQUEST, later) == Claim(NOW)
    assert answers.claim(REQUEST, later) is None


def test_the_response_that_was_stored_first_is_kept(answers: IdempotencyStore):
    answers.claim(REQUEST, NOW)
    answers.claim(REQUEST, NOW + CLAIM)
    answers.save_response(REQUEST, RESPONSE)
    assert answers.save_response(REQUEST, StoredResponse(409, "{}")) == RESPONSE


@pytest.mark.parametrize("has_response", [False, True])
def test_a_key_is_valid_for_one_request(answers: IdempotencyStore, has_response: bool):
    answers.claim(REQUEST, NOW)
    if has_response:
        answers.save_response(REQUEST, RESPONSE)
    with pytest.raises(Conflict) as error:
        answers.claim(replace(REQUEST, fingerprint="another"), NOW)
    assert error.value.code == "idempotency_conflict"


@pytest.mark.parametrize("other", [{"org": "other"}, {"token_name": "box office"}, {"idempotency_key": "key-2"}])
def test_each_caller_has_its_own_keys(answers: IdempotencyStore, other: dict[str, str]):
    answers.claim(REQUEST, NOW)
    answers.save_response(REQUEST, RESPONSE)
    assert answers.claim(replace(REQUEST, **other), NOW) == Claim(NOW)


def test_a_request_that_was_not_carried_out_may_be_repeated(answers: IdempotencyStore):
    answers.claim(REQUEST, NOW)
    answers.release(REQUEST)
    assert answers.claim(REQUEST, NOW) == Claim(NOW)


def test_a_stored_response_is_kept(answers: IdempotencyStore):
    answers.claim(REQUEST, NOW)
    answers.save_response(REQUEST, RESPONSE)
    answers.release(REQUEST)
    assert answers.claim(REQUEST, NOW) == RESPONSE


def test_an_expired_key_can_be_used_again(answers: IdempotencyStore):
    answers.claim(REQUEST, NOW)
    answers.save_response(REQUEST, RESPONSE)
    later = NOW + RETENTION + timedelta(seconds=1)
    assert answers.claim(replace(REQUEST, fingerprint="another"), later) == Claim(later)
