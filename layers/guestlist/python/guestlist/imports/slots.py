"""The limit of concurrent import workers per organiser; further imports wait for a free slot."""

from collections.abc import Mapping
from datetime import datetime, timedelta

MAX_WORKERS = 4
"""The most workers that one organiser has at once; the queue runs ten."""
SLOT_LIFETIME = timedelta(minutes=16)
"""The lifetime of a slot that is not released: longer than a worker can run."""


def has_free(slots: Mapping[str, datetime], now: datetime) -> bool:
    """Whether the organiser may have one more worker. `slots` maps an import's name to when its slot expires."""
    return sum(ends > now for ends in slots.values()) < MAX_WORKERS


def with_slot(
    slots: Mapping[str, datetime], name: str, now: datetime, until: datetime
) -> Mapping[str, datetime] | None:
    """The organiser's slots with one for this import until then; None when other imports have all of them.

    An import that has a slot already keeps it: its former worker has died.
    """
    others = {other: ends for other, ends in without_slot(slots, name).items() if ends > now}
    return {**others, name: until} if has_free(others, now) else None


def without_slot(slots: Mapping[str, datetime], name: str) -> Mapping[str, datetime]:
    """The organiser's slots without that of this import."""
    return {other: ends for other, ends in slots.items() if other != name}
