"""Deliveries are retried for three days with growing waits, then set aside."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guestlist.webhooks.model import Attempt, Delivery, DeliveryStatus, DisabledReason, EventType
from guestlist.webhooks.policy import (
    MAX_ATTEMPTS,
    MAX_RETRY_PERIOD,
    after_attempt,
    reason_to_disable,
    reset_for_replay,
    retry_delay,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NEW = Delivery(
    organiser_id="demo",
    webhook_id="crm",
    delivery_id="1",
    type=EventType.CODE_HELD,
    subject="s",
    sequence="1",
    body="{}",
    created_at=NOW,
    since=NOW,
    due_at=NOW,
)
jitters = st.floats(0, 1)


def failed(at: datetime, status_code: int | None = 500) -> Attempt:
    return Attempt(at=at, status_code=status_code)


@given(st.lists(jitters, min_size=MAX_ATTEMPTS, max_size=MAX_ATTEMPTS))
def test_a_failing_delivery_is_retried_for_three_days_and_set_aside(spread: list[float]):
    delivery, waits = NEW, []
    for jitter in spread:
        at = delivery.due_at
        if at is None:
            break
        delivery = after_attempt(delivery, failed(at), "no", jitter)
        waits.append((delivery.due_at or at) - at)
    assert delivery.status is DeliveryStatus.SET_ASIDE
    assert delivery.attempts[-1].at == NOW + MAX_RETRY_PERIOD
    assert 12 <= len(delivery.attempts) <= MAX_ATTEMPTS
    assert all(one < other for one, other in pairwise(waits[:6]))


@given(st.integers(1, 10_000), jitters)
def test_a_wait_has_a_jitter_of_a_fifth_and_is_at_most_ten_hours(failures: int, jitter: float):
    middle = retry_delay(failures, 0.5)
    assert middle * 0.79 <= retry_delay(failures, jitter) <= middle * 1.21 <= timedelta(hours=10)


@pytest.mark.parametrize("status_code", [200, 202, 204, 299])
def test_every_2xx_status_accepts_a_delivery(status_code: int):
    delivery = after_attempt(NEW, failed(NOW, status_code), "ok", 0.5)
    assert (delivery.status, delivery.due_at, delivery.answer) == (DeliveryStatus.DELIVERED, None, "ok")


@pytest.mark.parametrize("status_code", [None, 199, 301, 302, 307, 400, 404, 410, 429, 500, 503])
def test_any_other_response_is_retried(status_code: int | None):
    delivery = after_attempt(NEW, failed(NOW, status_code), "", 0.5)
    assert (delivery.status, delivery.due_at) == (DeliveryStatus.PENDING, NOW + timedelta(seconds=10))


def test_a_replay_starts_over_and_keeps_the_former_attempts():
    aside = after_attempt(NEW, failed(NOW + MAX_RETRY_PERIOD), "no", 0.5)
    later = NOW + timedelta(days=9)
    second = after_attempt(reset_for_replay(aside, later), failed(later), "no", 0.5)
    assert (second.status, second.due_at) == (DeliveryStatus.PENDING, later + timedelta(seconds=10))
    assert len(second.attempts) == 2


def test_a_webhook_is_disabled_when_it_is_gone_or_accepted_nothing_for_three_days():
    almost = MAX_RETRY_PERIOD - timedelta(seconds=1)
    assert reason_to_disable(failed(NOW, 410), None) is DisabledReason.GONE
    assert reason_to_disable(failed(NOW), None) is None
    assert reason_to_disable(failed(NOW + almost), NOW) is None
    assert reason_to_disable(failed(NOW + MAX_RETRY_PERIOD), NOW) is DisabledReason.FAILING
