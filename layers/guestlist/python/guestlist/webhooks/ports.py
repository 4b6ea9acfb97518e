"""What webhooks need from outside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.webhooks.model import Delivery, Webhooks
from guestlist.webhooks.urls import Target

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host; none when it has none."""


class Reply:
    """What a receiver answered, or why it did not."""

    __slots__ = ("answer", "error", "status_code")

    def __init__(self, status_code: int | None = None, answer: str = "", error: str | None = None) -> None:
        self.status_code = status_code
        self.answer = answer
        self.error = error


Send = Callable[[Target, str, Mapping[str, str], str], Reply]
"""Send a body with headers to a target at that address, and to no other."""


class WebhookStore(Protocol):
    """The webhooks of organisers."""

    def get(self, org: str) -> Webhooks:
        """The organiser's webhooks as they are now."""

    def save(self, org: str, webhooks: Webhooks) -> None:
        """Make this the next revision. Raises `ConcurrentModification`."""


class DeliveryStore(Protocol):
    """Deliveries to webhooks."""

    def find(self, org: str, webhook_id: str, delivery_id: str) -> Delivery | None:
        """The delivery of that id, or None."""

    def revise(self, delivery: Delivery) -> Delivery:
        """Keep the changed delivery under its next revision. Raises `ConcurrentModification`."""

    def due(self, org: str, webhook_id: str, now: datetime) -> Iterator[Delivery]:
        """Deliveries to that webhook whose instant has come; the list lags a little behind."""

    def pending_of(self, org: str, webhook_id: str, subject: str) -> list[Delivery]:
        """The pending deliveries about one subject, in the order of its events."""


class WebhookQueue(Protocol):
    """What wakes workers that deliver."""

    def wake(self, org: str, webhook_id: str, delay: int = 0, *, fresh: bool = False) -> None:
        """Have a worker deliver what is due to that webhook, in so many seconds; `fresh`: of what was just added."""
