"""Mails, and the promise to send one.

A mail that is owed is an item of the outbox, written together with the change that it tells of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from annotated_types import MinLen


class MailKind(StrEnum):
    """What a mail tells.

    How an import ended or that it waits; that somebody is in a group, or how that mail looks; that a webhook was
    disabled.
    """

    RESULT = "result"
    WAITING = "waiting"
    WELCOME = "welcome"
    TRIAL = "trial"
    WEBHOOK = "webhook"

    @property
    def repeatable(self) -> bool:
        """Whether a mail that may have been sent is sent again; if not, it is rather never sent."""
        return self in {MailKind.RESULT, MailKind.WAITING, MailKind.WEBHOOK}


class MailStatus(StrEnum):
    """Where a promise stands; the last two are its ends."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person. `reference` is what a person quotes when asking about it."""

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
    """The promise of one mail; there is one at most per organiser, kind and reference, for ever.

    `facts` is what composing needs beside the reference; a result mail needs nothing. `due_at` is the
    next instant at which a timer must look at it, None once it has ended. `attempts` grows with each
    claim, and so tells one worker's claim from the next.
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

    def abandoned(self, now: datetime) -> bool:
        """Whether a worker claimed it and has not said in time how that ended."""
        return self.status is MailStatus.SENDING and self.due_at is not None and self.due_at <= now

    def free(self, now: datetime) -> bool:
        """Whether it may be claimed: it is owed, or a worker left it and repeating is no harm."""
        return self.status is MailStatus.OWED or (self.kind.repeatable and self.abandoned(now))
