"""Versions of lists that nothing points to any more are deleted in their time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from guestlist.groups.index import IndexedGroup
from guestlist.imports.ports import PackedListStore
from guestlist.lists.importing.storing import Progress, clear

RETENTION = timedelta(days=30)
NEVER_PUBLISHED = timedelta(days=2)
"""After so long a version is deleted that was noted before it was begun, and never published."""
_WRITING = timedelta(minutes=15)
"""So long at most a version is being written."""


def may_be_written(due: Iterable[datetime], now: datetime) -> bool:
    """Whether somebody may be writing a version of a list, by when its versions are to be deleted."""
    return any(abs(at - now - NEVER_PUBLISHED) < _WRITING for at in due)


def tidy(version_id: str, group: IndexedGroup | None, list_store: PackedListStore, progress: Progress) -> bool:
    """Delete the version with all its parts, unless the group, as the index has it, reads it; answers if it was."""
    if group and version_id in group.version_ids:
        return False
    clear(list_store, version_id, progress)
    return True
