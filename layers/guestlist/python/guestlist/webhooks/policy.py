"""The policy for retries: for three days, with increasing delays, after which the webhook may be disabled."""

from dataclasses import replace
from datetime import datetime, timedelta

from guestlist.webhooks.model import Attempt, Delivery, DeliveryStatus, DisabledReason

MAX_RETRY_PERIOD = timedelta(days=3)
"""How long a delivery is retried, and how long a webhook may accept nothing before it is disabled."""
RETENTION = timedelta(days=30)
"""How long a delivery is stored."""
ANSWER_BYTES = 1024
"""How much of a response is stored."""
MAX_ATTEMPTS = 40
"""How many attempts of a delivery are stored, the latest ones."""
_FIRST_DELAY = timedelta(seconds=10)
_MAX_DELAY = timedelta(hours=8)
_GROWTH = 4
_JITTER = 0.2
_HTTP_GONE = 410


def retry_delay(failures: int, jitter: float) -> timedelta:
    """The delay after this number of failures; `jitter`, a number from 0 to 1, varies it by a fifth."""
    # After more failures the delay is the longest one; the power would exceed what a timedelta can hold.
    growth = int(_GROWTH ** min(failures - 1, 8))
    return min(_MAX_DELAY, _FIRST_DELAY * growth) * (1 - _JITTER + 2 * _JITTER * jitter)


def after_attempt(delivery: Delivery, attempt: Attempt, answer: str, jitter: float) -> Delivery:
    """The delivery after an attempt: delivered, due for a retry, or set aside after three days."""
    recorded = replace(delivery, attempts=(*delivery.attempts, attempt)[-MAX_ATTEMPTS:], answer=answer)
    if attempt.accepted:
        return replace(recorded, status=DeliveryStatus.DELIVERED, due_at=None)
    end = delivery.since + MAX_RETRY_PERIOD
    if attempt.at >= end:
        return replace(recorded, status=DeliveryStatus.SET_ASIDE, due_at=None)
    failures = delivery.failures + 1
    return replace(recorded, failures=failures, due_at=min(attempt.at + retry_delay(failures, jitter), end))


def reset_for_replay(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery after it was reset for a replay."""
    return replace(delivery, status=DeliveryStatus.PENDING, since=now, due_at=now, failures=0)


def reason_to_disable(attempt: Attempt, failing_since: datetime | None) -> DisabledReason | None:
    """The reason to disable the webhook after a failed attempt: receiver gone, or nothing accepted for three days."""
    if attempt.status_code == _HTTP_GONE:
        return DisabledReason.GONE
    if failing_since is not None and attempt.at >= failing_since + MAX_RETRY_PERIOD:
        return DisabledReason.FAILING
    return None
