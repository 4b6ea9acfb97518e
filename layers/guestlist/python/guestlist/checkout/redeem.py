"""Taking uses from a code or e-mail, for good or on hold: at most once a request, and never one too many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.checkout.counting import Hold, Step, Take, Uses, balance, doubtful, overdue
from guestlist.checkout.parts import MOST_STEPS, Bound, bounds, idle, part_number, share
from guestlist.checkout.ports import Ledger, Lists
from guestlist.checkout.recovery import ROUNDS, adopt, end_take, held_by, noted, record, settle
from guestlist.checkout.redemption import LEFT_STEPS, Ask, CounterKey, Redemption, Status, order_digits
from guestlist.checkout.refusal import refusal
from guestlist.checkout.release import give_back, lapse, released
from guestlist.checkout.response import Reason, Redeemed
from guestlist.checkout.row_selection import select_rows
from guestlist.checkout.rows import Row, most, short, uses_of
from guestlist.model.errors import ConcurrentModification, Conflict, GuestlistError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request; `fresh` unless it had become that before."""

    redeemed: Redeemed
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemAttempt:
    """One attempt at one request: what it works with. `attempt` is an id that no other attempt has.

    `request` names the request in the ledger.
    """

    ask: Ask
    request: str
    ledger: Ledger
    lists: Lists
    attempt: str
    now: datetime


def redeem(redeem_attempt: RedeemAttempt, former: Redemption | None, restrictions: RestrictionIndex) -> Outcome:
    """Take what is asked for from the first row that has it, or tell what the request has taken before.

    `former` is what became of the request until now. Raises `Unknown` for a code that no list has,
    `Conflict` with the reason for anything else, and `ConcurrentModification` when others are too busy with the same.
    """
    if former is not None and former.stands(redeem_attempt.now):
        return _repeated_outcome(redeem_attempt, former)
    rows_found, uses = redeem_attempt.lists.rows(redeem_attempt.ask)
    rows = select_rows(redeem_attempt.ask, rows_found, restrictions, redeem_attempt.now)
    for _ in range(ROUNDS):
        cleared = _clear(redeem_attempt, former, rows, uses)
        row = next((row for row in rows if _free(row, uses) + _lapsing(row, uses) >= redeem_attempt.ask.quantity), None)
        redemption = _take_uses(redeem_attempt, row, former, uses) if cleared and row is not None else None
        former = redemption or redeem_attempt.ledger.redemption(redeem_attempt.request)
        if former is not None and former.stands(redeem_attempt.now):
            return (
                _checked(redeem_attempt, rows, former)
                if former.attempt == redeem_attempt.attempt
                else _repeated_outcome(redeem_attempt, former)
            )
        short = cleared and row is None and not uses.remembered
        error = _refusal_of(redeem_attempt, rows, uses) if short else None
        if error is not None:
            raise error
        uses = uses_of(redeem_attempt.ledger, rows, redeem_attempt.now)
    raise ConcurrentModification


def _repeated_outcome(redeem_attempt: RedeemAttempt, redemption: Redemption) -> Outcome:
    if redemption.quantity != redeem_attempt.ask.quantity:
        raise Conflict("This order has asked for another quantity of the same before.", code="idempotency_conflict")
    return Outcome(_first_answer(redemption), fresh=False)


def _first_answer(redemption: Redemption) -> Redeemed:
    return Redeemed(
        redemption_id=redemption.redemption_id,
        status=Status.REDEEMED if redemption.until is None else Status.HELD,
        group_id=redemption.group_id,
        quantity=redemption.quantity,
        remaining=redemption.remaining,
        hold_expires_at=redemption.until,
    )


def _clear(redeem_attempt: RedeemAttempt, former: Redemption | None, rows: Sequence[Row], uses: Uses) -> bool:
    """Whether nothing was left to end: of the request's own past, or what others began too long ago."""
    open_steps = [(counter_key, step) for counter_key, step in uses.steps() if _to_end(redeem_attempt, step)]
    ends = [
        _end_step(redeem_attempt, counter_key, _worded(redeem_attempt, rows, step)) for counter_key, step in open_steps
    ]
    hold = noted(former) if former is not None and former.lapsed(redeem_attempt.now) else None
    if hold is not None:
        lapse(redeem_attempt.ledger, hold, redeem_attempt.attempt, redeem_attempt.now)
    return not any(ends) and hold is None


def _end_step(redeem_attempt: RedeemAttempt, counter_key: CounterKey, step: Step) -> bool:
    """Bring the step on its way to its end; False where it tells of a hold that holds."""
    ledger, now = redeem_attempt.ledger, redeem_attempt.now
    if isinstance(step, Take) and _lives(redeem_attempt, step):
        adopt(ledger, counter_key, step)
        return True
    redemption = held_by(ledger, step)
    if redemption is None:
        settle(ledger, counter_key, step)
        return True
    hold = noted(redemption)
    if hold is not None and redemption.lapsed(now):
        lapse(ledger, hold, redeem_attempt.attempt, now)
    return redemption.lapsed(now) or redemption.request == redeem_attempt.request


def _worded(redeem_attempt: RedeemAttempt, rows: Sequence[Row], step: Step) -> Step:
    """The step; of this very request with the words that a step does not keep."""
    if not isinstance(step, Take) or step.request != redeem_attempt.request:
        return step
    whole = step.redemption.counter_key.whole
    row = next((row for row in rows if row.counter_key == whole), None)
    return step if row is None else Take(_with_words(step.redemption, redeem_attempt.ask, row))


def _with_words(redemption: Redemption, ask: Ask, row: Row) -> Redemption:
    """The redemption with what it says of its order and its entry."""
    entry = row.entry
    return replace(
        redemption,
        order_id=ask.order_id,
        code=entry.code,
        email=entry.email,
        category=entry.category,
        seat=entry.seat,
    )


def _to_end(redeem_attempt: RedeemAttempt, step: Step) -> bool:
    return step.request == redeem_attempt.request or overdue(step, redeem_attempt.now)


def _lives(redeem_attempt: RedeemAttempt, take: Take) -> bool:
    """Whether another attempt may still be at work on it."""
    return take.redemption.attempt != redeem_attempt.attempt and not overdue(take, redeem_attempt.now)


def _free(row: Row, uses: Uses) -> int:
    return row.entry.quantity - uses.taken(row.counter_key)


def _take_uses(redeem_attempt: RedeemAttempt, row: Row, former: Redemption | None, uses: Uses) -> Redemption | None:
    """The redemption; None when uses had to come back first, or when others were quicker."""
    if _free(row, uses) < redeem_attempt.ask.quantity:
        _reclaim(redeem_attempt, row, uses)
        return None
    bound = _bound(redeem_attempt, row, uses)
    if bound is None or not _returned(redeem_attempt, former, bound):
        return None
    take = _take(redeem_attempt, row, former, bound.counter_key)
    counter = redeem_attempt.ledger.take(take, bound)
    if counter is None:
        return None
    redemption = take.redemption
    elsewhere = uses.taken(row.counter_key) - uses.counter(redemption.counter_key).taken
    uses_left = redemption.limit - counter.taken - elsewhere + _uncounted(redeem_attempt, row.counter_key, uses)
    recorded = record(redeem_attempt.ledger, take, remaining=max(0, uses_left))
    if recorded is None or not recorded.left(redemption):
        end_take(redeem_attempt.ledger, redemption.counter_key, take, recorded)
    return replace(redemption, remaining=recorded.remaining) if recorded else None


def _bound(redeem_attempt: RedeemAttempt, row: Row, uses: Uses) -> Bound | None:
    """The counter to take from; None when uses had to be moved first, or others are to end first.

    Raises `ConcurrentModification` when each of several counters has as many steps as it may have.
    """
    ledger, quantity = redeem_attempt.ledger, redeem_attempt.ask.quantity
    each = share(uses, row.counter_key, row.entry.quantity)
    if each is not None:
        ledger.split(row.counter_key, each, row.entry.quantity)
        return None
    counters = [
        (candidate, uses.counter(candidate.counter_key))
        for candidate in bounds(uses, row.counter_key, row.entry.quantity)
    ]
    enough = [(candidate, counter) for candidate, counter in counters if candidate.limit - counter.taken >= quantity]
    if not enough and not uses.remembered:
        for part in idle(uses, row.counter_key):
            ledger.cap(part, uses.counter(part))
    if not enough:
        return None
    free = [candidate for candidate, counter in enough if len(counter.steps) < MOST_STEPS]
    if not free and len(counters) > 1:
        # So many at the same time that to read it all again would only keep the others from their ends.
        raise ConcurrentModification
    if not free:
        return None
    own = row.counter_key.counters[part_number(redeem_attempt.request)]
    other = free[crc32(redeem_attempt.attempt.encode()) % len(free)]
    return next((bound for bound in free if bound.counter_key == own), other)


def _returned(redeem_attempt: RedeemAttempt, former: Redemption | None, bound: Bound) -> bool:
    """Whether what the request gave back before is off its counter: a next redemption would overwrite what was agreed.

    On the same counter the take itself is conditioned on it, and what is remembered of another does not tell.
    """
    if former is None or former.counter_key == bound.counter_key:
        return True
    step = redeem_attempt.ledger.counter(former.counter_key).steps.get(former.request)
    if step is not None:
        settle(redeem_attempt.ledger, former.counter_key, step)
    return step is None


def _take(redeem_attempt: RedeemAttempt, row: Row, former: Redemption | None, counter_key: CounterKey) -> Take:
    hold = redeem_attempt.ask.hold_seconds
    redemption = Redemption(
        request=redeem_attempt.request,
        generation=former.generation + 1 if former is not None else 1,
        attempt=redeem_attempt.attempt,
        counter_key=counter_key,
        group_id=row.group.group_id,
        quantity=redeem_attempt.ask.quantity,
        limit=row.entry.quantity,
        at=redeem_attempt.now,
        status=Status.REDEEMED if hold is None else Status.HELD,
        until=None if hold is None else redeem_attempt.now + timedelta(seconds=hold),
        by_step=row.entry.quantity <= LEFT_STEPS,
    )
    return Take(_with_words(redemption, redeem_attempt.ask, row))


def _uncounted(redeem_attempt: RedeemAttempt, counter_key: CounterKey, uses: Uses) -> int:
    """How many uses are free although the counter still says that they are taken."""
    requests = doubtful(uses, redeem_attempt.now)
    if not requests:
        return 0
    true = balance(uses, counter_key, redeem_attempt.ledger.redemptions(requests), redeem_attempt.now)
    return uses.taken(counter_key) - true.used - true.held


def _checked(redeem_attempt: RedeemAttempt, rows: Sequence[Row], redemption: Redemption) -> Outcome:
    """The outcome of this attempt, unless its row has left its list since it was read: then all is given back."""
    if all(redeem_attempt.lists.has(row) for row in rows if row.counter_key == redemption.counter_key.whole):
        return Outcome(_first_answer(redemption), fresh=True)
    give_back(
        redeem_attempt.ledger,
        redemption.request,
        redemption.counter_key,
        partial(_emptied, redemption, redeem_attempt.now),
        redeem_attempt.attempt,
        redeem_attempt.now,
    )
    raise refusal(Reason.UNKNOWN_CODE)


def _emptied(redemption: Redemption, now: datetime, current: Redemption) -> Redemption | None:
    return released(current, None, None, now) if current.same(redemption) else None


def _lapsed(row: Row, uses: Uses) -> list[Hold]:
    return [hold for hold in uses.lapsed if hold.counter_key.whole == row.counter_key]


def _lapsing(row: Row, uses: Uses) -> int:
    return sum(hold.quantity for hold in _lapsed(row, uses))


def _reclaim(redeem_attempt: RedeemAttempt, row: Row, uses: Uses) -> None:
    """Get back as many uses of the row from lapsed holds as are missing; attempts side by side begin elsewhere."""
    holds, missing = _lapsed(row, uses), redeem_attempt.ask.quantity - _free(row, uses)
    start = crc32(redeem_attempt.attempt.encode()) % len(holds)
    for hold in [*holds[start:], *holds[:start]]:
        if missing <= 0:
            return
        lapse(redeem_attempt.ledger, hold, redeem_attempt.attempt, redeem_attempt.now)
        missing -= hold.quantity


def _refusal_of(redeem_attempt: RedeemAttempt, rows: Sequence[Row], uses: Uses) -> GuestlistError | None:
    """Why no row has enough, with what is left; None when one has after all."""
    if uses.more:
        uses = uses_of(redeem_attempt.ledger, rows, redeem_attempt.now, whole=True)
    now, order = redeem_attempt.now, order_digits(redeem_attempt.ask.order_id)
    redemptions = redeem_attempt.ledger.redemptions(doubtful(uses, now))
    counted = [row._replace(balance=balance(uses, row.counter_key, redemptions, now, order)) for row in rows]
    most_left = most(counted)
    if most_left >= redeem_attempt.ask.quantity:
        return None
    return refusal(short(counted, redeem_attempt.ask.quantity), remaining=most_left)
