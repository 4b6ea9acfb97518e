"""The clock; nothing else reads the system time.

The local stack shifts this clock by writing a number of seconds into the file that `GUESTLIST_CLOCK`
names; on AWS the variable is not set.
"""

import os
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The current instant in UTC, including the shift."""
    return machine() + shift()


def machine() -> datetime:
    """The current instant in UTC by the system clock, with which requests to AWS are signed."""
    return datetime.now(UTC)


def shift() -> timedelta:
    """How far this clock is ahead of the system clock; zero unless the local stack shifted it."""
    path = os.environ.get("GUESTLIST_CLOCK")
    if not path:
        return timedelta()
    from pathlib import Path

    try:
        return timedelta(seconds=float(Path(path).read_text(encoding="ascii") or 0))
    except FileNotFoundError:
        return timedelta()
