"""What the first of a call's two readings finds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from guestlist.checkout.redemption import Redemption
from guestlist.group import GroupIndex
from guestlist.organiser import Token
from guestlist.restriction import Discount, RestrictionIndex


class Opening(NamedTuple):
    """Who calls, and what stands now. `former` is what became of the request, `tried` unknown codes by subject."""

    token: Token
    groups: GroupIndex
    restrictions: RestrictionIndex
    discount: Discount | None = None
    former: Redemption | None = None
    tried: Mapping[str, int] = MappingProxyType({})
