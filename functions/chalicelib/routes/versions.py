"""The versions of a target group's list: seeing them, and publishing one of them."""

from itertools import dropwhile, islice

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.lists.publishing import Versions, VersionView
from guestlist.organisers.model import Scope

_ONE_OF_TWO = ("published_at", "publish_at")


@endpoint(Scope.ORGANISER, answer=VersionView, listed=True, exclude_none=_ONE_OF_TWO, conflicts=("not_target_group",))
def listed(call: Call, group_id: str) -> Listed:
    """The versions of a target group's list, newest first: the current one and those of the last 30 days."""
    found = _versions().listed(call.org, group_id, call.now)
    if call.page.start:
        behind = call.page.start["version_id"]
        found = list(dropwhile(lambda one: one.version_id != behind, found))[1:]
    items = list(islice(found, call.page.limit))
    more = len(found) > len(items)
    return Listed(items, {"version_id": items[-1].version_id} if more else None)


@endpoint(
    Scope.ORGANISER,
    answer=VersionView,
    exclude_none=_ONE_OF_TWO,
    conflicts=("not_target_group", "version_expired", "group_expired"),
    not_found=("not_found", "unknown_version"),
    idempotent=True,
)
def publish(call: Call, group_id: str, version_id: str) -> VersionView:
    """Make a version current at once: a former one comes back, and what it replaces can come back the same way.

    Uses stay. Publishing the current version changes nothing.
    """
    return _versions().publish(call.org, group_id, version_id, call.now, call.token.name)


def _versions() -> Versions:
    return Versions(
        groups=adapters.groups(),
        imports=adapters.imports(),
        store=adapters.list_versions(),
        list_store=adapters.list_store,
    )
