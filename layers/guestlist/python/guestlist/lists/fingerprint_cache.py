"""A cache of fingerprints in a process, so that it reads no partitions of lists that lack a code.

It is filled lazily: the first lookup in a segment reads the partition alone, as without fingerprints; a second one also
loads the fingerprints, of a few segments with each lookup. So the first check of a process costs nothing more, and
nothing is loaded for lists that are rarely used.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from guestlist.aws import keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table_reads import Page, Reading
from guestlist.groups.index import IndexedGroup, Version
from guestlist.lists.fingerprints import UNKNOWN, hash_key, may_hold, segment_of
from guestlist.lists.lookup_query import LookupQuery
from guestlist.lists.packed_list import TextId
from guestlist.lists.partition import partition_of
from guestlist.lists.store import text_key

MAX_LOADED_PER_LOOKUP = 25
MAX_BYTES = 48_000_000
_MAX_TRACKED = 50_000

SegmentKey = tuple[str, str, str, int]
"""Organiser, group, version and number of a segment."""


class NarrowedQuery(NamedTuple):
    """A query for only those groups that may have the key; `lacking` are texts of these groups without it.

    `unread` are the segments whose fingerprints would have helped.
    """

    query: LookupQuery
    lacking: Sequence[Key] = ()
    unread: Sequence[SegmentKey] = ()


class FingerprintCache:
    """The loaded segments, `bytes` in total; the cache is cleared when it is full."""

    def __init__(self) -> None:
        self._contents: dict[SegmentKey, bytes] = {}
        self.bytes = 0
        self._requested: set[SegmentKey] = set()

    def clear(self) -> None:
        """Remove all segments."""
        self._contents.clear()
        self.bytes = 0

    def narrow(self, query: LookupQuery) -> NarrowedQuery:
        """The query without groups that fingerprints rule out; keys of e-mail addresses have no fingerprints."""
        if query.key.startswith("@"):
            return NarrowedQuery(query)
        hashed_key = hash_key(query.key)
        groups: list[IndexedGroup] = []
        lacking: list[Key] = []
        unread: list[SegmentKey] = []
        for group in query.groups:
            versions = [version for version in (group.base, group.overlay) if version]
            versions_without_key = [
                version for version in versions if self._lacks(query.org, group.group_id, version, hashed_key, unread)
            ]
            if len(versions_without_key) < len(versions):
                groups.append(group)
                lacking += [_text_key(query, group, version) for version in versions_without_key]
        if len(groups) < len(query.groups):
            query = query._replace(groups=tuple(groups))
        return NarrowedQuery(query, lacking, unread)

    def _lacks(self, org: str, group_id: str, version: Version, hashed_key: int, unread: list[SegmentKey]) -> bool:
        if not version.fingerprints:
            return False
        segment = org, group_id, version.version_id, segment_of(hashed_key, version.partitions)
        content = self._contents.get(segment)
        if content is None:
            unread.append(segment)
            return False
        return not may_hold(content, hashed_key, version.partitions)

    def loading(self, narrowed: Iterable[NarrowedQuery]) -> Reading[None]:
        """A read that loads segments that an earlier lookup needed too; it remembers those that this lookup needed."""
        segments = (segment for query in narrowed for segment in query.unread)
        unread = dict.fromkeys(segment for segment in segments if segment not in self._contents)
        repeated = [segment for segment in unread if segment in self._requested][:MAX_LOADED_PER_LOOKUP]
        if len(self._requested) > _MAX_TRACKED:
            self._requested.clear()
        self._requested.update(unread)
        segments_by_key = {keys.fingerprints(*segment): segment for segment in repeated}

        def fill(items: Mapping[Key, Item], _: Sequence[Page]) -> None:
            self._store(
                {segment: items[key]["f"] if key in items else UNKNOWN for key, segment in segments_by_key.items()}
            )

        return Reading(fill, list(segments_by_key))

    def _store(self, contents: Mapping[SegmentKey, bytes]) -> None:
        if self.bytes > MAX_BYTES:
            self.clear()
        for segment, content in contents.items():
            self.bytes += len(content) - len(self._contents.get(segment, b""))
            self._contents[segment] = content


def _text_key(query: LookupQuery, group: IndexedGroup, version: Version) -> Key:
    text_id = TextId(version.version_id, partition_of(query.key, version.partitions))
    return text_key(query.org, group.group_id, text_id)
