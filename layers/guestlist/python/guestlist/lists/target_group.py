"""Precondition of calls for lists: the group is a target group."""

from guestlist.groups.index import GroupType
from guestlist.model.errors import Conflict


def require_entries(group_type: GroupType) -> None:
    """Raise `Conflict` for a group that has members instead of entries."""
    if group_type is not GroupType.TARGET:
        raise Conflict("not_target_group")
