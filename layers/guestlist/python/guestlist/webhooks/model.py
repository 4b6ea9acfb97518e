"""Webhooks, the events that they subscribe to, and the deliveries of one to the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from guestlist.webhooks.signing import Secret

MOST = 10
"""Webhooks of one organiser."""
OVERLAP = timedelta(hours=24)
"""How long a secret stays valid beside the one that follows it."""


class EventType(StrEnum):
    """What a webhook can subscribe to."""

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
    """Why a webhook was disabled by the program."""

    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A subscription of an organiser. `secrets` has the current one last.

    Where the program disabled it, `disabled_at` and `disabled_reason` say when and why.
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
        """Whether deliveries of that event are to be made."""
        return self.enabled and event in self.events

    def rotated(self, secret: str, now: datetime) -> "Webhook":
        """The webhook with a new secret; the former one stays valid for a day, any before it no more."""
        former = [replace(one, valid_until=now + OVERLAP) for one in self.secrets[-1:]]
        return replace(self, secrets=(*former, Secret(secret)))

    def disabled(self, reason: DisabledReason, now: datetime) -> "Webhook":
        """The webhook as the program disables it."""
        return replace(self, enabled=False, disabled_at=now, disabled_reason=reason)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """All webhooks of an organiser, by id. `revision` grows by one with each change."""

    revision: int = 0
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)

    def with_webhook(self, webhook: Webhook) -> "Webhooks":
        """The next revision, with this webhook added or in place of its former self."""
        return Webhooks(self.revision + 1, {**self.webhooks, webhook.webhook_id: webhook})

    def without(self, webhook_id: str) -> "Webhooks":
        """The next revision, without that webhook."""
        return Webhooks(self.revision + 1, {key: one for key, one in self.webhooks.items() if key != webhook_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a subject, such as a redemption.

    Events of one subject are delivered in the order of `sequence`, which with the subject names the event.
    `personal` has codes and addresses, for webhooks that include them.
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
        """The content of a delivery, as the Standard Webhooks specification recommends it."""
        data: dict[str, Any] = {
            **self.ids,
            "quantity": self.quantity,
            "remaining": self.remaining,
            "status": self.status,
            **(self.personal if include_personal else {}),
        }
        return {"type": self.type.value, "timestamp": rfc3339(self.at), "data": data}


class DeliveryStatus(StrEnum):
    """Where a delivery stands; the last two are its ends."""

    PENDING = "pending"
    DELIVERED = "delivered"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver: the status that was answered, or why there was no answer."""

    at: datetime
    status_code: int | None = None
    error: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: any status of success."""
        return self.status_code is not None and 200 <= self.status_code < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one webhook.

    `since` is when delivering began, `failures` how often it failed from then on; a replay begins again. `answer`
    is the beginning of what the receiver answered last. `revision` grows by one with each change.
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
    """An instant in UTC as the API writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
