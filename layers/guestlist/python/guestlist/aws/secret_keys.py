"""Keys that only this program knows: one for each organiser and purpose, made when it is first needed."""

import hmac
from functools import lru_cache

from guestlist.aws import conditions, keys
from guestlist.aws.table import ConditionFailed, Table
from guestlist.model.ids import new_secret


def signature(table: Table, org: str, purpose: str, *parts: str) -> bytes:
    """32 bytes that nobody else can make for these parts."""
    return hmac.digest(secret(table, org, purpose), "\x1f".join(parts).encode(), "sha256")


@lru_cache(maxsize=256)
def secret(table: Table, org: str, purpose: str) -> bytes:
    """The organiser's key for that purpose; a process asks for it once."""
    key = keys.secret(org, purpose)
    made = {**key._asdict(), "secret": new_secret()}
    item = table.get(key)
    if item is None:
        try:
            table.put(made, when=conditions.absent())
        except ConditionFailed:  # another process has just made it
            item = table.get(key)
    return str((item or made)["secret"]).encode()
