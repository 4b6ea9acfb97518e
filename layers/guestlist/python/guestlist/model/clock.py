"""The one place that knows what time it is.

Everything else is told the time. The local stack moves the pipeline's idea of now by writing a
number of seconds into the file that `GUESTLIST_CLOCK` names; in the cloud the variable is not set.
"""

import os
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The present instant, in UTC, to the microsecond."""
    return machine() + shift()


def machine() -> datetime:
    """The present instant by the machine's own clock, which requests to AWS are signed by."""
    return datetime.now(UTC)


def shift() -> timedelta:
    """How far the pipeline's clock is ahead of the true one; zero unless the local stack moved it."""
    path = os.environ.get("GUESTLIST_CLOCK")
    if not path:
        return timedelta()
    from pathlib import Path

    try:
        return timedelta(seconds=float(Path(path).read_text(encoding="ascii") or 0))
    except FileNotFoundError:
        return timedelta()
