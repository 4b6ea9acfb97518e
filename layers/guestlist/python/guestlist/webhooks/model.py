"""Webhooks, the events that they subscribe to, and the deliveries of one to the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from guestlist.model.errors import Params
from guestlist.webhooks.signing import Secret

MAX_WEBHOOKS = 10
"""The most webhooks that an organiser may have."""
OVERLAP = timedelta(hours=24)
"""How long a secret stays valid after it was rotated."""


class EventType(StrEnum):
    """The events that webhooks can subscribe to."""

    IMPORT_ENDED = "import.ended"
    IMPORT_WAITING = "import.waiting"
    LIST_PUBLISHED = "list.published"
    MEMBER_JOINED = "member.joined"
    MEMBER_LEFT = "member.left"
    CODE_HELD = "code.held"
    CODE_REDEEMED = "code.redeemed"
    CODE_RELEASED = "code.released"
    CODE_USED_UP = "code.used_up"
    GROUP_EXPIRED = "group.expired"


class DisabledReason(StrEnum):
    """The reason why a webhook was disabled automatically."""

    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An organiser's subscription to events. The current secret is the last in `secrets`.

    `disabled_at` and `disabled_reason` are set if it was disabled automatically.
    """

    webhook_id: str
    url: str
    events: tuple[EventType, ...]
    created_at: datetime
    secrets: tuple[Secret, ...] = field(default=(), repr=False)
    enabled: bool = True
    include_personal: bool = False
    disabled_at: datetime | None = None
    disabled_reason: DisabledReason | None = None

    def subscribes_to(self, event: EventType) -> bool:
        """Whether the event is to be delivered."""
        return self.enabled and event in self.events

    def rotated(self, secret: str, now: datetime) -> "Webhook":
        """The webhook with a new secret; the former one stays valid for a day, earlier ones do not."""
        former = [replace(current, valid_until=now + OVERLAP) for current in self.secrets[-1:]]
        return replace(self, secrets=(*former, Secret(secret)))

    def disabled(self, reason: DisabledReason, now: datetime) -> "Webhook":
        """The webhook after it was disabled automatically."""
        return replace(self, enabled=False, disabled_at=now, disabled_reason=reason)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """All webhooks of an organiser, by id. Each change increases `revision` by one."""

    revision: int = 0
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)

    def with_webhook(self, webhook: Webhook) -> "Webhooks":
        """The next revision, with this webhook added or replaced."""
        return Webhooks(self.revision + 1, {**self.webhooks, webhook.webhook_id: webhook})

    def without(self, webhook_id: str) -> "Webhooks":
        """The next revision, without this webhook."""
        return Webhooks(
            self.revision + 1, {key: webhook for key, webhook in self.webhooks.items() if key != webhook_id}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event of a subject, such as a redemption.

    Events of one subject are delivered in the order of `sequence`, which identifies the event together with the
    subject. `personal` contains codes and addresses, for webhooks that include them.
    """

    organiser_id: str
    type: EventType
    subject: str
    sequence: str
    at: datetime
    ids: Mapping[str, str]
    quantity: int | None = None
    remaining: int | None = None
    status: str | None = None
    personal: Mapping[str, str] = field(default_factory=dict)

    def payload(self, *, include_personal: bool) -> dict[str, Any]:
        """The body of a delivery, as the Standard Webhooks specification recommends it."""
        data: dict[str, Any] = {
            **self.ids,
            "quantity": self.quantity,
            "remaining": self.remaining,
            "status": self.status,
            **(self.personal if include_personal else {}),
        }
        return {"type": self.type.value, "timestamp": rfc3339(self.at), "data": data}


class DeliveryStatus(StrEnum):
    """The state of a delivery; the last two are final."""

    PENDING = "pending"
    DELIVERED = "delivered"
    SET_ASIDE = "set_aside"


class NoAnswer(StrEnum):
    """The reason why a receiver gave no response."""

    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    NOT_ENCRYPTED = "not_encrypted"
    NOT_HTTP = "not_http"
    CONNECTION = "connection"
    URL_NOT_ALLOWED = "url_not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt to deliver: the status of the response, or why there was none, with the parameters of its message.

    `error` is the English sentence that an earlier version stored instead of `params`.
    """

    at: datetime
    status_code: int | None = None
    error: str | None = None
    reason: NoAnswer | None = None
    params: Params = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether the receiver accepted the delivery, with any 2xx status."""
        return self.status_code is not None and 200 <= self.status_code < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The delivery of one event to one webhook.

    `since` is the time of the first attempt, `failures` the number of failed attempts since then; a replay resets both.
    `answer` is the beginning of the receiver's last response. Each change increases `revision` by one.
    """

    organiser_id: str
    webhook_id: str
    delivery_id: str
    type: EventType
    subject: str
    sequence: str
    body: str
    created_at: datetime
    since: datetime
    due_at: datetime | None = None
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: tuple[Attempt, ...] = ()
    failures: int = 0
    answer: str = ""
    revision: int = 0


def rfc3339(at: datetime) -> str:
    """An instant in UTC in the API's format."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
