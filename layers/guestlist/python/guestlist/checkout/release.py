"""Return of uses by a release or a lapsed hold, exactly once.

Three writes: the step is added to the counter; the redemption agrees to it (the commit point); the counter
subtracts the uses and removes the step. After a crash, any other request completes or rolls back the step.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counting import Give, Hold, Step, Take, is_overdue
from guestlist.checkout.ports import Ledger
from guestlist.checkout.recovery import ROUNDS, complete_step, end_give, hold_note, replace_step_by_note
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.model.errors import ConcurrentModification

Plan = Callable[[Redemption], Redemption | None]


def return_lapsed_hold(ledger: Ledger, hold: Hold, attempt: str, now: datetime) -> None:
    """Return the uses of a hold that has lapsed, if it still has any, and delete its note."""
    current = return_uses(
        ledger, hold.request, hold.counter_key, lambda redemption: _plan_lapse(redemption, hold, now), attempt, now
    )
    if current is None or not _is_active_hold(current, hold):
        ledger.forget(hold)


def return_uses(
    ledger: Ledger, request: str, counter_key: CounterKey, plan: Plan, attempt: str, now: datetime
) -> Redemption | None:
    """Change a redemption as `plan` says, and return to the counter the uses that it loses.

    `plan` returns None for no change. Returns the redemption after the change, None if there is none.
    Raises `ConcurrentModification` when concurrent changes persist.
    """
    for _ in range(ROUNDS):
        # Redemption before counter: then the step that it has agreed to is either still there or completed.
        current = ledger.redemption(request)
        counter = ledger.counter(counter_key)
        open_step = counter.steps.get(request)
        planned = plan(current) if current is not None else None
        step = (
            open_step if isinstance(open_step, Take) and current and current.keeps_step(open_step.redemption) else None
        )
        if step and current and planned and planned.status is Status.HELD:
            _note_rest(ledger, counter_key, current, step)
            continue
        if (
            step is None
            and open_step is not None
            and (current is None or planned is not None or isinstance(open_step, Give))
        ):
            if current is None or not _is_of_later_generation(current, open_step) or is_overdue(open_step, now):
                complete_step(ledger, counter_key, open_step)
            continue
        if current is None or planned is None:
            return current
        give = _give(current, planned, attempt, now)
        if not ledger.begin(counter_key, give, counter, instead=step):
            continue
        agreed = replace(planned, agreed=give.name)
        if ledger.revise(agreed):
            end_give(ledger, counter_key, give)
            return _with_note_updated(ledger, current, replace(agreed, revision=agreed.revision + 1))
        complete_step(ledger, counter_key, give)
    raise ConcurrentModification


def _give(current: Redemption, planned: Redemption, attempt: str, now: datetime) -> Give:
    return Give(
        request=current.request,
        generation=current.generation,
        revision=current.revision,
        attempt=attempt,
        quantity=planned.returned - current.returned,
        at=now,
    )


def _note_rest(ledger: Ledger, counter_key: CounterKey, redemption: Redemption, step: Step) -> None:
    """Record a hold by a note before a partial release, as its step stands for the whole quantity."""
    if replace_step_by_note(ledger, redemption):
        ledger.end(counter_key, step)


def _is_of_later_generation(current: Redemption, step: Step) -> bool:
    """Whether the step takes for a later generation, so that `current` is stale and its attempt may be running."""
    return isinstance(step, Take) and step.redemption.generation > current.generation


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


def _plan_lapse(current: Redemption, hold: Hold, now: datetime) -> Redemption | None:
    if not _is_active_hold(current, hold) or not current.has_lapsed(now):
        return None
    return replace(current, returned=current.quantity, status=Status.LAPSED)


def _is_active_hold(current: Redemption, hold: Hold) -> bool:
    is_same = (current.generation, current.attempt) == (hold.generation, hold.attempt)
    return is_same and current.status is Status.HELD


def _with_note_updated(ledger: Ledger, before: Redemption, after: Redemption) -> Redemption:
    former_note, new_note = hold_note(before), hold_note(after)
    if former_note is not None and before.status is Status.HELD and not before.by_step:
        if new_note is not None and after.status is Status.HELD:
            ledger.note(new_note)
        else:
            ledger.forget(former_note)
    return after
