"""What a checkout is answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guestlist.checkout.redemption import Status
from guestlist.groups.index import GroupType


class Reason(StrEnum):
    """Why not."""

    UNKNOWN_CODE = "unknown_code"
    USED_UP = "used_up"
    HELD_BY_OTHERS = "held_by_others"
    WRONG_EMAIL = "wrong_email"
    LOGIN_REQUIRED = "login_required"
    NOT_IN_GROUP = "not_in_group"
    NOT_YET = "not_yet"
    GROUP_EXPIRED = "group_expired"
    GROUP_DELETED = "group_deleted"
    MEMBERSHIP_ENDED = "membership_ended"
    WRONG_CATEGORY = "wrong_category"
    WRONG_SEAT = "wrong_seat"
    QUANTITY_TOO_HIGH = "quantity_too_high"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_DISCOUNT = "unknown_discount"
    TOO_MANY_TRIES = "too_many_tries"


@dataclass(frozen=True, slots=True)
class GrantedBy:
    """A group that opens something to this customer."""

    group_id: str
    group: str
    type: GroupType


@dataclass(slots=True)
class ItemAnswer:
    """One sale item. None for `seats`, `categories` or `remaining`: not limited.

    `visible` is whether it may be shown at all, `purchasable` whether what was asked may be bought.
    """

    # Not frozen, though nobody changes it: a page has a hundred, and each would take three times as long to make.

    sale_item_id: str
    visible: bool
    purchasable: bool
    reasons: tuple[Reason, ...] = ()
    granted_by: tuple[GrantedBy, ...] = ()
    seats: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    remaining: int | None = None
    explanation: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One row that the code finds. None for `category` or `seat`: any."""

    group_id: str
    group: str
    category: str | None
    seat: str | None
    quantity: int
    remaining: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAnswer:
    """What the code is worth; `grants` lists its rows, used-up ones too.

    After `too_many_tries`, `retry_after` is in how many seconds codes are answered again.
    """

    valid: bool
    reasons: tuple[Reason, ...] = ()
    grants: tuple[Grant, ...] = ()
    explanation: tuple[str, ...] | None = None
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountAnswer:
    """Whether the discount applies, and if so its `percent` or `amount`, and to which sale items (None: all)."""

    accepted: bool
    reasons: tuple[Reason, ...] = ()
    percent: float | None = None
    amount: float | None = None
    sale_item_ids: tuple[str, ...] | None = None
    explanation: tuple[str, ...] | None = None
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question; `code` and `discount` only when one was sent."""

    items: tuple[ItemAnswer, ...] = ()
    code: CodeAnswer | None = None
    discount: DiscountAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """A redemption or hold as a checkout is told of it.

    `quantity` is what it has of the uses and `remaining` what others can still take of its entry;
    `hold_expires_at` is there for as long as it is a hold.
    """

    redemption_id: str
    status: Status
    group_id: str
    quantity: int
    remaining: int
    hold_expires_at: datetime | None = None
