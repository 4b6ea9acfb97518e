"""Links for one-click unsubscribing (RFC 8058), which are signed and do not reveal the person.

A link contains the organiser, the reference of its mail, and a keyed digest of the recipient's address, under
which the unsubscription stays known after the address is erased.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from guestlist.model.email_address import clean_email, fold_email

PATH = "/v1/unsubscribe/"
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_SEPARATOR = "\x1f"
_DIGEST_LENGTH = 32
_SIGNATURE_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeToken:
    """The content of a link: the organiser, the mail's reference, and the keyed digest of its recipient's address."""

    organiser_id: str
    reference: str
    digest: str

    @property
    def _text(self) -> str:
        return _SEPARATOR.join((self.organiser_id, self.reference, self.digest))

    def signed(self, key: bytes) -> str:
        """The signed token in a link."""
        return f"{_encoded(self._text.encode())}.{_encoded(self._signature(key))}"

    def is_signed_by(self, key: bytes, token: str) -> bool:
        """Whether the token was signed with this key."""
        return hmac.compare_digest(self.signed(key).encode(), token.encode())

    def _signature(self, key: bytes) -> bytes:
        return hmac.digest(key, f"token{_SEPARATOR}{self._text}".encode(), "sha256")[:_SIGNATURE_BYTES]


def recipient_digest(email: str, key: bytes) -> str:
    """The keyed digest of an address: the same for every spelling of it, and useless without the key."""
    address = fold_email(clean_email(email))
    return hmac.new(key, f"mark{_SEPARATOR}{address}".encode(), sha256).hexdigest()[:_DIGEST_LENGTH]


def read_token(token: str) -> UnsubscribeToken | None:
    """The content of a token, without verifying its signature; None if it is malformed."""
    payload, _, _ = token.partition(".")
    try:
        parts = urlsafe_b64decode(f"{payload}{'=' * (-len(payload) % 4)}").decode().split(_SEPARATOR)
    except (Error, ValueError):
        return None
    if len(parts) != len(UnsubscribeToken.__dataclass_fields__):
        return None
    return UnsubscribeToken(organiser_id=parts[0], reference=parts[1], digest=parts[2])


def headers(link: str) -> Mapping[str, str]:
    """The headers with which mail programs offer to unsubscribe; none without a link."""
    if not link:
        return NO_HEADERS
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
