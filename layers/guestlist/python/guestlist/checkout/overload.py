"""Refusing at once while the table throttles redemptions of a code: their reads and retries take capacity from others.

A process counts how many redemptions of the code it was asked for and how many were served; both counts halve every
two seconds. Once some were throttled, it refuses by chance what is asked for beyond somewhat more than was served.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import NamedTuple

HALF_LIFE = timedelta(seconds=2)
FORGOTTEN = timedelta(seconds=3)
"""After so long without a refusal by the table nothing is refused at once."""
HEADROOM = 1.2
"""How much more is let through than was served, so that it is noticed when the table can do more again."""
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
    """What one process knows of how busy the table is, by what is asked for."""

    def __init__(self) -> None:
        self._loads: dict[Hashable, _Load] = {}

    def __len__(self) -> int:
        return len(self._loads)

    def admits(self, key: Hashable, chance: float, now: datetime) -> bool:
        """Whether to try; `chance` is a random number from 0 to 1."""
        load = self._loads.get(key)
        if load is None:
            return True
        if now - load.throttled_at > FORGOTTEN:
            del self._loads[key]
            return True
        load = load.until(now)
        share = (load.asked - HEADROOM * load.served) / (load.asked + 1)
        admitted = chance >= share
        self._loads[key] = load if admitted else load._replace(asked=load.asked + 1)
        return admitted

    def note(self, key: Hashable, now: datetime, *, throttled: bool) -> None:
        """Note how one that was admitted ended."""
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
