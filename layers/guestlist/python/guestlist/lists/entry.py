"""A row of a target group, and what makes two of them the same.

A code is kept as written and matched trimmed and case-folded; an e-mail is matched without regard
to case; a category is compared without regard to case, a seat letter for letter. A row with a code
is found by its code (with an e-mail beside it, the code works only for that e-mail); a row without
one is found by its e-mail.
"""

from dataclasses import dataclass

from guestlist.model.email_address import fold_email


def fold_code(code: str) -> str:
    """The form in which two codes of one list are compared."""
    return code.strip().casefold()


def fold_category(category: str) -> str:
    """The form in which two categories are compared."""
    return category.strip().casefold()


def code_key(code: str) -> str:
    """The key of all rows with this code; empty for a blank code, which never matches."""
    folded = fold_code(code)
    return "\\" + folded if folded.startswith(("@", "\\")) else folded


def email_key(email: str) -> str:
    """The key of all rows that have this e-mail and no code; empty for a blank e-mail."""
    folded = fold_email(email)
    return "@" + folded if folded else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: whoever bears the code, or this person, may use it `quantity` times."""

    code: str = ""
    email: str = ""
    category: str = ""
    seat: str = ""
    quantity: int = 1

    @property
    def key(self) -> str:
        """What a look-up finds this row by; never empty for a row that was let in."""
        return code_key(self.code) or email_key(self.email)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Two rows of one list with the same identity are duplicates: key, category, seat, e-mail."""
        return self.key, fold_category(self.category), self.seat.strip(), fold_email(self.email)
