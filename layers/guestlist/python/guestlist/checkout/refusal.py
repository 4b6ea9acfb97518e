"""Errors that refuse a redemption: a code, and a sentence without personal data."""

from guestlist.checkout.response import Reason
from guestlist.model.errors import Conflict, GuestlistError, Unknown


def refusal(reason: Reason, remaining: int | None = None) -> GuestlistError:
    """The error for a reason: `Unknown` for an unknown code, otherwise `Conflict`."""
    # Imported here: a process that serves only checks starts faster without the catalogue.
    from guestlist.messages.catalogue import render

    kind = Unknown if reason is Reason.UNKNOWN_CODE else Conflict
    detail = render(f"problem.{reason.value}")
    if remaining is None:
        return kind(detail, code=reason.value)
    return kind(detail, code=reason.value, remaining=remaining)


def no_such_redemption() -> Unknown:
    """The error for an unknown redemption id."""
    return Unknown("There is no such redemption.")
