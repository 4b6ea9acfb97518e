"""Recovery: completes the steps on counters, whichever attempt began them.

The attempt that began a step may still be running, may have crashed, or may have lost the response to a write
that succeeded. Every function here is idempotent and safe in all three cases, also when run concurrently.
"""

from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counting import HoldNote, ReturnStep, Step, TakeStep, Uses, is_overdue
from guestlist.checkout.ports import Ledger
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.model.errors import ConcurrentModification

MAX_TRIES = 20
"""Number of tries after which `ConcurrentModification` is raised."""


def complete_step(ledger: Ledger, counter_key: CounterKey, step: Step) -> None:
    """Complete a step and remove it from the counter, or roll it back and return its uses."""
    if isinstance(step, TakeStep):
        _complete_take(ledger, counter_key, step)
    else:
        _complete_return(ledger, counter_key, step)


def complete_overdue_steps(ledger: Ledger, uses: Uses, now: datetime) -> int:
    """Complete the steps of crashed attempts, and return their number."""
    overdue_steps = [(counter_key, step) for counter_key, step in uses.steps() if is_overdue(step, now)]
    crashed_steps = [(counter_key, step) for counter_key, step in overdue_steps if hold_of_step(ledger, step) is None]
    for counter_key, step in crashed_steps:
        complete_step(ledger, counter_key, step)
    return len(crashed_steps)


def hold_of_step(ledger: Ledger, step: Step) -> Redemption | None:
    """The hold that the step records in place of a note, if any; such a step ends with the hold."""
    if not isinstance(step, TakeStep) or not step.redemption.by_step:
        return None
    current = ledger.redemption(step.request)
    return current if current is not None and current.is_held_by(step.redemption) else None


def save_redemption(ledger: Ledger, step: TakeStep, remaining: int) -> Redemption | None:
    """Save the redemption of a step, and return it as saved; None if the request has another redemption."""
    redemption = replace(step.redemption, remaining=remaining)
    note = None if redemption.by_step else hold_note(redemption)
    if note is not None:
        ledger.save_hold_note(note)
    if ledger.create_redemption(redemption):
        return redemption
    current = ledger.redemption(redemption.request)
    saved = current if current is not None and current.is_same(redemption) else None
    if note is not None and (saved is None or saved.status is not Status.HELD):
        ledger.delete_hold_note(note)
    return saved


def end_take(ledger: Ledger, counter_key: CounterKey, step: TakeStep, saved: Redemption | None) -> None:
    """Remove the step from its counter, and return its uses unless `saved` accounts for them.

    A step that records a hold stays.
    """
    redemption = step.redemption
    if saved is not None and saved.is_held_by(redemption):
        return
    if saved is not None and saved.accounts_for(redemption):
        ledger.end_step(counter_key, step, keep_name=saved.is_on_counter)
    else:
        ledger.end_step(counter_key, step, returned=redemption.quantity)


def end_return(ledger: Ledger, counter_key: CounterKey, step: ReturnStep) -> None:
    """Subtract the uses of a committed return from the counter, and remove the step."""
    ledger.end_step(counter_key, step, returned=step.quantity)


def hold_note(redemption: Redemption) -> HoldNote | None:
    """The note of a hold, stored or not; None for a redemption that was never a hold."""
    if redemption.until is None:
        return None
    return HoldNote(
        counter_key=redemption.counter_key,
        request=redemption.request,
        generation=redemption.generation,
        attempt=redemption.attempt,
        quantity=redemption.outstanding,
        until=redemption.until,
    )


def save_redemption_for_other(ledger: Ledger, counter_key: CounterKey, step: TakeStep) -> Redemption | None:
    """Save the redemption of a step that another attempt began, and leave the step to that attempt.

    If the step were removed while its attempt retries after a lost response, its uses would be taken twice.
    """
    uses = ledger.uses(counter_key.first_counter.partition, step.at)
    uses_left = step.redemption.limit - uses.uses_taken(counter_key.first_counter)
    return save_redemption(ledger, step, remaining=max(0, uses_left))


def replace_step_by_note(ledger: Ledger, redemption: Redemption) -> bool:
    """Record a hold by a note instead of its step, so that the step can end; False after a concurrent change."""
    note = hold_note(redemption)
    if note is not None:
        ledger.save_hold_note(note)
    return ledger.update_redemption(replace(redemption, by_step=False))


def _complete_take(ledger: Ledger, counter_key: CounterKey, step: TakeStep) -> None:
    saved = ledger.redemption(step.request)
    if saved is None or not saved.accounts_for(step.redemption):
        saved = save_redemption_for_other(ledger, counter_key, step)
    end_take(ledger, counter_key, step, saved)


def _complete_return(ledger: Ledger, counter_key: CounterKey, step: ReturnStep) -> None:
    for _ in range(MAX_TRIES):
        current = ledger.redemption(step.request)
        if current is None:
            raise ConcurrentModification
        if current.committed_return == step.name:
            end_return(ledger, counter_key, step)
            return
        if current.by_step and current.status is Status.HELD:
            # This step has replaced the one that recorded the hold.
            replace_step_by_note(ledger, current)
            continue
        if (current.generation, current.revision) > (step.generation, step.revision):
            same = current.generation == step.generation
            ledger.end_step(counter_key, step, keep_name=same and current.is_on_counter)
            return
        # Only a redemption of that revision can commit the return: a new revision prevents it for good.
        ledger.update_redemption(current)
    raise ConcurrentModification
