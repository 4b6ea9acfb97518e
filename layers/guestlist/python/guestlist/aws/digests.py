"""Digests of values that must not be stored in plain text or are too long for a key."""

import hashlib


def digest(*parts: str, key: bytes = b"") -> str:
    """A digest of the parts: 32 hexadecimal digits.

    Digests of people are keyed: without the key, somebody with a copy of the table could test every address they know.
    """
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16, key=key).hexdigest()
