"""Preconditions of calls for a group, and their errors."""

from datetime import datetime

from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.groups.model import Group
from guestlist.model.errors import Conflict, Unknown


def unknown_group(group_id: str) -> Unknown:
    """The error for an unknown group id."""
    return Unknown("not_found.group", id=group_id)


def require_unexpired(group: Group | IndexedGroup, now: datetime) -> None:
    """Raise `Conflict` for a group that has expired and does not change any more."""
    if group.is_expired(now):
        raise Conflict("group_expired")


def require_automatic(group: Group) -> None:
    """Raise `Conflict` for a group without rules."""
    if group.type is not GroupType.AUTOMATIC:
        raise Conflict("not_automatic")
