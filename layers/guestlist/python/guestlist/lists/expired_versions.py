"""Store of list versions that are scheduled for deletion: replaced ones, and those that were never published."""

from collections.abc import Iterator
from datetime import datetime

from guestlist.aws import keys
from guestlist.aws.due import DueIndex, due_attributes
from guestlist.aws.table import Table, Write
from guestlist.imports.ports import ExpiredVersion

DUE = "version"


class ExpiredVersions:
    """The scheduled deletions, in the due index."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._due = DueIndex(table, DUE)

    def add_version(self, version: ExpiredVersion, at: datetime) -> None:
        """Schedule the deletion of the version at that instant, unless it is current then."""
        item = deletion_note(version, at).put
        self._table.put(item or {})

    def remove_version(self, version: ExpiredVersion) -> None:
        """Delete the note, as the version is deleted."""
        self._table.delete(_key(version))

    def due(self, now: datetime) -> Iterator[ExpiredVersion]:
        """The versions to delete now."""
        for key in self._due.keys(now):
            item = self._table.get(key)
            if item:
                yield ExpiredVersion(item["org"], item["group_id"], item["sk"])


def deletion_note(version: ExpiredVersion, at: datetime) -> Write:
    """The write that schedules the deletion, for a transaction."""
    key = _key(version)
    facts = {"org": version.org, "group_id": version.group_id}
    return Write(put={**key._asdict(), **facts, **due_attributes(DUE, key, at)})


def cancel_deletion(version: ExpiredVersion) -> Write:
    """The write that cancels the deletion, for the transaction in which the version becomes current."""
    return Write(key=_key(version), delete=True)


def _key(version: ExpiredVersion) -> keys.Key:
    return keys.expired_versions(version.org, version.group_id, version.version_id)
