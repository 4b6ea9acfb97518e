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

    def add_version(self, superseded: ExpiredVersion, at: datetime) -> None:
        """Have the version deleted at that instant, unless it is current then."""
        item = retirement(superseded, at).put
        self._table.put(item or {})

    def remove_version(self, superseded: ExpiredVersion) -> None:
        """Nothing is left to delete."""
        self._table.delete(_key(superseded))

    def due(self, now: datetime) -> Iterator[ExpiredVersion]:
        """The versions whose instant has come."""
        for key in self._due.keys(now):
            item = self._table.get(key)
            if item:
                yield ExpiredVersion(item["org"], item["group_id"], item["sk"])


def retirement(superseded: ExpiredVersion, at: datetime) -> Write:
    """The same as `note`, as a write of a transaction."""
    key = _key(superseded)
    facts = {"org": superseded.org, "group_id": superseded.group_id}
    return Write(put={**key._asdict(), **facts, **due_attributes(DUE, key, at)})


def delete_note(superseded: ExpiredVersion) -> Write:
    """The write that deletes a note, for the transaction in which its version becomes current."""
    return Write(key=_key(superseded), delete=True)


def _key(superseded: ExpiredVersion) -> keys.Key:
    return keys.expired_versions(superseded.org, superseded.group_id, superseded.version_id)
