"""Group index: the data that a check needs of every group that is not deleted, in one item.

A target group's list consists of a base version and at most one overlay, each a packed list of hash partitions
(`partitions`). The index names the current ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class GroupType(StrEnum):
    """Type of a group; it never changes."""

    TARGET = "target"
    MANUAL = "manual"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Version:
    """A packed list. `version_id` begins with the import's id; `entries` includes tombstones.

    Versions written by an earlier release have no fingerprints.
    """

    version_id: str
    partitions: int
    entries: int
    fingerprints: bool = False


@dataclass(frozen=True, slots=True)
class ScheduledVersion:
    """A version that becomes current at the instant `at`; `entries` is its number of rows."""

    at: datetime
    version: Version
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedGroup:
    """A group in the index. `entries` is the current number of rows of a target group.

    `scheduled` versions are sorted by their instants. Cached texts of the list that were read before `cleaned_at`
    may name an erased person.
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
        """The group at that instant, with the last scheduled version that is due made current."""
        due = [version for version in self.scheduled if version.at <= now]
        if not due:
            return self
        last, later = due[-1], self.scheduled[len(due) :]
        return replace(self, base=last.version, overlay=None, entries=last.entries, scheduled=later)

    def with_scheduled(self, version: ScheduledVersion) -> "IndexedGroup":
        """The group with one more scheduled version."""
        return replace(self, scheduled=tuple(sorted((*self.scheduled, version), key=lambda scheduled: scheduled.at)))

    def without_scheduled(self, version_id: str) -> "IndexedGroup":
        """The group without that scheduled version."""
        others = (scheduled for scheduled in self.scheduled if scheduled.version.version_id != version_id)
        return replace(self, scheduled=tuple(others))

    @property
    def version_ids(self) -> set[str]:
        """The ids of the current and scheduled versions."""
        parts = [self.base, self.overlay, *(scheduled.version for scheduled in self.scheduled)]
        return {part.version_id for part in parts if part}

    def is_expired(self, now: datetime) -> bool:
        """Whether the group has expired and grants nothing."""
        return self.expires_at is not None and now >= self.expires_at

    def has_started(self, now: datetime) -> bool:
        """Whether the group has started; before that it grants nothing."""
        return self.starts_at is None or now >= self.starts_at

    def is_active(self, now: datetime) -> bool:
        """Whether the group grants anything at that instant."""
        return self.has_started(now) and not self.is_expired(now)


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """All groups of an organiser that are not deleted, by id. `number` is the revision of the index.

    `next_at` is the first instant at which a scheduled version becomes current; set when the index is read.
    """

    number: int = 0
    groups: Mapping[str, IndexedGroup] = field(default_factory=lambda: MappingProxyType({}))
    next_at: datetime | None = field(default=None, compare=False)

    def at(self, now: datetime) -> "GroupIndex":
        """The index at that instant."""
        if self.next_at is None or now < self.next_at:
            return self
        return self.build({group_id: group.at(now) for group_id, group in self.groups.items()}, self.number)

    @staticmethod
    def build(groups: Mapping[str, IndexedGroup], number: int) -> "GroupIndex":
        """Build the index of these groups, with `next_at`."""
        instants = [version.at for group in groups.values() for version in group.scheduled]
        return GroupIndex(number, groups, min(instants, default=None))

    def find_by_name(self, name: str) -> IndexedGroup | None:
        """The group of that name, compared without regard to case and whitespace; None if there is none."""
        folded = fold_name(name)
        return next((group for group in self.groups.values() if fold_name(group.name) == folded), None)

    def unexpired(self, now: datetime) -> set[str]:
        """The ids of the groups that have not expired."""
        return {group_id for group_id, group in self.groups.items() if not group.is_expired(now)}

    def with_group(self, group: IndexedGroup) -> "GroupIndex":
        """The next revision, with this group added or replaced."""
        return self.with_groups([group])

    def with_groups(self, groups: Iterable[IndexedGroup]) -> "GroupIndex":
        """The next revision, with these groups added or replaced."""
        return GroupIndex(self.number + 1, {**self.groups, **{group.group_id: group for group in groups}})

    def without(self, group_id: str) -> "GroupIndex":
        """The next revision, without that group."""
        others = {key: group for key, group in self.groups.items() if key != group_id}
        return GroupIndex(self.number + 1, others)


def is_group_name(name: str) -> bool:
    """Whether the name is printable and not blank, whatever its whitespace."""
    text = " ".join(name.split())
    return bool(text) and text.isprintable()


def fold_name(name: str) -> str:
    """Fold a group name for comparison: whitespace, case and Unicode form (NFC)."""
    text = " ".join(name.split())
    if not text.isascii():
        # Imported here because checks load this module at a cold start and never compare names.
        from unicodedata import normalize

        text = normalize("NFC", text)
    return text.casefold()
