"""What a timer does for the checkout. No answer waits for it or is wrong without it."""

from collections.abc import Callable
from datetime import datetime

from guestlist.checkout.counting import overdue
from guestlist.checkout.ports import Overdue
from guestlist.checkout.recovery import noted, settle
from guestlist.checkout.release import lapse


def tidy(found: Overdue, now: datetime, new_attempt: Callable[[], str]) -> int:
    """Give back lapsed holds, and bring to an end what crashed attempts began; answers how many there were."""
    count = 0
    # Counters first: giving back a hold would begin another step there.
    for ledger, counter_key, counter in found.counters(now):
        for step in counter.steps.values():
            if overdue(step, now):
                settle(ledger, counter_key, step)
                count += 1
    for ledger, redemption in found.holds(now):
        hold = noted(redemption)
        if hold is not None:
            lapse(ledger, hold, new_attempt(), now)
            count += 1
    return count
