"""Signatures of deliveries, by the Standard Webhooks specification: HMAC-SHA256, version `v1`."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_PREFIX = "whsec_"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret in the form in which its receiver gets it, `whsec_…`; valid until a day after its replacement."""

    text: str
    valid_until: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether deliveries are signed with it."""
        return self.valid_until is None or now < self.valid_until


def secret_of(key: bytes) -> str:
    """The secret for these random bytes."""
    return _PREFIX + b64encode(key).decode()


def sign(secret: str, delivery_id: str, timestamp: int, body: str) -> str:
    """A signature, such as `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=`."""
    key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    signature = hmac.digest(key, f"{delivery_id}.{timestamp}.{body}".encode(), "sha256")
    return f"v1,{b64encode(signature).decode()}"


def headers(secrets: Iterable[Secret], delivery_id: str, at: datetime, body: str, now: datetime) -> dict[str, str]:
    """The headers of an attempt at the instant `at`, signed with each secret that is valid `now`."""
    timestamp = int(at.timestamp())
    signatures = [sign(secret.text, delivery_id, timestamp, body) for secret in secrets if secret.is_valid(now)]
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
