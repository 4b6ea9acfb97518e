"""The rows of a target group with what is used of them, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated

from annotated_types import MaxLen

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.aws.table_reads import joined
from guestlist.checkout.counting import Balance, Uses, balance, doubtful
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.redemption import CounterKey
from guestlist.groups.index import IndexedGroup
from guestlist.imports.ports import Gone
from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.lists.entry_search import Found, rows, search, sifted, with_texts
from guestlist.lists.packed_list import PackedList, lines
from guestlist.lists.prefix_search import Position, term
from guestlist.lists.search_index import found_in, indexed_part, search_from
from guestlist.lists.search_index_store import SearchIndexes
from guestlist.lists.store import PackedListStore
from guestlist.lists.usage import Usage

MOST_LOOKED = 2_000
"""So many rows are looked at for a page of those that are used so much."""
_AT_ONCE = 8
_COUNTED_AT_ONCE = 800
_FILTERED_AT_ONCE = 400


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which rows: those of which a code or an e-mail address begins so, and of which so much is redeemed."""

    q: Annotated[str, MaxLen(254)] = ""
    used: Usage | None = None


class Entries:
    """Reads the lists of target groups."""

    def __init__(self, table: Table, indexes: SearchIndexes) -> None:
        self._table = table
        self._indexes = indexes

    def page(
        self,
        org: str,
        group: IndexedGroup,
        wanted: EntryFilter,
        limit: int,
        now: datetime,
        start: Position | None = None,
    ) -> tuple[list[UsedEntry], Position | None]:
        """At most `limit` rows and where to go on; None at the end. While rows may follow, a page may have fewer.

        They come in no order to speak of, but with a `q` in that of what begins so. When another version of the list
        is published between two pages, rows may be told twice or left out.
        """
        found = self._found(org, group, wanted.q, now, start)
        if wanted.used is not None:
            return self._filtered(org, group.group_id, found, wanted.used, limit, now)
        ahead = list(islice(found, limit + 1))
        page, stopped = ahead[:limit], bool(ahead) and ahead[-1][1] is None
        following = page[-1][0] if len(ahead) > limit or stopped else None
        return self._counted(org, group.group_id, [entry for _, entry in page if entry], now), following

    def every(
        self, org: str, group: IndexedGroup, now: datetime, start: Position | None = None
    ) -> Iterator[tuple[Position, Entry, int, int]]:
        """All rows from a place on, read as they are asked for: the place behind each, the row, what is used and held.

        Raises `Damaged` where the list was replaced so long ago that it is not kept any more.
        """
        found = self._found(org, group, "", now, start)
        while batch := list(islice(found, _COUNTED_AT_ONCE)):
            entries = [entry for _, entry in batch if entry]
            counted = self._counted(org, group.group_id, entries, now)
            for (position, _), entry, one in zip(batch, entries, counted, strict=True):
                yield position, entry, one.used, one.held

    def _found(self, org: str, group: IndexedGroup, q: str, now: datetime, start: Position | None) -> Found:
        read, of = PackedListStore(self._table, org, group.group_id).read, PackedList(group.base, group.overlay)
        if not term(q):
            return rows(read, of, start, at_once=_AT_ONCE)
        part = indexed_part(of) if start is None or "at" in start else None
        indexed = self._indexed(org, group, part, q, now, start) if part else None
        return indexed or search(read, of, q, start)

    def _indexed(
        self, org: str, group: IndexedGroup, part: PackedList, q: str, now: datetime, start: Position | None
    ) -> Found | None:
        """What the index of a long list finds; where there is none, one is asked for."""
        prefix, read = term(q), PackedListStore(self._table, org, group.group_id).read
        opened = self._indexes.open(org, group, part, now)
        if opened is not None:
            over = opened.over
            kept = sifted(with_texts(read, opened.texts), prefix)
            above = lines(kept, over.version_id, range(over.buckets)) if over else ()
            try:
                records = self._indexes.records(opened, search_from(prefix, start))
                return found_in(records, map(entry_line.entry, above), prefix, start)
            except Gone:
                self._indexes.drop(org, group, part)
        self._indexes.ask(org, group, now)
        return None

    def _filtered(
        self, org: str, group_id: str, found: Found, usage: Usage, limit: int, now: datetime
    ) -> tuple[list[UsedEntry], Position | None]:
        """At most `limit` rows that fit, among the next `MOST_LOOKED`."""
        fitting: list[UsedEntry] = []
        looked, at = 0, None
        for position, one in self._with_usage(org, group_id, found, now):
            if len(fitting) == limit:
                return fitting, at
            looked, at = looked + 1, position
            fitting += [one] if one and usage.fits(one.used, one.quantity) else []
            if one is None or looked == MOST_LOOKED:
                return fitting, at
        return fitting, None

    def _with_usage(
        self, org: str, group_id: str, found: Found, now: datetime
    ) -> Iterator[tuple[Position, UsedEntry | None]]:
        while batch := list(islice(found, _FILTERED_AT_ONCE)):
            counted = iter(self._counted(org, group_id, [entry for _, entry in batch if entry], now))
            yield from ((position, next(counted) if entry else None) for position, entry in batch)

    def _counted(self, org: str, group_id: str, rows: Sequence[Entry], now: datetime) -> list[UsedEntry]:
        spots = [CounterKey(*keys.counter(org, group_id, row.identity)) for row in rows]
        known = self._balances(org, spots, now)
        return [_used(row, known.get(counter_key, Balance())) for row, counter_key in zip(rows, spots, strict=True)]

    def _balances(self, org: str, spots: Sequence[CounterKey], now: datetime) -> Mapping[CounterKey, Balance]:
        """What is used of the entries that something was ever taken from; only of those is more read."""
        ledger, taken = Ledger(self._table, org), set(spots)
        if len(spots) > 1:
            taken = {CounterKey(*key) for key in self._table.get_many(keys.Key(*counter_key) for counter_key in spots)}
        uses = self._uses(ledger, sorted({counter_key.partition for counter_key in taken}), now)
        requests = set().union(*(doubtful(one, now) for one in uses.values()))
        known = ledger.redemptions(requests) if requests else {}
        return {counter_key: balance(uses[counter_key.partition], counter_key, known, now) for counter_key in taken}

    def _uses(self, ledger: Ledger, partitions: Sequence[str], now: datetime) -> Mapping[str, Uses]:
        found = self._table.read(joined([ledger.reading(one, now, few=True) for one in partitions]))
        return {
            one: ledger.uses(one, now, whole=True) if uses.more else uses
            for one, uses in zip(partitions, found, strict=True)
        }


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
