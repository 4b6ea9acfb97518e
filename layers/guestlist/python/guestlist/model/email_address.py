"""What may stand where an e-mail address is wanted."""

import re
from typing import Annotated

from annotated_types import MaxLen, Predicate

ADDRESS = re.compile(r"[^\s@%/\x00-\x1f\x7f]{1,64}@[^\s@%/\x00-\x1f\x7f.]+(\.[^\s@%/\x00-\x1f\x7f.]+)+")


def is_email(text: str) -> bool:
    """An e-mail address: a name, an @ and a domain with a dot; none that holds % or /, which no path could name."""
    return ADDRESS.fullmatch(text) is not None


def bare_email(text: str) -> str:
    """The address alone, where a mail program wrote it in angle brackets, with or without a name before them."""
    inside, closing, _ = text.rpartition("<")[2].partition(">")
    return inside.strip() if closing else text.strip()


def ascii_email(email: str) -> str:
    """The address with its domain in the ASCII form that mail servers know (IDNA); as it is where there is none."""
    name, at, domain = email.rpartition("@")
    if domain.isascii():
        return email
    try:
        return f"{name}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return email


def is_sender(text: str) -> bool:
    """An address or a domain that mails may come from."""
    return is_email(text) or is_email(f"anybody@{text}")


Email = Annotated[str, MaxLen(254), Predicate(is_email)]
