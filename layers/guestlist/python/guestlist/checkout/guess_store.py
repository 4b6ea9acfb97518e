"""Counters of wrong tries in the table, with a time to live of a few minutes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from guestlist.aws import keys
from guestlist.aws.keys import Key
from guestlist.aws.table import Table
from guestlist.checkout.guess_limits import WINDOW, Limit, require_scans_left, scan_limit, window


def tries_key(org: str, limit: Limit, now: datetime) -> Key:
    """Key of the subject's counter in this window."""
    return keys.guesses(org, limit.subject, window(now))


def count_unknown_scan(table: Table, org: str, bearer: str, now: datetime) -> None:
    """Count a dry-run scan of an unknown ticket. Raises `TooManyRequests` beyond the token's limit."""
    limit = scan_limit(bearer, now)
    require_scans_left(limit, add_tries(table, org, [limit], 1, now)[limit], now)


def add_tries(table: Table, org: str, limits: Iterable[Limit], tries: int, now: datetime) -> Mapping[Limit, int]:
    """Add wrong tries to each limit's counter, and return the new counts."""
    limit_list = list(limits)
    add = partial(table.update, changes={"ttl": int((now + 2 * WINDOW).timestamp())}, add={"tried": tries})
    items = table.run_parallel(*[partial(add, tries_key(org, limit, now)) for limit in limit_list])
    return {limit: item["tried"] for limit, item in zip(limit_list, items, strict=True)}
