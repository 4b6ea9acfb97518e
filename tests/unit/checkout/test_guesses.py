"""Guessing protection: what is counted, and when it stops."""

from datetime import UTC, datetime, timedelta

import pytest

from guestlist.checkout.guess_limits import Allowance, Limit, allowance, guard, limits, window
from guestlist.model.errors import TooManyRequests
from tests.unit.checkout.build import NOW

TOKEN, BEGINNING = limits("hash", "SUMMER-1")
UNTRIED = {TOKEN: 0, BEGINNING: 0}


def test_without_a_code_nothing_is_limited() -> None:
    assert allowance(dict.fromkeys(limits("hash", None), 0), NOW) is None
    guard(None)


@pytest.mark.parametrize("other", ["summer-2", " SUMM", "Summer-1 "])
def test_codes_that_begin_alike_are_counted_together(other: str) -> None:
    assert limits("hash", other) == limits("hash", "SUMMER-1")


def test_other_beginnings_and_other_tokens_are_counted_apart() -> None:
    assert limits("hash", "WINTER")[1] != limits("hash", "SUMMER")[1]
    assert limits("other", "SUMMER")[0] != limits("hash", "SUMMER")[0]


@pytest.mark.parametrize(
    ("tried", "left"),
    [({}, 60), ({BEGINNING: 59}, 1), ({BEGINNING: 60}, 0), ({BEGINNING: 99}, 0), ({TOKEN: 299}, 1), ({TOKEN: 250}, 50)],
)
def test_the_narrowest_limit_counts(tried: dict[Limit, int], left: int) -> None:
    allowed = allowance({**UNTRIED, **tried}, NOW)
    assert allowed is not None
    assert allowed.remaining == left


def test_too_many_tries_stop_further_ones_until_the_window_ends() -> None:
    guard(Allowance(60, 1, 17))
    with pytest.raises(TooManyRequests) as caught:
        guard(Allowance(60, 0, 17))
    assert caught.value.retry_after == 17


@pytest.mark.parametrize(("second", "reset"), [(0, 60), (1, 59), (59, 1), (59.9, 1)])
def test_the_next_window_begins_with_the_next_minute(second: float, reset: int) -> None:
    now = datetime(2026, 11, 21, 20, 5, tzinfo=UTC) + timedelta(seconds=second)
    allowed = allowance(UNTRIED, now)
    assert allowed is not None
    assert allowed.reset == reset
    assert window(now + timedelta(seconds=reset)) == window(now) + 1
