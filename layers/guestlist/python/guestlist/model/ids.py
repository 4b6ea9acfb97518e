"""Identifiers: their syntax, and new ones, which sort by time."""

import re
import secrets
from datetime import datetime
from typing import Annotated

from guestlist.model.normal_form import Predicate

ID = re.compile(r"[A-Za-z0-9._~-]{1,128}")
TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,1000}")
ORDER_DIGITS = 11
"""How many digits of the id of a redemption request depend on its order alone."""
KEYED = "-k"
"""The end of the id of a group whose uses are counted under keyed digests of people."""
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def is_id(text: str) -> bool:
    """Whether the text is an id: 1 to 128 of A–Z a–z 0–9 . _ ~ -."""
    return ID.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether the text may be a signed token: 1 to 1,000 of A–Z a–z 0–9 . _ ~ -."""
    return TOKEN.fullmatch(text) is not None


Id = Annotated[str, Predicate(is_id)]
Token = Annotated[str, Predicate(is_token)]


def new_id(now: datetime) -> str:
    """26 letters and digits: 10 for the millisecond of `now`, 16 random; later ids sort after earlier ones."""
    return timed_id(now, secrets.randbits(80))


def new_secret() -> str:
    """32 letters and digits, all of them random: 160 bits."""
    return _encode(secrets.randbits(160), 32)


def new_key(size: int) -> bytes:
    """Create a signing key of so many random bytes."""
    return secrets.token_bytes(size)


def timed_id(now: datetime, tail: int) -> str:
    """The id for that millisecond with these 80 bits at its end; deterministic."""
    number = int(now.timestamp() * 1000) << 80 | tail
    return _encode(number, 26)


def new_group_id(new_id: str, created_at: datetime, keyed_since: datetime | None) -> str:
    """The id of a new group, which determines whether its uses are counted under keyed digests of people."""
    return f"{new_id}{KEYED}" if keyed_since is not None and created_at >= keyed_since else new_id


def has_keyed_counters(group_id: str) -> bool:
    """Whether the uses of the group's list are counted under keyed digests of people."""
    return group_id.endswith(KEYED)


def _encode(number: int, length: int) -> str:
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(length)))
