"""Store of search indexes: the directory of each in the table, and its blocks in the bucket."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from guestlist.aws import conditions, keys
from guestlist.aws.bucket import Bucket
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table
from guestlist.groups.index import IndexedGroup, Version
from guestlist.lists.compression import decode_text
from guestlist.lists.packed_list import PackedList, Place, Texts
from guestlist.lists.search_index import Directory, decode_block, indexable_parts
from guestlist.lists.store import text_key
from guestlist.model import ids

PREFIX = "search/"
LASTS = timedelta(days=6)
"""The lifetime of an index: a day less than that of its file."""
PATIENCE = timedelta(minutes=15)
"""How long a worker may take to build an index before another one is requested."""
_AT_ONCE = 2


class Queue(Protocol):
    """The queue of workers."""

    def index(self, org: str, group_id: str) -> None:
        """Ask for a worker to make the indexes of that group's lists."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An index: its directory, the key of its file, the overlay that it does not cover, and the overlay's texts."""

    directory: Directory
    file: str
    over: Version | None
    texts: Texts


class SearchIndexes:
    """The search indexes of lists of all organisers."""

    def __init__(self, table: Table, bucket: Bucket, queue: Queue) -> None:
        self._table = table
        self._bucket = bucket
        self._queue = queue

    # Reading

    def open(self, org: str, group: IndexedGroup, part: PackedList, now: datetime) -> Opened | None:
        """The index of this part of the group's list, with the texts that lie over it; None where there is none."""
        key = _key(org, group, part)
        over = group.overlay if part.overlay is None else None
        places = [Place(over.version_id, number) for number in range(over.partitions)] if over else []
        places_by_key = {text_key(org, group.group_id, place): place for place in places}
        items = self._table.get_many([key, *places_by_key])
        item = items.pop(key, None)
        if item is None or not _usable(item, group, now):
            return None
        texts = {places_by_key[place]: decode_text(text["b"]) for place, text in items.items()}
        return Opened(Directory.decode(item["directory"]), item["file"], over, texts)

    def records(self, opened: Opened, text: str) -> Iterator[str]:
        """The records from about the text on, in order; the first are read at once. Raises `FileMissing`."""
        number = opened.directory.block(text)
        return chain(self._some(opened, number), self._later(opened, number + _AT_ONCE))

    def _later(self, opened: Opened, first: int) -> Iterator[str]:
        for number in range(first, len(opened.directory.ends), _AT_ONCE):
            yield from self._some(opened, number)

    def _some(self, opened: Opened, first: int) -> list[str]:
        """The records of some blocks from that one on."""
        spans = [opened.directory.span(number) for number in range(first, opened.directory.stop(first + _AT_ONCE))]
        if not spans:
            return []
        begin, end = spans[0][0], spans[-1][1]
        content = self._bucket.read(opened.file, begin, end)
        return [record for start, stop in spans for record in decode_block(content[start - begin : stop - begin])]

    # Making

    def ask(self, org: str, group: IndexedGroup, now: datetime) -> None:
        """Have the indexes made that the group's lists lack, unless somebody makes them."""
        claimed = [self._claim(org, group, part, now) for part in indexable_parts(group)]
        if any(claimed):
            self._queue.index(org, group.group_id)

    def _claim(self, org: str, group: IndexedGroup, part: PackedList, now: datetime) -> bool:
        """Note that the index is to be made, unless it is there or being made; answers whether that was noted."""
        key = _key(org, group, part)
        item = self._table.get(key)
        if item and (_usable(item, group, now) or _in_making(item, group, now)):
            return False
        when = conditions.equals("build", item["build"]) if item else conditions.absent()
        try:
            self._table.put({**key._asdict(), **_note(group, now)}, when=when)
        except ConditionFailed:
            return False
        return True

    def to_make(self, org: str, group: IndexedGroup, part: PackedList, now: datetime) -> str | None:
        """The name under which the index is to be made now; None where nobody asked, or it is there."""
        item = self._table.get(_key(org, group, part))
        return item["build"] if item and _in_making(item, group, now) else None

    def keep(
        self, org: str, group: IndexedGroup, part: PackedList, build: str, path: Path, directory: Directory
    ) -> bool:
        """Keep what was made under that name, unless it is not wanted any more; answers whether it is kept.

        That is looked at before the file is written too, so that an erasure that forgot the index meanwhile needs to
        wait for no longer than the file takes.
        """
        key = _key(org, group, part)
        item = self._table.get(key)
        if item is None or item["build"] != build:
            return False
        file = f"{PREFIX}{org}/{group.group_id}/{build}"
        version_id = self._bucket.store(file, path)
        try:
            changes = {"file": file, "directory": directory.encode()}
            self._table.update(key, changes, when=conditions.equals("build", build))
        except ConditionFailed:
            self._bucket.delete(file, version_id)
            return False
        return True

    def forget(self, org: str, group_id: str) -> bool:
        """Delete all indexes of the group's lists, also files that nothing points to.

        Answers whether one was in the making: it is not kept, but its file may be being written.
        """
        items = self._items(org, group_id)
        self._delete(items)
        self._bucket.delete_all(f"{PREFIX}{org}/{group_id}/")
        return any("file" not in item for item in items)

    def forget_unused(self, org: str, groups: Iterable[IndexedGroup]) -> bool:
        """Delete what no search reads any more: indexes of lists that were replaced or taken back, and stray files.

        Answers as `forget` does. `groups` are all that the organiser ever had.
        """
        used, in_making = set[str](), False
        for group in groups:
            used_keys = {_key(org, group, part) for part in indexable_parts(group)}
            items = self._items(org, group.group_id)
            unused = [item for item in items if keys.Key(item["pk"], item["sk"]) not in used_keys]
            used |= {item["file"] for item in items if item not in unused and "file" in item}
            in_making |= any("file" not in item for item in unused)
            self._delete(unused)
        self._bucket.delete_all(f"{PREFIX}{org}/", but=used)
        return in_making

    def _items(self, org: str, group_id: str) -> list[Item]:
        return list(self._table.query_all(keys.search_index(org, group_id, "").pk))

    def _delete(self, items: Iterable[Item]) -> None:
        self._table.delete_many(keys.Key(item["pk"], item["sk"]) for item in items)

    def drop(self, org: str, group: IndexedGroup, part: PackedList) -> None:
        """Forget an index whose file is gone."""
        self._table.delete(_key(org, group, part))


def _key(org: str, group: IndexedGroup, part: PackedList) -> keys.Key:
    newest = part.overlay or part.base
    return keys.search_index(org, group.group_id, newest.version_id if newest else "")


def _note(group: IndexedGroup, now: datetime) -> Mapping[str, Any]:
    return {
        "build": ids.new_id(now),
        "asked_at": instant(now),
        "cleaned_at": _cleaned(group),
        "ttl": int((now + LASTS).timestamp()),
    }


def _cleaned(group: IndexedGroup) -> str:
    """The instant of the last erasure in the list; an index from before it contains the erased person."""
    return instant(group.cleaned_at) if group.cleaned_at else ""


def _usable(item: Item, group: IndexedGroup, now: datetime) -> bool:
    return "file" in item and item["cleaned_at"] == _cleaned(group) and item["ttl"] > now.timestamp()


def _in_making(item: Item, group: IndexedGroup, now: datetime) -> bool:
    same = "file" not in item and item["cleaned_at"] == _cleaned(group)
    return same and item["asked_at"] > instant(now - PATIENCE)
