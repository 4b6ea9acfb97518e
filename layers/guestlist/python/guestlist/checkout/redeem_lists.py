"""What a redemption reads of lists: the rows that its code or e-mail finds, and what is counted of them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.checkout.context import of_customers, target_groups
from guestlist.checkout.counting import NOTHING, Uses
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.parts import part_number
from guestlist.checkout.redemption import Ask, Redemption
from guestlist.checkout.refusal import refusal
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row
from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.lists.entry import Entry
from guestlist.lists.lookup import ListLookup
from guestlist.lists.lookup_query import LookupQuery, code_keys, email_keys
from guestlist.model.email_address import asked_spellings
from guestlist.model.errors import Unknown
from guestlist.model.normal_form import spellings


class Lists:
    """The target groups of one organiser, as one redemption sees them."""

    def __init__(
        self,
        table: Table,
        lookup: ListLookup,
        groups: Callable[[], GroupIndex],
        first_read: FirstRead,
        now: datetime,
    ) -> None:
        self._table = table
        self._lookup = lookup
        self._groups = groups
        self._org = first_read.token.organiser_id
        self._index = first_read.groups
        self._request = first_read.request
        self._now = now

    def rows(self, ask: Ask) -> tuple[Sequence[Row], Uses]:
        """The rows that the code finds, or without one the e-mail, and all that is counted under that key.

        With a group id only that group's. Raises `Conflict` for a deleted group, `Unknown` for one that never was.
        """
        groups = target_groups(self._index) if ask.group_id is None else self._group_of(ask.group_id)
        seats = None if ask.seat is None else spellings(ask.seat)
        emails = asked_spellings(ask.email or "")
        searches = [
            LookupQuery(self._org, key, tuple(groups), seats, emails)
            for key in (email_keys(ask.email or "") if ask.code is None else code_keys(ask.code))
        ]
        results = self._lookup.find_rows(self._org, searches, self._now, part=part_number(self._request))
        first = next((result for result in results if result.rows), None)
        return (first.rows, first.uses) if first else ((), NOTHING)

    def has(self, row: Row) -> bool:
        """Whether the row is still in the current list of a group that is there: read again, now."""
        group = self._groups().groups.get(row.group.group_id)
        if group is None or (group.base, group.overlay) == (row.group.base, row.group.overlay):
            return group is not None
        search = LookupQuery(self._org, row.entry.key, (group,), (row.entry.seat,), (row.entry.email,))
        (found,) = self._lookup.find_rows(self._org, [search], self._now)
        return any(current_row.entry.identity == row.entry.identity for current_row in found.rows)

    def _group_of(self, group_id: str) -> list[IndexedGroup]:
        group = self._index.groups.get(group_id)
        if group is not None:
            return [] if of_customers(group) else [group]
        if self._table.get(keys.group(self._org, group_id)) is not None:
            raise refusal(Reason.GROUP_DELETED)
        raise Unknown("There is no such group.")


def quantity_now(lookup: ListLookup, org: str, groups: GroupIndex, redemption: Redemption, now: datetime) -> int:
    """How often the entry of a redemption can be used by its list as it is: never, once it has left the list.

    As often as then, where what the redemption says of the entry is not all: an earlier version recorded it, or its
    person was erased.
    """
    entry = Entry(redemption.code, redemption.email, redemption.category, redemption.seat)
    if redemption.counter_key.whole != lookup.counter_key(org, redemption.group_id, entry):
        return redemption.limit
    group = groups.groups.get(redemption.group_id)
    if group is None:
        return 0
    search = LookupQuery(org, entry.key, (group,), (entry.seat,), (entry.email,))
    (found,) = lookup.find_rows(org, [search], now)
    return next((row.entry.quantity for row in found.rows if row.entry.identity == entry.identity), 0)
