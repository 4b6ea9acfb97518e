"""Read the entries of a target group with their uses, in pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated

from annotated_types import MaxLen

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.aws.table_reads import join_readings
from guestlist.checkout.counting import Balance, Uses, balance, requests_to_verify
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.redemption import CounterKey
from guestlist.groups.index import IndexedGroup
from guestlist.imports.ports import FileMissing
from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.lists.entry_search import SearchResults, prefiltered, rows, search, with_known_texts
from guestlist.lists.packed_list import PackedList, lines
from guestlist.lists.prefix_search import Position, term
from guestlist.lists.search_index import indexed_part, search_from, search_records
from guestlist.lists.search_index_store import SearchIndexes
from guestlist.lists.store import PackedListStore
from guestlist.lists.usage import Usage

MAX_ROWS_FILTERED = 2_000
"""The most rows that are examined for a page with the filter `used`."""
_AT_ONCE = 8
_COUNTED_AT_ONCE = 800
_FILTERED_AT_ONCE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedEntry:
    """An entry with the numbers of its used and held uses; fields that it lacks are None."""

    code: str | None
    email: str | None
    category: str | None
    seat: str | None
    quantity: int
    used: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """A filter of entries by a prefix of code or e-mail address, and by how many of their uses are redeemed."""

    q: Annotated[str, MaxLen(254)] = ""
    used: Usage | None = None


class Entries:
    """Reads entries of target groups' lists."""

    def __init__(self, table: Table, indexes: SearchIndexes) -> None:
        self._table = table
        self._indexes = indexes

    def list_entries(
        self,
        org: str,
        group: IndexedGroup,
        filters: EntryFilter,
        limit: int,
        now: datetime,
        start: Position | None = None,
    ) -> tuple[list[UsedEntry], Position | None]:
        """At most `limit` entries and the position after them, None at the end; a page may have fewer before the end.

        The order is undefined, except with a `q`: then entries are sorted by the term that matches. If another version
        of the list is published between two pages, entries may occur twice or be missing.
        """
        rows_found = self._search(org, group, filters.q, now, start)
        if filters.used is not None:
            return self._filtered(org, group.group_id, rows_found, filters.used, limit, now)
        ahead = list(islice(rows_found, limit + 1))
        page, is_stopped = ahead[:limit], bool(ahead) and ahead[-1][1] is None
        following = page[-1][0] if len(ahead) > limit or is_stopped else None
        return self._with_balances(org, group.group_id, [entry for _, entry in page if entry], now), following

    def iterate_entries(
        self, org: str, group: IndexedGroup, now: datetime, start: Position | None = None
    ) -> Iterator[tuple[Position, Entry, int, int]]:
        """Yield all entries from a position on: the position after each, the entry, and its used and held uses.

        Raises `MissingText` if the list was replaced so long ago that it was deleted.
        """
        rows_found = self._search(org, group, "", now, start)
        while batch := list(islice(rows_found, _COUNTED_AT_ONCE)):
            entries = [entry for _, entry in batch if entry]
            counted = self._with_balances(org, group.group_id, entries, now)
            for (position, _), entry, used_entry in zip(batch, entries, counted, strict=True):
                yield position, entry, used_entry.used, used_entry.held

    def _search(self, org: str, group: IndexedGroup, q: str, now: datetime, start: Position | None) -> SearchResults:
        read, of = PackedListStore(self._table, org, group.group_id).read_texts, PackedList(group.base, group.overlay)
        if not term(q):
            return rows(read, of, start, at_once=_AT_ONCE)
        part = indexed_part(of) if start is None or "at" in start else None
        indexed = self._search_index(org, group, part, q, now, start) if part else None
        return indexed or search(read, of, q, start)

    def _search_index(
        self, org: str, group: IndexedGroup, part: PackedList, q: str, now: datetime, start: Position | None
    ) -> SearchResults | None:
        """The results from the index of a long list; None without an index, which is then requested."""
        prefix, read = term(q), PackedListStore(self._table, org, group.group_id).read_texts
        index = self._indexes.open(org, group, part, now)
        if index is not None:
            overlay = index.overlay
            read_likely = prefiltered(with_known_texts(read, index.texts), prefix)
            above = lines(read_likely, overlay.version_id, range(overlay.partitions)) if overlay else ()
            try:
                records = self._indexes.records(index, search_from(prefix, start))
                return search_records(records, map(entry_line.entry, above), prefix, start)
            except FileMissing:
                self._indexes.delete_index(org, group, part)
        self._indexes.request_build(org, group, now)
        return None

    def _filtered(
        self, org: str, group_id: str, rows_found: SearchResults, usage: Usage, limit: int, now: datetime
    ) -> tuple[list[UsedEntry], Position | None]:
        """At most `limit` rows that fit, among the next `MAX_ROWS_FILTERED`."""
        fitting: list[UsedEntry] = []
        examined, at = 0, None
        for position, used_entry in self._with_usage(org, group_id, rows_found, now):
            if len(fitting) == limit:
                return fitting, at
            examined, at = examined + 1, position
            fitting += [used_entry] if used_entry and usage.fits(used_entry.used, used_entry.quantity) else []
            if used_entry is None or examined == MAX_ROWS_FILTERED:
                return fitting, at
        return fitting, None

    def _with_usage(
        self, org: str, group_id: str, rows_found: SearchResults, now: datetime
    ) -> Iterator[tuple[Position, UsedEntry | None]]:
        while batch := list(islice(rows_found, _FILTERED_AT_ONCE)):
            counted = iter(self._with_balances(org, group_id, [entry for _, entry in batch if entry], now))
            yield from ((position, next(counted) if entry else None) for position, entry in batch)

    def _with_balances(self, org: str, group_id: str, rows: Sequence[Entry], now: datetime) -> list[UsedEntry]:
        digest_key = self._table.digest_key
        counter_keys = [CounterKey(*keys.counter(org, group_id, row.identity, digest_key)) for row in rows]
        balances = self._balances(org, counter_keys, now)
        return [
            _used_entry(row, balances.get(counter_key, Balance()))
            for row, counter_key in zip(rows, counter_keys, strict=True)
        ]

    def _balances(self, org: str, counter_keys: Sequence[CounterKey], now: datetime) -> Mapping[CounterKey, Balance]:
        """The balances of the entries that have a counter; only those need further reads."""
        ledger, existing = Ledger(self._table, org), set(counter_keys)
        if len(counter_keys) > 1:
            existing = {
                CounterKey(*key) for key in self._table.get_many(keys.Key(*counter_key) for counter_key in counter_keys)
            }
        uses = self._uses(ledger, sorted({counter_key.partition for counter_key in existing}), now)
        requests = set().union(*(requests_to_verify(uses_of_partition, now) for uses_of_partition in uses.values()))
        redemptions = ledger.redemptions(requests) if requests else {}
        return {
            counter_key: balance(uses[counter_key.partition], counter_key, redemptions, now) for counter_key in existing
        }

    def _uses(self, ledger: Ledger, partitions: Sequence[str], now: datetime) -> Mapping[str, Uses]:
        uses_read = self._table.read(
            join_readings([ledger.reading(partition, now, single_query=True) for partition in partitions])
        )
        return {
            partition: ledger.uses(partition, now, whole=True) if uses.has_more else uses
            for partition, uses in zip(partitions, uses_read, strict=True)
        }


def _used_entry(row: Entry, balance: Balance) -> UsedEntry:
    return UsedEntry(
        code=row.code or None,
        email=row.email or None,
        category=row.category or None,
        seat=row.seat or None,
        quantity=row.quantity,
        used=balance.used_quantity,
        held=balance.held_quantity,
    )
