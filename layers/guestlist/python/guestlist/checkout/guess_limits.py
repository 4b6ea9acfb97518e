"""Guessing protection: limits of wrong tries per client.

A wrong try is one with the reason `unknown_code`, `unknown_discount` or `wrong_email`. Beyond the limit wrong tries
get `too_many_tries` while valid codes still work. Far beyond it the client is locked and every code or discount is
refused; other clients are not affected.
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
WRONG_TRY_REASONS = frozenset({Reason.UNKNOWN_CODE, Reason.UNKNOWN_DISCOUNT, Reason.WRONG_EMAIL})
_SECONDS = 60
_MAX_PER_CLIENT = 20
_MAX_PER_TOKEN = 3_000
_MAX_SCANS_PER_TOKEN = 300
_LOCK_SESSION_AT = 100
_LOCK_IP_AT = 1_000


class Limit(NamedTuple):
    """The most wrong tries of one subject in a window, and the number at which it is locked (None: never)."""

    subject: str
    max_tries: int
    lock_at: int | None = None


class Allowance(NamedTuple):
    """The wrong tries left in this window; `reset` is the number of seconds until the next one, 1 or more."""

    limit: int
    remaining: int
    reset: int
    locked: bool = False


def limits(bearer: str, client: Client | None, now: datetime) -> tuple[Limit, ...]:
    """The limits that apply: of the client's session and IP address, or else of the token."""
    client_limits = []
    if client is not None and client.session is not None:
        client_limits.append(Limit(_subject(bearer, "session", client.session, now), _MAX_PER_CLIENT, _LOCK_SESSION_AT))
    if client is not None and client.ip is not None:
        client_limits.append(Limit(_subject(bearer, "ip", client.ip, now), _MAX_PER_CLIENT, _LOCK_IP_AT))
    return tuple(client_limits) or (Limit(_subject(bearer, "token", "", now), _MAX_PER_TOKEN),)


def scan_limit(bearer: str, now: datetime) -> Limit:
    """The limit of dry-run scans of unknown tickets per token."""
    return Limit(_subject(bearer, "scans", "", now), _MAX_SCANS_PER_TOKEN)


def _subject(bearer: str, kind: str, name: str, now: datetime) -> str:
    """Digest of the subject whose tries are counted."""
    key = _digest_key(bearer, now.astimezone(UTC).date())
    return hashlib.blake2b(f"{kind} {name}".encode(), key=key, digest_size=16).hexdigest()


@lru_cache(maxsize=64)
def _digest_key(bearer: str, day: date) -> bytes:
    """Key of one day's digests, derived from the token, which is not stored."""
    return hashlib.blake2b(f"{day} {bearer}".encode(), digest_size=32).digest()


def window(now: datetime) -> int:
    """The number of the window at this instant."""
    return int(now.timestamp()) // _SECONDS


def allowance_of(tries_by_limit: Mapping[Limit, int], now: datetime) -> Allowance | None:
    """The allowance of the narrowest limit, given the tries of each in this window; None without limits."""
    reset = _SECONDS - int(now.timestamp()) % _SECONDS
    remaining_and_limit = [
        (max(0, limit.max_tries - tries), limit.max_tries) for limit, tries in tries_by_limit.items()
    ]
    if not remaining_and_limit:
        return None
    remaining, max_tries = min(remaining_and_limit)
    locked = any(limit.lock_at is not None and tries >= limit.lock_at for limit, tries in tries_by_limit.items())
    return Allowance(max_tries, remaining, reset, locked)


def wrong_tries(*reasons: Iterable[str]) -> int:
    """Number of results, each given by its reasons, that are wrong tries."""
    return sum(not WRONG_TRY_REASONS.isdisjoint(result_reasons) for result_reasons in reasons)


def require_scans_left(limit: Limit, tries: int, now: datetime) -> None:
    """Raise `TooManyRequests` if `tries` exceeds the limit."""
    allowance = allowance_of({limit: tries}, now)
    if allowance is not None and tries > limit.max_tries:
        raise too_many_tries(allowance)


def too_many_tries(allowance: Allowance) -> TooManyRequests:
    """The error for a wrong try beyond the limit."""
    return TooManyRequests("too_many_requests.wrong_codes", retry_after=allowance.reset)
