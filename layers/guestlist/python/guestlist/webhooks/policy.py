"""The policy for retries: for three days, with increasing delays, after which the webhook may be disabled."""

from dataclasses import replace
from datetime import datetime, timedelta

from guestlist.webhooks.model import Attempt, Delivery, DeliveryStatus, DisabledReason

LONGEST = timedelta(days=3)
"""How long a delivery is retried, and how long a webhook may accept nothing before it is disabled."""
KEPT = timedelta(days=30)
"""How long a delivery is stored."""
ANSWER_BYTES = 1024
MAX_ATTEMPTS = 40
_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(hours=8)
_GROWTH = 4
_JITTER = 0.2
_GONE = 410


def wait(failures: int, jitter: float) -> timedelta:
    """The delay after so many failures; `jitter`, a number from 0 to 1, varies it by a fifth."""
    # After more failures the delay is the longest one; the power would exceed what a timedelta can hold.
    growth = int(_GROWTH ** min(failures - 1, 8))
    return min(_LONGEST_WAIT, _FIRST_WAIT * growth) * (1 - _JITTER + 2 * _JITTER * jitter)


def tried(delivery: Delivery, attempt: Attempt, answer: str, jitter: float) -> Delivery:
    """The delivery after an attempt: delivered, due for a retry, or set aside after three days."""
    noted = replace(delivery, attempts=(*delivery.attempts, attempt)[-MAX_ATTEMPTS:], answer=answer)
    if attempt.accepted:
        return replace(noted, status=DeliveryStatus.DELIVERED, due_at=None)
    end = delivery.since + LONGEST
    if attempt.at >= end:
        return replace(noted, status=DeliveryStatus.SET_ASIDE, due_at=None)
    failures = delivery.failures + 1
    return replace(noted, failures=failures, due_at=min(attempt.at + wait(failures, jitter), end))


def replayed(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery after it was reset for a replay."""
    return replace(delivery, status=DeliveryStatus.PENDING, since=now, due_at=now, failures=0)


def reason_to_disable(attempt: Attempt, failing_since: datetime | None) -> DisabledReason | None:
    """Why to disable the webhook after a failed attempt: the receiver is gone, or accepted nothing for three days."""
    if attempt.status_code == _GONE:
        return DisabledReason.GONE
    if failing_since is not None and attempt.at >= failing_since + LONGEST:
        return DisabledReason.FAILING
    return None
