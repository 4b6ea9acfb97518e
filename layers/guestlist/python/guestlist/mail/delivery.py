"""Delivery of the mails in the outbox.

A result mail is sent at least once: if a worker dies between the mailbox's response and its record, the mail is sent
again with the same reference. A welcome mail is sent at most once: it is claimed before it is sent, and never sent
again after a claim whose worker died.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from guestlist.mail.model import Mail, NotSent, OutboxItem

LEASE = timedelta(minutes=5)
"""How long a claim of a mail lasts."""
GRACE = timedelta(minutes=2)
"""How long the timer leaves a new mail to the stream of the table."""
MAX_ATTEMPTS = 30
"""The most attempts to send a mail, over about a day."""
_FIRST_DELAY = timedelta(minutes=1)
_MAX_DELAY = timedelta(hours=1)


class _MailNotSent(Exception):
    """A mail was not sent."""

    def __init__(self, reason: NotSent) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Refused(_MailNotSent):
    """The mail was refused permanently and not sent."""


class Deferred(_MailNotSent):
    """The mail was refused for now and not sent."""


class Outbox(Protocol):
    """The outbox. Each change returns None if another worker changed the item first."""

    def claim(self, item: OutboxItem, until: datetime) -> OutboxItem | None:
        """Claim it for this worker until then."""

    def record_sent(self, item: OutboxItem, at: datetime) -> OutboxItem | None:
        """Record that it was sent."""

    def put_back(self, item: OutboxItem, due_at: datetime) -> OutboxItem | None:
        """Return it to the pending mails, to be tried at that time."""

    def give_up(self, item: OutboxItem, reason: NotSent) -> OutboxItem | None:
        """Record that it will not be sent, and why."""


class Mailbox(Protocol):
    """A sender of mails. Any exception except these two leaves open whether the mail was sent."""

    def send(self, mail: Mail) -> None:
        """Send a mail. Raises `Refused` or `Deferred` if it was not sent."""


Compose = Callable[[OutboxItem], Mail | None]


class Outcome(StrEnum):
    """The result of one attempt to deliver."""

    SENT = "sent"
    TAKEN = "taken"
    PUT_BACK = "put_back"
    GIVEN_UP = "given_up"


def deliver(item: OutboxItem, outbox: Outbox, mailbox: Mailbox, compose: Compose, now: datetime) -> Outcome:
    """Send a pending mail, unless it was sent, is being sent or must not be repeated.

    `compose` returns None if there is no recipient. Other exceptions of it and of the mailbox are passed on, and the
    item is due again when its lease ends.
    """
    if item.is_abandoned(now) and not item.kind.is_repeatable:
        return _give_up(outbox, item, NotSent.INTERRUPTED)
    if not item.is_claimable(now):
        return Outcome.TAKEN
    mail = compose(item)
    if mail is None:
        return _give_up(outbox, item, NotSent.NO_RECIPIENT)
    claimed = outbox.claim(item, now + LEASE)
    return Outcome.TAKEN if claimed is None else _send(claimed, mail, outbox, mailbox, now)


def _send(item: OutboxItem, mail: Mail, outbox: Outbox, mailbox: Mailbox, now: datetime) -> Outcome:
    try:
        mailbox.send(mail)
    except Refused as error:
        return _give_up(outbox, item, error.reason)
    except Deferred as error:
        if item.attempts >= MAX_ATTEMPTS:
            return _give_up(outbox, item, error.reason)
        outbox.put_back(item, now + retry_delay(item.attempts))
        return Outcome.PUT_BACK
    outbox.record_sent(item, now)
    return Outcome.SENT


def _give_up(outbox: Outbox, item: OutboxItem, reason: NotSent) -> Outcome:
    return Outcome.GIVEN_UP if outbox.give_up(item, reason) else Outcome.TAKEN


def retry_delay(attempts: int) -> timedelta:
    """The delay after this number of attempts: doubling from a minute to an hour, for about a day in all."""
    return min(_MAX_DELAY, _FIRST_DELAY * (1 << (attempts - 1)))
