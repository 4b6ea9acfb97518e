"""Purchases: an order with its lines and refunds."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from annotated_types import Interval, MaxLen, MinLen

from guestlist.model.email_address import Email, fold_email
from guestlist.model.errors import Conflict
from guestlist.model.ids import Id
from guestlist.model.normal_form import Name, Predicate

MAX_LINES = 48
"""The most lines of an order: one with as many events fits into a transaction of a hundred writes."""
MAX_ORDER_ID_LENGTH = 200
MAX_CLOCK_SKEW = timedelta(minutes=5)
"""How far in the future an order may have been placed, by the clock of the system that sold it."""


def is_order_id(text: str) -> bool:
    """Whether the text is printable and not blank, such as #1001."""
    return text.isprintable() and bool(text.strip())


OrderId = Annotated[str, MinLen(1), MaxLen(MAX_ORDER_ID_LENGTH), Predicate(is_order_id)]
"""The number of an order in the system that sold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A quantity of one sale item, in a request."""

    sale_item_id: Id
    quantity: Annotated[int, Interval(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """A line of an order, with the event of its sale item at that time and the refunded quantity."""

    sale_item_id: str
    event_id: str
    quantity: int
    refunded: int = 0

    @property
    def net(self) -> int:
        """The quantity net of refunds."""
        return self.quantity - self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """An order. `email` is as written, and empty once the buyer was erased.

    `content` is a digest of the request, which distinguishes a repeated request from a different order of the same id.
    It is keyed because it outlives an erasure: without the key, nobody with the table can test addresses against it.
    `refunds` are the keys of refund requests, each applied once. `taken_back` is True if the import that recorded
    the order was undone; recorded again, it counts again. `by_item` is False for an order of an earlier release,
    which stored each line of a sale item separately. `revision` is 0 for an order that is not stored yet and grows
    with each change.
    """

    order_id: str
    email: str
    name: str
    purchased_at: datetime
    recorded_at: datetime
    lines: tuple[OrderLine, ...]
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
        """The net quantity of tickets by event id."""
        quantities: Counter[str] = Counter()
        for line in self.lines:
            quantities[line.event_id] += line.net
        return quantities

    @property
    def line_groups(self) -> list[list[int]]:
        """The indexes of the lines that are stored as one item."""
        groups: dict[str | int, list[int]] = {}
        for at, line in enumerate(self.lines):
            groups.setdefault(line.sale_item_id if self.by_item else at, []).append(at)
        return list(groups.values())

    def replaced_by(self, purchase: "Purchase") -> "Purchase":
        """The order as recorded again, in place of this one, whose import was undone."""
        return replace(purchase, refunds=self.refunds, revision=self.revision)

    def refunded(self, refund: Sequence[Line] | None, request: str | None) -> "Purchase":
        """The order with the lines refunded; None refunds all that is left.

        Raises `Conflict` when more of a sale item is to be refunded than is left.
        """
        remaining = ((line.sale_item_id, line.net) for line in self.lines)
        quantities = remaining if refund is None else ((line.sale_item_id, line.quantity) for line in refund)
        to_refund: Counter[str] = Counter()
        for sale_item_id, quantity in quantities:
            to_refund[sale_item_id] += quantity
        lines = []
        for line in self.lines:
            refunded = min(line.net, to_refund[line.sale_item_id])
            to_refund[line.sale_item_id] -= refunded
            lines.append(replace(line, refunded=line.refunded + refunded))
        if any(to_refund.values()):
            raise Conflict("quantity_too_high.refund")
        refunds = (*self.refunds, request) if request else self.refunds
        return replace(self, lines=tuple(lines), refunds=refunds)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPurchase:
    """A request to record an order; without `purchased_at` it was bought now."""

    order_id: OrderId
    customer: "Buyer"
    lines: Annotated[tuple[Line, ...], MinLen(1), MaxLen(MAX_LINES)]
    purchased_at: datetime | None = None


def keyed_digest(plain: str, digest_key: bytes) -> str:
    """Digest an unkeyed `content`, the 32 digits that an earlier release stored, with the key."""
    if not digest_key:
        return plain
    return f"k{hashlib.blake2b(plain.encode(), digest_size=16, key=digest_key).hexdigest()}"


def is_keyed_digest(content: str) -> bool:
    """Whether the digest was made with a key."""
    return content.startswith("k")


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """The buyer, in a request."""

    email: Email
    name: Name | None = None


class CountedPurchase(NamedTuple):
    """A purchase of one sale item as rules count it; `imported` by a ticket import. Sorts by instant.

    A tuple, because a full pass creates millions.
    """

    at: datetime
    sale_item_id: str
    quantity: int
    order_id: str
    imported: bool = False
