"""Redemption of a code or e-mail, at once or as a hold: at most once per request, never more uses than there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.checkout.counter_sharding import (
    MAX_STEPS,
    Bound,
    counter_bounds,
    part_number,
    parts_with_uses_left,
    split_share,
)
from guestlist.checkout.counting import HoldNote, Step, TakeStep, Uses, balance, is_overdue, requests_to_verify
from guestlist.checkout.ports import Ledger, Lists
from guestlist.checkout.recovery import (
    MAX_TRIES,
    complete_step,
    end_take,
    hold_note,
    hold_of_step,
    save_redemption,
    save_redemption_for_other,
)
from guestlist.checkout.redemption import CounterKey, Redemption, RedemptionRequest, Status, order_digits
from guestlist.checkout.refusal import refusal
from guestlist.checkout.release import plan_release, return_lapsed_hold, return_uses
from guestlist.checkout.response import Reason, RedemptionResult
from guestlist.checkout.row_selection import select_rows
from guestlist.checkout.rows import Row, most_remaining, read_uses, shortage_reason
from guestlist.model.errors import ConcurrentModification, Conflict, GuestlistError


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a request; `is_new` is False for a repeated request."""

    result: RedemptionResult
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemAttempt:
    """One attempt at a request, with its ports. `attempt_id` is unique, `request_key` is the key in the ledger."""

    request: RedemptionRequest
    request_key: str
    ledger: Ledger
    lists: Lists
    attempt_id: str
    now: datetime


def redeem(attempt: RedeemAttempt, former: Redemption | None, restrictions: RestrictionIndex) -> Outcome:
    """Redeem or hold uses of the first row that has enough; a repeated request returns its first result.

    `former` is the request's redemption, if any. Raises `Unknown` for an unknown code, `Conflict` with the reason
    for any other refusal, and `ConcurrentModification` when concurrent requests persist.
    """
    if former is not None and former.is_active(attempt.now):
        return _repeated_outcome(attempt, former)
    rows_found, uses = attempt.lists.rows(attempt.request)
    rows = select_rows(attempt.request, rows_found, restrictions, attempt.now)
    needed = attempt.request.quantity
    for _ in range(MAX_TRIES):
        is_clear = _end_open_steps(attempt, former, rows, uses)
        row = next((row for row in rows if _uses_left(row, uses) + _lapsed_quantity(row, uses) >= needed), None)
        redemption = _take_uses(attempt, row, former, uses) if is_clear and row is not None else None
        former = redemption or attempt.ledger.redemption(attempt.request_key)
        if former is not None and former.is_active(attempt.now):
            if former.attempt == attempt.attempt_id:
                return _verify_row(attempt, rows, former)
            return _repeated_outcome(attempt, former)
        may_refuse = is_clear and row is None and not uses.cached
        error = _refusal(attempt, rows, uses) if may_refuse else None
        if error is not None:
            raise error
        uses = read_uses(attempt.ledger, rows, attempt.now)
    raise ConcurrentModification


def _repeated_outcome(attempt: RedeemAttempt, redemption: Redemption) -> Outcome:
    if redemption.quantity != attempt.request.quantity:
        raise Conflict("idempotency_conflict.quantity")
    return Outcome(_first_result(redemption), is_new=False)


def _first_result(redemption: Redemption) -> RedemptionResult:
    return RedemptionResult(
        redemption_id=redemption.redemption_id,
        status=Status.REDEEMED if redemption.until is None else Status.HELD,
        group_id=redemption.group_id,
        quantity=redemption.quantity,
        remaining=redemption.remaining,
        hold_expires_at=redemption.until,
    )


def _end_open_steps(attempt: RedeemAttempt, former: Redemption | None, rows: Sequence[Row], uses: Uses) -> bool:
    """End unfinished steps, of this request or overdue, and its lapsed hold; False if that changed the ledger."""
    open_steps = [(counter_key, step) for counter_key, step in uses.steps() if _must_end(attempt, step)]
    ended = [
        _end_step(attempt, counter_key, _with_request_texts(attempt, rows, step)) for counter_key, step in open_steps
    ]
    note = hold_note(former) if former is not None and former.has_lapsed(attempt.now) else None
    if note is not None:
        return_lapsed_hold(attempt.ledger, note, attempt.attempt_id, attempt.now)
    return not any(ended) and note is None


def _end_step(attempt: RedeemAttempt, counter_key: CounterKey, step: Step) -> bool:
    """End the step, or help the attempt that owns it; False if the step is an active hold."""
    ledger, now = attempt.ledger, attempt.now
    if isinstance(step, TakeStep) and _may_be_running(attempt, step):
        save_redemption_for_other(ledger, counter_key, step)
        return True
    redemption = hold_of_step(ledger, step)
    if redemption is None:
        complete_step(ledger, counter_key, step)
        return True
    note = hold_note(redemption)
    if note is not None and redemption.has_lapsed(now):
        return_lapsed_hold(ledger, note, attempt.attempt_id, now)
    return redemption.has_lapsed(now) or redemption.request == attempt.request_key


def _with_request_texts(attempt: RedeemAttempt, rows: Sequence[Row], step: Step) -> Step:
    """The step, with the order and the texts of the entry if it is of this request; the stored step lacks them."""
    if not isinstance(step, TakeStep) or step.request != attempt.request_key:
        return step
    first_counter = step.redemption.counter_key.first_counter
    row = next((row for row in rows if row.counter_key == first_counter), None)
    return step if row is None else TakeStep(_with_texts(step.redemption, attempt.request, row))


def _with_texts(redemption: Redemption, redemption_request: RedemptionRequest, row: Row) -> Redemption:
    """The redemption with its order and the texts of its entry."""
    entry = row.entry
    return replace(
        redemption,
        order_id=redemption_request.order_id,
        code=entry.code,
        email=entry.email,
        category=entry.category,
        seat=entry.seat,
    )


def _must_end(attempt: RedeemAttempt, step: Step) -> bool:
    return step.request == attempt.request_key or is_overdue(step, attempt.now)


def _may_be_running(attempt: RedeemAttempt, step: TakeStep) -> bool:
    """Whether another attempt began the step and may still be running."""
    return step.redemption.attempt != attempt.attempt_id and not is_overdue(step, attempt.now)


def _uses_left(row: Row, uses: Uses) -> int:
    return row.entry.quantity - uses.uses_taken(row.counter_key)


def _take_uses(attempt: RedeemAttempt, row: Row, former: Redemption | None, uses: Uses) -> Redemption | None:
    """Take the uses from a row; None if the ledger must be read again: uses were returned, or others came first."""
    if _uses_left(row, uses) < attempt.request.quantity:
        _reclaim_lapsed_uses(attempt, row, uses)
        return None
    bound = _choose_counter(attempt, row, uses)
    if bound is None or not _has_ended_former_step(attempt, former, bound):
        return None
    step = _take_step(attempt, row, former, bound.counter_key)
    counter = attempt.ledger.begin_take(step, bound)
    if counter is None:
        return None
    redemption = step.redemption
    taken_elsewhere = uses.uses_taken(row.counter_key) - uses.counter(redemption.counter_key).uses_taken
    uses_left = redemption.limit - counter.uses_taken - taken_elsewhere + _stale_uses(attempt, row.counter_key, uses)
    saved = save_redemption(attempt.ledger, step, remaining=max(0, uses_left))
    if saved is None or not saved.keeps_step(redemption):
        end_take(attempt.ledger, redemption.counter_key, step, saved)
    return replace(redemption, remaining=saved.remaining) if saved else None


def _choose_counter(attempt: RedeemAttempt, row: Row, uses: Uses) -> Bound | None:
    """The counter to take from; None if uses had to be moved between counters, or other steps must end first.

    Raises `ConcurrentModification` when every counter has the most steps allowed.
    """
    ledger, quantity = attempt.ledger, attempt.request.quantity
    share = split_share(uses, row.counter_key, row.entry.quantity)
    if share is not None:
        ledger.split_counter(row.counter_key, share, row.entry.quantity)
        return None
    counters = [
        (bound, uses.counter(bound.counter_key)) for bound in counter_bounds(uses, row.counter_key, row.entry.quantity)
    ]
    sufficient = [(bound, counter) for bound, counter in counters if bound.limit - counter.uses_taken >= quantity]
    if not sufficient and not uses.cached:
        for part in parts_with_uses_left(uses, row.counter_key):
            ledger.cap_counter(part, uses.counter(part))
    if not sufficient:
        return None
    available = [bound for bound, counter in sufficient if len(counter.steps) < MAX_STEPS]
    if not available and len(counters) > 1:
        # Under such load, reading everything again would only delay the others.
        raise ConcurrentModification
    if not available:
        return None
    preferred_key = row.counter_key.counters[part_number(attempt.request_key)]
    fallback = available[crc32(attempt.attempt_id.encode()) % len(available)]
    return next((bound for bound in available if bound.counter_key == preferred_key), fallback)


def _has_ended_former_step(attempt: RedeemAttempt, former: Redemption | None, bound: Bound) -> bool:
    """Whether the request's former step has ended; a new redemption would overwrite the one that it refers to.

    On the same counter, adding the new step has that condition. Another counter is read, as cached uses may be stale.
    """
    if former is None or former.counter_key == bound.counter_key:
        return True
    step = attempt.ledger.counter(former.counter_key).steps.get(former.request)
    if step is not None:
        complete_step(attempt.ledger, former.counter_key, step)
    return step is None


def _take_step(attempt: RedeemAttempt, row: Row, former: Redemption | None, counter_key: CounterKey) -> TakeStep:
    hold_seconds = attempt.request.hold_seconds
    redemption = Redemption(
        request=attempt.request_key,
        generation=former.generation + 1 if former is not None else 1,
        attempt=attempt.attempt_id,
        counter_key=counter_key,
        group_id=row.group.group_id,
        quantity=attempt.request.quantity,
        limit=row.entry.quantity,
        at=attempt.now,
        status=Status.REDEEMED if hold_seconds is None else Status.HELD,
        until=None if hold_seconds is None else attempt.now + timedelta(seconds=hold_seconds),
        by_step=row.keeps_steps,
        by_counter=row.names_requests,
    )
    return TakeStep(_with_texts(redemption, attempt.request, row))


def _stale_uses(attempt: RedeemAttempt, counter_key: CounterKey, uses: Uses) -> int:
    """Number of uses that are free but still counted as taken: those of lapsed holds and overdue steps."""
    requests = requests_to_verify(uses, attempt.now)
    if not requests:
        return 0
    current = balance(uses, counter_key, attempt.ledger.redemptions(requests), attempt.now)
    return uses.uses_taken(counter_key) - current.used_quantity - current.held_quantity


def _verify_row(attempt: RedeemAttempt, rows: Sequence[Row], redemption: Redemption) -> Outcome:
    """The outcome of this attempt. If the row was removed from its list meanwhile, return the uses and refuse."""
    if all(attempt.lists.has(row) for row in rows if row.counter_key == redemption.counter_key.first_counter):
        return Outcome(_first_result(redemption), is_new=True)

    def plan(current: Redemption) -> Redemption | None:
        return plan_release(current, None, None, attempt.now) if current.is_same(redemption) else None

    return_uses(attempt.ledger, redemption.request, redemption.counter_key, plan, attempt.attempt_id, attempt.now)
    raise refusal(Reason.UNKNOWN_CODE)


def _lapsed_notes(row: Row, uses: Uses) -> list[HoldNote]:
    return [note for note in uses.lapsed if note.counter_key.first_counter == row.counter_key]


def _lapsed_quantity(row: Row, uses: Uses) -> int:
    return sum(note.quantity for note in _lapsed_notes(row, uses))


def _reclaim_lapsed_uses(attempt: RedeemAttempt, row: Row, uses: Uses) -> None:
    """Return as many uses of lapsed holds as the row lacks; concurrent attempts start at different holds."""
    notes, missing_uses = _lapsed_notes(row, uses), attempt.request.quantity - _uses_left(row, uses)
    start = crc32(attempt.attempt_id.encode()) % len(notes)
    for note in [*notes[start:], *notes[:start]]:
        if missing_uses <= 0:
            return
        return_lapsed_hold(attempt.ledger, note, attempt.attempt_id, attempt.now)
        missing_uses -= note.quantity


def _refusal(attempt: RedeemAttempt, rows: Sequence[Row], uses: Uses) -> GuestlistError | None:
    """The refusal, with the most uses left in a row; None if a row has enough after all."""
    if uses.has_more:
        uses = read_uses(attempt.ledger, rows, attempt.now, whole=True)
    now, order = attempt.now, order_digits(attempt.request.order_id)
    redemptions = attempt.ledger.redemptions(requests_to_verify(uses, now))
    rows_with_balance = [row._replace(balance=balance(uses, row.counter_key, redemptions, now, order)) for row in rows]
    most_left = most_remaining(rows_with_balance)
    if most_left >= attempt.request.quantity:
        return None
    return refusal(shortage_reason(rows_with_balance, attempt.request.quantity), remaining=most_left)
