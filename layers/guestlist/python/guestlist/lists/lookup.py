"""Look up keys in lists, together with the uses counted under them, in one round of reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple

from guestlist.aws import keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Table
from guestlist.aws.table_reads import Reading, join_readings
from guestlist.checkout.counting import (
    NO_USES,
    Uses,
    balance,
    is_overdue,
    leftover_notes,
    records_hold,
    requests_to_verify,
)
from guestlist.checkout.ledger import MAX_COUNTERS_PER_QUERY, Ledger
from guestlist.checkout.recent_uses import RecentUses
from guestlist.checkout.redemption import CounterKey, Redemption, partitions_of
from guestlist.checkout.rows import Row, read_uses
from guestlist.lists.compression import decode_text
from guestlist.lists.entry import Entry
from guestlist.lists.fingerprint_cache import FingerprintCache, NarrowedQuery
from guestlist.lists.lookup_query import LookupQuery
from guestlist.model.errors import ConcurrentModification

EnoughCheck = Callable[[Sequence[Row]], bool]
"""Returns whether the free uses of the rows suffice, so that no more holds must be read."""

_MAX_CACHED = 2_000
_SPECULATIVE_ROWS = 2
"""For at most this many rows, reading each counter costs no more than a query."""


class LookupResult(NamedTuple):
    """The rows of a key in the order in which they are tried, and the uses counted under it."""

    rows: tuple[Row, ...]
    uses: Uses


class CachedRows(NamedTuple):
    """The rows of a query, which are always the same, and the query narrowed to the groups that may have its key."""

    rows: tuple[Row, ...]
    narrowed: NarrowedQuery
    query: LookupQuery


_NO_RESULT = LookupResult((), NO_USES)


class ListLookup:
    """Lookup of keys, with one instance per process: it caches packed texts, which never change once published.

    Only an erasure changes them; then everything cached before it is dropped.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._texts: dict[Key, str] = {}
        self._rows: dict[tuple[object, ...], CachedRows] = {}
        self._cleaned_at: dict[tuple[str, str], datetime | None] = {}
        self._fingerprints = FingerprintCache()
        self._recent = RecentUses()

    def find_rows(
        self, org: str, queries: Sequence[LookupQuery], now: datetime, *, part: int | None = None
    ) -> list[LookupResult]:
        """The result of each query, with the balances of its rows still to be computed.

        With a `part`, only that part is read again of sharded counters that were read a moment ago.
        """
        return self._table.read(self.rows_reading(org, queries, now, part=part))

    def rows_reading(
        self,
        org: str,
        queries: Sequence[LookupQuery],
        now: datetime,
        *,
        speculative: bool = False,
        part: int | None = None,
    ) -> Reading[list[LookupResult]]:
        """`find_rows` as a reading to join with others. Only a key with very many rows needs another round.

        A `speculative` one reads only the counters of cached rows; if one was used, another round follows.
        """
        self._drop_erased(queries)
        ledger = Ledger(self._table, org)
        lookups = [self._rows.get(_cache_key(query)) or self._fingerprints.narrow(query) for query in queries]
        readings = [
            self._cached_reading(ledger, lookup, now, speculative=speculative, part=part)
            if isinstance(lookup, CachedRows)
            else self._uncached_reading(ledger, query, lookup, now)
            for query, lookup in zip(queries, lookups, strict=True)
        ]
        loading = self._fingerprints.loading(
            lookup.narrowed if isinstance(lookup, CachedRows) else lookup for lookup in lookups
        )
        if not loading.keys:
            return join_readings(readings)
        return join_readings([*readings, loading]).then(lambda results: results[: len(readings)])

    def _cached_reading(
        self, ledger: Ledger, cached: CachedRows, now: datetime, *, speculative: bool, part: int | None
    ) -> Reading[LookupResult]:
        rows = cached.rows
        partitions = partitions_of(row.counter_key for row in rows) or self._partitions(cached.narrowed.query)
        recent = self._recent.get(rows, now) if part is not None and len(partitions) == 1 else None
        if recent is not None and part is not None:
            uses = ledger.part_reading(recent, partitions[0], part, now)
            return uses.then(partial(LookupResult, rows))
        if speculative and len(rows) <= _SPECULATIVE_ROWS:
            uses = ledger.uses_expecting_none([row.counter_key for row in rows], now)
        else:
            uses = ledger.readings(partitions, now, single_query=len(rows) <= MAX_COUNTERS_PER_QUERY)
        return uses.then(lambda uses: LookupResult(rows, self._recent.put(rows, uses, now)))

    def _partitions(self, query: LookupQuery) -> list[str]:
        return query.partitions(self._table.digest_key)

    def _uncached_reading(
        self, ledger: Ledger, query: LookupQuery, narrowed: NarrowedQuery, now: datetime
    ) -> Reading[LookupResult]:
        narrowed_query = narrowed.query
        if not narrowed_query.groups:
            return Reading(lambda _items, _pages: _NO_RESULT)
        text_keys = narrowed_query.text_keys()
        texts = {**dict.fromkeys(narrowed.lacking, ""), **self._cached_texts(text_keys)}

        def build_rows(items: Mapping[Key, Item], _: object) -> tuple[Row, ...]:
            texts.update(self._cache_texts(text_keys, items))
            part_keys = narrowed_query.part_keys(texts)
            texts.update(self._cached_texts(part_keys))
            missing_keys = [key for key in part_keys if key not in texts]
            texts.update(self._cache_texts(missing_keys, self._table.get_many(missing_keys) if missing_keys else {}))
            rows = narrowed_query.rows(texts, self._table.digest_key)
            # A key without rows would be looked for in all groups even when fingerprints that rule them out are loaded.
            if (rows or not narrowed.unread) and all(key in texts for key in (*text_keys, *part_keys)):
                self._cache_rows(CachedRows(rows, narrowed, query))
            return rows

        unread_keys = [key for key in text_keys if key not in texts]
        reading = join_readings(
            [
                Reading(build_rows, unread_keys),
                ledger.readings(self._partitions(narrowed_query), now, single_query=True),
            ]
        )
        return reading.then(lambda results: LookupResult(*results))

    def counter_key(self, org: str, group_id: str, entry: Entry) -> CounterKey:
        """The key of the counter of an entry."""
        return CounterKey(*keys.counter(org, group_id, entry.identity, self._table.digest_key))

    def rows_with_balances(
        self, org: str, results: Sequence[LookupResult], is_enough: EnoughCheck, now: datetime
    ) -> list[tuple[Row, ...]]:
        """The rows of each query with their balances; all uses are read only where the first are not enough."""
        if all(result.uses is NO_USES for result in results):
            return [result.rows for result in results]
        ledger = Ledger(self._table, org)
        requests = set().union(*(requests_to_verify(result.uses, now) for result in results))
        redemptions = ledger.redemptions(requests) if requests else {}
        for note in [note for result in results for note in leftover_notes(result.uses, redemptions)]:
            ledger.delete_hold_note(note)
        steps = [step for result in results for _, step in result.uses.steps() if is_overdue(step, now)]
        # A hold without a redemption is that of an attempt that died between the two.
        if any(step.request not in redemptions or not records_hold(step, redemptions) for step in steps):
            _complete_overdue(ledger, results, now)
        return [_exact_rows(ledger, result, redemptions, is_enough, now) for result in results]

    def _drop_erased(self, queries: Sequence[LookupQuery]) -> None:
        for org, group in ((query.org, group) for query in queries for group in query.groups):
            group_key = org, group.group_id
            if self._cleaned_at.setdefault(group_key, group.cleaned_at) != group.cleaned_at:
                self._cleaned_at[group_key] = group.cleaned_at
                self._texts.clear()
                self._rows.clear()
                self._fingerprints.clear()

    def _cache_rows(self, cached: CachedRows) -> None:
        if len(self._rows) >= _MAX_CACHED:
            self._rows.clear()
        self._rows[_cache_key(cached.query)] = cached

    def _cached_texts(self, text_keys: Iterable[Key]) -> dict[Key, str]:
        texts = {key: self._texts.get(key) for key in text_keys}
        return {key: text for key, text in texts.items() if text is not None}

    def _cache_texts(self, text_keys: Iterable[Key], items: Mapping[Key, Item]) -> dict[Key, str]:
        texts: dict[Key, str] = {key: decode_text(items[key]["b"]) for key in text_keys if key in items}
        if len(self._texts) + len(texts) > _MAX_CACHED:
            self._texts.clear()
        self._texts.update(texts)
        return texts


def _cache_key(query: LookupQuery) -> tuple[object, ...]:
    """The cache key of a query; groups count by identity, since the cache keeps them alive."""
    return query.org, query.key, query.seats, query.emails, *map(id, query.groups)


def _complete_overdue(ledger: Ledger, results: Sequence[LookupResult], now: datetime) -> None:
    """Complete redemptions of crashed attempts, which every check would read again; no result depends on it."""
    # Imported late: a process whose first call is a check starts faster without it.
    from guestlist.checkout.recovery import complete_overdue_steps

    with suppress(ConcurrentModification):
        for result in results:
            complete_overdue_steps(ledger, result.uses, now)


def _exact_rows(
    ledger: Ledger, result: LookupResult, redemptions: Mapping[str, Redemption], is_enough: EnoughCheck, now: datetime
) -> tuple[Row, ...]:
    rows = _with_balances(result.rows, result.uses, redemptions, now)
    if not rows or not result.uses.has_more or is_enough(rows):
        return rows
    uses = read_uses(ledger, rows, now, whole=True)
    return _with_balances(rows, uses, ledger.redemptions(requests_to_verify(uses, now)), now)


def _with_balances(
    rows: Sequence[Row], uses: Uses, redemptions: Mapping[str, Redemption], now: datetime
) -> tuple[Row, ...]:
    if uses == NO_USES:
        return tuple(rows)
    return tuple(row._replace(balance=balance(uses, row.counter_key, redemptions, now)) for row in rows)
