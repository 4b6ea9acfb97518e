"""Load shedding while the table throttles redemptions of a code, whose reads and retries take capacity from others.

A process counts the redemptions of the code that it was asked for and those that it served; both counts halve every
two seconds. Once several were throttled, it refuses at random what exceeds somewhat more than it served.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import NamedTuple

HALF_LIFE = timedelta(seconds=2)
FORGOTTEN = timedelta(seconds=3)
"""After so long without a throttled redemption nothing is refused."""
HEADROOM = 1.2
"""How much more is admitted than was served, to notice when the table can do more again."""
SPARED = 1
"""How many throttled redemptions have no effect: on a quiet code one by itself says nothing."""
_KEPT = 1_000


class _Load(NamedTuple):
    asked: float
    served: float
    at: datetime
    throttled_at: datetime

    def until(self, now: datetime) -> "_Load":
        kept: float = 0.5 ** (max(timedelta(), now - self.at) / HALF_LIFE)
        return self._replace(asked=self.asked * kept, served=self.served * kept, at=now)


class Overload:
    """The recent load of one process, by what is asked for."""

    def __init__(self) -> None:
        self._loads: dict[Hashable, _Load] = {}

    def __len__(self) -> int:
        return len(self._loads)

    def admits(self, key: Hashable, chance: float, now: datetime) -> bool:
        """Whether to attempt the redemption; `chance` is a random number from 0 to 1."""
        load = self._loads.get(key)
        if load is None:
            return True
        if now - load.throttled_at > FORGOTTEN:
            del self._loads[key]
            return True
        load = load.until(now)
        share = (load.asked - SPARED - HEADROOM * load.served) / (load.asked + 1)
        admitted = chance >= share
        self._loads[key] = load if admitted else load._replace(asked=load.asked + 1)
        return admitted

    def note(self, key: Hashable, now: datetime, *, throttled: bool) -> None:
        """Note the end of an admitted redemption."""
        load = self._loads.get(key)
        if load is None and not throttled:
            return
        if load is None and len(self._loads) >= _KEPT:
            self._loads.clear()
        load = (load or _Load(0, 0, now, now)).until(now)
        self._loads[key] = load._replace(
            asked=load.asked + 1,
            served=load.served + (not throttled),
            throttled_at=now if throttled else load.throttled_at,
        )
