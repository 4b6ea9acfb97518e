"""Organisers, the tenants, and their tokens."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from guestlist.messages.language import Language
from guestlist.model.email_address import ascii_email, fold_email
from guestlist.model.errors import Forbidden, Invalid

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Scope(StrEnum):
    """The calls that a token may make.

    An `organiser` may make every call, a `checkout` those of a shop, a `door` those of scanners at an entrance, and a
    `reader` every call that changes nothing, except those about tokens, webhooks and sessions.
    """

    ORGANISER = "organiser"
    CHECKOUT = "checkout"
    DOOR = "door"
    READER = "reader"


class SenderNotGranted(Invalid):
    """The organiser may not send mail from this address."""

    code = "sender_not_granted"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The sender of an organiser's mails and their Reply-To address; empty if that is the sender."""

    sender: str
    reply_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser:
    """An organiser's settings. `time_zone` is an IANA name; dates end in that zone.

    `senders` are the addresses and domains that mails may be sent from, which the operator grants.
    """

    organiser_id: str
    name: str
    time_zone: str = "UTC"
    from_email: str = ""
    reply_to: str = ""
    notify_email: str = ""
    language: Language = "en"
    senders: tuple[str, ...] = ()
    customer_groups: bool = False
    consent_on_drop: bool = False

    @property
    def zone(self) -> "ZoneInfo":
        """The organiser's time zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.time_zone)

    def may_send_from(self, address: str) -> bool:
        """Whether the address or its domain is granted."""
        folded = _sender(address)
        return not {folded, folded.rpartition("@")[2]}.isdisjoint(map(_sender, self.senders))

    def require_sender(self, address: str) -> None:
        """Raise `SenderNotGranted` unless the address is granted or the stored one."""
        if address and _sender(address) != _sender(self.from_email) and not self.may_send_from(address):
            raise SenderNotGranted.field("from_email", "sender_not_granted")

    def envelope(self, default_sender: str) -> Envelope:
        """The stored sender if it is granted, otherwise the default one with replies to the stored one."""
        if self.from_email and self.may_send_from(self.from_email):
            return Envelope(self.from_email, self.reply_to)
        return Envelope(default_sender, self.reply_to or self.from_email)


def _sender(text: str) -> str:
    """Normalise an address or a domain for comparison."""
    return ascii_email(fold_email(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is stored: only its hash.

    It is valid until `ends_at` or, without that, until it is revoked. `created_at` is None for tokens of an earlier
    version. A session of the console is a token too: `session_of` is the hash of the token with which it was started.
    """

    organiser_id: str
    scope: Scope
    name: str
    hash: str = field(repr=False)
    ends_at: datetime | None = None
    created_at: datetime | None = None
    session_of: str = field(default="", repr=False)

    @property
    def token_id(self) -> str:
        """The id under which it is listed and revoked: the beginning of its hash."""
        return self.hash[:16]

    def has_ended(self, now: datetime) -> bool:
        """Whether it has expired."""
        return self.ends_at is not None and now >= self.ends_at

    def require(self, scopes: Collection[Scope]) -> None:
        """Raise `Forbidden` unless its scope is one of these."""
        if self.scope not in scopes:
            raise Forbidden("wrong_scope", scope=self.scope.value)


def new_token(organiser_id: str, scope: Scope, name: str, secret: str, now: datetime) -> tuple[str, Token]:
    """Create a token: as its bearer sends it, to be shown once, and as it is stored. The secret contains no hyphen."""
    bearer = f"{organiser_id}-{secret}"
    hashed = hash_token(bearer)
    return bearer, Token(organiser_id=organiser_id, scope=scope, name=name, hash=hashed, created_at=now)


def organiser_of_token(token: str) -> str | None:
    """The id of the organiser in a token of the form `{organiser}-{secret}`; None for other forms."""
    organiser_id, hyphen, secret = token.rpartition("-")
    return organiser_id if hyphen and organiser_id and secret else None


def hash_token(token: str) -> str:
    """The hash under which a token is stored: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
