"""Groups: making, changing, deleting and restoring them, and asking for a sync."""

from dataclasses import dataclass, fields

from chalicelib import wiring
from chalicelib.paging import Listed
from chalicelib.ways import Call, way
from guestlist.group_record import Group, GroupName
from guestlist.groups import lifecycle
from guestlist.groups.listing import GroupView, Wanted, listed, view
from guestlist.groups.settings import GroupChanges, NewGroup
from guestlist.groups.stock import shut_by
from guestlist.organiser import Scope

_FEATURE = ("feature_off",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedView(GroupView):
    """A deleted group, and the sale items that nobody can buy while it is."""

    shut_sale_items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """How a deleted group comes back: under its own name, or under another where that is taken."""

    name: GroupName | None = None


@way(
    Scope.ORGANISER,
    body=NewGroup,
    answer=GroupView,
    status=201,
    conflicts=("name_taken",),
    forbidden=_FEATURE,
    repeatable=True,
)
def create(call: Call, wish: NewGroup) -> GroupView:
    """Make a group; an automatic one needs rules, and is filled by its first sync."""
    by = call.token.name
    made = lifecycle.create(call.organiser, wish, call.new_id(), call.now, by, wiring.groups(), wiring.catalogues())
    return _view(call, made)


@way(Scope.ORGANISER, query=Wanted, answer=GroupView, listed=True)
def newest(call: Call) -> Listed:
    """Groups, newest first."""
    after = call.page.start["group_id"] if call.page.start else None
    items, following = listed(call.org, call.query, call.page.limit, call.now, wiring.group_views(), after)
    return Listed(items, {"group_id": following} if following else None)


@way(Scope.ORGANISER, answer=GroupView)
def show(call: Call, group_id: str) -> GroupView:
    """One group, deleted or not."""
    return _view(call, wiring.groups().get(call.org, group_id))


@way(
    Scope.ORGANISER,
    body=GroupChanges,
    answer=GroupView,
    conflicts=("name_taken", "group_expired"),
    forbidden=_FEATURE,
)
def change(call: Call, changes: GroupChanges, group_id: str) -> GroupView:
    """Change some settings of a group; what is not sent stays, null clears."""
    by = call.token.name
    changed = lifecycle.change(call.organiser, group_id, changes, call.now, by, wiring.groups(), wiring.catalogues())
    return _view(call, changed)


@way(Scope.ORGANISER, answer=DeletedView)
def delete(call: Call, group_id: str) -> DeletedView:
    """Delete a group: it opens nothing any more. It can be restored, with its members."""
    deleted = lifecycle.delete(call.org, group_id, call.now, call.token.name, wiring.groups())
    restrictions, index = wiring.catalogues().restrictions(call.org), wiring.groups().index(call.org)
    shut = shut_by(group_id, restrictions, index, call.now)
    seen = _view(call, deleted)
    said = {field.name: getattr(seen, field.name) for field in fields(seen)}
    return DeletedView(**said, shut_sale_items=tuple(shut))


@way(Scope.ORGANISER, body=Restoring, answer=GroupView, conflicts=("name_taken",), forbidden=_FEATURE)
def restore(call: Call, restoring: Restoring, group_id: str) -> GroupView:
    """Bring a deleted group back with its members; one that has expired meanwhile comes back expired."""
    by = call.token.name
    restored = lifecycle.restore(call.organiser, group_id, restoring.name, call.now, by, wiring.groups())
    return _view(call, restored)


def _view(call: Call, group: Group) -> GroupView:
    return view(call.org, group, call.now, wiring.group_views())
