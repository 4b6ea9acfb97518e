"""Guessing protection: tries of codes that no list has are counted, and too many of them stop further tries.

They are counted for each token, and for each beginning of a code, so that trying a row of codes is
noticed early. Only what nobody knows is counted; whoever has a code is not slowed down by using it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from guestlist.lists.entry import fold_code
from guestlist.model.errors import TooManyRequests

WINDOW = timedelta(minutes=1)
_SECONDS = 60
_BEGINNING = 4
_PER_TOKEN = 300
_PER_BEGINNING = 60


class Limit(NamedTuple):
    """How many unknown codes one subject may try in a window."""

    subject: str
    most: int


class Allowance(NamedTuple):
    """What may still be tried in this window; `reset` is in how many seconds the next one begins, 1 or more."""

    limit: int
    remaining: int
    reset: int


def limits(token_hash: str, code: str | None) -> tuple[Limit, ...]:
    """Whose tries the trying of this code adds to; nobody's without one."""
    if code is None:
        return ()
    beginning = fold_code(code)[:_BEGINNING]
    return Limit(f"token {token_hash}", _PER_TOKEN), Limit(f"code {beginning}", _PER_BEGINNING)


def window(now: datetime) -> int:
    """The number of the window; its tries are forgotten with it."""
    return int(now.timestamp()) // _SECONDS


def allowance(tried: Mapping[Limit, int], now: datetime) -> Allowance | None:
    """What the narrowest limit leaves after what was tried of each in this window; None without any."""
    reset = _SECONDS - int(now.timestamp()) % _SECONDS
    left = [(max(0, limit.most - tries), limit.most) for limit, tries in tried.items()]
    if not left:
        return None
    remaining, most = min(left)
    return Allowance(most, remaining, reset)


def guard(allowed: Allowance | None) -> None:
    """Let nobody on who has tried too many. Raises `TooManyRequests`."""
    if allowed is not None and not allowed.remaining:
        raise TooManyRequests("Too many codes that no list has were tried.", retry_after=allowed.reset)
