"""Digests that stand in the table for what may not be shown, or is too long for a key."""

import hashlib


def digest(*parts: str) -> str:
    """32 hexadecimal digits that stand for the parts where they may not be shown or are too long."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
