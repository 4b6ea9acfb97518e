"""Recovery: completes the steps on counters, whichever attempt began them.

The attempt that began a step may still be running, may have crashed, or may have lost the response to a write
that succeeded. Every function here is idempotent and safe in all three cases, also when run concurrently.
"""

from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counting import Give, Hold, Step, Take, Uses, is_overdue
from guestlist.checkout.ports import Ledger
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.model.errors import ConcurrentModification

ROUNDS = 20


def complete_step(ledger: Ledger, counter_key: CounterKey, step: Step) -> None:
    """Complete a step and remove it from the counter, or roll it back and return its uses."""
    if isinstance(step, Take):
        _settle_take(ledger, counter_key, step)
    else:
        _settle_give(ledger, counter_key, step)


def complete_overdue_steps(ledger: Ledger, uses: Uses, now: datetime) -> int:
    """Complete the steps of crashed attempts, and return their number."""
    overdue_steps = [(counter_key, step) for counter_key, step in uses.steps() if is_overdue(step, now)]
    lost_steps = [(counter_key, step) for counter_key, step in overdue_steps if hold_of_step(ledger, step) is None]
    for counter_key, step in lost_steps:
        complete_step(ledger, counter_key, step)
    return len(lost_steps)


def hold_of_step(ledger: Ledger, step: Step) -> Redemption | None:
    """The hold that the step records in place of a note, if any; such a step ends with the hold."""
    if not isinstance(step, Take) or not step.redemption.by_step:
        return None
    current = ledger.redemption(step.request)
    return current if current is not None and current.is_held_by(step.redemption) else None


def record_take(ledger: Ledger, take: Take, remaining: int) -> Redemption | None:
    """Record the redemption of a take, and return the recorded one; None if the request has another redemption."""
    redemption = replace(take.redemption, remaining=remaining)
    hold = None if redemption.by_step else hold_note(redemption)
    if hold is not None:
        ledger.note(hold)
    if ledger.record(redemption):
        return redemption
    current = ledger.redemption(redemption.request)
    recorded = current if current is not None and current.is_same(redemption) else None
    if hold is not None and (recorded is None or recorded.status is not Status.HELD):
        ledger.forget(hold)
    return recorded


def end_take(ledger: Ledger, counter_key: CounterKey, take: Take, recorded: Redemption | None) -> None:
    """Remove the step from its counter, and return its uses unless `recorded` accounts for them.

    A step that records a hold stays.
    """
    redemption = take.redemption
    if recorded is not None and recorded.is_held_by(redemption):
        return
    if recorded is not None and recorded.accounts_for(redemption):
        ledger.end(counter_key, take, keep_name=recorded.is_on_counter)
    else:
        ledger.end(counter_key, take, returned=redemption.quantity)


def end_give(ledger: Ledger, counter_key: CounterKey, give: Give) -> None:
    """Subtract the uses that the redemption gave back, and remove the step."""
    ledger.end(counter_key, give, returned=give.quantity)


def hold_note(redemption: Redemption) -> Hold | None:
    """The note of a hold, stored or not; None for a redemption that was never a hold."""
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


def record_step(ledger: Ledger, counter_key: CounterKey, take: Take) -> Redemption | None:
    """Record the redemption of another attempt's take, and leave the step to that attempt.

    If the step were removed while its attempt retries after a lost response, it would be taken twice.
    """
    uses = ledger.uses(counter_key.first_counter.partition, take.at)
    uses_left = take.redemption.limit - uses.uses_taken(counter_key.first_counter)
    return record_take(ledger, take, remaining=max(0, uses_left))


def replace_step_by_note(ledger: Ledger, redemption: Redemption) -> bool:
    """Record a hold by a note instead of its step, so that the step can end; False after a concurrent change."""
    hold = hold_note(redemption)
    if hold is not None:
        ledger.note(hold)
    return ledger.revise(replace(redemption, by_step=False))


def _settle_take(ledger: Ledger, counter_key: CounterKey, take: Take) -> None:
    recorded = ledger.redemption(take.request)
    if recorded is None or not recorded.accounts_for(take.redemption):
        recorded = record_step(ledger, counter_key, take)
    end_take(ledger, counter_key, take, recorded)


def _settle_give(ledger: Ledger, counter_key: CounterKey, give: Give) -> None:
    for _ in range(ROUNDS):
        current = ledger.redemption(give.request)
        if current is None:
            raise ConcurrentModification
        if current.agreed == give.name:
            end_give(ledger, counter_key, give)
            return
        if current.by_step and current.status is Status.HELD:
            # This step has replaced the one that recorded the hold.
            replace_step_by_note(ledger, current)
            continue
        if (current.generation, current.revision) > (give.generation, give.revision):
            same = current.generation == give.generation
            ledger.end(counter_key, give, keep_name=same and current.is_on_counter)
            return
        # Only a redemption of that revision can agree to the step: a new revision prevents it for good.
        ledger.revise(current)
    raise ConcurrentModification
