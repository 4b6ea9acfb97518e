"""The calls for suppressed addresses."""

import pytest

from guestlist.aws.table import Table
from guestlist.mail.suppressions import Suppressions, suppression_key
from guestlist.model import clock
from tests.engines.tables import contents, keyed
from tests.functions.builders import DIGEST_KEY
from tests.functions.conftest import Api


@pytest.fixture
def with_suppressions(call: Api, api_table: Table) -> Api:
    """An address that bounced, one that complained, and one of another organiser."""
    for org, email, why in [
        ("demo", "Ann@example.com", "bounce"),
        ("demo", "bo@bücher.example", "complaint"),
        ("other", "cy@example.com", "bounce"),
    ]:
        Suppressions(keyed(api_table, DIGEST_KEY)).add_suppression(org, email, why, clock.now())
    return call


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [("ann@example.com", "bounce"), ("bo@xn--bcher-kva.example", "complaint")]),
        ("AN", [("ann@example.com", "bounce")]),
        ("cy", []),
    ],
)
def test_suppressed_addresses_are_found_while_typing(
    with_suppressions: Api, query: str, expected: list[tuple[str, str]]
):
    items = with_suppressions(f"GET /v1/suppressions?q={query}").json["items"]
    assert [(one["email"], one["why"]) for one in items] == expected
    assert all(one.keys() == {"email", "why", "at"} for one in items)


def test_suppressed_addresses_are_listed_in_pages(with_suppressions: Api):
    first = with_suppressions("GET /v1/suppressions?limit=1").json
    second = with_suppressions(f"GET /v1/suppressions?limit=1&cursor={first['next']}").json
    assert [one["email"] for one in first["items"] + second["items"]] == ["ann@example.com", "bo@xn--bcher-kva.example"]
    assert second["next"] is None


def test_a_bounce_is_lifted_and_then_unknown(with_suppressions: Api, api_table: Table):
    assert with_suppressions("DELETE /v1/suppressions/ANN%40example.com").status == 204
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("demo", "ann@example.com") is None
    assert with_suppressions("DELETE /v1/suppressions/ann@example.com").status == 404


def test_a_bounce_recorded_by_an_earlier_version_is_lifted(call: Api, api_table: Table):
    api_table.put({**suppression_key("demo", "bo@bücher.example")._asdict(), "why": "bounce", "at": "2026-01-01"})
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("demo", "bo@xn--bcher-kva.example") == "bounce"
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("demo", "bo@bücher.example") == "bounce"
    assert call("DELETE /v1/suppressions/bo@b%C3%BCcher.example").status == 204
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("demo", "bo@bücher.example") is None


def test_a_complaint_is_never_lifted(with_suppressions: Api, api_table: Table):
    answer = with_suppressions("DELETE /v1/suppressions/bo@xn--bcher-kva.example")
    assert (answer.status, answer.code) == (409, "complained")
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("demo", "bo@bücher.example") == "complaint"


def test_another_organisers_suppression_is_not_lifted(with_suppressions: Api, api_table: Table):
    assert with_suppressions("DELETE /v1/suppressions/cy@example.com").status == 404
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("other", "cy@example.com") == "bounce"


def test_the_suppression_of_an_erased_person_keeps_no_address(with_suppressions: Api, api_table: Table):
    with_suppressions("DELETE /v1/customers/ann@example.com")
    (suppression,) = [
        item
        for item in contents(api_table)
        if item["sk"] == "SUPPRESSED" and "O#demo" in item["pk"] and item["why"] == "bounce"
    ]
    assert suppression.keys() == {"pk", "sk", "why", "at"}
    assert Suppressions(keyed(api_table, DIGEST_KEY)).why("demo", "ann@example.com") == "bounce"
    assert Suppressions(api_table).why("demo", "ann@example.com") is None  # the digest is nobody's without the key


@pytest.mark.parametrize(
    ("before", "since", "why"),
    [("bounce", None, "bounce"), ("complaint", "bounce", "complaint"), ("bounce", "complaint", "complaint")],
)
def test_an_unkeyed_suppression_is_valid_and_becomes_keyed_when_the_person_is_erased(
    call: Api, api_table: Table, before: str, since: str | None, why: str
):
    earlier = suppression_key("demo", "ann@example.com")
    api_table.put({**earlier._asdict(), "why": before, "at": "2026-01-01"})
    suppressions = Suppressions(keyed(api_table, DIGEST_KEY))
    if since:
        suppressions.add_suppression("demo", "ann@example.com", since, clock.now())
    assert suppressions.why("demo", "ann@example.com") == why
    call("DELETE /v1/customers/ann@example.com")
    assert suppressions.why("demo", "ann@example.com") == why
    assert api_table.get(earlier) is None
