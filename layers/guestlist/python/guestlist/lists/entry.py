"""An entry of a target group, its lookup key and its identity.

A code is stored as written and matched trimmed and case-folded; an e-mail is matched without regard
to case; a category is compared without regard to case, a seat exactly. The key of an entry with a code
is its code (with an e-mail beside it, the code works only for that e-mail); the key of an entry without
one is its e-mail.
"""

from dataclasses import dataclass

from guestlist.model.email_address import fold_email


def fold_code(code: str) -> str:
    """Normalise a code for comparison."""
    return code.strip().casefold()


def fold_category(category: str) -> str:
    """Normalise a category for comparison."""
    return category.strip().casefold()


def code_key(code: str) -> str:
    """The lookup key of entries with this code; empty for a blank code, which never matches."""
    folded = fold_code(code)
    return "\\" + folded if folded.startswith(("@", "\\")) else folded


def email_key(email: str) -> str:
    """The lookup key of entries with this e-mail and no code; empty for a blank e-mail."""
    folded = fold_email(email)
    return "@" + folded if folded else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: whoever has the code, or this person, may use it `quantity` times."""

    code: str = ""
    email: str = ""
    category: str = ""
    seat: str = ""
    quantity: int = 1

    @property
    def key(self) -> str:
        """The lookup key; never empty for an imported entry."""
        return code_key(self.code) or email_key(self.email)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Key, category, seat and e-mail, normalised; two entries of one list with the same identity are duplicates."""
        return self.key, fold_category(self.category), self.seat.strip(), fold_email(self.email)
