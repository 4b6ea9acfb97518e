"""Secret keys: one for each organiser and purpose, created on first use."""

import hmac
from functools import lru_cache

from guestlist.aws import conditions, keys
from guestlist.aws.table import ConditionFailed, Table
from guestlist.model.ids import new_secret


def signature(table: Table, org: str, purpose: str, *parts: str) -> bytes:
    """The HMAC of these parts: 32 bytes."""
    return hmac.digest(secret(table, org, purpose), "\x1f".join(parts).encode(), "sha256")


@lru_cache(maxsize=256)
def secret(table: Table, org: str, purpose: str) -> bytes:
    """The organiser's key for this purpose, cached by the process."""
    key = keys.secret(org, purpose)
    new = {**key._asdict(), "secret": new_secret()}
    item = table.get(key)
    if item is None:
        try:
            table.put(new, when=conditions.absent())
        except ConditionFailed:  # another process has just created it
            item = table.get(key)
    return str((item or new)["secret"]).encode()
