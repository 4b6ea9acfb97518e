"""The rate of welcome mails over all workers, below the rate of SES so that other mails can be sent at any time."""

from datetime import UTC, datetime

from guestlist.aws import conditions, keys
from guestlist.aws.table import ConditionFailed, Table

SHARE = 0.8
"""The share of SES's rate that welcome mails may use; people wait for the other mails, those about imports."""
_MAILS_PER_BOOKING_DIVISOR = 4
_MAX_SECONDS_AHEAD = 20
_LIFETIME_SECONDS = 3600


class SendingRate:
    """The number of welcome mails booked for each second; `rate` is the number that SES accepts per second."""

    def __init__(self, table: Table, rate: float) -> None:
        self._table = table
        self._max_per_second = max(1, int(rate * SHARE))
        self.max_batch = max(1, self._max_per_second // _MAILS_PER_BOOKING_DIVISOR)
        self._full_until = 0

    def book(self, count: int, now: datetime) -> datetime | None:
        """Reserve a time soon after `now` at which `count` mails may be sent, at most `max_batch`.

        None if all the next seconds are full.
        """
        first = int(now.timestamp())
        if self._full_until > first + _MAX_SECONDS_AHEAD:
            # The clock went back; the seconds that were full then are not the next ones.
            self._full_until = 0
        for second in range(max(first, self._full_until), first + _MAX_SECONDS_AHEAD):
            if self._try_book(second, count):
                return max(now, datetime.fromtimestamp(second, UTC))
            self._full_until = second + 1
        return None

    def _try_book(self, second: int, count: int) -> bool:
        has_room = conditions.absent() | conditions.at_most("begun", self._max_per_second - count)
        try:
            self._table.update(
                keys.pace(second), {"ttl": second + _LIFETIME_SECONDS}, add={"begun": count}, when=has_room
            )
        except ConditionFailed:
            return False
        return True
