"""Clean-up of lapsed holds and crashed redemptions by a timer. No response depends on it."""

from collections.abc import Callable
from datetime import datetime

from guestlist.checkout.counting import is_overdue
from guestlist.checkout.ports import OverdueWork
from guestlist.checkout.recovery import complete_overdue_steps, complete_step, hold_note
from guestlist.checkout.release import return_lapsed_hold


def clean_up_uses(overdue_work: OverdueWork, now: datetime, new_attempt: Callable[[], str]) -> int:
    """Return the uses of lapsed holds, complete steps of crashed attempts beside them, and return their number.

    A crashed attempt at a redemption without a hold is completed by the next call for the code: a note of each counter
    for the timer would cost every redemption a write.
    """
    count = 0
    # Counters first: returning a hold's uses would add a step to them.
    for ledger, counter_key, counter in overdue_work.counters(now):
        for step in counter.steps.values():
            if is_overdue(step, now):
                complete_step(ledger, counter_key, step)
                count += 1
    for ledger, redemption in overdue_work.holds(now):
        note = hold_note(redemption)
        if note is not None:
            return_lapsed_hold(ledger, note, new_attempt(), now)
            count += 1 + complete_overdue_steps(ledger, ledger.uses(note.counter_key.first_counter.partition, now), now)
    return count
