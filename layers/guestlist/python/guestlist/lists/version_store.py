"""Store of list versions: an item for each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import dropwhile
from typing import Any

from guestlist.aws import conditions, keys
from guestlist.aws.due import DueIndex, due_attributes, instant, parse_instant
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.groups.index import GroupIndex, Version
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership import AuditEntry
from guestlist.groups.membership_items import audit_entry_item
from guestlist.imports.ports import ExpiredVersion, Publication
from guestlist.lists.expired_versions import deletion_note
from guestlist.lists.importing.cleanup import RETENTION
from guestlist.lists.versions import ListVersion, Origin, newest_first, version_of

DUE = "publish"

RECORD_RETENTION = timedelta(days=60)
"""How long the record of a version is stored after its list was deleted."""
_NUMBERS = ("added", "changed", "removed")


class ListVersions:
    """The versions of lists of all groups."""

    def __init__(self, table: Table, indexes: GroupIndexes) -> None:
        self._table = table
        self._indexes = indexes
        self._due = DueIndex(table, DUE)

    def index(self, org: str) -> GroupIndex:
        """The group index as it is now."""
        return self._indexes.read_group_index(org)

    def list_versions(self, org: str, group_id: str) -> list[ListVersion]:
        """All stored versions of the group, sorted by id."""
        return [from_stored(item) for item in self._table.query_all(keys.list_version(org, group_id, "").pk)]

    def due(self, org: str, group_id: str) -> Mapping[str, datetime]:
        """The instant at which each unused packed list of the group is to be deleted, by its id."""
        notes = self._table.query_all(keys.expired_versions(org, group_id, "").pk)
        return {item["sk"]: datetime.fromisoformat(item["due_at"]) for item in notes}

    def before(self, org: str, group_id: str, version_id: str) -> ListVersion | None:
        """The version that was current before this one; None if there was none."""
        versions = newest_first(self.list_versions(org, group_id))
        older = list(dropwhile(lambda version: version.version_id != version_id, versions))
        return next((version for version in older[1:] if version.at), None)

    def due_to_publish(self, now: datetime) -> Iterator[tuple[str, str, ListVersion]]:
        """Yield organiser, group and version of each version that became current and was not recorded as such yet."""
        for key in self._due.keys(now):
            item = self._table.get(key)
            if item and item.get("due_at", "~") <= instant(now):
                yield keys.organiser_of(item["pk"]), item["group_id"], from_stored(item)

    def record_publication(self, org: str, group_id: str, version: ListVersion, unread: Iterable[str]) -> None:
        """Save that a scheduled version is current now, and when the `unread` packed lists are to be deleted."""
        at = version.at
        if at is None:
            return
        for part in unread:
            self._table.put(deletion_note(ExpiredVersion(org, group_id, part), at + RETENTION).put or {})
        key = keys.list_version(org, group_id, version.version_id)
        changes = {"published_at": instant(at), "origin": Origin.INSTANT.value}
        with suppress(ConditionFailed):
            self._table.update(key, changes, remove=("due_pk", "due_at"), when=conditions.present("due_at"))

    def restore(self, org: str, publication: Publication, due: Mapping[str, datetime], entry: AuditEntry) -> None:
        """Publish a version, or cancel a scheduled one, atomically with the audit entry.

        Raises `ConcurrentModification` if the index has changed or the version was deleted.
        """
        group_id, at = publication.group.group_id, entry.at
        writes = [*version_writes(org, publication, at, origin=Origin.RETURN), Write(put=audit_entry_item(org, entry))]
        writes += [
            Write(
                key=keys.expired_versions(org, group_id, part),
                delete=True,
                when=conditions.equals("due_at", instant(due[part])),
            )
            for part in publication.new_versions
            if part in due
        ]
        writes += [
            deletion_note(ExpiredVersion(org, group_id, part), at + RETENTION) for part in publication.expired_versions
        ]
        self._indexes.write_group_index(org, publication.index, *writes)

    def expire(self, org: str, group_id: str, version_id: str, now: datetime) -> None:
        """Let the record of the version with this newest packed list expire."""
        key = keys.list_version(org, group_id, version_id)
        with suppress(ConditionFailed):
            self._table.update(key, {"ttl": int((now + RECORD_RETENTION).timestamp())}, when=conditions.present())


def version_write(
    org: str,
    group_id: str,
    version: ListVersion,
    *,
    numbers: Mapping[str, int] | None = None,
    published_at: datetime | None = None,
    publish_at: datetime | None = None,
    origin: Origin | None = None,
) -> Write:
    """The write that saves the version with the given attributes; all others stay unchanged."""
    changes: dict[str, Any] = {
        "group_id": group_id,
        "parts": json.dumps(
            [[part.version_id, part.partitions, part.entries, part.fingerprints] for part in version.parts]
        ),
        "entries": version.entries,
        **(numbers or {}),
    }
    key = keys.list_version(org, group_id, version.version_id)
    changes |= {"published_at": instant(published_at)} if published_at else {}
    changes |= {"origin": origin.value} if origin else {}
    changes |= {"publish_at": instant(publish_at), **due_attributes(DUE, key, publish_at)} if publish_at else {}
    return Write(key=key, changes=changes, remove=("due_pk", "due_at") if published_at else ())


def version_writes(
    org: str,
    publication: Publication,
    at: datetime | None,
    *,
    numbers: Mapping[str, int] | None = None,
    origin: Origin | None = None,
) -> Iterator[Write]:
    """The writes for the versions that a publication makes current, replaces, schedules or cancels.

    The replaced one has a record already, unless an earlier release published it.
    """
    group_id, current = publication.group.group_id, version_of(publication.group)
    former = version_of(publication.former) if publication.former else None
    if (current and current.version_id) != (former and former.version_id):
        if current:
            yield version_write(org, group_id, current, numbers=numbers, published_at=at, origin=origin)
        if former:
            yield version_write(org, group_id, former)
    known_ids = (
        {scheduled.version.version_id for scheduled in publication.former.scheduled} if publication.former else set()
    )
    for scheduled in publication.group.scheduled:
        if scheduled.version.version_id not in known_ids:
            version = ListVersion(
                version_id=scheduled.version.version_id, base=scheduled.version, entries=scheduled.entries
            )
            yield version_write(org, group_id, version, numbers=numbers, publish_at=scheduled.at)
    for version_id in sorted(known_ids - publication.group.version_ids):
        yield Write(key=keys.list_version(org, group_id, version_id), delete=True)


def from_stored(item: Item) -> ListVersion:
    """Parse the version from its item in the table or from an image in the stream."""
    base, *overlay = [Version(*part) for part in json.loads(item["parts"])]
    return ListVersion(
        version_id=item["sk"],
        base=base,
        overlay=overlay[0] if overlay else None,
        entries=item["entries"],
        published_at=parse_instant(item.get("published_at")),
        publish_at=parse_instant(item.get("publish_at")),
        origin=Origin(item.get("origin", Origin.IMPORT)),
        **{name: item.get(name, 0) for name in _NUMBERS},
    )
