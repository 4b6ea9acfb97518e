"""Copies of the small items that every check reads, which spread an organiser's checks over several partitions.

An item with copies stores their number and the time since which it has them. The item and all copies are written in
one transaction, so that a strongly consistent read of any copy returns the last write. A process first reads the item
itself, and reads copies once the item has had them for an hour: before that, another process may still run a release
that writes no copies.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Write
from guestlist.model import clock

COPIES = 12
MIN_AGE_OF_COPIES = timedelta(hours=1)
_MAX_ITEMS = 1_000


def copied(item: Item, former: Mapping[str, Any]) -> Item:
    """The item with the attributes that say it has copies; `former` is the item it replaces."""
    since = former["copied_at"] if former.get("copies") == COPIES else instant(clock.now())
    return {**item, "copies": COPIES, "copied_at": since}


def copy_writes(item: Item) -> list[Write]:
    """The writes that store the item's copies."""
    key = Key(item["pk"], item["sk"])
    return [Write(put={**item, **key.copy(number)._asdict()}) for number in range(COPIES)]


def copy_deletions(key: Key) -> list[Write]:
    """The writes that delete the item's copies."""
    return [Write(key=key.copy(number), delete=True) for number in range(COPIES)]


class Copies:
    """The items that a process knows to have copies.

    Copies are read in rotation. Each process starts at a different copy, chosen by the time of its first read.
    """

    def __init__(self) -> None:
        self._copies: dict[Key, int] = {}
        self._turn = count()

    def any_of(self, key: Key) -> Key:
        """The key to read: that of a copy, or of the item itself."""
        copies = self._copies.get(key)
        return key.copy(next(self._turn) % copies) if copies else key

    def note(self, items: Mapping[Key, Item], key: Key, now: datetime) -> None:
        """Read copies of the item from now on, if the item was read and has had them for long enough."""
        item = items.get(key, {})
        if "copies" in item and now >= datetime.fromisoformat(item["copied_at"]) + MIN_AGE_OF_COPIES:
            if len(self._copies) >= _MAX_ITEMS:
                self._copies.clear()
            if not self._copies:
                self._turn = count(now.microsecond)
            self._copies[key] = item["copies"]
