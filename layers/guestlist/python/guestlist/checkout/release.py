"""Return of uses by a release or a lapsed hold, exactly once.

Three writes: a step is added to the counter; the redemption refers to it (the commit point); the counter subtracts
the uses and removes the step. After a crash, any other request completes or rolls back the step.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counting import HoldNote, ReturnStep, Step, TakeStep, is_overdue
from guestlist.checkout.ports import Ledger
from guestlist.checkout.recovery import MAX_TRIES, complete_step, end_return, hold_note, replace_step_by_note
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.model.errors import ConcurrentModification

Plan = Callable[[Redemption], Redemption | None]
"""Returns the redemption after the change; None for no change."""


def return_lapsed_hold(ledger: Ledger, note: HoldNote, attempt: str, now: datetime) -> None:
    """Return the uses of a hold that has lapsed, if it still has any, and delete its note."""
    current = return_uses(
        ledger, note.request, note.counter_key, lambda redemption: _plan_lapse(redemption, note, now), attempt, now
    )
    if current is None or not _is_active_hold(current, note):
        ledger.delete_hold_note(note)


def return_uses(
    ledger: Ledger, request: str, counter_key: CounterKey, plan: Plan, attempt: str, now: datetime
) -> Redemption | None:
    """Change a redemption to what `plan` returns for it, and return the uses that it loses to the counter.

    `plan` returns None for no change. Returns the redemption after the change, None if there is none.
    Raises `ConcurrentModification` when concurrent changes persist.
    """
    for _ in range(MAX_TRIES):
        # Redemption before counter: then the step of the return that it committed is either still there or completed.
        current = ledger.redemption(request)
        counter = ledger.counter(counter_key)
        open_step = counter.steps.get(request)
        planned = plan(current) if current is not None else None
        kept_step = (
            open_step
            if isinstance(open_step, TakeStep) and current and current.keeps_step(open_step.redemption)
            else None
        )
        if kept_step and current and planned and planned.status is Status.HELD:
            _end_step_of_hold(ledger, counter_key, current, kept_step)
            continue
        if (
            kept_step is None
            and open_step is not None
            and (current is None or planned is not None or isinstance(open_step, ReturnStep))
        ):
            if current is None or not _is_of_later_generation(current, open_step) or is_overdue(open_step, now):
                complete_step(ledger, counter_key, open_step)
            continue
        if current is None or planned is None:
            return current
        step = _return_step(current, planned, attempt, now)
        if not ledger.begin_return(counter_key, step, counter, replaced=kept_step):
            continue
        committed = replace(planned, committed_return=step.name)
        if ledger.update_redemption(committed):
            end_return(ledger, counter_key, step)
            return _with_note_updated(ledger, current, replace(committed, revision=committed.revision + 1))
        complete_step(ledger, counter_key, step)
    raise ConcurrentModification


def _return_step(current: Redemption, planned: Redemption, attempt: str, now: datetime) -> ReturnStep:
    return ReturnStep(
        request=current.request,
        generation=current.generation,
        revision=current.revision,
        attempt=attempt,
        quantity=planned.returned - current.returned,
        at=now,
    )


def _end_step_of_hold(ledger: Ledger, counter_key: CounterKey, redemption: Redemption, step: Step) -> None:
    """End the step of a hold, which a note records from now on: a step always has the whole quantity."""
    if replace_step_by_note(ledger, redemption):
        ledger.end_step(counter_key, step)


def _is_of_later_generation(current: Redemption, step: Step) -> bool:
    """Whether the step is of a later generation, so that `current` is stale and the step's attempt may be running."""
    return isinstance(step, TakeStep) and step.redemption.generation > current.generation


def plan_release(current: Redemption, quantity: int | None, call: str | None, now: datetime) -> Redemption | None:
    """The redemption after a release of `quantity` (None: all), at most what it has; None for no change.

    `call` is the key of an idempotent call.
    """
    if current.is_ended or call in current.calls:
        return None
    if current.has_lapsed(now):
        return replace(current, returned=current.quantity, status=Status.LAPSED)
    returned = current.returned + min(quantity or current.outstanding, current.outstanding)
    return replace(
        current,
        returned=returned,
        status=Status.RELEASED if returned == current.quantity else current.status,
        calls=current.calls if call is None else (*current.calls, call),
    )


def _plan_lapse(current: Redemption, note: HoldNote, now: datetime) -> Redemption | None:
    if not _is_active_hold(current, note) or not current.has_lapsed(now):
        return None
    return replace(current, returned=current.quantity, status=Status.LAPSED)


def _is_active_hold(current: Redemption, note: HoldNote) -> bool:
    is_same = (current.generation, current.attempt) == (note.generation, note.attempt)
    return is_same and current.status is Status.HELD


def _with_note_updated(ledger: Ledger, before: Redemption, after: Redemption) -> Redemption:
    """Save or delete the note of a hold that was changed, and return the hold."""
    former_note, new_note = hold_note(before), hold_note(after)
    if former_note is not None and before.status is Status.HELD and not before.by_step:
        if new_note is not None and after.status is Status.HELD:
            ledger.save_hold_note(new_note)
        else:
            ledger.delete_hold_note(former_note)
    return after
