"""Redemptions and holds: the request and the record.

A request is identified by its order and what it redeems, and has one record. Once all uses were returned, the same
request may redeem again, as the next generation in the same record; the former generation is stored beside it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from annotated_types import Interval, MaxLen, MinLen

from guestlist.checkout.request import Client, Email, Label, Quantity, SaleItemId, unless_blank
from guestlist.lists.entry import fold_category, fold_code
from guestlist.model.email_address import clean_email, fold_email, same_email
from guestlist.model.errors import Invalid
from guestlist.model.ids import ORDER_DIGITS
from guestlist.model.normal_form import normal

PARTS = 7
"""Number of parts of a split counter, besides its first counter."""
MAX_QUANTITY_WITH_STEPS = 2
"""The highest quantity of an entry whose redemptions stay as steps on the counter; there is no room for more."""
_PART = "#+"
_ID = re.compile(r"([0-9a-f]{32,33})-([1-9][0-9]{0,8})")


class CounterKey(NamedTuple):
    """Key of an entry's counter: digests, which disclose no code and no e-mail."""

    partition: str
    entry: str

    @property
    def parts(self) -> "tuple[CounterKey, ...]":
        """The keys of the parts of a split counter."""
        return tuple(CounterKey(f"{self.partition}{_PART}{number}", self.entry) for number in range(1, 1 + PARTS))

    @property
    def counters(self) -> "tuple[CounterKey, ...]":
        """The keys of all counters of the entry, the first counter first."""
        return (self, *self.parts)

    @property
    def first_counter(self) -> "CounterKey":
        """The key of the entry's first counter."""
        return CounterKey(self.partition.partition(_PART)[0], self.entry)


def partitions_of(counter_keys: "Iterable[CounterKey]") -> list[str]:
    """The partitions of these counters: of one key there are two where its lists have both kinds of digests."""
    return list(dict.fromkeys(counter_key.partition for counter_key in counter_keys))


class Status(StrEnum):
    """Status of a redemption; the record of a hold may still say held after it has lapsed."""

    HELD = "held"
    REDEEMED = "redeemed"
    RELEASED = "released"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionRequest:
    """Request for a redemption, or for a hold of `hold_seconds`, with a code or an e-mail or both."""

    order_id: Annotated[str, MinLen(1), MaxLen(200)]
    code: Label | None = None
    email: Email | None = None
    group_id: Annotated[str, MinLen(1), MaxLen(128)] | None = None
    sale_item_id: SaleItemId | None = None
    category: Label | None = None
    seat: Label | None = None
    quantity: Quantity = 1
    hold_seconds: Annotated[int, Interval(ge=1, le=604_800)] | None = None
    client: Client | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", unless_blank(self.code))
        if self.code is None and self.email is None:
            raise Invalid.field("code", "missing.code_or_email")

    def request(self, digest_key: bytes) -> str:
        """Key of the request in the ledger: 33 hexadecimal digits, the same for repeated requests of an order.

        The first `ORDER_DIGITS` are of the order alone, so that an order's redemptions sort together. The others are
        keyed because they outlive an erasure: without the key, addresses cannot be tested against them.
        """
        return order_digits(self.order_id) + self._digest(digest_key)[: 33 - ORDER_DIGITS]

    @property
    def former_request(self) -> str:
        """Key of the same request in earlier releases, 32 hexadecimal digits."""
        return self._digest(b"")

    def _digest(self, digest_key: bytes) -> str:
        category, seat = _folded(self.category, fold_category), None if self.seat is None else normal(self.seat)
        email = None if self.email is None else fold_email(clean_email(self.email))
        scope = [self.group_id, self.sale_item_id, category, seat]
        who = [_folded(self.code, fold_code), email]
        text = json.dumps([self.order_id, *who, *scope])
        return hashlib.blake2b(text.encode(), digest_size=16, key=digest_key).hexdigest()


def order_digits(order_id: str) -> str:
    """The prefix of the order's request keys; a few other orders may share it."""
    return hashlib.blake2b(order_id.encode(), digest_size=16).hexdigest()[:ORDER_DIGITS]


def _folded(text: str | None, fold: Callable[[str], str]) -> str | None:
    return None if text is None else fold(normal(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """The record of a request.

    `attempt` is the id of the attempt that took the uses, `limit` the quantity of the entry at that time and
    `remaining` the uses left of it. `until` is the end of a hold, also after it was confirmed. `revision` counts the
    changes of a generation; `confirmed` is the revision in which the hold was confirmed. `committed_return` is the name
    of the last `ReturnStep` that was committed, also once that has ended; `calls` are the keys of releases, each
    applied once. With `by_step` the step stays on the counter: that of a hold in place of a note until the hold ends,
    that of a redemption until another request removes it. With `by_counter` the step of a confirmed hold stays too, and
    its removal leaves the name of the request. `order_id` and the texts of the entry are those at that time; empty for
    what the entry lacks, and in records of earlier releases.
    """

    request: str
    generation: int
    attempt: str
    counter_key: CounterKey
    group_id: str
    quantity: int
    limit: int
    at: datetime
    status: Status
    until: datetime | None = None
    remaining: int = 0
    returned: int = 0
    revision: int = 0
    confirmed: int = 0
    committed_return: str = ""
    calls: tuple[str, ...] = ()
    by_step: bool = False
    by_counter: bool = False
    order_id: str = ""
    code: str = ""
    email: str = ""
    category: str = ""
    seat: str = ""

    @property
    def redemption_id(self) -> str:
        """The id of the redemption in the API."""
        return f"{self.request}-{self.generation}"

    @property
    def outstanding(self) -> int:
        """Number of uses that were not returned."""
        return self.quantity - self.returned

    @property
    def is_ended(self) -> bool:
        """Whether all uses were returned, for good; only a next generation can follow."""
        return self.status in {Status.RELEASED, Status.LAPSED}

    @property
    def is_on_counter(self) -> bool:
        """Whether its counter names its request, so that it is found by its code without the index."""
        return self.by_counter and self.by_step and not self.returned and not self.is_ended

    def has_lapsed(self, now: datetime) -> bool:
        """Whether it is a hold that has lapsed and holds nothing."""
        return self.status is Status.HELD and self.until is not None and now >= self.until

    def is_active(self, now: datetime) -> bool:
        """Whether it is active: redeemed, or held and not lapsed."""
        return not self.is_ended and not self.has_lapsed(now)

    def is_same(self, other: "Redemption") -> bool:
        """Whether both are the same redemption, by the same attempt."""
        return (self.request, self.generation, self.attempt) == (other.request, other.generation, other.attempt)

    def accounts_for(self, step_redemption: "Redemption") -> bool:
        """Whether the uses of a step with `step_redemption` are those of this redemption.

        Not once uses were returned: the step had ended before that, so one that is there was added by a retry.
        """
        return self.is_same(step_redemption) and not self.returned

    def is_held_by(self, step_redemption: "Redemption") -> bool:
        """Whether it is a hold recorded by the step with `step_redemption` in place of a note."""
        return self.status is Status.HELD and self.keeps_step(step_redemption)

    def keeps_step(self, step_redemption: "Redemption") -> bool:
        """Whether the step with `step_redemption` is meant to stay on the counter."""
        return self.by_step and not self.is_ended and self.accounts_for(step_redemption)


def matches(
    redemption: Redemption, code: str | None, email: str | None, order_id: str | None, group_id: str | None
) -> bool:
    """Whether the redemption matches all criteria that are not None."""
    return (
        (code is None or _folded(code, fold_code) == _folded(redemption.code, fold_code))
        and (email is None or same_email(email, redemption.email))
        and (order_id is None or order_id == redemption.order_id)
        and (group_id is None or group_id == redemption.group_id)
    )


def parse_redemption_id(redemption_id: str) -> tuple[str, int] | None:
    """The request and generation of a redemption id; None if it is malformed."""
    match = _ID.fullmatch(redemption_id)
    return (match[1], int(match[2])) if match else None
