"""Giving uses back: a release, or a hold whose end has come. Each use comes back once.

First the step is begun on the counter, then the redemption agrees to it, then the counter takes the
uses off together with the step. Before the second write nothing has happened, after it all has: the
rest is done by whoever comes by.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counting import Give, Hold, Step, Take, overdue
from guestlist.checkout.ports import Ledger
from guestlist.checkout.recovery import ROUNDS, note_instead, noted, settle, take_off
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from guestlist.model.errors import ConcurrentModification

Plan = Callable[[Redemption], Redemption | None]


def lapse(ledger: Ledger, hold: Hold, attempt: str, now: datetime) -> None:
    """Give back what a hold held whose end has come, if it still holds anything, and forget its note."""
    current = give_back(
        ledger, hold.request, hold.counter_key, lambda redemption: _lapsed(redemption, hold, now), attempt, now
    )
    if current is None or not _holds(current, hold):
        ledger.forget(hold)


def give_back(
    ledger: Ledger, request: str, counter_key: CounterKey, plan: Plan, attempt: str, now: datetime
) -> Redemption | None:
    """Change the redemption as planned and give back what it then no longer has; the plan may say None: no change.

    Answers the redemption as it is then, None when there is none.
    Raises `ConcurrentModification` when others are too busy with it.
    """
    for _ in range(ROUNDS):
        # In this order: what a redemption has agreed to give back is still begun, or off the counter.
        current = ledger.redemption(request)
        counter = ledger.counter(counter_key)
        open_step = counter.steps.get(request)
        planned = plan(current) if current is not None else None
        step = open_step if isinstance(open_step, Take) and current and current.left(open_step.redemption) else None
        if step and current and planned and planned.status is Status.HELD:
            _note_rest(ledger, counter_key, current, step)
            continue
        if (
            step is None
            and open_step is not None
            and (current is None or planned is not None or isinstance(open_step, Give))
        ):
            if current is None or not _next(current, open_step) or overdue(open_step, now):
                settle(ledger, counter_key, open_step)
            continue
        if current is None or planned is None:
            return current
        give = _give(current, planned, attempt, now)
        if not ledger.begin(counter_key, give, counter, instead=step):
            continue
        agreed = replace(planned, agreed=give.name)
        if ledger.revise(agreed):
            take_off(ledger, counter_key, give)
            return _tidied(ledger, current, replace(agreed, revision=agreed.revision + 1))
        settle(ledger, counter_key, give)
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
    """Tell of a hold by a note before some of it is given back: its step would say that it holds all."""
    if note_instead(ledger, redemption):
        ledger.end(counter_key, step)


def _next(current: Redemption, step: Step) -> bool:
    """Whether the step takes for a next generation: what was read is out of date then, and the taker may live."""
    return isinstance(step, Take) and step.redemption.generation > current.generation


def released(current: Redemption, quantity: int | None, call: str | None, now: datetime) -> Redemption | None:
    """The redemption after a release of so many, None for all, and never more than it has; None: it stays as it is.

    `call` names a call that gives back once, however often it comes.
    """
    if current.over or call in current.calls:
        return None
    if current.lapsed(now):
        return replace(current, returned=current.quantity, status=Status.LAPSED)
    returned = current.returned + min(quantity or current.outstanding, current.outstanding)
    return replace(
        current,
        returned=returned,
        status=Status.RELEASED if returned == current.quantity else current.status,
        calls=current.calls if call is None else (*current.calls, call),
    )


def _lapsed(current: Redemption, hold: Hold, now: datetime) -> Redemption | None:
    if not _holds(current, hold) or not current.lapsed(now):
        return None
    return replace(current, returned=current.quantity, status=Status.LAPSED)


def _holds(current: Redemption, hold: Hold) -> bool:
    same = (current.generation, current.attempt) == (hold.generation, hold.attempt)
    return same and current.status is Status.HELD


def _tidied(ledger: Ledger, before: Redemption, after: Redemption) -> Redemption:
    was, now_is = noted(before), noted(after)
    if was is not None and before.status is Status.HELD and not before.by_step:
        if now_is is not None and after.status is Status.HELD:
            ledger.note(now_is)
        else:
            ledger.forget(was)
    return after
