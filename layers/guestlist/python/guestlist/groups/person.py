"""A person's purchases and memberships, as the sync reads them."""

from collections.abc import Mapping
from dataclasses import dataclass

from guestlist.groups.membership import Membership
from guestlist.purchases.model import CountedPurchase


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person at one revision of their purchases; the revision is None for somebody without a profile.

    `reevaluation_due` is True until the automatic groups were reevaluated for that revision.
    """

    email: str
    purchases_revision: int | None
    reevaluation_due: bool
    purchases: tuple[CountedPurchase, ...]
    memberships: Mapping[str, Membership]
