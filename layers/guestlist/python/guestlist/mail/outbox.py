"""The outbox in the table: an item for each mail.

The table's stream reports every new item, and the due index contains everything that is pending or being sent, so that
a timer finds what the stream missed. Welcome mails, of which there may be a million at once, are indexed separately.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from guestlist.aws import conditions, keys
from guestlist.aws.due import DueIndex, due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.mail.delivery import GRACE
from guestlist.mail.model import MailKind, MailStatus, NotSent, OutboxItem

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SORT_KEY = "MAIL"
DUE, WELCOMES_DUE = "mail", "welcome"
WELCOME_GRACE = timedelta(hours=6)
"""A welcome mail may wait in the queue for so long before a timer considers it lost."""
_NOT_DUE = {"due_pk": None, "due_at": None}


def pending_mail_write(
    org: str,
    kind: MailKind,
    reference: str,
    now: datetime,
    *,
    facts: Mapping[str, str] | None = None,
) -> Write:
    """The write of a pending mail, for the transaction with the change that it reports.

    It fails if there already is such a mail, in any state. At first the timer leaves the mail to the stream, and a
    welcome mail to its queue for longer.
    """
    grace = WELCOME_GRACE if kind is MailKind.WELCOME else GRACE
    item = OutboxItem(
        organiser_id=org, kind=kind, reference=reference, owed_at=now, due_at=now + grace, facts=facts or {}
    )
    return Write(put=as_stored(item), when=conditions.absent())


class Outbox:
    """The outboxes of all organisers."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._due = {kind: DueIndex(table, kind) for kind in (DUE, WELCOMES_DUE)}

    def add_mail(self, org: str, kind: MailKind, reference: str, now: datetime, facts: Mapping[str, str]) -> None:
        """Add a pending mail that reports no change. Raises `ConditionFailed` if there already is such a mail."""
        write = pending_mail_write(org, kind, reference, now, facts=facts)
        self._table.put(write.put or {}, when=write.when)

    def get_item(self, key: Key) -> OutboxItem | None:
        """The current item, or None."""
        item = self._table.get(key)
        return from_stored(item) if item else None

    def due(self, now: datetime, kind: str = DUE) -> Iterator[OutboxItem]:
        """Yield the items of this kind that are pending or abandoned, the longest due of each shard first."""
        for key in self._due[kind].keys(now):
            item = self.get_item(key)
            if item and item.due_at and item.due_at <= now:
                yield item

    def claim(self, item: OutboxItem, until: datetime) -> OutboxItem | None:
        """Claim it for this worker until then; None if another worker was first."""
        changes = {"status": MailStatus.SENDING, "attempts": item.attempts + 1, "due_at": instant(until)}
        return self._change(item, changes)

    def mark_queued(self, item: OutboxItem, now: datetime) -> OutboxItem | None:
        """Record that its queue has it: the timer queues it again only if the queue loses it.

        None if another worker changed it first.
        """
        return self._change(item, {"due_at": instant(now + WELCOME_GRACE)})

    def record_sent(self, item: OutboxItem, at: datetime) -> OutboxItem | None:
        """Record that it was sent; None if the claim was lost meanwhile."""
        return self._change(item, {"status": MailStatus.SENT, "sent_at": instant(at), **_NOT_DUE})

    def put_back(self, item: OutboxItem, due_at: datetime) -> OutboxItem | None:
        """Return it to the pending mails, due then; None if the claim was lost meanwhile."""
        return self._change(item, {"status": MailStatus.OWED, "due_at": instant(due_at)})

    def give_up(self, item: OutboxItem, reason: NotSent) -> OutboxItem | None:
        """Record that it will not be sent, and why; None if another worker changed it first."""
        return self._change(item, {"status": MailStatus.GIVEN_UP, "given_up": reason, **_NOT_DUE})

    def _change(self, item: OutboxItem, changes: dict[str, Any]) -> OutboxItem | None:
        unchanged = conditions.equals("status", item.status) & conditions.equals("attempts", item.attempts)
        try:
            return from_stored(self._table.update(key_of(item), changes, when=unchanged))
        except ConditionFailed:
            return None


def key_of(item: OutboxItem) -> Key:
    """The key of the item."""
    return keys.mail(item.organiser_id, item.kind, item.reference)


def as_stored(item: OutboxItem) -> Item:
    """The item as it is stored; it is in the due index while it has a `due_at`."""
    key = key_of(item)
    stored = _adapter().dump_python(item, mode="json", exclude_none=True)
    due = WELCOMES_DUE if item.kind is MailKind.WELCOME else DUE
    return {**stored, **due_attributes(due, key, item.due_at), **key._asdict()}


def from_stored(item: Mapping[str, Any]) -> OutboxItem:
    """The outbox item for a stored item or its image in the stream."""
    return _adapter().validate_python(item)


@cache
def _adapter() -> "TypeAdapter[OutboxItem]":
    from pydantic import TypeAdapter

    return TypeAdapter(OutboxItem)
