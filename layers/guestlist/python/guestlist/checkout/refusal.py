"""Errors that refuse a redemption, without personal data."""

from guestlist.checkout.response import Reason
from guestlist.model.errors import Conflict, GuestlistError, Unknown


def refusal(reason: Reason, remaining: int | None = None) -> GuestlistError:
    """The error for a reason: `Unknown` for an unknown code, otherwise `Conflict`."""
    kind = Unknown if reason is Reason.UNKNOWN_CODE else Conflict
    return kind(reason.value, None if remaining is None else {"remaining": remaining})


def no_such_redemption() -> Unknown:
    """The error for an unknown redemption id."""
    return Unknown("not_found.redemption")
