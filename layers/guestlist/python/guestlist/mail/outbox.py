"""The outbox in the table: promises of mails, each an item of its own.

The stream of the table tells of every new item, and the due index holds whatever is owed or being sent, so
that a timer finds what the stream left. Welcome mails, of which there may be a million at once, stand apart there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from guestlist.aws import conditions, keys
from guestlist.aws.due import Due, due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.mail.delivery import GRACE
from guestlist.mail.model import MailKind, MailStatus, OutboxItem

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SORT_KEY = "MAIL"
DUE, WELCOMES_DUE = "mail", "welcome"
WELCOME_GRACE = timedelta(hours=6)
"""So long a welcome mail may wait in the queue before a timer takes it for lost."""
_NOTHING_DUE = {"due_pk": None, "due_at": None}


def owed(
    org: str,
    kind: MailKind,
    reference: str,
    now: datetime,
    *,
    facts: Mapping[str, str] | None = None,
) -> Write:
    """The promise of a mail, to be written in one transaction with the change that it tells of.

    It fails where that mail was promised before, whatever became of it. The timer leaves it to the
    stream at first, and a welcome mail to its queue for longer.
    """
    grace = WELCOME_GRACE if kind is MailKind.WELCOME else GRACE
    item = OutboxItem(
        organiser_id=org, kind=kind, reference=reference, owed_at=now, due_at=now + grace, facts=facts or {}
    )
    return Write(put=as_stored(item), when=conditions.absent())


class Outbox:
    """The outbox of every organiser."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._due = {kind: Due(table, kind) for kind in (DUE, WELCOMES_DUE)}

    def owe(self, org: str, kind: MailKind, reference: str, now: datetime, facts: Mapping[str, str]) -> None:
        """Promise a mail that tells of no change. Raises `ConditionFailed` where it was promised before."""
        write = owed(org, kind, reference, now, facts=facts)
        self._table.put(write.put or {}, when=write.when)

    def read(self, key: Key) -> OutboxItem | None:
        """The item as it is now, or None."""
        item = self._table.get(key)
        return from_stored(item) if item else None

    def due(self, now: datetime, what: str = DUE) -> Iterator[OutboxItem]:
        """What is owed or abandoned at that instant, the longest due of each shard first."""
        for key in self._due[what].keys(now):
            item = self.read(key)
            if item and item.due_at and item.due_at <= now:
                yield item

    def claim(self, item: OutboxItem, until: datetime) -> OutboxItem | None:
        """Take it for this worker until that instant; None when another worker was first."""
        changes = {"status": MailStatus.SENDING, "attempts": item.attempts + 1, "due_at": instant(until)}
        return self._change(item, changes)

    def leave_to_queue(self, item: OutboxItem, now: datetime) -> OutboxItem | None:
        """Have the timer look at it again only if the queue loses it; None when another worker changed it."""
        return self._change(item, {"due_at": instant(now + WELCOME_GRACE)})

    def sent(self, item: OutboxItem, at: datetime) -> OutboxItem | None:
        """Note that it was sent; None when the claim was lost meanwhile."""
        return self._change(item, {"status": MailStatus.SENT, "sent_at": instant(at), **_NOTHING_DUE})

    def put_back(self, item: OutboxItem, due_at: datetime) -> OutboxItem | None:
        """Owe it again from that instant; None when the claim was lost meanwhile."""
        return self._change(item, {"status": MailStatus.OWED, "due_at": instant(due_at)})

    def give_up(self, item: OutboxItem, why: str) -> OutboxItem | None:
        """Note that it will not be sent, and why; None when another worker changed the item first."""
        return self._change(item, {"status": MailStatus.GIVEN_UP, "given_up": why, **_NOTHING_DUE})

    def _change(self, item: OutboxItem, changes: dict[str, Any]) -> OutboxItem | None:
        unchanged = conditions.equals("status", item.status) & conditions.equals("attempts", item.attempts)
        try:
            return from_stored(self._table.update(key_of(item), changes, when=unchanged))
        except ConditionFailed:
            return None


def key_of(item: OutboxItem) -> Key:
    """Where the item stands in the table."""
    return keys.mail(item.organiser_id, item.kind, item.reference)


def as_stored(item: OutboxItem) -> Item:
    """The item as the table holds it; in the due index while it has a `due_at`."""
    key = key_of(item)
    stored = _adapter().dump_python(item, mode="json", exclude_none=True)
    due = WELCOMES_DUE if item.kind is MailKind.WELCOME else DUE
    return {**stored, **due_attributes(due, key, item.due_at), **key._asdict()}


def from_stored(item: Mapping[str, Any]) -> OutboxItem:
    """The outbox item that the table's item, or its image in the stream, stands for."""
    return _adapter().validate_python(item)


@cache
def _adapter() -> "TypeAdapter[OutboxItem]":
    from pydantic import TypeAdapter

    return TypeAdapter(OutboxItem)
