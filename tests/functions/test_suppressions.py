"""Addresses that get no mail, as organisers see and lift them."""

import pytest

from guestlist.aws.table import Table
from guestlist.mail.suppressions import Suppressions, suppression_key
from guestlist.model import clock
from tests.engines.tables import contents, keyed
from tests.functions.builders import DIGEST_KEY
from tests.functions.conftest import Api


@pytest.fixture
def suppressed(call: Api, stored: Table) -> Api:
    """An address that bounced, one that complained, and one of another organiser."""
    for org, email, why in [
        ("demo", "Ann@example.com", "bounce"),
        ("demo", "bo@bücher.example", "complaint"),
        ("other", "cy@example.com", "bounce"),
    ]:
        Suppressions(keyed(stored, DIGEST_KEY)).add_suppression(org, email, why, clock.now())
    return call


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [("ann@example.com", "bounce"), ("bo@xn--bcher-kva.example", "complaint")]),
        ("AN", [("ann@example.com", "bounce")]),
        ("cy", []),
    ],
)
def test_suppressed_addresses_are_found_as_one_types(suppressed: Api, typed: str, found: list[tuple[str, str]]):
    items = suppressed(f"GET /v1/suppressions?q={typed}").json["items"]
    assert [(one["email"], one["why"]) for one in items] == found
    assert all(one.keys() == {"email", "why", "at"} for one in items)


def test_suppressed_addresses_are_listed_in_pages(suppressed: Api):
    first = suppressed("GET /v1/suppressions?limit=1").json
    second = suppressed(f"GET /v1/suppressions?limit=1&cursor={first['next']}").json
    assert [one["email"] for one in first["items"] + second["items"]] == ["ann@example.com", "bo@xn--bcher-kva.example"]
    assert second["next"] is None


def test_a_bounce_is_lifted_and_then_unknown(suppressed: Api, stored: Table):
    assert suppressed("DELETE /v1/suppressions/ANN%40example.com").status == 204
    assert Suppressions(keyed(stored, DIGEST_KEY)).why("demo", "ann@example.com") is None
    assert suppressed("DELETE /v1/suppressions/ann@example.com").status == 404


def test_a_bounce_that_an_earlier_version_noted_is_lifted(call: Api, stored: Table):
    stored.put({**suppression_key("demo", "bo@bücher.example")._asdict(), "why": "bounce", "at": "2026-01-01"})
    assert Suppressions(keyed(stored, DIGEST_KEY)).why("demo", "bo@xn--bcher-kva.example") == "bounce"
    assert Suppressions(keyed(stored, DIGEST_KEY)).why("demo", "bo@bücher.example") == "bounce"
    assert call("DELETE /v1/suppressions/bo@b%C3%BCcher.example").status == 204
    assert Suppressions(keyed(stored, DIGEST_KEY)).why("demo", "bo@bücher.example") is None


def test_a_complaint_is_never_lifted(suppressed: Api, stored: Table):
    answer = suppressed("DELETE /v1/suppressions/bo@xn--bcher-kva.example")
    assert (answer.status, answer.code) == (409, "complained")
    assert Suppressions(keyed(stored, DIGEST_KEY)).why("demo", "bo@bücher.example") == "complaint"


def test_another_organisers_suppression_is_not_lifted(suppressed: Api, stored: Table):
    assert suppressed("DELETE /v1/suppressions/cy@example.com").status == 404
    assert Suppressions(keyed(stored, DIGEST_KEY)).why("other", "cy@example.com") == "bounce"


def test_of_an_erased_person_the_suppression_keeps_no_address(suppressed: Api, stored: Table):
    suppressed("DELETE /v1/customers/ann@example.com")
    (suppression,) = [
        item
        for item in contents(stored)
        if item["sk"] == "SUPPRESSED" and "O#demo" in item["pk"] and item["why"] == "bounce"
    ]
    assert suppression.keys() == {"pk", "sk", "why", "at"}
    assert Suppressions(keyed(stored, DIGEST_KEY)).why("demo", "ann@example.com") == "bounce"
    assert Suppressions(stored).why("demo", "ann@example.com") is None  # the digest is nobody's without the key


@pytest.mark.parametrize(
    ("before", "since", "why"),
    [("bounce", None, "bounce"), ("complaint", "bounce", "complaint"), ("bounce", "complaint", "complaint")],
)
def test_a_digest_without_a_key_is_in_force_until_the_person_is_erased_and_then_has_one(
    call: Api, stored: Table, before: str, since: str | None, why: str
):
    earlier = suppression_key("demo", "ann@example.com")
    stored.put({**earlier._asdict(), "why": before, "at": "2026-01-01"})
    suppressions = Suppressions(keyed(stored, DIGEST_KEY))
    if since:
        suppressions.add_suppression("demo", "ann@example.com", since, clock.now())
    assert suppressions.why("demo", "ann@example.com") == why
    call("DELETE /v1/customers/ann@example.com")
    assert suppressions.why("demo", "ann@example.com") == why
    assert stored.get(earlier) is None
