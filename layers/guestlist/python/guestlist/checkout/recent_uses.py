"""What a process remembers of counters that were split, so that its next redemption reads one part and not all eight.

Every take is under a condition on the counter it takes from. What is remembered of the others only says how much is
left about now, and nothing is refused by it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from guestlist.checkout.counting import Uses
from guestlist.checkout.redemption import PARTS, CounterKey
from guestlist.checkout.rows import Row

FRESH = timedelta(seconds=1)
FRESH_WHEN_BUSY = timedelta(seconds=10)
BUSY = PARTS + 1
"""From so many steps at the same time on, in all counters of one reading, to read them all again is too dear."""
_KEPT = 1_000
_Rows = tuple[tuple[CounterKey, int], ...]


class _Remembered(NamedTuple):
    at: datetime
    uses: Uses
    fresh: timedelta


class RecentUses:
    """Uses by the rows that they are of, and how often each may be used, which tells how far a part may be filled."""

    def __init__(self) -> None:
        self._uses: dict[_Rows, _Remembered] = {}

    def note(self, rows: Sequence[Row], uses: Uses, now: datetime) -> Uses:
        """Remember them if each row's counter was split, without what may soon have ended; answers them as they are."""
        if rows and all(uses.counter(row.counter_key).share is not None for row in rows):
            if len(self._uses) >= _KEPT:
                self._uses.clear()
            counters = {key: counter._replace(steps={}) for key, counter in uses.counters.items()}
            busy = sum(len(counter.steps) for counter in uses.counters.values()) >= BUSY
            fresh = FRESH_WHEN_BUSY if busy else FRESH
            self._uses[_mark(rows)] = _Remembered(now, Uses(counters, remembered=True), fresh)
        return uses

    def of(self, rows: Sequence[Row], now: datetime) -> Uses | None:
        """What is remembered of these rows, if it was read a moment ago."""
        entry = self._uses.get(_mark(rows))
        return entry.uses if entry is not None and abs(now - entry.at) < entry.fresh else None


def _mark(rows: Sequence[Row]) -> _Rows:
    return tuple((row.counter_key, row.entry.quantity) for row in rows)
