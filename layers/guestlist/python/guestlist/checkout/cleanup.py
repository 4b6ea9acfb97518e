"""Clean-up of lapsed holds and crashed redemptions by a timer. No response depends on it."""

from collections.abc import Callable
from datetime import datetime

from guestlist.checkout.counting import is_overdue
from guestlist.checkout.ports import OverdueWork
from guestlist.checkout.recovery import complete_overdue_steps, complete_step, hold_note
from guestlist.checkout.release import return_lapsed_hold


def clean_up_uses(remains: OverdueWork, now: datetime, new_attempt: Callable[[], str]) -> int:
    """Return the uses of lapsed holds, complete steps of crashed attempts beside them, and return their number.

    Without a hold, the next call for the code completes a crashed attempt: noting each counter for the timer would
    cost every redemption a write.
    """
    count = 0
    # Counters first: returning a hold's uses would add a step to them.
    for ledger, counter_key, counter in remains.counters(now):
        for step in counter.steps.values():
            if is_overdue(step, now):
                complete_step(ledger, counter_key, step)
                count += 1
    for ledger, redemption in remains.holds(now):
        hold = hold_note(redemption)
        if hold is not None:
            return_lapsed_hold(ledger, hold, new_attempt(), now)
            count += 1 + complete_overdue_steps(ledger, ledger.uses(hold.counter_key.first_counter.partition, now), now)
    return count
