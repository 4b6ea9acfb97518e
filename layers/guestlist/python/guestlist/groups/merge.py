"""Two streams of people, each sorted by e-mail, as one."""

from collections.abc import Iterator, Sequence

from guestlist.groups.membership import Membership
from guestlist.groups.reevaluation import SyncPorts
from guestlist.purchases.model import Bought

Joined = tuple[str, list[Bought], Membership | None]


def joined(
    org: str, group_id: str | None, sale_item_ids: Sequence[str], shard: int, sync_ports: SyncPorts, after: str = ""
) -> Iterator[Joined]:
    """Everybody of one shard who bought one of the items or is in the group, by e-mail behind `after`.

    Each with what they bought of those items and with their membership; one of the two may be missing.
    """
    members = sync_ports.memberships.shard(org, group_id, shard, after) if group_id else iter(())
    member = next(members, None)
    for email, bought in sync_ports.purchases.buyers(org, sale_item_ids, shard, after):
        while member is not None and member.email < email:
            yield member.email, [], member
            member = next(members, None)
        if member is not None and member.email == email:
            yield email, bought, member
            member = next(members, None)
        else:
            yield email, bought, None
    while member is not None:
        yield member.email, [], member
        member = next(members, None)
