"""Versions of lists that nothing points to any more are deleted in their time."""

from datetime import timedelta

from guestlist.groups.index import IndexedGroup
from guestlist.imports.ports import PackedListStore
from guestlist.lists.importing.storing import Progress, clear

KEPT = timedelta(days=30)
NEVER_PUBLISHED = timedelta(days=2)


def tidy(version_id: str, group: IndexedGroup | None, list_store: PackedListStore, progress: Progress) -> bool:
    """Delete the version with all its parts, unless the group, as the index has it, reads it; answers if it was."""
    if group and version_id in group.version_ids:
        return False
    clear(list_store, version_id, progress)
    return True
