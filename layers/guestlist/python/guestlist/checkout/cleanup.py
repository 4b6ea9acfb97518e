"""What a timer does for the checkout. No answer waits for it or is wrong without it."""

from collections.abc import Callable
from datetime import datetime

from guestlist.checkout.counting import overdue
from guestlist.checkout.ports import Overdue
from guestlist.checkout.recovery import noted, settle, settle_overdue
from guestlist.checkout.release import lapse


def tidy(remains: Overdue, now: datetime, new_attempt: Callable[[], str]) -> int:
    """Give back lapsed holds, and bring to an end what crashed attempts began beside them; answers how many.

    Where nothing was held, whoever next asks about the code ends what crashed: to note each counter for the timer
    would cost every redemption a write.
    """
    count = 0
    # Counters first: giving back a hold would begin another step there.
    for ledger, counter_key, counter in remains.counters(now):
        for step in counter.steps.values():
            if overdue(step, now):
                settle(ledger, counter_key, step)
                count += 1
    for ledger, redemption in remains.holds(now):
        hold = noted(redemption)
        if hold is not None:
            lapse(ledger, hold, new_attempt(), now)
            count += 1 + settle_overdue(ledger, ledger.uses(hold.counter_key.whole.partition, now), now)
    return count
