"""List lookup of a redemption: the rows that match its code or e-mail, with their uses."""

from collections.abc import Callable, Sequence
from datetime import datetime

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.checkout.context import is_customer_group, target_groups
from guestlist.checkout.counter_sharding import part_number
from guestlist.checkout.counting import NO_USES, Uses
from guestlist.checkout.first_read import FirstRead
from guestlist.checkout.redemption import Redemption, RedemptionRequest
from guestlist.checkout.refusal import refusal
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row
from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.groups.preconditions import unknown_group
from guestlist.lists.entry import Entry
from guestlist.lists.lookup import ListLookup
from guestlist.lists.lookup_query import LookupQuery, code_keys, email_keys
from guestlist.model.email_address import asked_spellings
from guestlist.model.normal_form import spellings


class Lists:
    """Reader of one organiser's lists for one redemption."""

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

    def rows(self, request: RedemptionRequest) -> tuple[Sequence[Row], Uses]:
        """The rows that match the code, or without a code the e-mail, and the uses of that key.

        With a group id only that group's. Raises `Conflict` for a deleted group, `Unknown` for an unknown one.
        """
        groups = target_groups(self._index) if request.group_id is None else self._group_of(request.group_id)
        seats = None if request.seat is None else spellings(request.seat)
        emails = asked_spellings(request.email or "")
        queries = [
            LookupQuery(self._org, key, tuple(groups), seats, emails)
            for key in (email_keys(request.email or "") if request.code is None else code_keys(request.code))
        ]
        results = self._lookup.find_rows(self._org, queries, self._now, part=part_number(self._request))
        first = next((result for result in results if result.rows), None)
        return (first.rows, first.uses) if first else ((), NO_USES)

    def has(self, row: Row) -> bool:
        """Whether the row is still in the current list of its group; reads the index again."""
        group = self._groups().groups.get(row.group.group_id)
        if group is None or (group.base, group.overlay) == (row.group.base, row.group.overlay):
            return group is not None
        query = LookupQuery(self._org, row.entry.key, (group,), (row.entry.seat,), (row.entry.email,))
        (result,) = self._lookup.find_rows(self._org, [query], self._now)
        return any(current_row.entry.identity == row.entry.identity for current_row in result.rows)

    def _group_of(self, group_id: str) -> list[IndexedGroup]:
        group = self._index.groups.get(group_id)
        if group is not None:
            return [] if is_customer_group(group) else [group]
        if self._table.get(keys.group(self._org, group_id)) is not None:
            raise refusal(Reason.GROUP_DELETED)
        raise unknown_group(group_id)


def quantity_now(lookup: ListLookup, org: str, groups: GroupIndex, redemption: Redemption, now: datetime) -> int:
    """Quantity of a redemption's entry in the current list; 0 if it was removed.

    The quantity at the time of the redemption if the record lacks texts of the entry: an earlier release wrote it,
    or the person was erased.
    """
    entry = Entry(redemption.code, redemption.email, redemption.category, redemption.seat)
    if redemption.counter_key.first_counter != lookup.counter_key(org, redemption.group_id, entry):
        return redemption.limit
    group = groups.groups.get(redemption.group_id)
    if group is None:
        return 0
    query = LookupQuery(org, entry.key, (group,), (entry.seat,), (entry.email,))
    (result,) = lookup.find_rows(org, [query], now)
    return next((row.entry.quantity for row in result.rows if row.entry.identity == entry.identity), 0)
