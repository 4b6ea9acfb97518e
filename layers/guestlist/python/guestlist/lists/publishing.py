"""List the versions of a target group's list, publish one of them, or cancel a scheduled one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.groups.lifecycle import require_existing
from guestlist.groups.membership import AuditEntry, ChangeType
from guestlist.groups.model import Group
from guestlist.groups.preconditions import require_unexpired
from guestlist.imports.model import Import
from guestlist.imports.ports import Publication
from guestlist.lists.difference import Difference
from guestlist.lists.entry_history import EntryChange, ListPair, entry_changes
from guestlist.lists.importing.publication import publication
from guestlist.lists.packed_list import Header, PackedList, TextId, Texts
from guestlist.lists.target_group import require_entries
from guestlist.lists.versions import Listing, ListVersion, State, newest_first, version_of
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import Conflict, Unknown

HISTORY = "list_version"
"""The reason in the audit entry when another version of the list was published."""


class ListVersions(Protocol):
    """The stored versions of lists."""

    def index(self, org: str) -> GroupIndex:
        """The group index as it is now."""

    def list_versions(self, org: str, group_id: str) -> list[ListVersion]:
        """All stored versions of the group."""

    def due(self, org: str, group_id: str) -> Mapping[str, datetime]:
        """The instant at which each unused packed list of the group is to be deleted, by its id."""

    def before(self, org: str, group_id: str, version_id: str) -> ListVersion | None:
        """The version that was current before this one; None if there was none."""

    def record_publication(self, org: str, group_id: str, version: ListVersion, unread: Iterable[str]) -> None:
        """Save that a scheduled version is current now, and when the `unread` packed lists are to be deleted."""

    def restore(self, org: str, publication: Publication, due: Mapping[str, datetime], entry: AuditEntry) -> None:
        """Publish a version, or cancel a scheduled one, atomically with the audit entry.

        Raises `errors.ConcurrentModification`.
        """


class VersionHeaders(Protocol):
    """The packed lists of a group."""

    def versions(self) -> Sequence[Header]:
        """The header of each."""

    def read_texts(self, text_ids: Iterable[TextId]) -> Texts:
        """The texts with these ids; missing ones are left out."""


class Groups(Protocol):
    """The records of groups."""

    def get_group(self, org: str, group_id: str) -> Group:
        """The record as it is now, deleted or not. Raises `errors.Unknown`."""


class Imports(Protocol):
    """The records of imports."""

    def get_import(self, org: str, import_id: str) -> Import:
        """The record as it is now. Raises `errors.Unknown`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version as the API shows it: `publish_at` while it is scheduled, `published_at` afterwards.

    `changes` are its changes of the requested entries.
    """

    version_id: str
    import_id: str
    state: State
    published_at: datetime | None
    publish_at: datetime | None
    entries: int
    added: int
    changed: int
    removed: int
    changes: tuple[EntryChange, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The versions of lists of any organiser."""

    groups: Groups
    imports: Imports
    store: ListVersions
    list_store: Callable[[str, str], VersionHeaders]

    def list_versions(self, org: str, group_id: str, now: datetime) -> list[VersionView]:
        """List current, scheduled and restorable versions. Raises `Unknown`, `Conflict` (not_target_group)."""
        listing = self._read_listing(org, group_id)
        versions = [version for version in self._versions(org, listing) if not listing.is_expired(version, now)]
        return [_view(version, listing) for version in newest_first(versions)]

    def with_changes(
        self, org: str, group_id: str, views: Sequence[VersionView], keys: Sequence[str], now: datetime
    ) -> list[VersionView]:
        """Return the versions that changed entries with these lookup keys, with their `changes`.

        A version whose predecessor was deleted is left out.
        """
        listing = self._read_listing(org, group_id)
        versions = newest_first(self._versions(org, listing))
        pairs = {view: _list_pair(view.version_id, versions, listing, now) for view in views}
        comparable = {view: pair for view, pair in pairs.items() if pair}
        changes = entry_changes(self.list_store(org, group_id).read_texts, keys, list(comparable.values()))
        return [
            replace(view, changes=entry_changes_of_view)
            for view, entry_changes_of_view in zip(comparable, changes, strict=True)
            if entry_changes_of_view
        ]

    def publish(self, org: str, group_id: str, version_id: str, now: datetime, by: str) -> VersionView:
        """Make a version current at once; a repeat changes nothing.

        Raises `Unknown` (unknown_version), or `Conflict` (not_target_group, version_expired, group_expired).
        """

        def step() -> VersionView:
            listing = self._read_listing(org, group_id)
            version = self._version(org, version_id, listing, now)
            if listing.state(version) is State.CURRENT:
                return _view(version, listing)
            require_unexpired(listing.group, now)
            version = replace(version, entries=listing.entries(version), published_at=now)
            change = self._publication(org, listing.group, version)
            self.store.restore(org, change, listing.due, _audit_entry(group_id, now, by))
            return _view(version, replace(listing, group=change.group))

        return retry_on_conflict(step)

    def difference(self, org: str, group_id: str, version_id: str, now: datetime) -> Difference:
        """Compare a version with the one it replaced or, if it is scheduled, with the current one.

        Raises `Unknown` (unknown_version), or `Conflict` (not_target_group, version_expired).
        """
        listing = self._read_listing(org, group_id)
        version = self._version(org, version_id, listing, now)
        if listing.state(version) is State.SCHEDULED:
            before = version_of(listing.group)
        else:
            before = self.store.before(org, group_id, version_id)
        if before is not None and listing.is_expired(before, now):
            raise Conflict("version_expired.replaced")
        former = PackedList(before.base, before.overlay) if before else PackedList()
        return Difference(version_id, former, PackedList(version.base, version.overlay))

    def unschedule(self, org: str, group_id: str, version_id: str, now: datetime, by: str) -> None:
        """Cancel a scheduled version.

        Raises `Unknown` (unknown_version), or `Conflict` (not_target_group, version_expired, not_scheduled).
        """

        def step() -> None:
            listing = self._read_listing(org, group_id)
            if listing.state(self._version(org, version_id, listing, now)) is not State.SCHEDULED:
                raise Conflict("not_scheduled")
            change = publication(self.store.index(org), listing.group, listing.group.without_scheduled(version_id))
            self.store.restore(org, change, listing.due, _audit_entry(group_id, now, by))

        retry_on_conflict(step)

    def record_publication(self, org: str, group_id: str, version: ListVersion) -> None:
        """Record that a scheduled version has become current."""
        group = self.groups.get_group(org, group_id)
        indexed = self.store.index(org).groups.get(group_id) or group.shelved
        if indexed is None:
            return
        listed_ids, due = indexed.version_ids, self.store.due(org, group_id)
        headers = self.list_store(org, group_id).versions()
        unread = {header.version.version_id for header in headers} - listed_ids - due.keys()
        self.store.record_publication(org, group_id, version, sorted(unread - {version.version_id}))

    def _publication(self, org: str, former: IndexedGroup, version: ListVersion) -> Publication:
        group = former.without_scheduled(version.version_id)
        group = replace(group, base=version.base, overlay=version.overlay, entries=version.entries)
        return publication(self.store.index(org), former, group)

    def _version(self, org: str, version_id: str, listing: Listing, now: datetime) -> ListVersion:
        for version in self._versions(org, listing):
            if version.version_id == version_id:
                if listing.is_expired(version, now):
                    raise Conflict("version_expired")
                return version
        raise Unknown("unknown_version")

    def _read_listing(self, org: str, group_id: str) -> Listing:
        group = require_existing(self.groups.get_group(org, group_id))
        require_entries(group.type)
        indexed = self.store.index(org).groups.get(group_id) or group.to_index_entry()
        headers = {header.version.version_id: header for header in self.list_store(org, group_id).versions()}
        return Listing(indexed, headers, self.store.due(org, group_id))

    def _versions(self, org: str, listing: Listing) -> list[ListVersion]:
        """The stored versions, and the current one, which an earlier release may have published without storing it."""
        versions = {version.version_id: version for version in self.store.list_versions(org, listing.group.group_id)}
        current = version_of(listing.group)
        if current is not None:
            versions.setdefault(current.version_id, current)
        return [
            version if version.at else version.of_import(self._import(org, version.import_id))
            for version in versions.values()
        ]

    def _import(self, org: str, import_id: str) -> Import | None:
        try:
            return self.imports.get_import(org, import_id)
        except Unknown:
            return None


def _list_pair(version_id: str, versions: Sequence[ListVersion], listing: Listing, now: datetime) -> ListPair | None:
    """The lists before and after a version; None if its predecessor was deleted."""
    position = next((index for index, version in enumerate(versions) if version.version_id == version_id), None)
    if position is None:
        return None
    version, older = versions[position], versions[position + 1 :]
    if listing.state(version) is State.SCHEDULED:
        before = version_of(listing.group)
    else:
        before = next((older_version for older_version in older if older_version.at), None)
        if before is None and (version.changed or version.removed or version.added < version.entries):
            return None
        if before is not None and listing.is_expired(before, now):
            return None
    former = PackedList(before.base, before.overlay) if before else PackedList()
    return ListPair(former, PackedList(version.base, version.overlay))


def _audit_entry(group_id: str, now: datetime, by: str) -> AuditEntry:
    return AuditEntry(group_id=group_id, at=now, what=ChangeType.GROUP_CHANGED, by=by, why=HISTORY)


def _view(version: ListVersion, listing: Listing) -> VersionView:
    state = listing.state(version)
    is_scheduled = state is State.SCHEDULED
    return VersionView(
        version_id=version.version_id,
        import_id=version.import_id,
        state=state,
        published_at=None if is_scheduled else version.at,
        publish_at=version.publish_at if is_scheduled else None,
        entries=listing.entries(version),
        added=version.added,
        changed=version.changed,
        removed=version.removed,
    )
