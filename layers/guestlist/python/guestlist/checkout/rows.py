"""The rows of target groups that a code or an e-mail finds, and which of them are for whom and what."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from guestlist.checkout.counting import Balance, Uses, merged
from guestlist.checkout.redemption import CounterKey, partitions_of
from guestlist.checkout.response import Reason
from guestlist.groups.index import IndexedGroup
from guestlist.lists.entry import Entry, fold_category
from guestlist.model.email_address import same_email
from guestlist.model.normal_form import normal

if TYPE_CHECKING:
    from guestlist.checkout.ports import Ledger


class Row(NamedTuple):
    """An entry of a group's list, and what is used of it."""

    group: IndexedGroup
    entry: Entry
    counter_key: CounterKey
    balance: Balance = Balance()

    @property
    def remaining(self) -> int:
        """How many uses are free."""
        return self.balance.remaining(self.entry.quantity)

    @property
    def order(self) -> tuple[datetime, str, str, str, str]:
        """Rows are told in this order: the oldest group first, then by category and seat."""
        _, category, seat, email = self.entry.identity
        return self.group.created_at, self.group.group_id, category, seat, email


def barred(row: Row, email: str, now: datetime) -> Reason | None:
    """Why the row is not for this person, whose e-mail may be empty; None when it is."""
    if row.group.expired(now):
        return Reason.GROUP_EXPIRED
    if not row.group.started(now):
        return Reason.NOT_YET
    personal = row.entry.code and row.entry.email
    return Reason.WRONG_EMAIL if personal and not same_email(row.entry.email, email) else None


def in_category(row: Row, *categories: str | None) -> bool:
    """Whether the row opens all of these categories; None is any, and a row without one opens every category."""
    own = category_key(row.entry.category)
    return not own or all(category is None or category_key(category) == own for category in categories)


def at_seat(row: Row, seat: str | None) -> bool:
    """Whether the row opens the seat; None is any, and a row without one opens every seat."""
    own = seat_key(row.entry.seat)
    return not own or seat is None or seat_key(seat) == own


def category_key(category: str) -> str:
    """What two spellings of one category have in common."""
    return fold_category(normal(category))


def seat_key(seat: str) -> str:
    """What two spellings of one seat have in common: its letters, but not the blanks around them."""
    return normal(seat).strip()


def short(rows: Iterable[Row], quantity: int) -> Reason:
    """Why so many cannot be taken from one of these rows, none of which has as many free."""
    rows = list(rows)
    if any(row.entry.quantity - row.balance.used >= quantity for row in rows):
        return Reason.HELD_BY_OTHERS
    return Reason.QUANTITY_TOO_HIGH if any(row.remaining for row in rows) else Reason.USED_UP


def uses_of(ledger: "Ledger", rows: Iterable[Row], now: datetime, *, whole: bool = False) -> Uses:
    """All that is counted under the keys of these rows, as the ledger tells it of each."""
    partitions = partitions_of(row.counter_key for row in rows)
    return merged([ledger.uses(partition, now, whole=whole) for partition in partitions])


def most(rows: Iterable[Row]) -> int:
    """The most that one of these rows has free; 0 without rows."""
    return max((row.remaining for row in rows), default=0)


def sorted_rows(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows in the order in which they are told."""
    return sorted(rows, key=lambda row: row.order)
