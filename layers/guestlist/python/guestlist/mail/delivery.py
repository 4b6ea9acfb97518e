"""A promised mail becomes a sent one.

A result mail is sent at least once: when a worker dies between the mailbox's answer and its note, the
mail goes out again under the same reference. A welcome mail is sent at most once: it is claimed
before it is sent, and what became of a claim whose worker died is never tried again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from guestlist.mail.model import Mail, OutboxItem
from guestlist.model.errors import GuestlistError

LEASE = timedelta(minutes=5)
GRACE = timedelta(minutes=2)
MOST_ATTEMPTS = 30
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)


class Refused(GuestlistError):
    """The mailbox will never take this mail: the address cannot be written to. Nothing was sent."""

    code = "mail_refused"


class Deferred(GuestlistError):
    """The mailbox does not take this mail now, and may later. Nothing was sent."""

    code = "mail_deferred"


class Outbox(Protocol):
    """Where promises stand. Each change answers None when another worker changed the item first."""

    def claim(self, item: OutboxItem, until: datetime) -> OutboxItem | None:
        """Take it for this worker until that instant."""

    def sent(self, item: OutboxItem, at: datetime) -> OutboxItem | None:
        """Note that it was sent."""

    def put_back(self, item: OutboxItem, due_at: datetime) -> OutboxItem | None:
        """Owe it again, to be tried at that instant."""

    def give_up(self, item: OutboxItem, why: str) -> OutboxItem | None:
        """Note that it will not be sent, and why."""


class Mailbox(Protocol):
    """What sends. Any other exception than these two leaves open whether the mail went out."""

    def send(self, mail: Mail) -> None:
        """Send it. Raises `Refused` or `Deferred`, after which nothing was sent."""


Compose = Callable[[OutboxItem], Mail | None]


class Outcome(StrEnum):
    """How one try to deliver ended."""

    SENT = "sent"
    TAKEN = "taken"
    PUT_BACK = "put_back"
    GIVEN_UP = "given_up"


def deliver(item: OutboxItem, outbox: Outbox, mailbox: Mailbox, compose: Compose, now: datetime) -> Outcome:
    """Send what is owed, unless it is sent, being sent or not to be repeated.

    `compose` answers None when there is nobody to tell. Whatever it or the mailbox raises besides
    `Refused` and `Deferred` passes through, and the item is looked at again when its lease ends.
    """
    if item.abandoned(now) and not item.kind.repeatable:
        return _given_up(outbox, item, "the worker that sent it did not say how that ended")
    if not item.free(now):
        return Outcome.TAKEN
    mail = compose(item)
    if mail is None:
        return _given_up(outbox, item, "there is nobody to send it to")
    claimed = outbox.claim(item, now + LEASE)
    return Outcome.TAKEN if claimed is None else _send(claimed, mail, outbox, mailbox, now)


def _send(item: OutboxItem, mail: Mail, outbox: Outbox, mailbox: Mailbox, now: datetime) -> Outcome:
    try:
        mailbox.send(mail)
    except Refused as error:
        return _given_up(outbox, item, error.detail)
    except Deferred as error:
        if item.attempts >= MOST_ATTEMPTS:
            return _given_up(outbox, item, error.detail)
        outbox.put_back(item, now + pause(item.attempts))
        return Outcome.PUT_BACK
    outbox.sent(item, now)
    return Outcome.SENT


def _given_up(outbox: Outbox, item: OutboxItem, why: str) -> Outcome:
    return Outcome.GIVEN_UP if outbox.give_up(item, why) else Outcome.TAKEN


def pause(attempts: int) -> timedelta:
    """How long to wait after that many attempts: doubling from a minute to an hour, about a day in all."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << (attempts - 1)))
