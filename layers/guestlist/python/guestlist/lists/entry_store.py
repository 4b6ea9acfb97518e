"""The rows of a target group with what is used of them, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.aws.table_reads import joined
from guestlist.checkout.counting import Balance, balance, doubtful
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.redemption import CounterKey
from guestlist.groups.index import IndexedGroup
from guestlist.lists.entry import Entry
from guestlist.lists.packed_list import PackedList, pages
from guestlist.lists.store import PackedListStore

_AT_ONCE = 8
_COUNTED_AT_ONCE = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedEntry:
    """One row, and how many of its uses are made or held now. None for what the row does not have."""

    code: str | None
    email: str | None
    category: str | None
    seat: str | None
    quantity: int
    used: int
    held: int


class Entries:
    """Reads the lists of target groups."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(
        self, org: str, group: IndexedGroup, limit: int, now: datetime, start: Mapping[str, Any] | None = None
    ) -> tuple[list[UsedEntry], Mapping[str, int] | None]:
        """At most `limit` rows, in no order to speak of, and where to go on; None at the end.

        When another version of the list is published between two pages, rows may be told twice or left out.
        """
        found = list(islice(self._from(org, group, start), limit + 1))
        rows = [entry for _, entry in found[:limit]]
        following = found[limit - 1][0] if len(found) > limit else None
        return self._counted(org, group.group_id, rows, now), following

    def every(
        self, org: str, group: IndexedGroup, now: datetime, start: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[Mapping[str, int], Entry, int, int]]:
        """All rows from a place on, read as they are asked for: the place behind each, the row, what is used and held.

        Raises `Damaged` where the list was replaced so long ago that it is not kept any more.
        """
        found = self._from(org, group, start)
        while batch := list(islice(found, _COUNTED_AT_ONCE)):
            counted = self._counted(org, group.group_id, [entry for _, entry in batch], now)
            for (place, entry), one in zip(batch, counted, strict=True):
                yield place, entry, one.used, one.held

    def _from(
        self, org: str, group: IndexedGroup, start: Mapping[str, Any] | None
    ) -> Iterator[tuple[Mapping[str, int], Entry]]:
        """Rows with the place behind each, from a place on; in a list of other buckets, from about there."""
        if group.base is None:
            return
        buckets = group.base.buckets
        at = start or {"bucket": 0, "of": buckets, "behind": 0}
        first = at["bucket"] * buckets // at["of"]
        skipped = at["behind"] if at["of"] == buckets else 0
        list_store = PackedListStore(self._table, org, group.group_id)
        for bucket, entries in pages(list_store.read, PackedList(group.base, group.overlay), first, at_once=_AT_ONCE):
            for number, entry in enumerate(entries, start=1):
                if bucket > first or number > skipped:
                    yield {"bucket": bucket, "of": buckets, "behind": number}, entry

    def _counted(self, org: str, group_id: str, rows: Sequence[Entry], now: datetime) -> list[UsedEntry]:
        spots = [CounterKey(*keys.counter(org, group_id, row.identity)) for row in rows]
        known = self._balances(org, spots, now)
        return [_used(row, known.get(counter_key, Balance())) for row, counter_key in zip(rows, spots, strict=True)]

    def _balances(self, org: str, spots: Sequence[CounterKey], now: datetime) -> Mapping[CounterKey, Balance]:
        """What is used of the entries that something was ever taken from; only of those is more read."""
        ledger = Ledger(self._table, org)
        taken = {CounterKey(*key) for key in self._table.get_many(keys.Key(*counter_key) for counter_key in spots)}
        partitions = sorted({counter_key.partition for counter_key in taken})
        found = self._table.read(joined([ledger.reading(one, now, whole=True) for one in partitions]))
        uses = dict(zip(partitions, found, strict=True))
        requests = set().union(*(doubtful(one, now) for one in uses.values()))
        known = ledger.redemptions(requests) if requests else {}
        return {counter_key: balance(uses[counter_key.partition], counter_key, known, now) for counter_key in taken}


def _used(row: Entry, balance: Balance) -> UsedEntry:
    return UsedEntry(
        code=row.code or None,
        email=row.email or None,
        category=row.category or None,
        seat=row.seat or None,
        quantity=row.quantity,
        used=balance.used,
        held=balance.held,
    )
