"""Guess limits: who is counted, what counts as a wrong code, and when there are too many."""

from datetime import UTC, datetime, timedelta

import pytest

from guestlist.checkout.guess_limits import (
    Allowance,
    Limit,
    allowance_of,
    limits,
    scan_limit,
    too_many_tries,
    window,
    wrong_tries,
)
from guestlist.checkout.redemption import RedemptionRequest
from guestlist.checkout.request import CheckRequest, Client
from guestlist.model.errors import Invalid
from tests.unit.checkout.builders import ANNA, DAY, NOW, redemption_request

BOTH = Client(ip="192.0.2.7", session="s-1")
SESSION, IP = limits("demo-checkout", BOTH, NOW)
UNTRIED = {SESSION: 0, IP: 0}


def test_without_a_code_nothing_is_limited() -> None:
    assert allowance_of({}, NOW) is None


def test_a_session_and_an_address_are_counted_each() -> None:
    assert limits("demo-checkout", Client(ip="192.0.2.7"), NOW) == (IP,)
    assert limits("demo-checkout", Client(session="s-1"), NOW) == (SESSION,)
    assert (SESSION.max_tries, SESSION.lock_at, IP.max_tries, IP.lock_at) == (20, 100, 20, 1_000)


@pytest.mark.parametrize("client", [None, Client()])
def test_without_a_client_the_token_is_counted_and_never_locked(client: Client | None) -> None:
    (token,) = limits("demo-checkout", client, NOW)
    assert (token.max_tries, token.lock_at) == (3_000, None)
    assert limits("demo-other", client, NOW) != (token,)


def test_scans_are_counted_for_a_token_apart_from_codes() -> None:
    assert scan_limit("demo-checkout", NOW).max_tries == 300
    assert scan_limit("demo-checkout", NOW).subject != limits("demo-checkout", None, NOW)[0].subject


def test_the_client_is_counted_under_a_digest_that_changes_daily_and_with_the_token() -> None:
    subjects = {
        one.subject
        for bearer, now in (("demo-checkout", NOW), ("demo-checkout", NOW + DAY), ("demo-other", NOW))
        for one in limits(bearer, BOTH, now)
    }
    assert len(subjects) == 6
    assert all(len(subject) == 32 and "192.0.2.7" not in subject for subject in subjects)


@pytest.mark.parametrize(
    ("tried", "remaining", "locked"),
    [
        ({}, 20, False),
        ({SESSION: 19}, 1, False),
        ({SESSION: 20}, 0, False),
        ({SESSION: 99}, 0, False),
        ({SESSION: 100}, 0, True),
        ({IP: 999}, 0, False),
        ({IP: 1_000}, 0, True),
    ],
)
def test_the_narrowest_limit_counts(tried: dict[Limit, int], remaining: int, locked: bool) -> None:
    allowed = allowance_of({**UNTRIED, **tried}, NOW)
    assert allowed is not None
    assert (allowed.remaining, allowed.locked) == (remaining, locked)


def test_unknown_codes_and_discounts_and_other_peoples_codes_count_as_guesses() -> None:
    assert wrong_tries(("unknown_code",), ("unknown_discount",)) == 2
    assert wrong_tries(("group_expired", "wrong_email"), ("not_in_group",)) == 1
    assert wrong_tries((), ("used_up", "wrong_category")) == 0


def test_a_client_over_the_limit_may_retry_when_the_window_ends() -> None:
    assert too_many_tries(Allowance(20, 0, 17)).retry_after == 17


@pytest.mark.parametrize(("second", "reset"), [(0, 60), (1, 59), (59, 1), (59.9, 1)])
def test_the_next_window_begins_with_the_next_minute(second: float, reset: int) -> None:
    now = datetime(2026, 11, 21, 20, 5, tzinfo=UTC) + timedelta(seconds=second)
    allowed = allowance_of(UNTRIED, now)
    assert allowed is not None
    assert allowed.reset == reset
    assert window(now + timedelta(seconds=reset)) == window(now) + 1


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_a_blank_code_or_discount_counts_as_none(blank: str) -> None:
    assert CheckRequest(code=blank, discount=blank) == CheckRequest()
    assert redemption_request(code=blank, email=ANNA).request(b"") == redemption_request(code=None, email=ANNA).request(
        b""
    )
    with pytest.raises(Invalid):
        RedemptionRequest(order_id="1", code=blank)


def test_the_client_is_no_part_of_a_requests_identity() -> None:
    assert redemption_request(client=BOTH).request(b"") == redemption_request().request(b"")
