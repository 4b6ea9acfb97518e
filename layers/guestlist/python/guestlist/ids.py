"""Identifiers that sort by the time they were made."""

import secrets
from datetime import datetime

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(now: datetime) -> str:
    """26 letters and digits: 10 for the millisecond of `now`, 16 random; later ids sort after earlier ones."""
    return timed_id(now, secrets.randbits(80))


def timed_id(now: datetime, tail: int) -> str:
    """The id of that millisecond with these 80 bits at its end: the same for the same arguments."""
    number = int(now.timestamp() * 1000) << 80 | tail
    return "".join(_DIGITS[number >> shift & 31] for shift in range(125, -5, -5))
