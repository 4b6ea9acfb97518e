"""Groups as a check sees them: the index of all that are not deleted.

A target group's list is kept in versions: a base and at most one overlay beside it, each packed
into buckets. The index says which version is current, so one read tells all that a check needs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class GroupType(StrEnum):
    """Set at creation, for ever."""

    TARGET = "target"
    MANUAL = "manual"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Version:
    """A packed list: `version_id` begins with its import's id; `entries` counts its lines, tombstones included.

    Versions that an earlier release wrote have no fingerprints.
    """

    version_id: str
    buckets: int
    entries: int
    fingerprints: bool = False


@dataclass(frozen=True, slots=True)
class ScheduledVersion:
    """A list that becomes current at an instant, with so many rows."""

    at: datetime
    version: Version
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedGroup:
    """What every check reads of a group. `entries` is the number of rows a target group has now.

    `scheduled` are the lists that are to come, by their instants. Texts of its list that were read before `cleaned_at`
    may name somebody who was erased.
    """

    group_id: str
    type: GroupType
    name: str
    created_at: datetime
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    base: Version | None = None
    overlay: Version | None = None
    entries: int = 0
    cleaned_at: datetime | None = None
    scheduled: tuple[ScheduledVersion, ...] = ()

    def at(self, now: datetime) -> "IndexedGroup":
        """The group as it is at that instant: with the last list whose instant has come."""
        due = [version for version in self.scheduled if version.at <= now]
        if not due:
            return self
        last, later = due[-1], self.scheduled[len(due) :]
        return replace(self, base=last.version, overlay=None, entries=last.entries, scheduled=later)

    def scheduling(self, more: ScheduledVersion) -> "IndexedGroup":
        """The group with one more list to come."""
        return replace(self, scheduled=tuple(sorted((*self.scheduled, more), key=lambda version: version.at)))

    def unscheduling(self, version_id: str) -> "IndexedGroup":
        """The group without that list to come."""
        others = (
            scheduled_version
            for scheduled_version in self.scheduled
            if scheduled_version.version.version_id != version_id
        )
        return replace(self, scheduled=tuple(others))

    @property
    def version_ids(self) -> set[str]:
        """The packed lists that are read, or are to be."""
        parts = [self.base, self.overlay, *(scheduled.version for scheduled in self.scheduled)]
        return {part.version_id for part in parts if part}

    def expired(self, now: datetime) -> bool:
        """Whether the group's expiry instant has come; from that instant on it grants nothing."""
        return self.expires_at is not None and now >= self.expires_at

    def started(self, now: datetime) -> bool:
        """Whether the group's first instant has come; before it the group grants nothing."""
        return self.starts_at is None or now >= self.starts_at

    def active(self, now: datetime) -> bool:
        """Whether the group grants anything at that instant."""
        return self.started(now) and not self.expired(now)


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """All groups of an organiser that are not deleted, by id. `number` grows by one with each change.

    `next_at` is the first instant at which a list becomes current, in an index that was read.
    """

    number: int = 0
    groups: Mapping[str, IndexedGroup] = field(default_factory=lambda: MappingProxyType({}))
    next_at: datetime | None = field(default=None, compare=False)

    def at(self, now: datetime) -> "GroupIndex":
        """The index as it is at that instant."""
        if self.next_at is None or now < self.next_at:
            return self
        return self.timed({group_id: group.at(now) for group_id, group in self.groups.items()}, self.number)

    @staticmethod
    def timed(groups: Mapping[str, IndexedGroup], number: int) -> "GroupIndex":
        """The index of these groups, with the first instant of all."""
        instants = [version.at for group in groups.values() for version in group.scheduled]
        return GroupIndex(number, groups, min(instants, default=None))

    def named(self, name: str) -> IndexedGroup | None:
        """The group of that name, compared trimmed and without regard to case."""
        folded = fold_name(name)
        return next((group for group in self.groups.values() if fold_name(group.name) == folded), None)

    def unexpired(self, now: datetime) -> set[str]:
        """The ids of the groups that have not expired."""
        return {group_id for group_id, group in self.groups.items() if not group.expired(now)}

    def with_group(self, group: IndexedGroup) -> "GroupIndex":
        """The next index, with this group added or put in place of its former self."""
        return self.with_groups([group])

    def with_groups(self, groups: Iterable[IndexedGroup]) -> "GroupIndex":
        """The next index, with these groups added or put in place of their former selves."""
        return GroupIndex(self.number + 1, {**self.groups, **{group.group_id: group for group in groups}})

    def without(self, group_id: str) -> "GroupIndex":
        """The next index, without that group."""
        others = {key: group for key, group in self.groups.items() if key != group_id}
        return GroupIndex(self.number + 1, others)


def is_group_name(name: str) -> bool:
    """A name of which something can be seen, and nothing cannot; how it is spaced does not matter."""
    text = " ".join(name.split())
    return bool(text) and text.isprintable()


def fold_name(name: str) -> str:
    """The form in which two group names are compared: an accent counts the same, however it was typed."""
    text = " ".join(name.split())
    if not text.isascii():
        # Checks load this module, and never compare names.
        from unicodedata import normalize

        text = normalize("NFC", text)
    return text.casefold()
