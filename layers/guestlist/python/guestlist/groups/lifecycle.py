"""Create, change, delete and restore groups; the record and the index entry change in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from guestlist.catalogue.ports import KnownEntities
from guestlist.groups.group_settings import (
    GroupChanges,
    NewGroup,
    apply_changes,
    build_group,
    clean_group_name,
    with_expiry_in_zone,
)
from guestlist.groups.index import GroupIndex, GroupType
from guestlist.groups.membership import AuditEntry, ChangeType
from guestlist.groups.model import Group
from guestlist.groups.ports import Groups
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import Conflict, Forbidden, Unknown
from guestlist.organisers.model import Organiser

_GROUPS_PER_TRANSACTION = 40
"""Number of groups, each with its audit entry, that fit into one transaction."""


def create(
    organiser: Organiser,
    request: NewGroup,
    group_id: str,
    now: datetime,
    by: str,
    groups: Groups,
    catalogue: KnownEntities,
) -> Group:
    """Create a group and return it, or the group that already has the id; an automatic one gets a full pass.

    Raises `Forbidden` (feature off), `Invalid` (name, rules) or `Conflict` (name taken).
    """
    require_feature(organiser, request.type)
    org = organiser.organiser_id
    group = build_group(request, organiser, group_id, now, catalogue)

    def step() -> Group:
        existing = groups.get_groups(org, [group_id]).get(group_id)
        if existing is not None:
            return existing
        index = groups.index(org)
        _require_free_name(group.name, group_id, index)
        audit_entry = _audit_entry(group, ChangeType.GROUP_CREATED, now, by)
        return groups.save_group(
            org,
            group,
            now,
            index.with_group(group.to_index_entry()),
            asked_by=_asked_by(group, by),
            audit_entry=audit_entry,
        )

    return retry_on_conflict(step)


def change(
    organiser: Organiser,
    group_id: str,
    changes: GroupChanges,
    now: datetime,
    by: str,
    groups: Groups,
    catalogue: KnownEntities,
) -> Group:
    """Change settings of a group that is not deleted; new rules or a new lifetime request a full pass.

    Raises `Unknown`, `Forbidden`, `Invalid`, or `Conflict` (name taken; expiry of an expired group).
    """
    org = organiser.organiser_id

    def step() -> Group:
        group = require_existing(groups.get_group(org, group_id))
        require_feature(organiser, group.type)
        changed_group = apply_changes(group, changes, organiser, now, catalogue)
        if changed_group == group:
            return group
        asked_by = _asked_by(changed_group, by) if _sync_settings(changed_group) != _sync_settings(group) else None
        audit_entry = _audit_entry(
            changed_group, ChangeType.GROUP_CHANGED, now, by, ", ".join(_changed_settings(group, changed_group))
        )
        if _indexed_settings(changed_group) == _indexed_settings(group):
            return groups.save_group(org, changed_group, now, asked_by=asked_by, audit_entry=audit_entry)
        index = groups.index(org)
        _require_free_name(changed_group.name, group_id, index)
        index_entry = changed_group.to_index_entry(index.groups.get(group_id))
        return groups.save_group(
            org, changed_group, now, index.with_group(index_entry), asked_by=asked_by, audit_entry=audit_entry
        )

    return retry_on_conflict(step)


def move_expiries(organiser: Organiser, now: datetime, by: str, groups: Groups) -> None:
    """Recompute the expiry instant of each group after the organiser's time zone has changed.

    An expired group stays expired. A repeat changes nothing.
    """
    org = organiser.organiser_id

    def groups_to_move(stored: Iterable[Group]) -> list[Group]:
        return [moved for group in stored if (moved := with_expiry_in_zone(group, organiser, now)) != group]

    def step(group_ids: Sequence[str]) -> None:
        index = groups.index(org)
        moved = groups_to_move(groups.get_groups(org, group_ids).values())
        index_entries = [
            group.to_index_entry(index.groups[group.group_id]) for group in moved if group.group_id in index.groups
        ]
        audit_entries = [_audit_entry(group, ChangeType.GROUP_CHANGED, now, by, "time_zone") for group in moved]
        groups.save_all(org, moved, index.with_groups(index_entries), audit_entries)

    ids_to_move = [group.group_id for group in groups_to_move(groups.newest(org))]
    for start in range(0, len(ids_to_move), _GROUPS_PER_TRANSACTION):
        retry_on_conflict(partial(step, ids_to_move[start : start + _GROUPS_PER_TRANSACTION]))


def delete(org: str, group_id: str, now: datetime, by: str, groups: Groups) -> Group:
    """Delete a group: checks ignore it, its record and memberships stay. A repeat changes nothing."""

    def step() -> Group:
        group = groups.get_group(org, group_id)
        if group.deleted_at is not None:
            return group
        index = groups.index(org)
        deleted = replace(group, deleted_at=now, shelved=index.groups.get(group_id))
        return groups.save_group(
            org,
            deleted,
            now,
            index.without(group_id),
            audit_entry=_audit_entry(group, ChangeType.GROUP_DELETED, now, by),
        )

    return retry_on_conflict(step)


def restore(organiser: Organiser, group_id: str, name: str | None, now: datetime, by: str, groups: Groups) -> Group:
    """Restore a deleted group, under `name` if given; a group that is not deleted stays as it is.

    An expired group is expired again. Raises `Conflict` when the name is taken.
    """
    org = organiser.organiser_id

    def step() -> Group:
        group = groups.get_group(org, group_id)
        require_feature(organiser, group.type)
        if group.deleted_at is None:
            return group
        index = groups.index(org)
        restored = replace(group, name=clean_group_name(name or group.name), deleted_at=None, shelved=None)
        _require_free_name(restored.name, group_id, index)
        index_entry = restored.to_index_entry(group.shelved)
        audit_entry = _audit_entry(restored, ChangeType.GROUP_RESTORED, now, by)
        return groups.save_group(
            org, restored, now, index.with_group(index_entry), asked_by=_asked_by(restored, by), audit_entry=audit_entry
        )

    return retry_on_conflict(step)


def require_existing(group: Group) -> Group:
    """Return the group. Raises `Unknown` if it is deleted."""
    if group.deleted_at is not None:
        raise Unknown("not_found.deleted_group", id=group.group_id)
    return group


def require_feature(organiser: Organiser, group_type: GroupType) -> None:
    """Raise `Forbidden` for a manual or automatic group unless the organiser has customer groups switched on."""
    if group_type is not GroupType.TARGET and not organiser.customer_groups:
        raise Forbidden("feature_off")


def _audit_entry(group: Group, what: ChangeType, now: datetime, by: str, why: str = "") -> AuditEntry:
    return AuditEntry(group_id=group.group_id, at=now, what=what, by=by, why=why)


def _changed_settings(before: Group, after: Group) -> Iterator[str]:
    for name in ("name", "lifetime", "starts_at", "expires_on", "rules"):
        if getattr(before, name) != getattr(after, name):
            yield name
    if before.welcome != after.welcome:
        yield "welcome_email"


def _asked_by(group: Group, by: str) -> str | None:
    return by if group.type is GroupType.AUTOMATIC else None


def _indexed_settings(group: Group) -> tuple[object, ...]:
    return group.name, group.starts_at, group.expires_at


def _sync_settings(group: Group) -> tuple[object, object]:
    return group.rules, group.lifetime


def _require_free_name(name: str, group_id: str, index: GroupIndex) -> None:
    other = index.find_by_name(name)
    if other is not None and other.group_id != group_id:
        raise Conflict("name_taken", name=other.name)
