"""Responses to a checkout."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guestlist.checkout.redemption import Status
from guestlist.groups.index import GroupType


class Reason(StrEnum):
    """Code of the reason for a refusal."""

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
class GrantingGroup:
    """A group that grants access to the customer."""

    group_id: str
    group: str
    type: GroupType


@dataclass(slots=True)
class CheckedItem:
    """One sale item. None for `seats`, `categories` or `remaining` means no limit.

    `visible` is whether it may be shown, `purchasable` whether the requested quantity may be bought.
    """

    # Not frozen, though never changed: a page has a hundred, and creating a frozen one takes three times as long.

    sale_item_id: str
    visible: bool
    purchasable: bool
    reasons: tuple[Reason, ...] = ()
    granted_by: tuple[GrantingGroup, ...] = ()
    seats: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    remaining: int | None = None
    explanation: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One row that matches the code. None for `category` or `seat` means any."""

    group_id: str
    group: str
    category: str | None
    seat: str | None
    quantity: int
    remaining: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCode:
    """The code; `grants` lists its rows, used-up ones too.

    With `too_many_tries`, `retry_after` is the number of seconds until codes are answered again.
    """

    valid: bool
    reasons: tuple[Reason, ...] = ()
    grants: tuple[Grant, ...] = ()
    explanation: tuple[str, ...] | None = None
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDiscount:
    """The discount, with its `percent` or `amount` and its sale items (None: all) if it is accepted."""

    accepted: bool
    reasons: tuple[Reason, ...] = ()
    percent: float | None = None
    amount: float | None = None
    sale_item_ids: tuple[str, ...] | None = None
    explanation: tuple[str, ...] | None = None
    retry_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResponse:
    """Response to a check; `code` and `discount` are None if the request had none."""

    items: tuple[CheckedItem, ...] = ()
    code: CheckedCode | None = None
    discount: CheckedDiscount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionResult:
    """A redemption or hold. `quantity` is its number of uses, `remaining` what is left of its entry for others.

    `hold_expires_at` is None unless it is a hold.
    """

    redemption_id: str
    status: Status
    group_id: str
    quantity: int
    remaining: int
    hold_expires_at: datetime | None = None
