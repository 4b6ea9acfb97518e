"""Result of the first of the two reads that a check or a redemption makes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from guestlist.catalogue.restrictions import Discount, RestrictionIndex
from guestlist.checkout.guess_limits import Limit
from guestlist.checkout.redemption import Redemption
from guestlist.groups.index import GroupIndex
from guestlist.organisers.model import Token


class FirstRead(NamedTuple):
    """The verified token, the indexes, and for a redemption its ledger key (`request`) and former redemption.

    `tries_by_limit` has the number of wrong tries of each limit. `speculative` belongs to the reader: the second read,
    if it was already made.
    """

    token: Token
    groups: GroupIndex
    restrictions: RestrictionIndex
    discount: Discount | None = None
    request: str = ""
    former: Redemption | None = None
    tries_by_limit: Mapping[Limit, int] = MappingProxyType({})
    speculative: object = None
