"""What a group does of itself: what its rules would do, and a sync on demand."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib import wiring
from chalicelib.ways import Call, way
from guestlist import clock, ids
from guestlist.errors import Conflict, Raced
from guestlist.groups import sync
from guestlist.groups.full_pass import full_pass
from guestlist.groups.listing import GroupView, view
from guestlist.groups.preview import Preview, preview
from guestlist.ids import Id
from guestlist.organiser import Scope
from guestlist.rule import Branch

LONGEST_LOOK = timedelta(seconds=6)
LONGEST_PASS = timedelta(seconds=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesToTry:
    """Rules, and the automatic group that they would be for; a new one without."""

    rules: Branch
    group_id: Id | None = None


@way(
    Scope.ORGANISER,
    answer=GroupView,
    status=202,
    conflicts=("not_automatic", "group_expired"),
    forbidden=("feature_off",),
)
def resync(call: Call, group_id: str) -> GroupView:
    """Ask for a sync of an automatic group; `last_sync_at` moves when it is done.

    A small group is done before the answer comes; what is left of a large one is done by the next timer.
    """
    group = sync.ask(call.organiser, group_id, call.now, call.token.name, wiring.groups(), wiring.syncs())
    _begin(call, group_id)
    return view(call.org, group, call.now, wiring.group_views())


def _begin(call: Call, group_id: str) -> None:
    until = call.now + LONGEST_PASS
    try:
        full_pass(call.org, group_id, ids.new_id(call.now), call.now, lambda: clock.now() < until, wiring.engine())
    except (Raced, Conflict):
        # Somebody else is at it. The wish stands, and the timer looks after it.
        return


@way(Scope.ORGANISER, body=RulesToTry, answer=Preview, missing=("not_found",), conflicts=("not_automatic",))
def try_rules(call: Call, wanted: RulesToTry) -> Preview:
    """What rules would do, without doing it: who matches, joins, leaves, or stays by the group's lifetime alone."""
    until = call.now + LONGEST_LOOK
    return preview(call.org, wanted.rules, wanted.group_id, call.now, lambda: clock.now() < until, wiring.engine())
