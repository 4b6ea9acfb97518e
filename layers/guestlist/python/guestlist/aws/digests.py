"""Digests that stand in the table for what may not be shown, or is too long for a key."""

import hashlib


def digest(*parts: str, key: bytes = b"") -> str:
    """32 hexadecimal digits that stand for the parts where they may not be shown or are too long.

    Those of a person have a key, without which whoever has the table could try all addresses that they know.
    """
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16, key=key).hexdigest()
