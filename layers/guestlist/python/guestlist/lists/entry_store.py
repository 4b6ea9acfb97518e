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
_PARTITIONS_PER_READ = 8
_COUNTED_BATCH_SIZE = 800
_FILTERED_BATCH_SIZE = 400


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
    """A filter of entries by a prefix `q` of code or e-mail address, and by the part of their uses that is redeemed."""

    q: Annotated[str, MaxLen(254)] = ""
    used: Usage | None = None


class Entries:
    """Reader of the entries of target groups' lists."""

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
        """At most `limit` entries, and the position to continue from; None at the end. Any page may have fewer entries.

        The order is undefined, except with a `q`: then entries are sorted by the term that matches. If another version
        of the list is published between two pages, entries may occur twice or be missing.
        """
        results = self._search(org, group, filters.q, now, start)
        if filters.used is not None:
            return self._filter(org, group.group_id, results, filters.used, limit, now)
        batch = list(islice(results, limit + 1))
        page, is_stopped = batch[:limit], bool(batch) and batch[-1][1] is None
        next_position = page[-1][0] if len(batch) > limit or is_stopped else None
        return self._with_balances(org, group.group_id, [entry for _, entry in page if entry], now), next_position

    def iterate_entries(
        self, org: str, group: IndexedGroup, now: datetime, start: Position | None = None
    ) -> Iterator[tuple[Position, Entry, int, int]]:
        """Yield all entries from a position on: the position after each, the entry, and its used and held uses.

        Raises `MissingText` if the list was replaced so long ago that it was deleted.
        """
        results = self._search(org, group, "", now, start)
        while batch := list(islice(results, _COUNTED_BATCH_SIZE)):
            entries = [entry for _, entry in batch if entry]
            used_entries = self._with_balances(org, group.group_id, entries, now)
            for (position, _), entry, used_entry in zip(batch, entries, used_entries, strict=True):
                yield position, entry, used_entry.used, used_entry.held

    def _search(self, org: str, group: IndexedGroup, q: str, now: datetime, start: Position | None) -> SearchResults:
        read = PackedListStore(self._table, org, group.group_id).read_texts
        packed_list = PackedList(group.base, group.overlay)
        if not term(q):
            return rows(read, packed_list, start, batch_size=_PARTITIONS_PER_READ)
        part = indexed_part(packed_list) if start is None or "at" in start else None
        results = self._search_index(org, group, part, q, now, start) if part else None
        return results or search(read, packed_list, q, start)

    def _search_index(
        self, org: str, group: IndexedGroup, part: PackedList, q: str, now: datetime, start: Position | None
    ) -> SearchResults | None:
        """The results from the index of a long list; None without an index, which is then requested."""
        prefix, read = term(q), PackedListStore(self._table, org, group.group_id).read_texts
        index = self._indexes.open(org, group, part, now)
        if index is not None:
            overlay = index.overlay
            read_likely = prefiltered(with_known_texts(read, index.texts), prefix)
            overlay_lines = lines(read_likely, overlay.version_id, range(overlay.partitions)) if overlay else ()
            try:
                records = self._indexes.records(index, search_from(prefix, start))
                return search_records(records, map(entry_line.entry, overlay_lines), prefix, start)
            except FileMissing:
                self._indexes.delete_index(org, group, part)
        self._indexes.request_build(org, group, now)
        return None

    def _filter(
        self, org: str, group_id: str, results: SearchResults, usage: Usage, limit: int, now: datetime
    ) -> tuple[list[UsedEntry], Position | None]:
        """At most `limit` entries with that usage, among the next `MAX_ROWS_FILTERED`, and the position after them."""
        page: list[UsedEntry] = []
        examined, last = 0, None
        for position, used_entry in self._with_usage(org, group_id, results, now):
            if len(page) == limit:
                return page, last
            examined, last = examined + 1, position
            page += [used_entry] if used_entry and usage.matches(used_entry.used, used_entry.quantity) else []
            if used_entry is None or examined == MAX_ROWS_FILTERED:
                return page, last
        return page, None

    def _with_usage(
        self, org: str, group_id: str, results: SearchResults, now: datetime
    ) -> Iterator[tuple[Position, UsedEntry | None]]:
        while batch := list(islice(results, _FILTERED_BATCH_SIZE)):
            used_entries = iter(self._with_balances(org, group_id, [entry for _, entry in batch if entry], now))
            yield from ((position, next(used_entries) if entry else None) for position, entry in batch)

    def _with_balances(self, org: str, group_id: str, entries: Sequence[Entry], now: datetime) -> list[UsedEntry]:
        digest_key = self._table.digest_key
        counter_keys = [CounterKey(*keys.counter(org, group_id, entry.identity, digest_key)) for entry in entries]
        balances = self._balances(org, counter_keys, now)
        return [
            _used_entry(entry, balances.get(counter_key, Balance()))
            for entry, counter_key in zip(entries, counter_keys, strict=True)
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


def _used_entry(entry: Entry, balance: Balance) -> UsedEntry:
    return UsedEntry(
        code=entry.code or None,
        email=entry.email or None,
        category=entry.category or None,
        seat=entry.seat or None,
        quantity=entry.quantity,
        used=balance.used_quantity,
        held=balance.held_quantity,
    )
