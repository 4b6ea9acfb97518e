"""Copies of the small items that every check reads, so that not one partition answers all checks of an organiser.

An item that has copies says how many, and since when. It is written together with all of them in one transaction, so
that a read of any copy, strongly consistent as all are, finds what was written last. A process reads the item itself
first, and copies from then on if the item has had them for an hour: before, another process might still belong to a
release that writes none.
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
SETTLED = timedelta(hours=1)
_KNOWN = 1_000


def copied(item: Item, former: Mapping[str, Any]) -> Item:
    """The item, in the place of its former self, as it says that it has copies."""
    since = former["copied_at"] if former.get("copies") == COPIES else instant(clock.now())
    return {**item, "copies": COPIES, "copied_at": since}


def copy_writes(item: Item) -> list[Write]:
    """The writes of the item's copies."""
    key = Key(item["pk"], item["sk"])
    return [Write(put={**item, **key.copy(number)._asdict()}) for number in range(COPIES)]


def copy_deletions(key: Key) -> list[Write]:
    """The deletions of the item's copies."""
    return [Write(key=key.copy(number), delete=True) for number in range(COPIES)]


class Copies:
    """What a process knows of which items have copies.

    Copies are read in turn. Processes begin at different ones, by the instants at which they learned of copies.
    """

    def __init__(self) -> None:
        self._copies: dict[Key, int] = {}
        self._turn = count()

    def any_of(self, key: Key) -> Key:
        """The key to read: of any copy, or of the item itself."""
        copies = self._copies.get(key)
        return key.copy(next(self._turn) % copies) if copies else key

    def note(self, found: Mapping[Key, Item], key: Key, now: datetime) -> None:
        """Whether the item itself, if it was found, says that its copies can be read from now on."""
        item = found.get(key, {})
        if "copies" in item and now >= datetime.fromisoformat(item["copied_at"]) + SETTLED:
            if len(self._copies) >= _KNOWN:
                self._copies.clear()
            if not self._copies:
                self._turn = count(now.microsecond)
            self._copies[key] = item["copies"]
