"""Taking uses from a code or e-mail, for good or on hold: at most once a request, and never one too many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from guestlist.checkout.answer import Reason, Redeemed
from guestlist.checkout.choose import choose
from guestlist.checkout.counting import Hold, Step, Take, Uses, balance, doubtful, overdue
from guestlist.checkout.give import give_back, lapse, released
from guestlist.checkout.ports import Ledger, Lists
from guestlist.checkout.redemption import Ask, Redemption, Spot, Status
from guestlist.checkout.refusal import refusal
from guestlist.checkout.rows import Row, most, short
from guestlist.checkout.settle import ROUNDS, noted, record, settle
from guestlist.errors import Conflict, GuestlistError, Raced
from guestlist.restriction import RestrictionIndex


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request; `fresh` unless it had become that before."""

    redeemed: Redeemed
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """One attempt at one request: what it works with. `attempt` is an id that no other attempt has."""

    ask: Ask
    ledger: Ledger
    lists: Lists
    attempt: str
    now: datetime


def redeem(till: Till, former: Redemption | None, restrictions: RestrictionIndex) -> Outcome:
    """Take what is asked for from the first row that has it, or tell what the request has taken before.

    `former` is what became of the request until now. Raises `Unknown` for a code that no list has,
    `Conflict` with the reason for anything else, and `Raced` when others are too busy with the same.
    """
    if former is not None and former.stands(till.now):
        return _told(till, former)
    found, uses = till.lists.rows(till.ask)
    rows = choose(till.ask, found, restrictions, till.now)
    for _ in range(ROUNDS):
        cleared = _cleared(till, former, uses)
        row = next((row for row in rows if _free(row, uses) + _lapsing(row, uses) >= till.ask.quantity), None)
        made = _taken(till, row, former, uses) if cleared and row is not None else None
        former = made or till.ledger.redemption(till.ask.request)
        if former is not None and former.stands(till.now):
            return _checked(till, rows, former) if former.attempt == till.attempt else _told(till, former)
        error = _refused(till, rows, uses) if cleared and row is None else None
        if error is not None:
            raise error
        uses = till.ledger.uses(rows[0].spot.partition, till.now)
    raise Raced


def _told(till: Till, redemption: Redemption) -> Outcome:
    if redemption.quantity != till.ask.quantity:
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


def _cleared(till: Till, former: Redemption | None, uses: Uses) -> bool:
    """Whether nothing was left to end: of the request's own past, or what others began too long ago."""
    left = [(spot, step) for spot, step in uses.steps() if _to_end(till, step)]
    for spot, step in left:
        settle(till.ledger, spot, step)
    hold = noted(former) if former is not None and former.lapsed(till.now) else None
    if hold is not None:
        lapse(till.ledger, hold, till.attempt, till.now)
    return not left and hold is None


def _to_end(till: Till, step: Step) -> bool:
    return step.request == till.ask.request or overdue(step, till.now)


def _free(row: Row, uses: Uses) -> int:
    return row.entry.quantity - uses.counter(row.spot).taken


def _taken(till: Till, row: Row, former: Redemption | None, uses: Uses) -> Redemption | None:
    """The redemption; None when uses had to come back first, or when others were quicker."""
    if _free(row, uses) < till.ask.quantity:
        _reclaim(till, row, uses)
        return None
    take = _take(till, row, former)
    counter = till.ledger.take(take)
    if counter is None:
        return None
    made = take.redemption
    left = made.limit - counter.taken + _uncounted(till, row.spot, uses)
    kept = record(till.ledger, take, remaining=max(0, left))
    till.ledger.end(row.spot, take, returned=0 if kept else made.quantity)
    return replace(made, remaining=max(0, left)) if kept else None


def _take(till: Till, row: Row, former: Redemption | None) -> Take:
    hold = till.ask.hold_seconds
    redemption = Redemption(
        request=till.ask.request,
        generation=former.generation + 1 if former is not None else 1,
        attempt=till.attempt,
        spot=row.spot,
        group_id=row.group.group_id,
        quantity=till.ask.quantity,
        limit=row.entry.quantity,
        at=till.now,
        status=Status.REDEEMED if hold is None else Status.HELD,
        until=None if hold is None else till.now + timedelta(seconds=hold),
    )
    return Take(redemption=redemption)


def _uncounted(till: Till, spot: Spot, uses: Uses) -> int:
    """How many uses are free although the counter still says that they are taken."""
    requests = doubtful(uses, till.now)
    if not requests:
        return 0
    true = balance(uses, spot, till.ledger.redemptions(requests), till.now)
    return uses.counter(spot).taken - true.used - true.held


def _checked(till: Till, rows: Sequence[Row], made: Redemption) -> Outcome:
    """The outcome of this attempt, unless its row has left its list since it was read: then all is given back."""
    if all(till.lists.has(row) for row in rows if row.spot == made.spot):
        return Outcome(_first_answer(made), fresh=True)
    give_back(till.ledger, made.request, made.spot, partial(_emptied, made, till.now), till.attempt, till.now)
    raise refusal(Reason.UNKNOWN_CODE)


def _emptied(made: Redemption, now: datetime, current: Redemption) -> Redemption | None:
    return released(current, None, None, now) if current.same(made) else None


def _lapsed(row: Row, uses: Uses) -> list[Hold]:
    return [hold for hold in uses.lapsed if hold.spot == row.spot]


def _lapsing(row: Row, uses: Uses) -> int:
    return sum(hold.quantity for hold in _lapsed(row, uses))


def _reclaim(till: Till, row: Row, uses: Uses) -> None:
    """Get back as many uses of the row from lapsed holds as are missing; attempts side by side begin elsewhere."""
    holds, missing = _lapsed(row, uses), till.ask.quantity - _free(row, uses)
    start = crc32(till.attempt.encode()) % len(holds)
    for hold in [*holds[start:], *holds[:start]]:
        if missing <= 0:
            return
        lapse(till.ledger, hold, till.attempt, till.now)
        missing -= hold.quantity


def _refused(till: Till, rows: Sequence[Row], uses: Uses) -> GuestlistError | None:
    """Why no row has enough, with what is left; None when one has after all."""
    if uses.more:
        uses = till.ledger.uses(rows[0].spot.partition, till.now, whole=True)
    known = till.ledger.redemptions(doubtful(uses, till.now))
    counted = [row._replace(balance=balance(uses, row.spot, known, till.now)) for row in rows]
    left = most(counted)
    if left >= till.ask.quantity:
        return None
    return refusal(short(counted, till.ask.quantity), remaining=left)
