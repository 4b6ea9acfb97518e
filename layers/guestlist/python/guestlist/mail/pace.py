"""How many welcome mails all workers together begin in a second: never so many that no other mail gets through."""

from datetime import UTC, datetime

from guestlist.aws import conditions, keys
from guestlist.aws.table import ConditionFailed, Table

SHARE = 0.8
"""Of what SES takes in a second; the rest is for mails about imports, which people wait for."""
_SHARES = 4
_AHEAD = 20
_KEPT = 3600


class Pace:
    """Seconds with the number of welcome mails that were booked for each; `rate` is what SES takes in one."""

    def __init__(self, table: Table, rate: float) -> None:
        self._table = table
        self._most = max(1, int(rate * SHARE))
        self.at_once = max(1, self._most // _SHARES)
        self._full = 0

    def book(self, count: int, now: datetime) -> datetime | None:
        """The first instant, soon after `now`, at which so many may be sent, `at_once` at most.

        None while all the next seconds are full.
        """
        first = int(now.timestamp())
        for second in range(max(first, self._full), first + _AHEAD):
            if self._booked(second, count):
                return max(now, datetime.fromtimestamp(second, UTC))
            self._full = second + 1
        return None

    def _booked(self, second: int, count: int) -> bool:
        free = conditions.absent() | conditions.at_most("begun", self._most - count)
        try:
            self._table.update(keys.pace(second), {"ttl": second + _KEPT}, add={"begun": count}, when=free)
        except ConditionFailed:
            return False
        return True
