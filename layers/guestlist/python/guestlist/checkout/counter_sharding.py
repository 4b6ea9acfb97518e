"""Sharding of hot counters: an entry's first counter and seven parts, each with a share of its uses.

One item takes a thousand writes a second. The share is set once, on the first counter; capping a part returns
its unused uses to the first counter. The limit of the first counter is computed from the caps, which only ever
fall, so a stale cap allows less than there is, never more.
"""

from typing import NamedTuple

from guestlist.checkout.counting import Uses
from guestlist.checkout.redemption import PARTS, CounterKey

MAX_STEPS = 10
"""The most steps on one counter, which keeps its item below 1 KB and its writes at one unit."""
SPLIT_STEPS = 3
"""Number of concurrent steps from which a counter is split."""
SPLIT_FREE_USES = 4_096
"""Number of free uses from which a counter is split."""


class Bound(NamedTuple):
    """The most uses that a counter may have taken, provided that its share and cap are unchanged."""

    counter_key: CounterKey
    limit: int
    share: int | None = None
    cap: int | None = None


def part_number(request: str) -> int:
    """The number of the counter that a request prefers, 0 for the first; the same on every retry."""
    return int(request[:8], 16) % (PARTS + 1)


def counter_bounds(uses: Uses, counter_key: CounterKey, quantity: int) -> list[Bound]:
    """The bound of each counter of an entry; only the first counter's if it has exceeded its own."""
    first = uses.counter(counter_key)
    if first.share is None:
        return [Bound(counter_key, quantity)]
    parts = []
    for key in counter_key.parts:
        cap = uses.counter(key).cap
        parts.append(Bound(key, first.share if cap is None else cap, cap=cap))
    first_bound = Bound(counter_key, quantity - sum(part.limit for part in parts), share=first.share)
    return [first_bound, *parts] if first.uses_taken <= first_bound.limit else [first_bound]


def split_share(uses: Uses, counter_key: CounterKey, quantity: int) -> int | None:
    """The share for each part if the counter is to be split; None if not, or if it has been."""
    counter = uses.counter(counter_key)
    free = quantity - counter.uses_taken
    must_split = counter.share is None and len(counter.steps) >= SPLIT_STEPS and free >= SPLIT_FREE_USES
    return free // (PARTS + 1) if must_split else None


def parts_with_uses_left(uses: Uses, counter_key: CounterKey) -> list[CounterKey]:
    """The keys of the parts with unused uses, which can be returned to the first counter."""
    first = uses.counter(counter_key)
    parts = [(key, uses.counter(key)) for key in (counter_key.parts if first.share is not None else ())]
    return [key for key, part in parts if part.uses_taken < (first.share or 0 if part.cap is None else part.cap)]
