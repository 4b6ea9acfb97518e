"""The tenant, and the tokens that speak for it."""

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
    """What a token may call.

    An `organiser` may make every call, a `checkout` those of a shop, a `door` those of the scanners at an entrance,
    and a `reader` every call that changes nothing, but for tokens, webhooks and sessions.
    """

    ORGANISER = "organiser"
    CHECKOUT = "checkout"
    DOOR = "door"
    READER = "reader"


class SenderNotGranted(Invalid):
    """The organiser may not send mail from that address."""

    code = "sender_not_granted"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The sender of an organiser's mails, and where answers to them go; empty for the sender itself."""

    sender: str
    reply_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser:
    """An organiser's own settings. `time_zone` is an IANA name; dates end in that zone.

    `senders` are the addresses and domains that mails may come from; the operator grants them.
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
        """Whether the address, or its domain, is granted."""
        folded = _sender(address)
        return not {folded, folded.rpartition("@")[2]}.isdisjoint(map(_sender, self.senders))

    def require_sender(self, address: str) -> None:
        """Raise `SenderNotGranted` for an address that is neither granted nor the stored one."""
        if address and _sender(address) != _sender(self.from_email) and not self.may_send_from(address):
            detail = "Mails may not come from this address. Whoever operates Guestlist grants addresses and domains."
            raise SenderNotGranted.field("from_email", "sender_not_granted", detail)

    def envelope(self, default_sender: str) -> Envelope:
        """The stored sender where it is granted; else the default one, with answers to the stored one."""
        if self.from_email and self.may_send_from(self.from_email):
            return Envelope(self.from_email, self.reply_to)
        return Envelope(default_sender, self.reply_to or self.from_email)


def _sender(text: str) -> str:
    """The form in which addresses and domains of senders are compared."""
    return ascii_email(fold_email(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is stored: never the token itself, only its hash.

    From `ends_at` on it is nobody's; without one it is good until it is taken back. Of tokens that an earlier
    version created, `created_at` is None. A session of the console is a token too: `session_of` is the hash of the one
    that it was begun with.
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
        """What it is called where it is listed and revoked: the beginning of its hash."""
        return self.hash[:16]

    def ended(self, now: datetime) -> bool:
        """Whether its end has come."""
        return self.ends_at is not None and now >= self.ends_at

    def require(self, scopes: Collection[Scope]) -> None:
        """Raise `Forbidden` unless its scope is one of these."""
        if self.scope not in scopes:
            raise Forbidden(f"This call is not for tokens of the scope {self.scope.value}.")


def new_token(organiser_id: str, scope: Scope, name: str, secret: str, now: datetime) -> tuple[str, Token]:
    """A token as its bearer sends it, to be shown once, and as it is stored; the secret has no hyphen."""
    shown = f"{organiser_id}-{secret}"
    hashed = hash_token(shown)
    return shown, Token(organiser_id=organiser_id, scope=scope, name=name, hash=hashed, created_at=now)


def organiser_of_token(token: str) -> str | None:
    """Whose token this would be: `{organiser}-{secret}`, the secret without a hyphen; None if not so formed."""
    organiser_id, hyphen, secret = token.rpartition("-")
    return organiser_id if hyphen and organiser_id and secret else None


def hash_token(token: str) -> str:
    """The form in which a token is stored: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
