"""Context of a check: all data that it needs besides the request."""

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
    """Data of one check. `memberships` are the customer's, by group id; rows are of groups that are not deleted.

    `by_code` has every row that matches the code, `by_email` those that match the e-mail in the relevant groups.
    """

    groups: GroupIndex
    restrictions: RestrictionIndex
    memberships: Mapping[str, "Membership"] = MappingProxyType({})
    by_code: tuple[Row, ...] = ()
    by_email: tuple[Row, ...] = ()
    discount: Discount | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, those of the code first."""
        return self.by_code + self.by_email

    def active_groups(self, group_ids: tuple[str, ...], now: datetime) -> list[IndexedGroup]:
        """The groups that exist and are active at `now`, in the given order."""
        groups = (self.groups.groups.get(group_id) for group_id in group_ids)
        return [group for group in groups if group is not None and group.is_active(now)]


def is_customer_group(group: IndexedGroup) -> bool:
    """Whether this is a manual or automatic group, whose members must log in to use it."""
    return group.type is not GroupType.TARGET


def target_groups(index: GroupIndex) -> list[IndexedGroup]:
    """The target groups of the index."""
    return [group for group in index.groups.values() if not is_customer_group(group)]
