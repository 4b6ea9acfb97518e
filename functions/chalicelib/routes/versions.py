"""The versions of a target group's list: list, compare, publish and cancel them."""

from dataclasses import dataclass
from itertools import dropwhile
from typing import Annotated

from annotated_types import MaxLen

from chalicelib.bootstrap import adapters
from chalicelib.routes.exports import redirect_to_file
from chalicelib.web.endpoint import Call, Reply, endpoint
from chalicelib.web.pagination import Listed
from guestlist.exports.service import Export
from guestlist.groups.index import GroupType
from guestlist.lists.lookup_query import code_keys, email_keys
from guestlist.lists.publishing import VersionView
from guestlist.model import ids
from guestlist.organisers.model import Scope

MAX_ENTRIES_AT_ONCE = 50_000
"""The most entries of both lists that are compared during the request."""
_OPTIONAL = ("published_at", "publish_at", "changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFilter:
    """A filter of versions by an entry that they change: its whole code, or its address if it has no code."""

    entry: Annotated[str, MaxLen(254)] = ""


@endpoint(
    Scope.ORGANISER,
    query=VersionFilter,
    answer=VersionView,
    listed=True,
    exclude_none=_OPTIONAL,
    conflicts=("not_target_group",),
)
def list_versions(call: Call, group_id: str) -> Listed:
    """List the versions of a target group's list, newest first: scheduled, current, and former ones of 30 days.

    With `entry`, only versions that added, changed or removed entries of that code or e-mail address, with their
    `changes`. A page examines `limit` versions, so it may list fewer, even none, while there is a `next`.
    """
    versions = adapters.version_service().list_versions(call.org, group_id, call.now)
    if call.page.start:
        last_id = call.page.start["version_id"]
        versions = list(dropwhile(lambda version: version.version_id != last_id, versions))[1:]
    page = call.page.of(versions, lambda version: {"version_id": version.version_id})
    keys = [*code_keys(call.query.entry), *email_keys(call.query.entry)]
    if not keys:
        return page
    changed_versions = adapters.version_service().with_changes(call.org, group_id, page.items, keys, call.now)
    return page._replace(items=changed_versions)


@endpoint(
    Scope.ORGANISER,
    answer=VersionView,
    exclude_none=_OPTIONAL,
    conflicts=("not_target_group", "version_expired", "group_expired"),
    not_found=("not_found", "unknown_version"),
    idempotent=True,
)
def publish(call: Call, group_id: str, version_id: str) -> VersionView:
    """Make a version current at once: a scheduled one before its instant, or a former one.

    The replaced version can be published again. Uses stay. Publishing the current version changes nothing.
    """
    return adapters.version_service().publish(call.org, group_id, version_id, call.now, call.token.name)


@endpoint(
    Scope.ORGANISER,
    status=302,
    statuses=(202,),
    conflicts=("not_target_group", "version_expired"),
    not_found=("not_found", "unknown_version"),
)
def difference(call: Call, group_id: str, version_id: str) -> Reply:
    """Get the entries that a version adds, changes and removes as a CSV file; retry while a large one is made.

    A scheduled version is compared with the current list, any other with the one that it replaced.
    """
    changes = adapters.version_service().difference(call.org, group_id, version_id, call.now)
    request = Export(
        organiser_id=call.org,
        group_id=group_id,
        type=GroupType.TARGET,
        export_id=ids.new_id(call.now),
        heard_at=call.now,
        difference=changes,
    )
    return redirect_to_file(request, changes.size, call.now, f"changes-{version_id}.csv", MAX_ENTRIES_AT_ONCE)


@endpoint(
    Scope.ORGANISER,
    status=204,
    conflicts=("not_target_group", "version_expired", "not_scheduled"),
    not_found=("not_found", "unknown_version"),
)
def cancel(call: Call, group_id: str, version_id: str) -> Reply:
    """Cancel a scheduled version, so that it does not become current. Undoing its import does the same."""
    adapters.version_service().unschedule(call.org, group_id, version_id, call.now, call.token.name)
    return Reply()
