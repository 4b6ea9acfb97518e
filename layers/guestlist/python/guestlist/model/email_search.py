"""Search e-mail addresses by a prefix, also by a part of a domain that is stored encoded in ASCII (IDNA)."""

from typing import NamedTuple

from guestlist.model.email_address import email_spellings, is_plain, legible_email

_ENCODED = "xn--"


class EmailPrefix(NamedTuple):
    """A typed prefix, in the forms in which addresses are stored, and with its domain decoded.

    The encoding of `büch` is not a prefix of that of `bücher`, but an encoded label begins with its ASCII letters in
    their order. So all labels with those of the typed part are read, and those that decode to another text dropped.
    """

    ranges: tuple[str, ...]
    forms: tuple[str, ...]
    legible: str = ""

    @staticmethod
    def of(typed: str) -> "EmailPrefix":
        """The prefix that was typed; of a complete address in ASCII, only that."""
        forms = email_spellings(typed)
        name, at, domain = forms[0].rpartition("@")
        label = domain.rpartition(".")[2]
        if not at or not label or is_plain(typed):
            return EmailPrefix(_disjoint(forms), forms)
        legible = legible_email(forms[0])
        letters = "".join(filter(str.isascii, legible.rpartition("@")[2].rpartition(".")[2]))
        encoded = f"{name}@{domain.removesuffix(label)}{_ENCODED}{letters}"
        return EmailPrefix(_disjoint((*forms, encoded)), forms, legible)

    def matches(self, email: str) -> bool:
        """Whether a stored address begins with the prefix, as it is stored or with its domain decoded."""
        folded = email.lower()
        return folded.startswith(self.forms) or bool(self.legible and legible_email(folded).startswith(self.legible))


def _disjoint(beginnings: tuple[str, ...]) -> tuple[str, ...]:
    """The beginnings without those of which another is a beginning."""
    prefixes: list[str] = []
    for beginning in sorted(set(beginnings)):
        if not prefixes or not beginning.startswith(prefixes[-1]):
            prefixes.append(beginning)
    return tuple(prefixes)
