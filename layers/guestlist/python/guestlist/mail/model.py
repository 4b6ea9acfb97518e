"""Mails, and the pending ones in the outbox.

An item of the outbox is written in one transaction with the change that the mail reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from annotated_types import MinLen


class MailKind(StrEnum):
    """The subject of a mail.

    The result of an import or that it waits; a person's membership of a group, or a preview of that mail; that a
    webhook was disabled.
    """

    RESULT = "result"
    WAITING = "waiting"
    WELCOME = "welcome"
    TRIAL = "trial"
    WEBHOOK = "webhook"

    @property
    def is_repeatable(self) -> bool:
        """Whether a mail that may have been sent is sent again."""
        return self in {MailKind.RESULT, MailKind.WAITING, MailKind.WEBHOOK}


class MailStatus(StrEnum):
    """The state of a mail in the outbox; the last two are final."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


class NotSent(StrEnum):
    """The reason why a mail was not sent; the temporary ones apply when it was given up after a day."""

    NO_RECIPIENT = "no_recipient"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    NOT_ASCII = "not_ascii"
    UNREADABLE = "unreadable"
    INTERRUPTED = "interrupted"
    THROTTLED = "throttled"
    QUOTA_USED_UP = "quota_used_up"
    ACCOUNT_SUSPENDED = "account_suspended"
    SENDING_PAUSED = "sending_paused"
    DOMAIN_NOT_VERIFIED = "domain_not_verified"
    REJECTED = "rejected"
    NO_CONFIGURATION_SET = "no_configuration_set"
    NOT_PERMITTED = "not_permitted"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail to one person. `reference` is the id that the recipient quotes when asking about it."""

    organiser_id: str
    kind: MailKind
    reference: str
    to: Annotated[str, MinLen(3)]
    sender: Annotated[str, MinLen(3)]
    subject: Annotated[str, MinLen(1)]
    text: str
    html: str
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A mail in the outbox; there is at most one, ever, per organiser, kind and reference.

    `facts` are what composing it needs in addition to the reference; a result mail needs none. `due_at` is when a
    timer must next look at it, None once it has ended. `attempts` increases with each claim, and so identifies a
    worker's claim. `given_up` is a code word, or an English sentence of an earlier version.
    """

    organiser_id: str
    kind: MailKind
    reference: str
    owed_at: datetime
    status: MailStatus = MailStatus.OWED
    attempts: int = 0
    due_at: datetime | None = None
    sent_at: datetime | None = None
    given_up: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def is_abandoned(self, now: datetime) -> bool:
        """Whether a worker claimed it and did not record a result in time."""
        return self.status is MailStatus.SENDING and self.due_at is not None and self.due_at <= now

    def is_claimable(self, now: datetime) -> bool:
        """Whether it may be claimed: it is pending, or abandoned and may be repeated."""
        return self.status is MailStatus.OWED or (self.kind.is_repeatable and self.is_abandoned(now))
