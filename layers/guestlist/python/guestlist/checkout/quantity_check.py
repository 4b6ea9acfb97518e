"""Quantity check: whether rows cover the requested quantity, category and seats."""

from collections.abc import Sequence
from typing import NamedTuple

from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row, most_remaining, opens_category, opens_seat, shortage_reason


class QuantityCheck(NamedTuple):
    """Result of the check; `reason` is None if the rows cover the request.

    `category_rows` are the rows of the requested category, `rows` those of them at the seats. `needed` is the number
    of uses that one row must have: the whole quantity, or one seat's share. `other_rows` are the rows of other
    categories or seats if the requested one is wrong.
    """

    category_rows: tuple[Row, ...]
    rows: tuple[Row, ...]
    reason: Reason | None
    needed: int
    other_rows: tuple[Row, ...] = ()


def check_quantity(rows: Sequence[Row], request: CheckRequest) -> QuantityCheck:
    """Check whether the rows, at least one, cover the request.

    Without seats one row must have the whole quantity free. With seats each needs its share, at least one use,
    in a row with that seat, or in a row without a seat that the other seats have not used up.
    """
    seats = tuple(dict.fromkeys(request.seats or ()))
    needed = max(1, -(-request.quantity // len(seats))) if seats else request.quantity
    category_rows = tuple(row for row in rows if opens_category(row, request.category))
    if not category_rows:
        return QuantityCheck((), (), Reason.WRONG_CATEGORY, needed, _rows_at(rows, seats) or tuple(rows))
    if not seats:
        is_enough = most_remaining(category_rows) >= needed
        return QuantityCheck(
            category_rows, category_rows, None if is_enough else shortage_reason(category_rows, needed), needed
        )
    seat_rows = _rows_at(category_rows, seats)
    missing_seats = tuple(seat for seat in seats if not _rows_at(seat_rows, (seat,)))
    for seat in missing_seats:
        if not _rows_at(rows, (seat,)):
            return QuantityCheck(category_rows, seat_rows, Reason.WRONG_SEAT, needed, category_rows)
    if missing_seats:
        return QuantityCheck(category_rows, seat_rows, Reason.WRONG_CATEGORY, needed, _rows_at(rows, missing_seats))
    return QuantityCheck(category_rows, seat_rows, _seat_shortage(seat_rows, seats, needed), needed)


def _rows_at(rows: Sequence[Row], seats: Sequence[str]) -> tuple[Row, ...]:
    return tuple(row for row in rows if any(opens_seat(row, seat) for seat in seats))


def _seat_shortage(rows: Sequence[Row], seats: Sequence[str], needed: int) -> Reason | None:
    """The reason if the rows have too few uses for all the seats, each of which some row opens."""
    rows_without_seat = [row for row in rows if not row.entry.seat.strip()]
    seats_left = [seat for seat in seats if not _has_own_row(rows, seat, needed)]
    if sum(row.remaining // needed for row in rows_without_seat) >= len(seats_left):
        return None
    own_rows = [row for seat in seats_left for row in rows if row.entry.seat.strip() and opens_seat(row, seat)]
    return (
        shortage_reason(own_rows, needed)
        if not rows_without_seat
        else shortage_reason(rows_without_seat, needed * len(seats_left))
    )


def _has_own_row(rows: Sequence[Row], seat: str, needed: int) -> bool:
    return any(row.entry.seat.strip() and opens_seat(row, seat) and row.remaining >= needed for row in rows)
