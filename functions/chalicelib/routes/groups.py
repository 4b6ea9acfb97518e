"""Groups: create, list, change, delete and restore them."""

from dataclasses import dataclass, fields

from chalicelib.bootstrap import adapters
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.aws.settings import settings
from guestlist.catalogue.service import items_only_open_to
from guestlist.groups import lifecycle, listing
from guestlist.groups.group_settings import GroupChanges, NewGroup
from guestlist.groups.listing import GroupFilter, GroupView, group_view
from guestlist.groups.model import Group, GroupName
from guestlist.model.ids import new_group_id
from guestlist.organisers.model import Scope

_FEATURE = ("feature_off",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedView(GroupView):
    """A deleted group, and the sale items that nobody can buy until it is restored."""

    shut_sale_items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """The request to restore a group, under another name if its own is taken."""

    name: GroupName | None = None


@endpoint(
    Scope.ORGANISER,
    body=NewGroup,
    answer=GroupView,
    status=201,
    conflicts=("name_taken",),
    forbidden=_FEATURE,
    idempotent=True,
    invalid=("bad_instant",),
    localised=True,
)
def create(call: Call, request: NewGroup) -> GroupView:
    """Create a group; an automatic one needs rules, and is filled by its first sync."""
    by, group_id = call.token.name, new_group_id(call.new_id(), call.began_at, settings().keyed_since)
    group = lifecycle.create(call.organiser, request, group_id, call.now, by, adapters.groups(), adapters.catalogues())
    return _view(call, group)


@endpoint(Scope.ORGANISER, query=GroupFilter, answer=GroupView, listed=True, localised=True)
def list_groups(call: Call) -> Listed:
    """List groups, newest first."""
    after = call.page.after("group_id", None)
    items, following = listing.list_groups(
        call.org, call.query, call.page.limit, call.now, adapters.group_views(call.language), after
    )
    return Listed(items, {"group_id": following} if following else None)


@endpoint(Scope.ORGANISER, answer=GroupView, localised=True)
def show(call: Call, group_id: str) -> GroupView:
    """Get a group, also a deleted one."""
    return _view(call, adapters.groups().get_group(call.org, group_id))


@endpoint(
    Scope.ORGANISER,
    body=GroupChanges,
    answer=GroupView,
    conflicts=("name_taken", "group_expired"),
    forbidden=_FEATURE,
    invalid=("immutable", "bad_instant"),
    localised=True,
)
def change(call: Call, changes: GroupChanges, group_id: str) -> GroupView:
    """Change settings of a group; omitted ones stay, null clears."""
    by = call.token.name
    changed = lifecycle.change(
        call.organiser, group_id, changes, call.now, by, adapters.groups(), adapters.catalogues()
    )
    return _view(call, changed)


@endpoint(Scope.ORGANISER, answer=DeletedView, localised=True)
def delete(call: Call, group_id: str) -> DeletedView:
    """Delete a group, which then grants nothing. It can be restored, with its members."""
    deleted = lifecycle.delete(call.org, group_id, call.now, call.token.name, adapters.groups())
    restrictions, index = adapters.catalogues().restrictions(call.org), adapters.groups().index(call.org)
    shut = items_only_open_to(group_id, restrictions, index.unexpired(call.now))
    group_view = _view(call, deleted)
    values = {field.name: getattr(group_view, field.name) for field in fields(group_view)}
    return DeletedView(**values, shut_sale_items=tuple(shut))


@endpoint(
    Scope.ORGANISER,
    body=RestoreRequest,
    answer=GroupView,
    conflicts=("name_taken",),
    forbidden=_FEATURE,
    localised=True,
)
def restore(call: Call, restoring: RestoreRequest, group_id: str) -> GroupView:
    """Restore a deleted group with its members; one that has expired meanwhile stays expired."""
    by = call.token.name
    restored = lifecycle.restore(call.organiser, group_id, restoring.name, call.now, by, adapters.groups())
    return _view(call, restored)


def _view(call: Call, group: Group) -> GroupView:
    return group_view(call.org, group, call.now, adapters.group_views(call.language))
