"""Delete versions of lists that are no longer referenced, after a retention period."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from guestlist.groups.index import IndexedGroup
from guestlist.imports.ports import PackedListStore
from guestlist.lists.importing.storing import Progress, delete_version

RETENTION = timedelta(days=30)
NEVER_PUBLISHED = timedelta(days=2)
"""When a version is deleted that was never published, counted from before its first write."""
_WRITING = timedelta(minutes=15)
"""The longest time that writing a version takes."""


def may_be_written(due: Iterable[datetime], now: datetime) -> bool:
    """Whether a version of a list may be being written, judged by the instants at which versions are to be deleted."""
    return any(abs(at - now - NEVER_PUBLISHED) < _WRITING for at in due)


def delete_if_unused(
    version_id: str, group: IndexedGroup | None, list_store: PackedListStore, progress: Progress
) -> bool:
    """Delete a version unless the indexed group uses it; returns whether it was deleted."""
    if group and version_id in group.version_ids:
        return False
    delete_version(list_store, version_id, progress)
    return True
