"""Load shedding while the table throttles redemptions of a code, whose reads and retries take capacity from others.

A process counts the requested and the served redemptions of the code; both counts halve every two seconds. Once
several were throttled, it refuses redemptions at random, so that it attempts only slightly more than it served.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import NamedTuple

HALF_LIFE = timedelta(seconds=2)
COOLDOWN = timedelta(seconds=3)
"""Time without a throttled redemption after which none is refused."""
HEADROOM = 1.2
"""Ratio of admitted to served redemptions; above 1, to notice when the table has capacity again."""
IGNORED_THROTTLES = 1
"""Number of throttled redemptions without effect: a single one says nothing about a rarely used code."""
_MAX_KEYS = 1_000


class _Load(NamedTuple):
    requested: float
    served: float
    at: datetime
    throttled_at: datetime

    def decayed(self, now: datetime) -> "_Load":
        share: float = 0.5 ** (max(timedelta(), now - self.at) / HALF_LIFE)
        return self._replace(requested=self.requested * share, served=self.served * share, at=now)


class LoadShedder:
    """Load shedder of one process; `key` identifies the redemptions of one code or e-mail."""

    def __init__(self) -> None:
        self._loads: dict[Hashable, _Load] = {}

    def __len__(self) -> int:
        return len(self._loads)

    def admits(self, key: Hashable, chance: float, now: datetime) -> bool:
        """Whether to attempt the redemption; `chance` is a random number from 0 to 1."""
        load = self._loads.get(key)
        if load is None:
            return True
        if now - load.throttled_at > COOLDOWN:
            del self._loads[key]
            return True
        load = load.decayed(now)
        share = (load.requested - IGNORED_THROTTLES - HEADROOM * load.served) / (load.requested + 1)
        admitted = chance >= share
        self._loads[key] = load if admitted else load._replace(requested=load.requested + 1)
        return admitted

    def record(self, key: Hashable, now: datetime, *, throttled: bool) -> None:
        """Record the result of an admitted redemption."""
        load = self._loads.get(key)
        if load is None and not throttled:
            return
        if load is None and len(self._loads) >= _MAX_KEYS:
            self._loads.clear()
        load = (load or _Load(0, 0, now, now)).decayed(now)
        self._loads[key] = load._replace(
            requested=load.requested + 1,
            served=load.served + (not throttled),
            throttled_at=now if throttled else load.throttled_at,
        )
