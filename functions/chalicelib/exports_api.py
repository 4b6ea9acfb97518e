"""A group as a file, for a spreadsheet or to be imported again."""

from datetime import timedelta

from chalicelib import wiring
from chalicelib.exporting import workshop
from chalicelib.ways import Call, Reply, way
from guestlist import ids
from guestlist.aws.bucket import bucket
from guestlist.group import GroupType
from guestlist.groups.exporting import Export, ask
from guestlist.groups.listing import indexed
from guestlist.organiser import Scope

LINK_LASTS = timedelta(minutes=5)
RETRY_AFTER = 5
"""Seconds."""


@way(Scope.ORGANISER, status=302, also=(202,))
def export(call: Call, group_id: str) -> Reply:
    """All members or entries of a group as a CSV file, deleted groups too; while a large one is made, come again.

    Cells that a spreadsheet would run as a formula begin with an apostrophe or a space, which imports take off.
    """
    group = wiring.groups().get(call.org, group_id)
    listed = indexed(call.org, group, wiring.groups()) if group.type is GroupType.TARGET else None
    size = listed.entries if listed else wiring.memberships().members(call.org, [group_id])[group_id]
    wanted = Export(
        organiser_id=call.org,
        group_id=group_id,
        type=group.type,
        export_id=ids.new_id(call.now),
        heard_at=call.now,
        listed=listed,
    )
    made = ask(wanted, size, call.now, workshop())
    if made is None:
        return Reply(status=202, headers={"Retry-After": str(RETRY_AFTER)})
    return Reply(headers={"Location": bucket().link(made.key, f"group-{group_id}.csv", LINK_LASTS)})
