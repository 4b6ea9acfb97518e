"""Import workers shared among organisers: each has a few at once, and what is more waits for its turn."""

from collections.abc import Mapping
from datetime import datetime, timedelta

MAX_WORKERS = 4
"""How many workers one organiser may have at once; there are ten."""
SLOT_LIFETIME = timedelta(minutes=16)
"""For how long a slot is taken at most: longer than a worker may live."""


def has_free(slots: Mapping[str, datetime], now: datetime) -> bool:
    """Whether one more may be taken."""
    return sum(ends > now for ends in slots.values()) < MAX_WORKERS


def with_slot(
    slots: Mapping[str, datetime], name: str, now: datetime, until: datetime
) -> Mapping[str, datetime] | None:
    """The slots of an organiser with one more for this work until then; None while others have all of its share.

    Work that has a slot keeps it: its former worker has died.
    """
    others = {other: ends for other, ends in without_slot(slots, name).items() if ends > now}
    return {**others, name: until} if has_free(others, now) else None


def without_slot(slots: Mapping[str, datetime], name: str) -> Mapping[str, datetime]:
    """The slots of an organiser once this work has none."""
    return {other: ends for other, ends in slots.items() if other != name}
