"""The group index as it is stored: one compact document an organiser."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from guestlist.aws.index import Document, Index
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Table, Write
from guestlist.aws.table_reads import Reading
from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup, Version


class GroupIndexes:
    """Reads and changes the group index of any organiser."""

    def __init__(self, table: Table) -> None:
        self._index = Index(table, "GROUPS", _decoded)

    def pointer(self, org: str) -> Key:
        """What to read, together with other items if need be, before `resolve`."""
        return self._index.pointer(org)

    def resolve(self, org: str, item: Item | None) -> GroupIndex:
        """The index that the pointer item stands for."""
        return self._index.resolve(org, item)

    def read(self, org: str) -> GroupIndex:
        """The index as it is now."""
        return self._index.read(org)

    def reading(self, org: str) -> Reading[GroupIndex]:
        """The same, to be read at the same time as others."""
        return self._index.reading(org)

    def write(self, org: str, index: GroupIndex, *others: Write) -> None:
        """Make this the index, if it is the next one, together with other writes. Raises `ConcurrentModification`."""
        content = {group_id: _packed(group) for group_id, group in index.groups.items()}
        self._index.write(org, Document(index.number, content), *others)


def _packed(group: IndexedGroup) -> dict[str, Any]:
    packed = {
        "t": group.type.value,
        "n": group.name,
        "c": group.created_at.isoformat(),
        "s": group.starts_at and group.starts_at.isoformat(),
        "x": group.expires_at and group.expires_at.isoformat(),
        "b": group.base and [group.base.version_id, group.base.buckets, group.base.entries],
        "o": group.overlay and [group.overlay.version_id, group.overlay.buckets, group.overlay.entries],
        # Beside the versions, whose lists of three an earlier release takes apart.
        "f": _fingerprints(group),
        "e": group.entries,
        "k": group.cleaned_at and group.cleaned_at.isoformat(),
    }
    return {name: value for name, value in packed.items() if value}


def _decoded(document: Document) -> GroupIndex:
    groups = {group_id: _unpacked(group_id, packed) for group_id, packed in document.content.items()}
    return GroupIndex(document.number, groups)


def _unpacked(group_id: str, packed: Mapping[str, Any]) -> IndexedGroup:
    return IndexedGroup(
        group_id=group_id,
        type=GroupType(packed["t"]),
        name=packed["n"],
        created_at=datetime.fromisoformat(packed["c"]),
        starts_at=datetime.fromisoformat(packed["s"]) if "s" in packed else None,
        expires_at=datetime.fromisoformat(packed["x"]) if "x" in packed else None,
        base=_version(packed, "b"),
        overlay=_version(packed, "o"),
        entries=packed.get("e", 0),
        cleaned_at=datetime.fromisoformat(packed["k"]) if "k" in packed else None,
    )


def _fingerprints(group: IndexedGroup) -> str:
    """Which of the versions have fingerprints."""
    versions = {"b": group.base, "o": group.overlay}
    return "".join(name for name, version in versions.items() if version and version.fingerprints)


def _version(packed: Mapping[str, Any], name: str) -> Version | None:
    if name not in packed:
        return None
    version_id, buckets, entries = packed[name]
    return Version(version_id, buckets, entries, fingerprints=name in packed.get("f", ""))
