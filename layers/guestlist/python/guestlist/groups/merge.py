"""Merge join of buyers and members, both sorted by e-mail."""

from collections.abc import Iterator, Sequence

from guestlist.groups.membership import Membership
from guestlist.groups.reevaluation import SyncPorts
from guestlist.purchases.model import CountedPurchase

BuyerOrMember = tuple[str, list[CountedPurchase], Membership | None]
"""Folded e-mail, purchases and membership of one person."""


def buyers_and_members(
    org: str, group_id: str | None, sale_item_ids: Sequence[str], shard: int, sync_ports: SyncPorts, after: str = ""
) -> Iterator[BuyerOrMember]:
    """Yield the people of one shard after the e-mail `after` who bought one of the items or are in the group.

    Each has their purchases of those items, and their membership or None.
    """
    members = sync_ports.memberships.shard(org, group_id, shard, after) if group_id else iter(())
    member = next(members, None)
    for email, purchases in sync_ports.purchases.buyers(org, sale_item_ids, shard, after):
        while member is not None and member.email < email:
            yield member.email, [], member
            member = next(members, None)
        if member is not None and member.email == email:
            yield email, purchases, member
            member = next(members, None)
        else:
            yield email, purchases, None
    while member is not None:
        yield member.email, [], member
        member = next(members, None)
