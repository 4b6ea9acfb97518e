"""What somebody bought: an order with its lines, and what of it still counts."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, NamedTuple

from annotated_types import Interval, MaxLen, MinLen

from guestlist.model.email_address import Email, fold_email
from guestlist.model.errors import Conflict
from guestlist.model.ids import Id
from guestlist.model.normal_form import Name, Predicate

MOST_LINES = 48
"""So that an order of as many events is still one transaction of fewer than a hundred writes."""


MOST_ORDER_ID = 200


def is_order_id(text: str) -> bool:
    """Printable text that is not blank, such as #1001."""
    return text.isprintable() and bool(text.strip())


OrderId = Annotated[str, MinLen(1), MaxLen(MOST_ORDER_ID), Predicate(is_order_id)]
"""The number of an order, as another system made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many of one sale item."""

    sale_item_id: Id
    quantity: Annotated[int, Interval(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtLine:
    """A line of an order, the event it was of then, and how many of it were given back."""

    sale_item_id: str
    event_id: str
    quantity: int
    refunded: int = 0

    @property
    def net(self) -> int:
        """How many still count."""
        return self.quantity - self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One order. `email` is as written, and empty once the buyer was erased.

    `content` stands for all that was said of the order, so that a repeat can be told from another. It stays when
    the buyer is erased, and so is made with a key: whoever has the table could else try all people they know.
    `refunds` are the requests that gave something back and must not do so twice. `taken_back` says that the
    import which told of it was undone: told of again, it counts again. `by_item` says that lines of one sale
    item are one on the buyer's page; an earlier version kept each by itself. `revision` grows with each change,
    from 0 for an order that is not stored yet.
    """

    order_id: str
    email: str
    name: str
    purchased_at: datetime
    recorded_at: datetime
    lines: tuple[BoughtLine, ...]
    content: str
    refunds: tuple[str, ...] = ()
    taken_back: bool = False
    by_item: bool = field(default=False, compare=False)
    revision: int = 0

    @property
    def key(self) -> str:
        """The buyer's folded e-mail."""
        return fold_email(self.email)

    @property
    def places(self) -> Counter[str]:
        """How many of it still count, by event."""
        places: Counter[str] = Counter()
        for line in self.lines:
            places[line.event_id] += line.net
        return places

    @property
    def page_lines(self) -> list[list[int]]:
        """The numbers of the lines that are one on the buyer's page."""
        numbers: dict[str | int, list[int]] = {}
        for at, line in enumerate(self.lines):
            numbers.setdefault(line.sale_item_id if self.by_item else at, []).append(at)
        return list(numbers.values())

    def told_anew(self, purchase: "Purchase") -> "Purchase":
        """The order as it is told of now, in the place of this one, which was taken back."""
        return replace(purchase, refunds=self.refunds, revision=self.revision)

    def refunded(self, refund: Sequence[Line] | None, request: str | None) -> "Purchase":
        """The order with those lines given back, or all that is left of it where none are named.

        Raises `Conflict` when more is wanted of a sale item than is left.
        """
        every = ((line.sale_item_id, line.net) for line in self.lines)
        quantities = every if refund is None else ((line.sale_item_id, line.quantity) for line in refund)
        owed: Counter[str] = Counter()
        for sale_item_id, quantity in quantities:
            owed[sale_item_id] += quantity
        lines = []
        for bought in self.lines:
            back = min(bought.net, owed[bought.sale_item_id])
            owed[bought.sale_item_id] -= back
            lines.append(replace(bought, refunded=bought.refunded + back))
        if any(owed.values()):
            raise Conflict("More is to be given back than is left of the order.", code="quantity_too_high")
        refunds = (*self.refunds, request) if request else self.refunds
        return replace(self, lines=tuple(lines), refunds=refunds)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPurchase:
    """An order as a checkout tells of it; without `purchased_at` it was bought now."""

    order_id: OrderId
    customer: "Buyer"
    lines: Annotated[tuple[Line, ...], MinLen(1), MaxLen(MOST_LINES)]
    purchased_at: datetime | None = None


def keyed_content(plain: str, digest_key: bytes) -> str:
    """The `content` that takes the place of one that an earlier version made without a key, which is 32 digits."""
    if not digest_key:
        return plain
    return f"k{hashlib.blake2b(plain.encode(), digest_size=16, key=digest_key).hexdigest()}"


def is_keyed(content: str) -> bool:
    """Whether it was made with a key."""
    return content.startswith("k")


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who bought."""

    email: Email
    name: Name | None = None


class CountedPurchase(NamedTuple):
    """What rules count: at that instant, so many of a sale item, in that order; `imported` by a ticket import.

    There are millions of these, hence a tuple. They sort by their instants.
    """

    at: datetime
    sale_item_id: str
    quantity: int
    order_id: str
    imported: bool = False
