"""Digests of values that must not be stored in plain text or are too long for a key."""

import hashlib

from guestlist.model.ids import has_keyed_counters


def digest(*parts: str, key: bytes = b"") -> str:
    """A digest of the parts: 32 hexadecimal digits.

    Digests of people are keyed: without the key, somebody with a copy of the table could test every address they know.
    """
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16, key=key).hexdigest()


def counter_digest(org: str, group_id: str, *parts: str, key: bytes) -> str:
    """The digest of a person's entry for its counter: keyed if the group's id marks its counters as keyed.

    Raises `LookupError` without a key, rather than count anew what was counted under another digest.
    """
    if not has_keyed_counters(group_id):
        return digest(*parts)
    if not key:
        raise LookupError("The counters of this group need the key for digests of people.")
    return digest(org, *parts, key=key)
