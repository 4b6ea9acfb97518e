"""The grammar of e-mail addresses, and the normal form in which they are stored and looked for."""

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
# Whatever alternative matches ends in the same place, so that none needs to be tried for what is wrong behind it.
PLAIN = f"(?>{_LOCAL}{_DOMAIN})"
"""Matches addresses that are valid without a doubt and their own normal form, which nearly all are; nothing else."""
ADDRESS = re.compile(r"[^\s@%/\x00-\x1f\x7f]{1,64}@[^\s@%/\x00-\x1f\x7f.]+(\.[^\s@%/\x00-\x1f\x7f.]+)+")
"""Matches every address, and what resembles one."""

_PLAIN = re.compile(PLAIN)
_AROUND = " \t\r\n\xa0;,:<>()[]\"'`“”„‘’‚«»"
_MAILTO = "mailto:"
_DOTS = str.maketrans("。．｡", "...")
_ENCODED = "xn--"


@lru_cache(maxsize=2_000)
def fold_email(email: str) -> str:
    """The form in which two e-mail addresses are compared."""
    return email.strip().lower()


def is_email(text: str) -> bool:
    """An e-mail address: a name, an @ and a domain with a dot; none that holds % or /, which no path could name."""
    return is_plain(text) or (resembles_email(text) and _is_valid(text))


def is_plain(text: str) -> bool:
    """Whether an address is valid without a doubt, and its own normal form."""
    return _PLAIN.fullmatch(text) is not None


def resembles_email(text: str) -> bool:
    """An e-mail address by its outline alone: what is looked for where nothing is stored under it."""
    return ADDRESS.fullmatch(text) is not None


def _is_valid(text: str) -> bool:
    # A check never comes here, and starts faster without it.
    from email_validator import EmailNotValidError, validate_email

    try:
        # Special-use domains are valid here: .example and .test are what people try things with.
        parsed = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    domain = parsed.ascii_domain.lower()
    return domain == _ascii_domain(text.rpartition("@")[2]).lower() and not domain.rpartition(".")[2].isdigit()


def is_mailable(email: str) -> bool:
    """Whether mail can be sent to it: Amazon SES takes no letters beyond ASCII before the @ (no SMTPUTF8)."""
    return email.rpartition("@")[0].isascii()


def clean_email(text: str) -> str:
    """The address in its normal form, without what a mail program left around it; its domain is in ASCII (IDNA)."""
    return text if _PLAIN.fullmatch(text) else ascii_email(_bare(normal(text)))


def normal_email(text: str) -> str:
    """The address in its normal form, with what may be left around it."""
    return text.strip() if text.isascii() else ascii_email(normal(text).strip())


def ascii_email(email: str) -> str:
    """The address with its domain in the ASCII form that mail servers know (IDNA)."""
    name, at, domain = email.rpartition("@")
    return email if domain.isascii() else f"{name}{at}{_ascii_domain(domain)}"


def email_spellings(email: str) -> tuple[str, ...]:
    """The address in lower case, its normal form first, then others in which an earlier version may have stored it."""
    if _PLAIN.fullmatch(email):
        return (email.lower(),)
    if "@" not in email:
        return spellings(email.strip().lower())
    name, at, domain = normal_email(email).rpartition("@")
    wide = f"{name}{at}{'.'.join(map(_decoded, domain.split('.')))}"
    forms = (f"{name}{at}{domain}", email.strip(), wide, normalize("NFD", wide))
    return tuple(dict.fromkeys(map(str.lower, forms)))


def asked_spellings(email: str) -> tuple[str, ...]:
    """The same of an address that was sent to be looked for, at last without what a mail program left around it."""
    if not email or _PLAIN.fullmatch(email):
        return (email.lower(),)
    return tuple(dict.fromkeys([*email_spellings(email), *email_spellings(clean_email(email))]))


def same_email(one: str, other: str) -> bool:
    """Whether both are one person's address, in whatever spelling."""
    return one.lower() == other.lower() or not set(asked_spellings(one)).isdisjoint(asked_spellings(other))


def is_sender(text: str) -> bool:
    """An address or a domain that mails may come from."""
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
"""An address that may be stored already, also one that an earlier version took and the grammar refuses."""
Email = Annotated[str, Cleaned(clean_email), MaxLen(254), Predicate(is_email)]
MailableEmail = Annotated[str, Cleaned(clean_email), MaxLen(254), Predicate(is_email), Predicate(is_mailable)]
"""An address that mails go to or come from."""
