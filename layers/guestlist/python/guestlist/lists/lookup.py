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
from guestlist.checkout.ledger import MAX_FEW_COUNTERS, Ledger
from guestlist.checkout.recent_uses import RecentUses
from guestlist.checkout.redemption import CounterKey, Redemption, partitions_of
from guestlist.checkout.rows import Row, uses_of
from guestlist.lists.compression import decode_text
from guestlist.lists.entry import Entry
from guestlist.lists.fingerprint_cache import FingerprintCache, NarrowedQuery
from guestlist.lists.lookup_query import LookupQuery
from guestlist.model.errors import ConcurrentModification

EnoughCheck = Callable[[Sequence[Row]], bool]

_KEPT = 2_000
_SPECULATIVE_ROWS = 2
"""For at most this many rows, reading each counter costs no more than a query."""


class LookupResult(NamedTuple):
    """The rows of a key in the order in which they are tried, and the uses counted under it."""

    rows: tuple[Row, ...]
    uses: Uses


_NOTHING = LookupResult((), NO_USES)


class ListLookup:
    """Looks up keys, with one instance per process: it caches packed texts, which never change once published.

    Only an erasure changes them; then everything cached before it is dropped.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._texts: dict[Key, str] = {}
        self._rows: dict[tuple[object, ...], tuple[LookupQuery, tuple[Row, ...]]] = {}
        self._cleaned: dict[tuple[str, str], datetime | None] = {}
        self._fingerprints = FingerprintCache()
        self._recent = RecentUses()

    def find_rows(
        self, org: str, searches: Sequence[LookupQuery], now: datetime, *, part: int | None = None
    ) -> list[LookupResult]:
        """The result of each search, with the balances of its rows still to be computed.

        With a `part`, only that part is read again of sharded counters that were read a moment ago.
        """
        return self._table.read(self.find_reading(org, searches, now, part=part))

    def find_reading(
        self,
        org: str,
        searches: Sequence[LookupQuery],
        now: datetime,
        *,
        speculative: bool = False,
        part: int | None = None,
    ) -> Reading[list[LookupResult]]:
        """`find` as a reading to join with others. Only a key with very many rows needs another round.

        A `speculative` one reads only the counters of cached rows; if one was used, another round follows.
        """
        self._forget_cleaned(searches)
        ledger = Ledger(self._table, org)
        narrowed = [self._fingerprints.narrow(search) for search in searches]
        readings = [self._reading(ledger, one, now, speculative=speculative, part=part) for one in narrowed]
        loading = self._fingerprints.loading(narrowed)
        if not loading.keys:
            return join_readings(readings)
        return join_readings([*readings, loading]).then(lambda read: read[: len(readings)])

    def _reading(
        self, ledger: Ledger, narrowed: NarrowedQuery, now: datetime, *, speculative: bool, part: int | None
    ) -> Reading[LookupResult]:
        search = narrowed.query
        if not search.groups:
            return Reading(lambda _found, _pages: _NOTHING)
        rows = self._known(search)
        if rows is None:
            return self._looking(ledger, narrowed, now)
        partitions = partitions_of(row.counter_key for row in rows) or self._partitions(search)
        recent = self._recent.get(rows, now) if part is not None and len(partitions) == 1 else None
        if recent is not None and part is not None:
            uses = ledger.part_reading(recent, partitions[0], part, now)
            return uses.then(partial(LookupResult, rows))
        if speculative and len(rows) <= _SPECULATIVE_ROWS:
            uses = ledger.uses_if_none([row.counter_key for row in rows], now)
        else:
            uses = ledger.readings(partitions, now, few=len(rows) <= MAX_FEW_COUNTERS)
        return uses.then(lambda uses: LookupResult(rows, self._recent.put(rows, uses, now)))

    def _partitions(self, search: LookupQuery) -> list[str]:
        return search.partitions(self._table.digest_key)

    def _looking(self, ledger: Ledger, narrowed: NarrowedQuery, now: datetime) -> Reading[LookupResult]:
        search = narrowed.query
        places = search.places()
        texts = {**dict.fromkeys(narrowed.lacking, ""), **self._kept(places)}

        def made(found: Mapping[Key, Item], _: object) -> tuple[Row, ...]:
            texts.update(self._keep(places, found))
            parts = search.parts(texts)
            texts.update(self._kept(parts))
            missing = [place for place in parts if place not in texts]
            texts.update(self._keep(missing, self._table.get_many(missing) if missing else {}))
            return self._found(search, texts)

        unread = [place for place in places if place not in texts]
        both = join_readings([Reading(made, unread), ledger.readings(self._partitions(search), now, few=True)])
        return both.then(lambda read: LookupResult(*read))

    def counter_key(self, org: str, group_id: str, entry: Entry) -> CounterKey:
        """Where the uses of an entry are counted."""
        return CounterKey(*keys.counter(org, group_id, entry.identity, self._table.digest_key))

    def counted(
        self, org: str, found: Sequence[LookupResult], enough: EnoughCheck, now: datetime
    ) -> list[tuple[Row, ...]]:
        """The rows of each search with their balances; all uses are read only where the first are not `enough`."""
        if all(one.uses is NO_USES for one in found):
            return [one.rows for one in found]
        ledger = Ledger(self._table, org)
        requests = set().union(*(requests_to_verify(one.uses, now) for one in found))
        known = ledger.redemptions(requests) if requests else {}
        for hold in [hold for one in found for hold in leftover_notes(one.uses, known)]:
            ledger.forget(hold)
        steps = [step for one in found for _, step in one.uses.steps() if is_overdue(step, now)]
        # A hold without a redemption is that of an attempt that died between the two.
        if any(step.request not in known or not records_hold(step, known) for step in steps):
            _settle(ledger, found, now)
        return [_exact(ledger, one, known, enough, now) for one in found]

    def _forget_cleaned(self, searches: Sequence[LookupQuery]) -> None:
        for org, group in ((search.org, group) for search in searches for group in search.groups):
            place = org, group.group_id
            if self._cleaned.setdefault(place, group.cleaned_at) != group.cleaned_at:
                self._cleaned[place] = group.cleaned_at
                self._texts.clear()
                self._rows.clear()
                self._fingerprints.clear()

    def _found(self, search: LookupQuery, texts: Mapping[Key, str]) -> tuple[Row, ...]:
        """The rows; cached if no text was missing, since then the same search always gives the same rows."""
        rows = search.rows(texts, self._table.digest_key)
        if all(place in texts for place in (*search.places(), *search.parts(texts))):
            if len(self._rows) >= _KEPT:
                self._rows.clear()
            self._rows[_mark(search)] = search, rows
        return rows

    def _known(self, search: LookupQuery) -> tuple[Row, ...] | None:
        kept = self._rows.get(_mark(search))
        return kept[1] if kept else None

    def _kept(self, wanted: Iterable[Key]) -> dict[Key, str]:
        texts = {place: self._texts.get(place) for place in wanted}
        return {place: text for place, text in texts.items() if text is not None}

    def _keep(self, wanted: Iterable[Key], found: Mapping[Key, Item]) -> dict[Key, str]:
        read: dict[Key, str] = {place: decode_text(found[place]["b"]) for place in wanted if place in found}
        if len(self._texts) + len(read) > _KEPT:
            self._texts.clear()
        self._texts.update(read)
        return read


def _mark(search: LookupQuery) -> tuple[object, ...]:
    """The cache key of a search; groups count by identity, since the cache keeps them alive."""
    return search.org, search.key, search.seats, search.emails, *map(id, search.groups)


def _settle(ledger: Ledger, found: Sequence[LookupResult], now: datetime) -> None:
    """Settle redemptions of crashed attempts, which every check would read again; no answer depends on it."""
    # Imported late: a process whose first call is a check starts faster without it.
    from guestlist.checkout.recovery import complete_overdue_steps

    with suppress(ConcurrentModification):
        for one in found:
            complete_overdue_steps(ledger, one.uses, now)


def _exact(
    ledger: Ledger, found: LookupResult, known: Mapping[str, Redemption], enough: EnoughCheck, now: datetime
) -> tuple[Row, ...]:
    rows = _counted(found.rows, found.uses, known, now)
    if not rows or not found.uses.more or enough(rows):
        return rows
    whole = uses_of(ledger, rows, now, whole=True)
    return _counted(rows, whole, ledger.redemptions(requests_to_verify(whole, now)), now)


def _counted(rows: Sequence[Row], uses: Uses, known: Mapping[str, Redemption], now: datetime) -> tuple[Row, ...]:
    if uses == NO_USES:
        return tuple(rows)
    return tuple(row._replace(balance=balance(uses, row.counter_key, known, now)) for row in rows)
