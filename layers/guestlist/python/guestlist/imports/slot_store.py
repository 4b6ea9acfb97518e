"""Store of the slots of import workers, and of the messages that wait for one."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from guestlist.aws import conditions, keys
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.imports.slots import SLOT_LIFETIME, has_free, with_slot, without_slot
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import ConcurrentModification

_BATCH_SIZE = 10
_SLOTS_ID = "~"
_ID, _SENT_BY = "message_id", "sent_by"

SlotEnds = Mapping[str, datetime]


class Slots:
    """Slots of all organisers. Names of work sort by the time of the request; `new_mark` returns a new random text."""

    def __init__(self, table: Table, new_mark: Callable[[], str]) -> None:
        self._table, self._new_mark = table, new_mark

    def acquire(self, org: str, name: str, now: datetime) -> bool:
        """Acquire a slot for this work; False while other work has all slots of the organiser."""
        return self._change(org, lambda slots: with_slot(slots, name, now, now + SLOT_LIFETIME))

    def has_free(self, org: str, now: datetime) -> bool:
        """Whether the organiser could have one more worker."""
        return has_free(self._load(org)[1], now)

    def release(self, org: str, name: str) -> None:
        """Release the slot of this work."""
        self._change(org, lambda slots: without_slot(slots, name))

    def enqueue(self, org: str, name: str, message: Mapping[str, Any]) -> None:
        """Store the message of work that waits for a slot."""
        self._table.put({**keys.waiting_message(org, name)._asdict(), "message": message, _ID: self._new_mark()})

    def pop_waiting(self, org: str) -> Mapping[str, Any] | None:
        """Remove and return the message of the work that waits longest; None if none waits."""
        for item in self._table.query_all(keys.waiting_message(org, "").pk, limit=_BATCH_SIZE):
            if item["sk"] == _SLOTS_ID:
                return None
            if self._try_remove(item):
                message: Mapping[str, Any] = item["message"]
                return message
        return None

    def _try_remove(self, item: Item) -> bool:
        """Whether this call, and not a concurrent one, removed the message."""
        # The mark distinguishes a retry of this write, whose first response was lost, from another worker's write; the
        # id, a late copy of this write from one to a message stored again since. An earlier version stored no ids.
        key, mark = Key(item["pk"], item["sk"]), self._new_mark()
        is_same_message = conditions.equals(_ID, item[_ID]) if _ID in item else conditions.absent(_ID)
        is_unmarked = conditions.present() & conditions.absent(_SENT_BY)
        try:
            self._table.update(
                key, {_SENT_BY: mark}, when=is_same_message & (is_unmarked | conditions.equals(_SENT_BY, mark))
            )
        except ConditionFailed:
            return False
        with suppress(ConditionFailed):
            self._table.delete(key, when=conditions.equals(_SENT_BY, mark))
        return True

    def _change(self, org: str, change: Callable[[SlotEnds], SlotEnds | None]) -> bool:
        return retry_on_conflict(lambda: self._try_change(org, change))

    def _try_change(self, org: str, change: Callable[[SlotEnds], SlotEnds | None]) -> bool:
        revision, before = self._load(org)
        slots = change(before)
        if slots is None:
            return False
        content = {"revision": revision + 1, "taken": {name: instant(ends) for name, ends in slots.items()}}
        unchanged = conditions.equals("revision", revision) if revision else conditions.absent()
        try:
            self._table.put({**keys.waiting_message(org, _SLOTS_ID)._asdict(), **content}, when=unchanged)
        except ConditionFailed as error:
            raise ConcurrentModification from error
        return True

    def _load(self, org: str) -> tuple[int, SlotEnds]:
        item = self._table.get(keys.waiting_message(org, _SLOTS_ID)) or {"revision": 0, "taken": {}}
        return item["revision"], {name: datetime.fromisoformat(ends) for name, ends in item["taken"].items()}
