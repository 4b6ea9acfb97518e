"""The due index, in which timers find the work whose time has come."""

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from typing import Any
from zlib import crc32

from guestlist.aws import keys
from guestlist.aws.keys import Key
from guestlist.aws.table import Table
from guestlist.aws.table_reads import Query, Reading

_SHARDS = 8


class DueIndex:
    """The entries of one kind of work in the due index."""

    def __init__(self, table: Table, kind: str) -> None:
        self._table = table
        self._kind = kind

    def keys(self, now: datetime) -> Iterator[Key]:
        """The keys of the items that are due, the longest overdue first.

        The index is eventually consistent: read the item and compare its `due_at` again.
        """
        between = ("0", instant(now))
        shards = [keys.due(self._kind, shard) for shard in range(_SHARDS)]
        streams = [self._table.query_all(shard, index="due", between=between) for shard in shards]
        for item in merge(*streams, key=lambda item: item["due_at"]):
            yield Key(item["pk"], item["sk"])

    def first(self) -> str | None:
        """The earliest `due_at`, past or future; None without items."""
        queries = [Query(keys.due(self._kind, shard), "due", limit=1) for shard in range(_SHARDS)]
        pages = self._table.read(Reading(lambda _items, pages: pages, queries=queries))
        return min((item["due_at"] for page in pages for item in page.items), default=None)


def due_attributes(kind: str, key: Key, at: datetime | None) -> dict[str, Any]:
    """The attributes that place an item in the due index; both None to remove it from the index."""
    if at is None:
        return {"due_pk": None, "due_at": None}
    return {"due_pk": keys.due(kind, crc32(key.pk.encode()) % _SHARDS), "due_at": instant(at)}


def instant(at: datetime) -> str:
    """The instant as text that sorts chronologically: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def parse_instant(text: str | None) -> datetime | None:
    """Parse an instant as `instant` formats it; None for a missing attribute."""
    return datetime.fromisoformat(text) if text else None
