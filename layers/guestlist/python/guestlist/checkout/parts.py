"""Counters that are too hot: beside an entry's first counter stand seven more, each with a share of its uses.

One item takes a thousand writes a second. The shares are given once, and written on the first counter; a part
that is capped has given what it had left back to it. Caps only ever fall, so whoever has read an older one is
allowed less than there is, never more.
"""

from typing import NamedTuple

from guestlist.checkout.counting import Uses
from guestlist.checkout.redemption import PARTS, CounterKey

MOST_STEPS = 10
"""So many steps may be begun on one counter: its item stays below 1 KB, and costs one unit to write."""
HOT = 3
"""From so many steps at the same time on, one counter is too few."""
SPLIT_FROM = 4_096


class Bound(NamedTuple):
    """How far one counter may be filled, as long as its share and cap are those that were read."""

    counter_key: CounterKey
    limit: int
    share: int | None = None
    cap: int | None = None


def part_number(request: str) -> int:
    """The counter that a request takes from if it can, 0 for the first: the same whenever it is repeated."""
    return int(request[:8], 16) % (PARTS + 1)


def bounds(uses: Uses, counter_key: CounterKey, quantity: int) -> list[Bound]:
    """How far each counter of an entry may be filled; none but the first while that has more than is its own."""
    first = uses.counter(counter_key)
    if first.share is None:
        return [Bound(counter_key, quantity)]
    parts = []
    for key in counter_key.parts:
        cap = uses.counter(key).cap
        parts.append(Bound(key, first.share if cap is None else cap, cap=cap))
    own = Bound(counter_key, quantity - sum(part.limit for part in parts), share=first.share)
    return [own, *parts] if first.taken <= own.limit else [own]


def share(uses: Uses, counter_key: CounterKey, quantity: int) -> int | None:
    """The share that each part is to have; None while one counter is enough, or once there are parts."""
    counter = uses.counter(counter_key)
    free = quantity - counter.taken
    hot = counter.share is None and len(counter.steps) >= HOT and free >= SPLIT_FROM
    return free // (PARTS + 1) if hot else None


def idle(uses: Uses, counter_key: CounterKey) -> list[CounterKey]:
    """The parts that have uses left, which the first counter could have instead."""
    first = uses.counter(counter_key)
    parts = [(key, uses.counter(key)) for key in (counter_key.parts if first.share is not None else ())]
    return [key for key, part in parts if part.taken < (first.share or 0 if part.cap is None else part.cap)]
