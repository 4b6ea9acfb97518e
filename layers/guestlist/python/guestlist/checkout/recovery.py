"""Bringing steps on counters to their ends, whoever began them.

A step may be met while the attempt that began it is still at work, has died, or was told nothing of
its success. What is done here is right in all three cases, however often it is done and by how many.
"""

from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counting import Give, Hold, Step, Take, Uses, overdue
from guestlist.checkout.ports import Ledger
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.model.errors import ConcurrentModification

ROUNDS = 20


def settle(ledger: Ledger, counter_key: CounterKey, step: Step) -> None:
    """Bring the step to its end: recorded or agreed to, then off the counter; or given up, its uses given back."""
    if isinstance(step, Take):
        _settle_take(ledger, counter_key, step)
    else:
        _settle_give(ledger, counter_key, step)


def settle_overdue(ledger: Ledger, uses: Uses, now: datetime) -> int:
    """Bring to an end what crashed attempts began; answers how many there were."""
    overdue_steps = [(counter_key, step) for counter_key, step in uses.steps() if overdue(step, now)]
    lost_steps = [(counter_key, step) for counter_key, step in overdue_steps if held_by(ledger, step) is None]
    for counter_key, step in lost_steps:
        settle(ledger, counter_key, step)
    return len(lost_steps)


def held_by(ledger: Ledger, step: Step) -> Redemption | None:
    """The hold that the step tells of in place of a note, if it is one; such a step is at its end when the hold is."""
    if not isinstance(step, Take) or not step.redemption.by_step:
        return None
    current = ledger.redemption(step.request)
    return current if current is not None and current.held_by(step.redemption) else None


def record(ledger: Ledger, take: Take, remaining: int) -> Redemption | None:
    """Make the taken uses a redemption, unless the request has another; answers it as it is recorded."""
    redemption = replace(take.redemption, remaining=remaining)
    hold = None if redemption.by_step else noted(redemption)
    if hold is not None:
        ledger.note(hold)
    if ledger.record(redemption):
        return redemption
    current = ledger.redemption(redemption.request)
    recorded = current if current is not None and current.same(redemption) else None
    if hold is not None and (recorded is None or recorded.status is not Status.HELD):
        ledger.forget(hold)
    return recorded


def end_take(ledger: Ledger, counter_key: CounterKey, take: Take, recorded: Redemption | None) -> None:
    """Take the step off its counter, and with it the uses that what was recorded does not account for.

    Where the step tells of a hold, it stays.
    """
    redemption = take.redemption
    if recorded is not None and recorded.held_by(redemption):
        return
    counted = recorded is not None and recorded.accounts_for(redemption)
    ledger.end(counter_key, take, returned=0 if counted else redemption.quantity)


def take_off(ledger: Ledger, counter_key: CounterKey, give: Give) -> None:
    """Take off what the redemption agreed to give back."""
    ledger.end(counter_key, give, returned=give.quantity)


def noted(redemption: Redemption) -> Hold | None:
    """The note that is kept of a hold, or that would be; None for what never was one."""
    if redemption.until is None:
        return None
    return Hold(
        counter_key=redemption.counter_key,
        request=redemption.request,
        generation=redemption.generation,
        attempt=redemption.attempt,
        quantity=redemption.outstanding,
        until=redemption.until,
    )


def adopt(ledger: Ledger, counter_key: CounterKey, take: Take) -> Redemption | None:
    """Make what another attempt has taken a redemption, and leave its step to that attempt, which may still live.

    A step that is taken off while its attempt waits for a lost answer would be begun again, and count twice.
    """
    uses = ledger.uses(counter_key.whole.partition, take.at)
    uses_left = take.redemption.limit - uses.taken(counter_key.whole)
    return record(ledger, take, remaining=max(0, uses_left))


def note_instead(ledger: Ledger, redemption: Redemption) -> bool:
    """Tell of a hold by a note and no longer by its step, which then may end; False when it was changed meanwhile."""
    hold = noted(redemption)
    if hold is not None:
        ledger.note(hold)
    return ledger.revise(replace(redemption, by_step=False))


def _settle_take(ledger: Ledger, counter_key: CounterKey, take: Take) -> None:
    recorded = ledger.redemption(take.request)
    if recorded is None or not recorded.accounts_for(take.redemption):
        recorded = adopt(ledger, counter_key, take)
    end_take(ledger, counter_key, take, recorded)


def _settle_give(ledger: Ledger, counter_key: CounterKey, give: Give) -> None:
    for _ in range(ROUNDS):
        current = ledger.redemption(give.request)
        if current is None:
            raise ConcurrentModification
        if current.agreed == give.name:
            take_off(ledger, counter_key, give)
            return
        if current.by_step and current.status is Status.HELD:
            # The giving back has taken the place of the step that told of the hold.
            note_instead(ledger, current)
            continue
        if (current.generation, current.revision) > (give.generation, give.revision):
            ledger.end(counter_key, give)
            return
        # Only a redemption of that very revision can still agree: with a next one it never will.
        ledger.revise(current)
    raise ConcurrentModification
