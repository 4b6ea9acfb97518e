"""All that a check knows besides the question."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from guestlist.catalogue.restrictions import Discount, RestrictionIndex
from guestlist.checkout.rows import Row
from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup

if TYPE_CHECKING:
    from guestlist.groups.membership import Membership


class CheckContext(NamedTuple):
    """What one check reads. `memberships` are the customer's, by group; rows are of groups not deleted.

    `by_code` has every row that the code finds, `by_email` those that the e-mail finds in the groups that matter.
    """

    groups: GroupIndex
    restrictions: RestrictionIndex
    memberships: Mapping[str, "Membership"] = MappingProxyType({})
    by_code: tuple[Row, ...] = ()
    by_email: tuple[Row, ...] = ()
    discount: Discount | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, those of the code first."""
        return self.by_code + self.by_email

    def active_groups(self, group_ids: tuple[str, ...], now: datetime) -> list[IndexedGroup]:
        """Those of the groups that are there, have started and have not expired, in the given order."""
        groups = (self.groups.groups.get(group_id) for group_id in group_ids)
        return [group for group in groups if group is not None and group.active(now)]


def of_customers(group: IndexedGroup) -> bool:
    """Whether people are in the group as themselves, so that only a login shows it."""
    return group.type is not GroupType.TARGET


def target_groups(index: GroupIndex) -> list[IndexedGroup]:
    """The groups of the organiser that have lists."""
    return [group for group in index.groups.values() if not of_customers(group)]
