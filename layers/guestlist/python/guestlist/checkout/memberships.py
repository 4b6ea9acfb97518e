"""The memberships of a person that grant something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from guestlist.groups.index import GroupIndex, GroupType
from guestlist.groups.membership import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantingMembership:
    """A membership that grants something.

    In an automatic group `removal_date` is the end of the minimum stay, None once it has passed: whoever still meets
    the rules then stays, and no end is known.
    """

    group_id: str
    name: str
    type: GroupType
    added_at: datetime
    removal_date: datetime | None


def granting_memberships(
    groups: GroupIndex, memberships: Iterable[Membership], now: datetime
) -> tuple[GrantingMembership, ...]:
    """The memberships that have not ended, of active groups, the oldest first."""
    pairs = [
        (groups.groups[membership.group_id], membership)
        for membership in memberships
        if membership.group_id in groups.groups and not membership.has_ended(now)
    ]
    return tuple(
        GrantingMembership(
            group_id=group.group_id,
            name=group.name,
            type=group.type,
            added_at=membership.added_at,
            removal_date=_later(membership.removal_at, now),
        )
        for group, membership in sorted(pairs, key=lambda pair: (pair[1].added_at, pair[0].group_id))
        if group.is_active(now)
    )


def _later(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None
