"""What syncing reads of one person."""

from collections.abc import Mapping
from dataclasses import dataclass

from guestlist.groups.membership import Membership
from guestlist.purchases.model import Bought


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person at one state of their purchases, which has the number `seen`; None for somebody without a profile.

    `owed` says that their groups have not followed that state yet.
    """

    email: str
    seen: int | None
    owed: bool
    bought: tuple[Bought, ...]
    memberships: Mapping[str, Membership]
