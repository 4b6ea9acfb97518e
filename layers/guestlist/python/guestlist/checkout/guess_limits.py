"""Guessing protection: wrong tries are counted for each client, and too many of them are answered as such.

A wrong try is one that is answered `unknown_code`, `unknown_discount` or `wrong_email`. What is known is
answered all the same, until a client has tried so many that it can only be guessing: then every code, discount
and personal code of that client is refused. Nobody else is, for a shop must not close because of one guesser.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from guestlist.checkout.request import Client
from guestlist.checkout.response import Reason
from guestlist.model.errors import TooManyRequests

WINDOW = timedelta(minutes=1)
WRONG = frozenset({Reason.UNKNOWN_CODE, Reason.UNKNOWN_DISCOUNT, Reason.WRONG_EMAIL})
_SECONDS = 60
_PER_CLIENT = 20
_PER_TOKEN = 3_000
_SCANS_PER_TOKEN = 300
_LOCKS_SESSION = 100
_LOCKS_IP = 1_000


class Limit(NamedTuple):
    """How many wrong tries one subject has in a window, and from how many on nothing it tries is answered."""

    subject: str
    most: int
    locks: int | None = None


class Allowance(NamedTuple):
    """What may still be tried in this window; `reset` is in how many seconds the next one begins, 1 or more."""

    limit: int
    remaining: int
    reset: int
    locked: bool = False


def limits(bearer: str, client: Client | None, now: datetime) -> tuple[Limit, ...]:
    """Whose wrong tries are counted: those of the client's session and address, else those of the token."""
    narrow = []
    if client is not None and client.session is not None:
        narrow.append(Limit(_subject(bearer, "session", client.session, now), _PER_CLIENT, _LOCKS_SESSION))
    if client is not None and client.ip is not None:
        narrow.append(Limit(_subject(bearer, "ip", client.ip, now), _PER_CLIENT, _LOCKS_IP))
    return tuple(narrow) or (Limit(_subject(bearer, "token", "", now), _PER_TOKEN),)


def scan_limit(bearer: str, now: datetime) -> Limit:
    """How many dry-run scans with one token may be of tickets that nobody knows."""
    return Limit(_subject(bearer, "scans", "", now), _SCANS_PER_TOKEN)


def _subject(bearer: str, kind: str, name: str, now: datetime) -> str:
    """A digest of who is counted."""
    key = _digest_key(bearer, now.astimezone(UTC).date())
    return hashlib.blake2b(f"{kind} {name}".encode(), key=key, digest_size=16).hexdigest()


@lru_cache(maxsize=64)
def _digest_key(bearer: str, day: date) -> bytes:
    """The key of one day's digests, made of the token, which is stored nowhere."""
    return hashlib.blake2b(f"{day} {bearer}".encode(), digest_size=32).digest()


def window(now: datetime) -> int:
    """The number of the window; its tries are forgotten with it."""
    return int(now.timestamp()) // _SECONDS


def allowance(tries_by_limit: Mapping[Limit, int], now: datetime) -> Allowance | None:
    """What the narrowest limit leaves after what was tried of each in this window; None without any."""
    reset = _SECONDS - int(now.timestamp()) % _SECONDS
    remains = [(max(0, limit.most - tries), limit.most) for limit, tries in tries_by_limit.items()]
    if not remains:
        return None
    remaining, most = min(remains)
    locked = any(limit.locks is not None and tries >= limit.locks for limit, tries in tries_by_limit.items())
    return Allowance(most, remaining, reset, locked)


def wrong_tries(*reasons: Iterable[str]) -> int:
    """How many of these answers, each with its reasons, were to wrong tries."""
    return sum(not WRONG.isdisjoint(each) for each in reasons)


def require_scans_left(limit: Limit, tries: int, now: datetime) -> None:
    """Raise `TooManyRequests` if so many dry-run scans of unknown tickets exceed the limit."""
    allowed = allowance({limit: tries}, now)
    if allowed is not None and tries > limit.most:
        raise refused(allowed)


def refused(allowed: Allowance) -> TooManyRequests:
    """The error for a wrong try beyond the limit."""
    return TooManyRequests("Too many wrong codes were tried.", retry_after=allowed.reset)
