"""The grammar of e-mail addresses, and the normal form in which they are stored and looked up."""

import re
from functools import lru_cache
from typing import Annotated
from unicodedata import normalize

from annotated_types import MaxLen

from guestlist.model.normal_form import Cleaned, Predicate, normal, spellings

_ATOM = r"[A-Za-z0-9!#$&*+\-=?^_{}~]"
_LOCAL = rf"(?:{_ATOM}{{1,24}}+\.{_ATOM}{{1,39}}+@|{_ATOM}{{1,64}}+@|(?=[^@]{{1,64}}+@){_ATOM}++(?:\.{_ATOM}++)*+@)"
_LONGER = r"(?=[A-Za-z0-9\-]{1,40}+\.)[A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+\."
_SHORT = r"[A-Za-z0-9]{1,40}+\.[A-Za-z]{2,20}+(?![A-Za-z0-9.\-])"
_DOMAIN = rf"(?:{_SHORT}|(?:{_LONGER}){{1,4}}+[A-Za-z]{{2,20}}+)"
# All alternatives that match end at the same place, so the group can be atomic: backtracking would not help.
PLAIN = f"(?>{_LOCAL}{_DOMAIN})"
"""Matches only addresses that are certainly valid and in normal form; nearly all addresses are."""
ADDRESS = re.compile(r"[^\s@%/\x00-\x1f\x7f]{1,64}@[^\s@%/\x00-\x1f\x7f.]+(\.[^\s@%/\x00-\x1f\x7f.]+)+")
"""Matches every address, and what resembles one."""

_PLAIN = re.compile(PLAIN)
_AROUND = " \t\r\n\xa0;,:<>()[]\"'`“”„‘’‚«»"
_MAILTO = "mailto:"
_DOTS = str.maketrans("。．｡", "...")
_ENCODED = "xn--"


@lru_cache(maxsize=2_000)
def fold_email(email: str) -> str:
    """Normalise an e-mail address for comparison."""
    return email.strip().lower()


def is_email(text: str) -> bool:
    """Whether the text is a valid address with a dot in its domain, and without % and /, which paths cannot contain."""
    return is_plain(text) or (resembles_email(text) and _is_valid(text))


def is_plain(text: str) -> bool:
    """Whether an address is certainly valid and in normal form."""
    return _PLAIN.fullmatch(text) is not None


def resembles_email(text: str) -> bool:
    """Whether the text has the outline of an address; enough to look it up, not to store it."""
    return ADDRESS.fullmatch(text) is not None


def _is_valid(text: str) -> bool:
    # Imported late: a check never needs it, and starts faster without it.
    from email_validator import EmailNotValidError, validate_email

    try:
        # Special-use domains such as .example and .test are valid here, since people test with them.
        parsed = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    domain = parsed.ascii_domain.lower()
    return domain == _ascii_domain(text.rpartition("@")[2]).lower() and not domain.rpartition(".")[2].isdigit()


def is_mailable(email: str) -> bool:
    """Whether Amazon SES can send to the address: it needs ASCII before the @ (no SMTPUTF8)."""
    return email.rpartition("@")[0].isascii()


def clean_email(text: str) -> str:
    """Normalise an address: remove what a mail program left around it, and encode its domain in ASCII (IDNA)."""
    return text if _PLAIN.fullmatch(text) else ascii_email(_bare(normal(text)))


def normal_email(text: str) -> str:
    """Normalise an address without removing anything but spaces around it."""
    return text.strip() if text.isascii() else ascii_email(normal(text).strip())


def ascii_email(email: str) -> str:
    """Encode the domain of an address in ASCII (IDNA), as mail servers know it."""
    name, at, domain = email.rpartition("@")
    return email if domain.isascii() else f"{name}{at}{_ascii_domain(domain)}"


def legible_email(email: str) -> str:
    """Decode the domain of an address, as people read it."""
    name, at, domain = email.rpartition("@")
    return f"{name}{at}{'.'.join(map(_decoded, domain.split('.')))}"


def email_spellings(email: str) -> tuple[str, ...]:
    """The spellings of an address in lower case: its normal form first, then those that earlier releases stored."""
    if _PLAIN.fullmatch(email):
        return (email.lower(),)
    if "@" not in email:
        return spellings(email.strip().lower())
    name, at, domain = normal_email(email).rpartition("@")
    wide = legible_email(f"{name}{at}{domain}")
    forms = (f"{name}{at}{domain}", email.strip(), wide, normalize("NFD", wide))
    return tuple(dict.fromkeys(map(str.lower, forms)))


def asked_spellings(email: str) -> tuple[str, ...]:
    """The spellings of an address to look up, last those without what a mail program left around it."""
    if not email or _PLAIN.fullmatch(email):
        return (email.lower(),)
    return tuple(dict.fromkeys([*email_spellings(email), *email_spellings(clean_email(email))]))


def same_email(one: str, other: str) -> bool:
    """Whether both are the same address, in any spelling."""
    return one.lower() == other.lower() or not set(asked_spellings(one)).isdisjoint(asked_spellings(other))


def is_sender(text: str) -> bool:
    """Whether the text is an address or a domain that can be a sender."""
    return is_email(text) or is_email(f"anybody@{text}")


def _bare(text: str) -> str:
    if "<" in text and text.count("@") == 1:
        text = text.rpartition("<")[2].partition(">")[0]
    text = text.strip(_AROUND).rstrip("." + _AROUND)
    if text[: len(_MAILTO)].lower() == _MAILTO:
        text = text[len(_MAILTO) :].partition("?")[0].strip(_AROUND)
    return text


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    labels = normalize("NFKC", domain.translate(_DOTS)).lower().split(".")
    return ".".join(label if label.isascii() else f"{_ENCODED}{label.encode('punycode').decode()}" for label in labels)


def _decoded(label: str) -> str:
    if not label.lower().startswith(_ENCODED):
        return label
    try:
        return label[len(_ENCODED) :].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


EmailInUse = Annotated[str, MaxLen(254), Predicate(resembles_email)]
"""An address to look up, also one that an earlier release stored and the grammar refuses."""
Email = Annotated[str, Cleaned(clean_email), MaxLen(254), Predicate(is_email)]
MailableEmail = Annotated[str, Cleaned(clean_email), MaxLen(254), Predicate(is_email), Predicate(is_mailable)]
"""An address that mail can be sent to or from."""
