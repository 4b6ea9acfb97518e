"""Which of a person's memberships grant something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from guestlist.groups.index import GroupIndex, GroupType
from guestlist.groups.membership import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Granting:
    """A membership that grants something. `removal_date` is the calculated one in an automatic group."""

    group_id: str
    name: str
    type: GroupType
    added_at: datetime
    removal_date: datetime | None


def granting(groups: GroupIndex, memberships: Iterable[Membership], now: datetime) -> tuple[Granting, ...]:
    """Those that have not ended, of groups that are there, have started and have not expired; the oldest first."""
    pairs = [
        (groups.groups[membership.group_id], membership)
        for membership in memberships
        if membership.group_id in groups.groups and not membership.ended(now)
    ]
    return tuple(
        Granting(
            group_id=group.group_id,
            name=group.name,
            type=group.type,
            added_at=membership.added_at,
            removal_date=membership.removal_at,
        )
        for group, membership in sorted(pairs, key=lambda pair: (pair[1].added_at, pair[0].group_id))
        if group.active(now)
    )
