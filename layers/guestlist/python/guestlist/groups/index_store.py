"""The stored group index: one compact document per organiser."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from guestlist.aws.index import Document, Index
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Table, Write
from guestlist.aws.table_reads import Reading
from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup, ScheduledVersion, Version
from guestlist.model import clock

_MAX_CACHED = 64


class GroupIndexes:
    """Store of the group indexes of all organisers."""

    def __init__(self, table: Table, now: Callable[[], datetime] = clock.now) -> None:
        self._index = Index(table, "GROUPS", _decode)
        self._now = now
        self._current: dict[str, _CurrentIndex] = {}

    def pointer(self, org: str) -> Key:
        """Key of the pointer item to read before `resolve`, together with other items if needed."""
        return self._index.pointer(org)

    def resolve(self, org: str, item: Item | None, now: datetime) -> GroupIndex:
        """The index of the pointer item at that instant; the same object until a scheduled version is due."""
        stored = self._index.resolve(org, item)
        if stored.next_at is None or now < stored.next_at:
            return stored
        cached = self._current.get(org)
        if cached is None or cached.stored is not stored or not cached.is_valid(now):
            if len(self._current) >= _MAX_CACHED:
                self._current.clear()
            cached = self._current[org] = _CurrentIndex(stored, stored.at(now), now)
        return cached.current

    def read_group_index(self, org: str, now: datetime | None = None) -> GroupIndex:
        """The index at `now`."""
        return self._index.read(org).at(now or self._now())

    def reading(self, org: str) -> Reading[GroupIndex]:
        """A read of the current index, to be combined with others."""
        return self._index.reading(org).then(lambda stored: stored.at(self._now()))

    def write_group_index(self, org: str, index: GroupIndex, *others: Write) -> None:
        """Write the next revision of the index together with other writes. Raises `ConcurrentModification`."""
        content = {group_id: _encode_group(group) for group_id, group in index.groups.items()}
        self._index.write(org, Document(index.number, content), *others)


class _CurrentIndex(NamedTuple):
    """A stored index, and the index from `since` on, when a scheduled version has become current."""

    stored: GroupIndex
    current: GroupIndex
    since: datetime

    def is_valid(self, now: datetime) -> bool:
        """Whether `current` is the index at that instant."""
        return self.since <= now and (self.current.next_at is None or now < self.current.next_at)


def _encode_group(group: IndexedGroup) -> dict[str, Any]:
    packed = {
        "t": group.type.value,
        "n": group.name,
        "c": group.created_at.isoformat(),
        "s": group.starts_at and group.starts_at.isoformat(),
        "x": group.expires_at and group.expires_at.isoformat(),
        "b": group.base and [group.base.version_id, group.base.partitions, group.base.entries],
        "o": group.overlay and [group.overlay.version_id, group.overlay.partitions, group.overlay.entries],
        # Not in the versions: an earlier release expects lists of exactly three.
        "f": _fingerprints(group),
        "l": [_encode_scheduled(version) for version in group.scheduled],
        "e": group.entries,
        "k": group.cleaned_at and group.cleaned_at.isoformat(),
    }
    return {name: value for name, value in packed.items() if value}


def _decode(document: Document) -> GroupIndex:
    groups = {group_id: _decode_group(group_id, packed) for group_id, packed in document.content.items()}
    return GroupIndex.build(groups, document.number)


def _decode_group(group_id: str, packed: Mapping[str, Any]) -> IndexedGroup:
    return IndexedGroup(
        group_id=group_id,
        type=GroupType(packed["t"]),
        name=packed["n"],
        created_at=datetime.fromisoformat(packed["c"]),
        starts_at=datetime.fromisoformat(packed["s"]) if "s" in packed else None,
        expires_at=datetime.fromisoformat(packed["x"]) if "x" in packed else None,
        base=_decode_version(packed, "b"),
        overlay=_decode_version(packed, "o"),
        entries=packed.get("e", 0),
        cleaned_at=datetime.fromisoformat(packed["k"]) if "k" in packed else None,
        scheduled=tuple(_decode_scheduled(*values) for values in packed.get("l", ())),
    )


def _encode_scheduled(scheduled: ScheduledVersion) -> list[Any]:
    version = scheduled.version
    return [
        scheduled.at.isoformat(),
        scheduled.entries,
        [version.version_id, version.partitions, version.entries, version.fingerprints],
    ]


def _decode_scheduled(at: str, entries: int, version: Sequence[Any]) -> ScheduledVersion:
    return ScheduledVersion(datetime.fromisoformat(at), Version(*version), entries)


def _fingerprints(group: IndexedGroup) -> str:
    """The names of the versions that have fingerprints: b for the base, o for the overlay."""
    versions = {"b": group.base, "o": group.overlay}
    return "".join(name for name, version in versions.items() if version and version.fingerprints)


def _decode_version(packed: Mapping[str, Any], name: str) -> Version | None:
    if name not in packed:
        return None
    version_id, partitions, entries = packed[name]
    return Version(version_id, partitions, entries, fingerprints=name in packed.get("f", ""))
