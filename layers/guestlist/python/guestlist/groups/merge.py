"""Two streams of people, each sorted by e-mail, as one."""

from collections.abc import Iterator, Sequence

from guestlist.groups.follow import Engine
from guestlist.membership import Membership
from guestlist.purchase import Bought

Joined = tuple[str, list[Bought], Membership | None]


def joined(
    org: str, group_id: str | None, sale_item_ids: Sequence[str], shard: int, engine: Engine, after: str = ""
) -> Iterator[Joined]:
    """Everybody of one shard who bought one of the items or is in the group, by e-mail behind `after`.

    Each with what they bought of those items and with their membership; one of the two may be missing.
    """
    buyers = engine.purchases.buyers(org, sale_item_ids, shard, after)
    members = engine.memberships.shard(org, group_id, shard, after) if group_id else iter(())
    buyer, member = next(buyers, None), next(members, None)
    while buyer is not None or member is not None:
        email = min(each for each in (buyer and buyer[0], member and member.email) if each)
        bought: list[Bought] = []
        found = None
        if buyer is not None and buyer[0] == email:
            bought, buyer = buyer[1], next(buyers, None)
        if member is not None and member.email == email:
            found, member = member, next(members, None)
        yield email, bought, found
