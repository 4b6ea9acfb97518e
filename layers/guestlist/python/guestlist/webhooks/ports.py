"""The ports of webhooks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.model.errors import Params
from guestlist.webhooks.model import Delivery, NoAnswer, Webhooks
from guestlist.webhooks.urls import Target

Resolve = Callable[[str, int], Sequence[str]]
"""Resolves a host to its addresses, possibly none."""


class Reply:
    """The response of a receiver, or why there was none, with the parameters of its message."""

    __slots__ = ("answer", "params", "reason", "status_code")

    def __init__(
        self,
        status_code: int | None = None,
        answer: str = "",
        reason: NoAnswer | None = None,
        params: Params | None = None,
    ) -> None:
        self.status_code = status_code
        self.answer = answer
        self.reason = reason
        self.params = params or {}


Send = Callable[[Target, str, Mapping[str, str], str], Reply]
"""Sends a body with headers to a target at this address only."""


class WebhookStore(Protocol):
    """The webhooks of all organisers."""

    def get_webhooks(self, org: str) -> Webhooks:
        """The organiser's current webhooks."""

    def save_webhooks(self, org: str, webhooks: Webhooks) -> None:
        """Save the next revision. Raises `ConcurrentModification`."""


class DeliveryStore(Protocol):
    """Deliveries to webhooks."""

    def find_delivery(self, org: str, webhook_id: str, delivery_id: str) -> Delivery | None:
        """The delivery with this id, or None."""

    def revise(self, delivery: Delivery) -> Delivery:
        """Save the changed delivery under its next revision. Raises `ConcurrentModification`."""

    def due(self, org: str, webhook_id: str, now: datetime) -> Iterator[Delivery]:
        """The deliveries to the webhook that are due; the index is eventually consistent."""

    def pending_of(self, org: str, webhook_id: str, subject: str) -> list[Delivery]:
        """The pending deliveries about one subject, in the order of its events."""


class WebhookQueue(Protocol):
    """The queue of the webhook workers."""

    def wake(self, org: str, webhook_id: str, delay: int = 0, *, fresh: bool = False) -> None:
        """Have a worker deliver what is due, after `delay` seconds; `fresh` if a delivery was just added."""
