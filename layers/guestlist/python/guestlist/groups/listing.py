"""List of groups, with relative times in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any

from annotated_types import MaxLen

from guestlist.groups.index import GroupType, IndexedGroup, fold_name
from guestlist.groups.model import Group, GroupStatus, WelcomeEmail
from guestlist.groups.ports import Counts, Groups, Syncs
from guestlist.groups.rule import plain
from guestlist.messages.catalogue import Translator
from guestlist.messages.language import Language
from guestlist.model.duration import Duration
from guestlist.model.relative_time import in_largest_unit


class DeletedFilter(StrEnum):
    """Filter of deleted groups: left out, included, or listed alone."""

    HIDE = "hide"
    SHOW = "show"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group as its organiser sees it, in one language; `expires_in` and `last_sync` are relative times, or None.

    `welcome_badge` is green while the welcome mail is on, red while it is off. `members` is the number of entries
    of a target group.
    """

    group_id: str
    name: str
    type: GroupType
    description: str
    status: GroupStatus
    created_at: datetime
    lifetime: Duration | None
    starts_at: datetime | None
    expires_on: date | None
    expires_at: datetime | None
    expires_in: str | None
    last_sync_at: datetime | None
    last_sync: str | None
    welcome_email: WelcomeEmail
    welcome_badge: str
    members: int
    rules: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFilter:
    """Filter by a part of the name, the type, and deletion."""

    name: Annotated[str, MaxLen(200)] = ""
    type: GroupType | None = None
    deleted: DeletedFilter = DeletedFilter.HIDE

    def matches(self, group: Group) -> bool:
        """Whether the group matches; the name is compared without regard to case."""
        is_deleted = group.deleted_at is not None
        return (
            self.type in {None, group.type}
            and (self.deleted is DeletedFilter.SHOW or is_deleted is (self.deleted is DeletedFilter.ONLY))
            and fold_name(self.name) in fold_name(group.name)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupViewPorts:
    """Ports of the list of groups, and the language of its sentences."""

    groups: Groups
    syncs: Syncs
    counts: Counts
    language: Language


def list_groups(
    org: str, filters: GroupFilter, limit: int, now: datetime, ports: GroupViewPorts, after: str | None = None
) -> tuple[list[GroupView], str | None]:
    """A page of at most `limit` groups, newest first, and the cursor of the next page; None at the end."""
    matching = (group for group in ports.groups.newest(org, after) if filters.matches(group))
    page = list(islice(matching, limit + 1))
    return list(group_views(org, page[:limit], now, ports)), page[limit - 1].group_id if len(page) > limit else None


def group_view(org: str, group: Group, now: datetime, ports: GroupViewPorts) -> GroupView:
    """View of one group."""
    return next(group_views(org, [group], now, ports))


def index_entry(org: str, group: Group, groups: Groups) -> IndexedGroup:
    """The group's entry in the group index; of a deleted group, the last one."""
    return group.shelved or groups.index(org).groups.get(group.group_id) or group.to_index_entry()


def group_views(org: str, groups: list[Group], now: datetime, ports: GroupViewPorts) -> Iterator[GroupView]:
    """Views of the groups, in their order."""
    automatic = [group.group_id for group in groups if group.type is GroupType.AUTOMATIC]
    progress = ports.syncs.get_progress_of_each(org, automatic)
    targets = {group.group_id for group in groups if group.type is GroupType.TARGET}
    counts = ports.counts.count_members(org, [group.group_id for group in groups if group.group_id not in targets])
    index = ports.groups.index(org) if targets else None
    translate = Translator(ports.language)
    for group in groups:
        if index is not None and group.group_id in targets:
            entry = group.shelved or index.groups.get(group.group_id)
            members = entry.entries if entry else 0
        else:
            members = counts.get(group.group_id, 0)
        sync_progress = progress.get(group.group_id)
        yield _view(group, sync_progress.synced_at if sync_progress else None, members, now, translate)


def _view(group: Group, last_sync_at: datetime | None, members: int, now: datetime, translate: Translator) -> GroupView:
    return GroupView(
        group_id=group.group_id,
        name=group.name,
        type=group.type,
        description=translate(f"api.group.{group.type}"),
        status=group.status(now),
        created_at=group.created_at,
        lifetime=group.lifetime,
        starts_at=group.starts_at,
        expires_on=group.expires_on,
        expires_at=group.expires_at,
        expires_in=_expires_in(group, now, translate),
        last_sync_at=last_sync_at,
        last_sync=_in_words("ago", now - last_sync_at, translate) if last_sync_at else None,
        welcome_email=group.welcome,
        welcome_badge="green" if group.welcome.enabled else "red",
        members=members,
        rules=plain(group.rules) if group.rules else None,
    )


def _expires_in(group: Group, now: datetime, translate: Translator) -> str | None:
    if group.expires_at is None:
        return None
    return (
        translate("api.group.expired")
        if group.is_expired(now)
        else _in_words("left", group.expires_at - now, translate)
    )


def _in_words(kind: str, length: timedelta, translate: Translator) -> str:
    number, unit = in_largest_unit(length)
    return translate(f"api.time.{kind}.{unit}", n=number)
