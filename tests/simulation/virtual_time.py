"""A virtual clock and tasks on it: one thread, one task at a time, in an order that the seed alone decides."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

BEGIN = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


class Died(BaseException):
    """The process of this task ended here, whatever it had begun."""


class VirtualTime:
    """Events in the order of their instants. `now` is in seconds since the beginning."""

    def __init__(self, seed: int = 0) -> None:
        self.now = 0.0
        self.random = Random(seed)  # noqa: S311 - the same run for the same seed
        self._events: list[tuple[float, int, Callable[[], Any]]] = []
        self._number = count()
        self._hub = getcurrent()

    @property
    def instant(self) -> datetime:
        """The time of day."""
        return BEGIN + timedelta(seconds=self.now)

    def at(self, when: float, act: Callable[[], Any]) -> None:
        """Have it done at that instant, by nobody who waits."""
        heapq.heappush(self._events, (max(when, self.now), next(self._number), act))

    def spawn(self, act: Callable[[], Any], when: float | None = None) -> None:
        """Begin a task; it ends quietly where its process dies."""

        def guarded() -> None:
            try:
                act()
            except Died:
                return

        self.at(self.now if when is None else when, lambda: greenlet(guarded, self._hub).switch())

    def elapse(self, seconds: float) -> None:
        """Let virtual seconds pass, in no true time; outside of tasks, whatever is due meanwhile happens meanwhile."""
        until, me = self.now + max(0.0, seconds), getcurrent()
        if me is self._hub:
            self.run(until)
            return
        self.at(until, me.switch)
        self._hub.switch()

    def run(self, until: float = float("inf")) -> None:
        """Let everything happen that is due until then."""
        while self._events and self._events[0][0] <= until:
            self.now, _, act = heapq.heappop(self._events)
            act()
        if until != float("inf"):
            self.now = until

    def monotonic(self) -> float:
        """A clock that no machine sets wrong."""
        return self.now

    def uniform(self, least: float, most: float) -> float:
        """A chance number of the seed's."""
        return self.random.uniform(least, most)
