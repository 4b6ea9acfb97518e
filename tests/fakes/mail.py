"""Fakes and builders for mail: an outbox in memory, and a mailbox that can be made to fail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from guestlist.mail.model import Mail, MailKind, MailStatus, NotSent, OutboxItem

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def an_item(**changes: object) -> OutboxItem:
    plain = OutboxItem(
        organiser_id="demo", kind=MailKind.RESULT, reference="01h2x", owed_at=NOW, due_at=NOW, status=MailStatus.OWED
    )
    return replace(plain, **changes)


def a_mail(item: OutboxItem) -> Mail:
    return Mail(
        organiser_id=item.organiser_id,
        kind=item.kind,
        reference=item.reference,
        to="ann@example.org",
        sender="tickets@example.org",
        subject="Imported",
        text="All of it.",
        html="<p>All of it.</p>",
    )


class FakeOutbox:
    """An outbox in memory: a change is kept only if the item still is as the worker saw it."""

    def __init__(self, *items: OutboxItem) -> None:
        self.items = {self._key(item): item for item in items}

    def now(self, item: OutboxItem) -> OutboxItem:
        return self.items[self._key(item)]

    def claim(self, item: OutboxItem, until: datetime) -> OutboxItem | None:
        return self._change(item, status=MailStatus.SENDING, attempts=item.attempts + 1, due_at=until)

    def record_sent(self, item: OutboxItem, at: datetime) -> OutboxItem | None:
        return self._change(item, status=MailStatus.SENT, sent_at=at, due_at=None)

    def put_back(self, item: OutboxItem, due_at: datetime) -> OutboxItem | None:
        return self._change(item, status=MailStatus.OWED, due_at=due_at)

    def give_up(self, item: OutboxItem, reason: NotSent) -> OutboxItem | None:
        return self._change(item, status=MailStatus.GIVEN_UP, given_up=reason, due_at=None)

    def _change(self, item: OutboxItem, **changes: object) -> OutboxItem | None:
        current = self.now(item)
        if (current.status, current.attempts) != (item.status, item.attempts):
            return None
        self.items[self._key(item)] = replace(current, **changes)
        return self.now(item)

    def _key(self, item: OutboxItem) -> tuple[str, str, str]:
        return item.organiser_id, item.kind, item.reference


class FakeMailbox:
    """A mailbox that keeps the mails; `before` and `after` run around the sending, and may raise."""

    def __init__(
        self, before: Callable[[Mail], None] | None = None, after: Callable[[Mail], None] | None = None
    ) -> None:
        self.mails: list[Mail] = []
        self._before = before
        self._after = after

    def send(self, mail: Mail) -> None:
        if self._before:
            self._before(mail)
        self.mails.append(mail)
        if self._after:
            self._after(mail)
