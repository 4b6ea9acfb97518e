"""Imports of lists into a table, and the versions that they write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from guestlist.aws.table import Table
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.lifecycle import delete
from guestlist.groups.store import Groups
from guestlist.imports.model import Import, Kind
from guestlist.imports.store import Imports
from guestlist.imports.undo import undo
from guestlist.lists.difference import difference_rows
from guestlist.lists.expired_versions import ExpiredVersions
from guestlist.lists.importing.cleanup import delete_if_unused
from guestlist.lists.importing.undo import ListUndo
from guestlist.lists.publishing import Versions, VersionView
from guestlist.lists.store import PackedListStore
from guestlist.lists.usage_store import Uses
from guestlist.lists.version_store import ListVersions
from tests.unit.imports.harness import Harness, options


@dataclass
class TableHarness(Harness):
    """The ports of imports with lists and imports stored in a table."""

    table: Table = field(kw_only=True)

    def __post_init__(self) -> None:
        self.indexes = GroupIndexes(self.table, self.clock.now)
        self.imports: Any = Imports(self.table, self.indexes)
        self.imports.groups = self.indexes
        self.expired_versions: Any = ExpiredVersions(self.table)
        self.groups = Groups(self.table, self.indexes)
        self.store = ListVersions(self.table, self.indexes)
        self.versions = Versions(groups=self.groups, imports=self.imports, store=self.store, list_store=self.list_store)

    def list_store(self, org: str, group_id: str) -> Any:
        return PackedListStore(self.table, org, group_id)

    def sends(self, text: str, import_id: str, **import_options: Any) -> Import:
        """The import of a file of these lines, under `Code`."""
        now = self.clock.now()
        facts = {"created_at": now, "expires_at": now + timedelta(hours=1), "due_at": now + timedelta(hours=1)}
        return self.imported(f"Code\n{text}\n", import_id, options=options(**import_options), **facts)

    @property
    def group_id(self) -> str:
        """The id of the list called Friends."""
        group = self.indexes.read_group_index("demo").find_by_name("Friends")
        assert group
        return group.group_id

    def listed(self, now: datetime | None = None) -> list[VersionView]:
        """The listed versions."""
        return self.versions.list_versions("demo", self.group_id, now or self.clock.now())

    def states(self) -> Mapping[str, str]:
        """The states of the versions by their imports."""
        return {one.import_id: one.state.value for one in self.listed()}

    def schedules(self, text: str, import_id: str, at: datetime, **import_options: Any) -> Import:
        """The import of a file that is scheduled for that time."""
        return self.sends(text, import_id, publish_at=at, **import_options)

    def unschedule(self, version_id: str) -> None:
        """The version, after it was cancelled."""
        self.versions.unschedule("demo", self.group_id, version_id, self.clock.now(), "night shift")

    def publish(self, version_id: str) -> VersionView:
        """The version, after it was published."""
        return self.versions.publish("demo", self.group_id, version_id, self.clock.now(), "night shift")

    def difference(self, import_id: str) -> list[tuple[str, ...]]:
        """The changes by the version of that import: change, code and both quantities."""
        version_id = next(one.version_id for one in self.listed() if one.import_id == import_id)
        _, before, after = self.versions.difference("demo", self.group_id, version_id, self.clock.now())
        rows = difference_rows(self.list_store("demo", self.group_id).read_texts, before, after)
        return sorted((row[0], row[1], *row[5:]) for row in rows)

    def undone(self, import_id: str) -> Import:
        """The import, after it was undone."""
        lists = ListUndo(
            imports=self.imports,
            groups=self.indexes,
            list_store=self.list_store,
            expired_versions=self.expired_versions,
            uses=Uses(self.table),
            delete_group=lambda org, group_id, now, by: delete(org, group_id, now, by, self.groups),
            find_replaced_version=self.store.before,
            list_versions=self.store.list_versions,
            folder=self.folder,
        )
        now = self.clock.now()
        return undo(self.imports.get_import("demo", import_id), now, {Kind.TARGET_GROUP: lists.undo})

    def tidied(self) -> int:
        """Delete expired lists as `events/timers.py` does."""
        for org, group_id, version in self.store.due_to_publish(self.clock.now()):
            self.versions.record_publication(org, group_id, version)
        due = list(self.expired_versions.due(self.clock.now()))
        for one in due:
            group = self.indexes.read_group_index(one.org).groups.get(one.group_id)
            if delete_if_unused(one.version_id, group, self.list_store(one.org, one.group_id), lambda _share: None):
                self.store.expire(one.org, one.group_id, one.version_id, self.clock.now())
            self.expired_versions.remove_version(one)
        return len(due)

    def codes(self) -> list[str]:
        """The codes of the list as it is now."""
        return [entry.code for entry in self.entries()]


def table_harness(folder: Path, table: Table) -> TableHarness:
    """A harness over that table."""
    return TableHarness(folder, table=table)
