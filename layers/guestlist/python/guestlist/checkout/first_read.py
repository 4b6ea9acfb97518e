"""What the first of a call's two readings finds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from guestlist.catalogue.restrictions import Discount, RestrictionIndex
from guestlist.checkout.guess_limits import Limit
from guestlist.checkout.redemption import Redemption
from guestlist.groups.index import GroupIndex
from guestlist.organisers.model import Token


class FirstRead(NamedTuple):
    """Who calls, and what stands now.

    `request` names what is asked of a redemption, `former` is what became of it, `tried` how many wrong tries.

    `speculative` is the reader's own: what it has read for its second reading already.
    """

    token: Token
    groups: GroupIndex
    restrictions: RestrictionIndex
    discount: Discount | None = None
    request: str = ""
    former: Redemption | None = None
    tried: Mapping[Limit, int] = MappingProxyType({})
    speculative: object = None
