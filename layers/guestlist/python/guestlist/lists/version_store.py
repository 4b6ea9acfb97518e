"""What is kept of the versions of lists, in the table: an item for each."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from guestlist.aws import conditions, keys
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.groups.index import GroupIndex, Version
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership import AuditEntry
from guestlist.groups.membership_items import told_item
from guestlist.imports.ports import ExpiredVersion, Publication
from guestlist.lists.expired_versions import retirement
from guestlist.lists.importing.cleanup import KEPT
from guestlist.lists.versions import ListVersion, Origin, version_of

REMEMBERED = timedelta(days=60)
"""So long after its list was deleted is a version known to have been."""
_NUMBERS = ("added", "changed", "removed")


class ListVersions:
    """The versions of any group's list."""

    def __init__(self, table: Table, indexes: GroupIndexes) -> None:
        self._table = table
        self._indexes = indexes

    def index(self, org: str) -> GroupIndex:
        """The group index as it is now."""
        return self._indexes.read(org)

    def every(self, org: str, group_id: str) -> list[ListVersion]:
        """All that are remembered, in the order of their ids."""
        return [from_stored(item) for item in self._table.query_all(keys.list_version(org, group_id, "").pk)]

    def due(self, org: str, group_id: str) -> Mapping[str, datetime]:
        """When each packed list of the group is deleted that nothing reads any more, by its id."""
        notes = self._table.query_all(keys.expired_versions(org, group_id, "").pk)
        return {item["sk"]: datetime.fromisoformat(item["due_at"]) for item in notes}

    def bring_back(
        self, org: str, publication: Publication, version: ListVersion, due: Mapping[str, datetime], deed: AuditEntry
    ) -> None:
        """Make this version current again, with the deed told in the history, in one step.

        Raises `ConcurrentModification` when the index is not the next one, or the version has just been deleted.
        """
        group_id, at = publication.group.group_id, deed.at
        writes = [
            version_write(org, group_id, version, published_at=at, origin=Origin.RETURN),
            *former_write(org, publication),
            Write(put=told_item(org, deed)),
        ]
        writes += [
            Write(
                key=keys.expired_versions(org, group_id, part),
                delete=True,
                when=conditions.equals("due_at", instant(due[part])),
            )
            for part in publication.standing
            if part in due
        ]
        writes += [retirement(ExpiredVersion(org, group_id, part), at + KEPT) for part in publication.expired_versions]
        self._indexes.write(org, publication.index, *writes)

    def expire(self, org: str, group_id: str, version_id: str, now: datetime) -> None:
        """Forget in time the version whose newest packed list this was."""
        key = keys.list_version(org, group_id, version_id)
        with suppress(ConditionFailed):
            self._table.update(key, {"ttl": int((now + REMEMBERED).timestamp())}, when=conditions.present())


def version_write(
    org: str,
    group_id: str,
    version: ListVersion,
    *,
    numbers: Mapping[str, int] | None = None,
    published_at: datetime | None = None,
    origin: Origin | None = None,
) -> Write:
    """A write that keeps the version, and of the rest what is given; all else of it stays as it was."""
    changes: dict[str, Any] = {
        "group_id": group_id,
        "parts": json.dumps(
            [[part.version_id, part.buckets, part.entries, part.fingerprints] for part in version.parts]
        ),
        "entries": version.entries,
        **(numbers or {}),
    }
    changes |= {"published_at": instant(published_at)} if published_at else {}
    changes |= {"origin": origin.value} if origin else {}
    return Write(key=keys.list_version(org, group_id, version.version_id), changes=changes)


def former_write(org: str, publication: Publication) -> Sequence[Write]:
    """What keeps the version that was current, should an earlier release have published it."""
    former = version_of(publication.former) if publication.former else None
    current = version_of(publication.group)
    if former is None or (current and current.version_id == former.version_id):
        return []
    return [version_write(org, publication.group.group_id, former)]


def from_stored(item: Item) -> ListVersion:
    """The version that the table's item, or its image in the stream, stands for."""
    base, *overlay = [Version(*part) for part in json.loads(item["parts"])]
    return ListVersion(
        version_id=item["sk"],
        base=base,
        overlay=overlay[0] if overlay else None,
        entries=item["entries"],
        published_at=_instant(item.get("published_at")),
        publish_at=_instant(item.get("publish_at")),
        origin=Origin(item.get("origin", Origin.IMPORT)),
        **{name: item.get(name, 0) for name in _NUMBERS},
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
