"""Cache of split counters in a process, so that its next redemption reads one part instead of all eight.

Safe because every take has a condition on its own counter. The cached counters only estimate what is left, and no
request is refused because of them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from guestlist.checkout.counting import Uses
from guestlist.checkout.redemption import PARTS, CounterKey
from guestlist.checkout.rows import Row

LIFETIME = timedelta(seconds=1)
LIFETIME_WHEN_BUSY = timedelta(seconds=10)
BUSY = PARTS + 1
"""Number of concurrent steps in all counters of one read from which they are cached for longer."""
_MAX_ENTRIES = 1_000
_CacheKey = tuple[tuple[CounterKey, int], ...]


class _CachedUses(NamedTuple):
    at: datetime
    uses: Uses
    lifetime: timedelta


class RecentUses:
    """Cache of uses; the key is the rows' counters with their quantities, as these set the limits of the parts."""

    def __init__(self) -> None:
        self._uses: dict[_CacheKey, _CachedUses] = {}

    def put(self, rows: Sequence[Row], uses: Uses, now: datetime) -> Uses:
        """Cache the uses, without steps, if each row's counter is split. Returns the uses unchanged."""
        if rows and all(uses.counter(row.counter_key).share is not None for row in rows):
            if len(self._uses) >= _MAX_ENTRIES:
                self._uses.clear()
            counters = {key: counter._replace(steps={}) for key, counter in uses.counters.items()}
            is_busy = sum(len(counter.steps) for counter in uses.counters.values()) >= BUSY
            lifetime = LIFETIME_WHEN_BUSY if is_busy else LIFETIME
            self._uses[_cache_key(rows)] = _CachedUses(now, Uses(counters, cached=True), lifetime)
        return uses

    def get(self, rows: Sequence[Row], now: datetime) -> Uses | None:
        """The cached uses of these rows, unless expired."""
        entry = self._uses.get(_cache_key(rows))
        return entry.uses if entry is not None and abs(now - entry.at) < entry.lifetime else None


def _cache_key(rows: Sequence[Row]) -> _CacheKey:
    return tuple((row.counter_key, row.entry.quantity) for row in rows)
