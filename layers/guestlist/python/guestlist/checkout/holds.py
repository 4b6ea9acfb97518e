"""Confirm a hold, or release a hold or redemption."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from guestlist.checkout.counting import TakeStep, balance, requests_to_verify
from guestlist.checkout.ports import Ledger
from guestlist.checkout.recovery import MAX_TRIES, hold_note
from guestlist.checkout.redemption import Redemption, Status, parse_redemption_id
from guestlist.checkout.refusal import no_such_redemption
from guestlist.checkout.release import plan_release, return_uses
from guestlist.checkout.response import RedemptionResult
from guestlist.model.errors import ConcurrentModification, Conflict

QuantityOf = Callable[[Redemption], int]
"""Returns the quantity of the entry of a redemption."""


def recorded_quantity(redemption: Redemption) -> int:
    """The quantity of the entry when the uses were taken."""
    return redemption.limit


def confirm(
    ledger: Ledger, redemption_id: str, now: datetime, *, quantity_of: QuantityOf = recorded_quantity
) -> RedemptionResult:
    """Confirm a hold, which makes it a redemption; a redemption stays as it is.

    `remaining` is computed from `quantity_of`. Raises `Unknown`, or `Conflict` if it has lapsed or was released.
    """
    for _ in range(MAX_TRIES):
        current = _current_redemption(ledger, redemption_id)
        if not current.is_active(now):
            raise Conflict("hold_expired")
        confirmed = replace(current, status=Status.REDEEMED, confirmed=current.revision + 1)
        if current.status is Status.REDEEMED or ledger.update_redemption(confirmed):
            # Also for a redemption: an earlier call may have crashed before this cleanup.
            note = None if current.is_on_counter else hold_note(current)
            if note is not None and not (current.by_step and ledger.end_step(current.counter_key, TakeStep(current))):
                ledger.delete_hold_note(note)
            return _result(ledger, confirmed, now, quantity_of)
    raise ConcurrentModification


def release(
    ledger: Ledger,
    redemption_id: str,
    attempt: str,
    now: datetime,
    *,
    quantity: int | None = None,
    call: str | None = None,
    quantity_of: QuantityOf = recorded_quantity,
) -> RedemptionResult:
    """Release `quantity` uses (None: all), at most those that are left.

    Repeating a `call`, the caller's idempotency key, changes nothing. `remaining` is computed from `quantity_of`.
    Raises `Unknown`.
    """
    current = _current_redemption(ledger, redemption_id)

    def plan(redemption: Redemption) -> Redemption | None:
        return plan_release(redemption, quantity, call, now) if redemption.generation == current.generation else None

    # Also with nothing left: an earlier call may have crashed before the counter was updated.
    after = return_uses(ledger, current.request, current.counter_key, plan, attempt, now)
    redemption = after if after and after.generation == current.generation else _as_released(current)
    return _result(ledger, redemption, now, quantity_of)


def _current_redemption(ledger: Ledger, redemption_id: str) -> Redemption:
    parts = parse_redemption_id(redemption_id)
    current = ledger.redemption(parts[0]) if parts else None
    if parts is None or current is None or current.generation < parts[1]:
        raise no_such_redemption()
    return current if current.generation == parts[1] else replace(_as_released(current), generation=parts[1])


def _as_released(redemption: Redemption) -> Redemption:
    return replace(redemption, status=Status.RELEASED, returned=redemption.quantity)


def _result(ledger: Ledger, redemption: Redemption, now: datetime, quantity_of: QuantityOf) -> RedemptionResult:
    """The state of the redemption at this instant."""
    counter_key = redemption.counter_key.first_counter
    uses = ledger.uses(counter_key.partition, now)
    uses_balance = balance(uses, counter_key, ledger.redemptions(requests_to_verify(uses, now)), now)
    status = Status.LAPSED if redemption.has_lapsed(now) else redemption.status
    return RedemptionResult(
        redemption_id=redemption.redemption_id,
        status=status,
        group_id=redemption.group_id,
        quantity=redemption.outstanding if redemption.is_active(now) else 0,
        remaining=uses_balance.remaining(quantity_of(redemption)),
        hold_expires_at=redemption.until if status is Status.HELD else None,
    )
