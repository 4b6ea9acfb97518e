"""The tenant, and the tokens that speak for it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Scope(StrEnum):
    """What a token may call: everything, or the section "Checkout" alone."""

    ORGANISER = "organiser"
    CHECKOUT = "checkout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser:
    """An organiser's own settings. `time_zone` is an IANA name; dates end in that zone."""

    organiser_id: str
    name: str
    time_zone: str = "UTC"
    from_email: str = ""
    notify_email: str = ""
    customer_groups: bool = False
    consent_on_drop: bool = False

    @property
    def zone(self) -> "ZoneInfo":
        """The organiser's time zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is stored: never the token itself, only its hash.

    From `ends_at` on it is nobody's; without one it is good until it is taken back.
    """

    organiser_id: str
    scope: Scope
    name: str
    hash: str = field(repr=False)
    ends_at: datetime | None = None

    def ended(self, now: datetime) -> bool:
        """Whether its end has come."""
        return self.ends_at is not None and now >= self.ends_at


def new_token(organiser_id: str, scope: Scope, name: str, secret: str) -> tuple[str, Token]:
    """A token as its bearer sends it, to be shown once, and as it is stored; the secret has no hyphen."""
    shown = f"{organiser_id}-{secret}"
    return shown, Token(organiser_id=organiser_id, scope=scope, name=name, hash=hash_token(shown))


def organiser_of_token(token: str) -> str | None:
    """Whose token this would be: `{organiser}-{secret}`, the secret without a hyphen; None if not so formed."""
    organiser_id, hyphen, secret = token.rpartition("-")
    return organiser_id if hyphen and organiser_id and secret else None


def hash_token(token: str) -> str:
    """The form in which a token is stored: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
