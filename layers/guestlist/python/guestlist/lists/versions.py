"""The versions of a target group's list: current, scheduled and former.

A version is a base and at most one overlay, and has the id of the newer of the two. Uses of entries are counted
elsewhere, so they stay whichever version is current.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from guestlist.groups.index import IndexedGroup, Version
from guestlist.imports.model import Import, import_id_of
from guestlist.lists.packed_list import Header


class State(StrEnum):
    """The state of a version."""

    CURRENT = "current"
    SCHEDULED = "scheduled"
    FORMER = "former"


class Origin(StrEnum):
    """The cause that made a version current: its import, somebody who restored it, or its scheduled instant."""

    IMPORT = "import"
    RETURN = "return"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """The record of a version. `added`, `changed` and `removed` are numbers of entries that its import changed.

    Records of an earlier release have no `published_at`.
    """

    version_id: str
    base: Version
    overlay: Version | None = None
    entries: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    published_at: datetime | None = None
    publish_at: datetime | None = None
    origin: Origin = Origin.IMPORT

    @property
    def import_id(self) -> str:
        """The id of the import that wrote it."""
        return import_id_of(self.version_id)

    @property
    def parts(self) -> tuple[Version, ...]:
        """Its packed lists: the base and, if there is one, the overlay."""
        return (self.base,) if self.overlay is None else (self.base, self.overlay)

    @property
    def at(self) -> datetime | None:
        """The instant at which it became or will become current; None if unknown."""
        return self.published_at or self.publish_at

    def of_import(self, record: Import | None) -> "ListVersion":
        """A copy with instant and numbers from the record of its import, if it has none of its own."""
        if self.at is not None or record is None:
            return self
        numbers = effect_of(record)
        return replace(
            self,
            published_at=record.finished_at or record.created_at,
            added=numbers["added"],
            changed=numbers["changed"],
            removed=numbers["removed"],
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """The data from which states of a group's versions are derived: the indexed group and its packed lists.

    `due` is when each unused packed list is to be deleted, by its id.
    """

    group: IndexedGroup
    headers: Mapping[str, Header]
    due: Mapping[str, datetime]

    def state(self, version: ListVersion) -> State:
        """The state of a version."""
        if version.version_id == newest_id(self.group):
            return State.CURRENT
        scheduled_ids = {scheduled.version.version_id for scheduled in self.group.scheduled}
        return State.SCHEDULED if version.version_id in scheduled_ids else State.FORMER

    def is_expired(self, version: ListVersion, now: datetime) -> bool:
        """Whether a former version is past its retention, so that it cannot be restored."""
        if self.state(version) is not State.FORMER:
            return False
        is_gone = any(part.version_id not in self.headers for part in version.parts)
        due = [self.due[part.version_id] for part in version.parts if part.version_id in self.due]
        return is_gone or any(at <= now for at in due)

    def entries(self, version: ListVersion) -> int:
        """The number of entries of a version, without those of erased people."""
        header = self.headers.get(version.version_id)
        return header.live_entries if header else version.entries


def version_of(group: IndexedGroup) -> ListVersion | None:
    """The current version of a group's list; None for a group without a list."""
    newest = newest_id(group)
    if group.base is None or newest is None:
        return None
    return ListVersion(version_id=newest, base=group.base, overlay=group.overlay, entries=group.entries)


def newest_id(group: IndexedGroup) -> str | None:
    """The id of the group's current version."""
    newest = group.overlay or group.base
    return newest.version_id if newest else None


def effect_of(record: Import) -> dict[str, int]:
    """The numbers of entries that an import added, changed and removed."""
    effect = record.effect or {}
    return {
        "added": effect.get("added", 0),
        "changed": effect.get("changed", 0),
        "removed": effect.get("revoked", 0),
    }


def newest_first(versions: Iterable[ListVersion]) -> list[ListVersion]:
    """Sort versions by the instant at which they became or will become current, latest first."""
    return sorted(
        versions, key=lambda version: (version.at.timestamp() if version.at else 0, version.version_id), reverse=True
    )
