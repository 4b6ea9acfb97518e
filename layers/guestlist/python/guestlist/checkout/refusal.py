"""Saying no to a redemption: the code word, and a sentence that gives nobody's data away."""

from guestlist.checkout.response import Reason
from guestlist.model.errors import Conflict, GuestlistError, Unknown

_SENTENCES = {
    Reason.UNKNOWN_CODE: "No list has this code.",
    Reason.USED_UP: "Every use has been made.",
    Reason.HELD_BY_OTHERS: "Others hold what is left; it comes back if they do not buy.",
    Reason.WRONG_EMAIL: "The code works only for the e-mail address that it was given to.",
    Reason.NOT_IN_GROUP: "The code or e-mail is in no group that may buy this.",
    Reason.GROUP_EXPIRED: "The group has ended.",
    Reason.GROUP_DELETED: "The group has been deleted.",
    Reason.WRONG_CATEGORY: "The code or e-mail is not for this category.",
    Reason.WRONG_SEAT: "The code or e-mail is not for this seat.",
    Reason.QUANTITY_TOO_HIGH: "Fewer uses are left than were asked for.",
    Reason.UNKNOWN_ITEM: "There is no such sale item.",
}


def refusal(reason: Reason, **facts: object) -> GuestlistError:
    """The error that says so: an unknown code does not exist, everything else is a conflict."""
    kind = Unknown if reason is Reason.UNKNOWN_CODE else Conflict
    return kind(_SENTENCES[reason], code=reason.value, **facts)
