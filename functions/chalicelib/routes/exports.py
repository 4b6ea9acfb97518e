"""Export a group as a CSV file, for a spreadsheet or to import it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.exports import export_ports
from chalicelib.web.endpoint import Call, Reply, endpoint
from guestlist.aws.bucket import bucket
from guestlist.exports.service import MAX_ROWS_AT_ONCE, Export, request_export
from guestlist.groups.index import GroupType
from guestlist.groups.listing import index_entry
from guestlist.lists.target_group import require_entries
from guestlist.lists.usage import Usage
from guestlist.model import ids
from guestlist.organisers.model import Scope

LINK_LASTS = timedelta(minutes=5)
RETRY_AFTER = 5
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilter:
    """A filter of entries by how many of their uses are redeemed."""

    used: Usage | None = None


@endpoint(Scope.ORGANISER, query=ExportFilter, status=302, statuses=(202,), conflicts=("not_target_group",))
def export(call: Call, group_id: str) -> Reply:
    """Export all members or entries of a group, also of a deleted one, as a CSV file; retry while a large one is made.

    `used` limits entries by their redeemed uses; the columns *Used* and *Held* have the numbers. Text that a
    spreadsheet could read as a formula gets an apostrophe, which an import of the file removes again.
    """
    group = adapters.groups().get_group(call.org, group_id)
    if call.query.used is not None:
        require_entries(group.type)
    listed = index_entry(call.org, group, adapters.groups()) if group.type is GroupType.TARGET else None
    size = listed.entries if listed else adapters.memberships().count_members(call.org, [group_id])[group_id]
    request = Export(
        organiser_id=call.org,
        group_id=group_id,
        type=group.type,
        export_id=ids.new_id(call.now),
        heard_at=call.now,
        listed=listed,
        used=call.query.used,
    )
    return redirect_to_file(request, size, call.now, f"group-{group_id}.csv")


def redirect_to_file(request: Export, size: int, now: datetime, name: str, small: int = MAX_ROWS_AT_ONCE) -> Reply:
    """Redirect to the file, downloaded under this name; 202 with `Retry-After` while it is made.

    `size` is the approximate number of rows to read; with at most `small` of them the file is made at once.
    """
    ready = request_export(request, size, now, export_ports(), small)
    if ready is None:
        return Reply(status=202, headers={"Retry-After": str(RETRY_AFTER)})
    return Reply(headers={"Location": bucket().link(ready.key, name, LINK_LASTS)})
