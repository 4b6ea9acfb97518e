"""Syncs of automatic groups: preview rules, and sync on demand."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from guestlist.groups import sync
from guestlist.groups.full_pass import full_pass
from guestlist.groups.listing import GroupView, group_view
from guestlist.groups.preview import Preview, preview
from guestlist.groups.rule import Branch
from guestlist.model import clock, ids
from guestlist.model.errors import ConcurrentModification, Conflict
from guestlist.model.ids import Id
from guestlist.organisers.model import Scope

MAX_PREVIEW = timedelta(seconds=6)
MAX_PASS = timedelta(seconds=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPreviewRequest:
    """Rules to preview, and the automatic group that they are for; without one, a new group."""

    rules: Branch
    group_id: Id | None = None


@endpoint(
    Scope.ORGANISER,
    answer=GroupView,
    status=202,
    conflicts=("not_automatic", "group_expired"),
    forbidden=("feature_off",),
    localised=True,
)
def resync(call: Call, group_id: str) -> GroupView:
    """Request a sync of an automatic group; `last_sync_at` changes when it is done.

    A small group is synced before the response; a large one is completed by the next run of a timer.
    """
    group = sync.request_sync(call.organiser, group_id, call.now, call.token.name, adapters.groups(), adapters.syncs())
    _begin(call, group_id)
    return group_view(call.org, group, call.now, adapters.group_views(call.language))


def _begin(call: Call, group_id: str) -> None:
    until = call.now + MAX_PASS
    try:
        full_pass(
            call.org, group_id, ids.new_id(call.now), call.now, lambda: clock.now() < until, adapters.sync_ports()
        )
    except (ConcurrentModification, Conflict):
        # Another pass is running; the timer runs the requested one later.
        return


@endpoint(
    Scope.ORGANISER, body=RulesPreviewRequest, answer=Preview, not_found=("not_found",), conflicts=("not_automatic",)
)
def preview_rules(call: Call, request: RulesPreviewRequest) -> Preview:
    """Preview rules without applying them: who matches, joins, leaves, or stays only by its lifetime."""
    until = call.now + MAX_PREVIEW
    return preview(
        call.org, request.rules, request.group_id, call.now, lambda: clock.now() < until, adapters.sync_ports()
    )
