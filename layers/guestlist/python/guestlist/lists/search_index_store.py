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
from guestlist.lists.packed_list import PackedList, TextId, Texts
from guestlist.lists.search_index import Directory, decode_block, indexable_parts
from guestlist.lists.store import text_key
from guestlist.model import ids

PREFIX = "search/"
LIFETIME = timedelta(days=6)
"""The lifetime of an index: a day less than that of its file."""
BUILD_TIMEOUT = timedelta(minutes=15)
"""How long a worker may take to build an index before another one is requested."""
_BLOCKS_PER_READ = 2


class Queue(Protocol):
    """The queue of workers."""

    def index(self, org: str, group_id: str) -> None:
        """Queue the building of the indexes of the group's lists."""


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index: its directory, the key of its file, the overlay that it does not cover, and the overlay's texts."""

    directory: Directory
    file: str
    overlay: Version | None
    texts: Texts


class SearchIndexes:
    """The search indexes of lists of all organisers."""

    def __init__(self, table: Table, bucket: Bucket, queue: Queue) -> None:
        self._table = table
        self._bucket = bucket
        self._queue = queue

    # Reading

    def open(self, org: str, group: IndexedGroup, part: PackedList, now: datetime) -> OpenIndex | None:
        """The index of this part of the group's list, with the texts of the overlay; None if there is none."""
        key = _key(org, group, part)
        overlay = group.overlay if part.overlay is None else None
        text_ids = [TextId(overlay.version_id, number) for number in range(overlay.partitions)] if overlay else []
        text_ids_by_key = {text_key(org, group.group_id, text_id): text_id for text_id in text_ids}
        items = self._table.get_many([key, *text_ids_by_key])
        item = items.pop(key, None)
        if item is None or not _is_usable(item, group, now):
            return None
        texts = {text_ids_by_key[key]: decode_text(text["b"]) for key, text in items.items()}
        return OpenIndex(Directory.decode(item["directory"]), item["file"], overlay, texts)

    def records(self, index: OpenIndex, text: str) -> Iterator[str]:
        """The records from about the text on, in order; the first blocks are read at once. Raises `FileMissing`."""
        number = index.directory.block(text)
        return chain(self._read_blocks(index, number), self._following_records(index, number + _BLOCKS_PER_READ))

    def _following_records(self, index: OpenIndex, first: int) -> Iterator[str]:
        for number in range(first, len(index.directory.ends), _BLOCKS_PER_READ):
            yield from self._read_blocks(index, number)

    def _read_blocks(self, index: OpenIndex, first: int) -> list[str]:
        """The records of `_BLOCKS_PER_READ` blocks, the first of which has this number."""
        spans = [
            index.directory.span(number) for number in range(first, index.directory.stop(first + _BLOCKS_PER_READ))
        ]
        if not spans:
            return []
        begin, end = spans[0][0], spans[-1][1]
        content = self._bucket.read(index.file, begin, end)
        return [record for start, stop in spans for record in decode_block(content[start - begin : stop - begin])]

    # Building

    def request_build(self, org: str, group: IndexedGroup, now: datetime) -> None:
        """Queue the building of the indexes that the group's lists lack, unless it is in progress."""
        are_claimed = [self._claim(org, group, part, now) for part in indexable_parts(group)]
        if any(are_claimed):
            self._queue.index(org, group.group_id)

    def _claim(self, org: str, group: IndexedGroup, part: PackedList, now: datetime) -> bool:
        """Save a request to build the index, unless it exists or is being built; returns whether it was saved."""
        key = _key(org, group, part)
        item = self._table.get(key)
        if item and (_is_usable(item, group, now) or _is_being_built(item, group, now)):
            return False
        when = conditions.equals("build", item["build"]) if item else conditions.absent()
        try:
            self._table.put({**key._asdict(), **_build_note(group, now)}, when=when)
        except ConditionFailed:
            return False
        return True

    def requested_build(self, org: str, group: IndexedGroup, part: PackedList, now: datetime) -> str | None:
        """The id of the build that is requested; None if none is, or the index exists."""
        item = self._table.get(_key(org, group, part))
        return item["build"] if item and _is_being_built(item, group, now) else None

    def store_index(
        self, org: str, group: IndexedGroup, part: PackedList, build: str, path: Path, directory: Directory
    ) -> bool:
        """Store the index of this build, unless the request was deleted; returns whether it was stored.

        The request is also checked before the file is written, so that an erasure that deleted it meanwhile waits no
        longer than the file takes.
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

    def delete_indexes(self, org: str, group_id: str) -> bool:
        """Delete all indexes of the group's lists, and files without a record.

        Returns whether one was being built: it will not be stored, but its file may be written at this moment.
        """
        items = self._items(org, group_id)
        self._delete(items)
        self._bucket.delete_all(f"{PREFIX}{org}/{group_id}/")
        return any("file" not in item for item in items)

    def delete_unused(self, org: str, groups: Iterable[IndexedGroup]) -> bool:
        """Delete the indexes of lists that were replaced or undone, and files without a record.

        Returns the same as `delete_indexes`. `groups` are all groups of the organiser, deleted ones too.
        """
        used, is_being_built = set[str](), False
        for group in groups:
            used_keys = {_key(org, group, part) for part in indexable_parts(group)}
            items = self._items(org, group.group_id)
            unused = [item for item in items if keys.Key(item["pk"], item["sk"]) not in used_keys]
            used |= {item["file"] for item in items if item not in unused and "file" in item}
            is_being_built |= any("file" not in item for item in unused)
            self._delete(unused)
        self._bucket.delete_all(f"{PREFIX}{org}/", but=used)
        return is_being_built

    def _items(self, org: str, group_id: str) -> list[Item]:
        return list(self._table.query_all(keys.search_index(org, group_id, "").pk))

    def _delete(self, items: Iterable[Item]) -> None:
        self._table.delete_many(keys.Key(item["pk"], item["sk"]) for item in items)

    def delete_index(self, org: str, group: IndexedGroup, part: PackedList) -> None:
        """Delete the record of an index whose file does not exist."""
        self._table.delete(_key(org, group, part))


def _key(org: str, group: IndexedGroup, part: PackedList) -> keys.Key:
    newest = part.overlay or part.base
    return keys.search_index(org, group.group_id, newest.version_id if newest else "")


def _build_note(group: IndexedGroup, now: datetime) -> Mapping[str, Any]:
    return {
        "build": ids.new_id(now),
        "asked_at": instant(now),
        "cleaned_at": _cleaned_at(group),
        "ttl": int((now + LIFETIME).timestamp()),
    }


def _cleaned_at(group: IndexedGroup) -> str:
    """The instant of the last erasure in the list; an index from before it contains the erased person."""
    return instant(group.cleaned_at) if group.cleaned_at else ""


def _is_usable(item: Item, group: IndexedGroup, now: datetime) -> bool:
    return "file" in item and item["cleaned_at"] == _cleaned_at(group) and item["ttl"] > now.timestamp()


def _is_being_built(item: Item, group: IndexedGroup, now: datetime) -> bool:
    is_current = "file" not in item and item["cleaned_at"] == _cleaned_at(group)
    return is_current and item["asked_at"] > instant(now - BUILD_TIMEOUT)
