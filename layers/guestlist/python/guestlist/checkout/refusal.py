"""Saying no to a redemption: the code word, and a sentence that gives nobody's data away."""

from guestlist.checkout.response import Reason
from guestlist.model.errors import Conflict, GuestlistError, Unknown


def refusal(reason: Reason, remaining: int | None = None) -> GuestlistError:
    """The error that says so: an unknown code does not exist, everything else is a conflict."""
    # A check refuses nothing, and starts faster without the catalogue.
    from guestlist.messages.catalogue import render

    kind = Unknown if reason is Reason.UNKNOWN_CODE else Conflict
    detail = render(f"problem.{reason.value}")
    if remaining is None:
        return kind(detail, code=reason.value)
    return kind(detail, code=reason.value, remaining=remaining)
