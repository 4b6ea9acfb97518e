"""Whether rows cover what was asked for: so many, in a category, at these seats."""

from collections.abc import Sequence
from typing import NamedTuple

from guestlist.checkout.request import Question
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row, at_seat, in_category, most, short


class QuantityCheck(NamedTuple):
    """How far rows go. `fitting` are those of the category, `rows` those of them at the seats; `reason` None: they do.

    `needed` is how many one row must have: all that are asked for, or one seat's share. `others` are the rows that
    open instead, where the category or a seat is wrong.
    """

    fitting: tuple[Row, ...]
    rows: tuple[Row, ...]
    reason: Reason | None
    needed: int
    others: tuple[Row, ...] = ()


def check_quantity(rows: Sequence[Row], question: Question) -> QuantityCheck:
    """How far the rows, of which there is at least one, cover the question.

    Without seats one row must have as many free as are asked for. With seats each asks for its share,
    at least one: of rows with that seat, or of rows with no seat in what the other seats leave of them.
    """
    seats = tuple(dict.fromkeys(question.seats or ()))
    needed = max(1, -(-question.quantity // len(seats))) if seats else question.quantity
    fitting = tuple(row for row in rows if in_category(row, question.category))
    if not fitting:
        return QuantityCheck((), (), Reason.WRONG_CATEGORY, needed, _at_any(rows, seats) or tuple(rows))
    if not seats:
        enough = most(fitting) >= needed
        return QuantityCheck(fitting, fitting, None if enough else short(fitting, needed), needed)
    here = _at_any(fitting, seats)
    missing = tuple(seat for seat in seats if not _at_any(here, (seat,)))
    for seat in missing:
        if not _at_any(rows, (seat,)):
            return QuantityCheck(fitting, here, Reason.WRONG_SEAT, needed, fitting)
    if missing:
        return QuantityCheck(fitting, here, Reason.WRONG_CATEGORY, needed, _at_any(rows, missing))
    return QuantityCheck(fitting, here, _seats_missing(here, seats, needed), needed)


def _at_any(rows: Sequence[Row], seats: Sequence[str]) -> tuple[Row, ...]:
    return tuple(row for row in rows if any(at_seat(row, seat) for seat in seats))


def _seats_missing(rows: Sequence[Row], seats: Sequence[str], needed: int) -> Reason | None:
    """Why the seats cannot all be had, each of which some row opens."""
    anywhere = [row for row in rows if not row.entry.seat.strip()]
    seats_left = [seat for seat in seats if not _had(rows, seat, needed)]
    if sum(row.remaining // needed for row in anywhere) >= len(seats_left):
        return None
    own = [row for seat in seats_left for row in rows if row.entry.seat.strip() and at_seat(row, seat)]
    return short(own, needed) if not anywhere else short(anywhere, needed * len(seats_left))


def _had(rows: Sequence[Row], seat: str, needed: int) -> bool:
    return any(row.entry.seat.strip() and at_seat(row, seat) and row.remaining >= needed for row in rows)
