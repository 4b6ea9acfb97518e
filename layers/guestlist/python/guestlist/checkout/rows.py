"""Rows of target groups that match a code or e-mail, and the conditions on them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from guestlist.checkout.counting import Balance, Uses, merge_uses
from guestlist.checkout.redemption import MAX_QUANTITY_WITH_STEPS, CounterKey, partitions_of
from guestlist.checkout.response import Reason
from guestlist.groups.index import IndexedGroup
from guestlist.lists.entry import Entry, fold_category
from guestlist.model.email_address import same_email
from guestlist.model.ids import has_keyed_counters
from guestlist.model.normal_form import normal

if TYPE_CHECKING:
    from guestlist.checkout.ports import Ledger


class Row(NamedTuple):
    """An entry of a group's list with its balance of uses."""

    group: IndexedGroup
    entry: Entry
    counter_key: CounterKey
    balance: Balance = Balance()

    @property
    def remaining(self) -> int:
        """Number of free uses."""
        return self.balance.remaining(self.entry.quantity)

    @property
    def keeps_steps(self) -> bool:
        """Whether steps of redemptions and holds stay on the counter; with more uses there is no room for them."""
        return self.entry.quantity <= MAX_QUANTITY_WITH_STEPS

    @property
    def names_requests(self) -> bool:
        """Whether the counter names the requests of redemptions; an earlier release would not keep the names.

        No such release counts uses of a group whose id says that its counters are keyed.
        """
        return self.keeps_steps and has_keyed_counters(self.group.group_id)

    @property
    def order(self) -> tuple[datetime, str, str, str, str]:
        """Sort key: the oldest group first, then category and seat."""
        _, category, seat, email = self.entry.identity
        return self.group.created_at, self.group.group_id, category, seat, email


def row_refusal(row: Row, email: str, now: datetime) -> Reason | None:
    """The reason why a person with this e-mail, which may be empty, cannot use the row; None if they can."""
    if row.group.is_expired(now):
        return Reason.GROUP_EXPIRED
    if not row.group.has_started(now):
        return Reason.NOT_YET
    is_personal = row.entry.code and row.entry.email
    return Reason.WRONG_EMAIL if is_personal and not same_email(row.entry.email, email) else None


def opens_category(row: Row, *categories: str | None) -> bool:
    """Whether the row opens all of these categories; None is any, and a row without one opens every category."""
    own_category = category_key(row.entry.category)
    return not own_category or all(
        category is None or category_key(category) == own_category for category in categories
    )


def opens_seat(row: Row, seat: str | None) -> bool:
    """Whether the row opens the seat; None is any, and a row without one opens every seat."""
    own_seat = seat_key(row.entry.seat)
    return not own_seat or seat is None or seat_key(seat) == own_seat


def category_key(category: str) -> str:
    """Normal form of a category, for comparison."""
    return fold_category(normal(category))


def seat_key(seat: str) -> str:
    """Normal form of a seat, for comparison: case-sensitive, without surrounding whitespace."""
    return normal(seat).strip()


def shortage_reason(rows: Iterable[Row], quantity: int) -> Reason:
    """The reason for a refusal if no row has `quantity` free uses."""
    rows = list(rows)
    if any(row.entry.quantity - row.balance.used_quantity >= quantity for row in rows):
        return Reason.HELD_BY_OTHERS
    return Reason.QUANTITY_TOO_HIGH if any(row.remaining for row in rows) else Reason.USED_UP


def read_uses(ledger: "Ledger", rows: Iterable[Row], now: datetime, *, whole: bool = False) -> Uses:
    """The uses of the keys of these rows."""
    partitions = partitions_of(row.counter_key for row in rows)
    return merge_uses([ledger.uses(partition, now, whole=whole) for partition in partitions])


def most_remaining(rows: Iterable[Row]) -> int:
    """The most free uses in one row; 0 without rows."""
    return max((row.remaining for row in rows), default=0)


def sorted_rows(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows, sorted by `order`."""
    return sorted(rows, key=lambda row: row.order)
