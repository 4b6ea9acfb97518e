"""The stores of an import of a list, in memory, and a worker to run it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from guestlist.imports.model import Consent, Import, Kind, Options, Source, Status
from guestlist.imports.ports import ExpiredVersion
from guestlist.lists.entry import Entry
from guestlist.lists.importing.service import TargetGroups
from guestlist.lists.packed_list import PackedList, entries_by_partition
from tests.fakes.crash_injection import CrashInjector
from tests.fakes.packed_lists import FakePackedListStore
from tests.unit.imports.worker_harness import WorkerHarness


@dataclass
class FakeExpiredVersions:
    """The versions that are to be deleted, and when."""

    notes: dict[str, datetime] = field(default_factory=dict)

    def add_version(self, superseded: ExpiredVersion, at: datetime) -> None:
        self.notes[superseded.version_id] = at


@dataclass
class Harness(WorkerHarness):
    """The ports of target-group imports."""

    expired_versions: FakeExpiredVersions = field(default_factory=FakeExpiredVersions)
    keyed_since: datetime | None = None
    list_stores: dict[tuple[str, str], FakePackedListStore] = field(default_factory=dict)

    def list_store(self, org: str, group_id: str) -> FakePackedListStore:
        return self.list_stores.setdefault((org, group_id), FakePackedListStore())

    def upload(self, text: str | bytes, import_id: str = "imp-1", **facts: Any) -> Source:
        """Store a new import and its file, and return the source; `options` may be among the facts."""
        return self.add(text, import_id, **facts)

    def run(
        self, source: Source | None = None, import_id: str = "imp-1", injector: CrashInjector | None = None
    ) -> Import:
        """Run one worker on the import, and return the import."""
        target_groups = TargetGroups(
            groups=self.imports.groups,
            list_store=self._list_store(injector),
            expired_versions=self.expired_versions,
            keyed_since=self.keyed_since,
        )
        ports = injector.wrap(Ports(self.imports, self.files, self.queue)) if injector else None
        self.worked_by(Kind.TARGET_GROUP, target_groups.run, source, import_id, ports)
        return self.record_of(import_id)

    def imported(self, text: str | bytes, import_id: str = "imp-1", **facts: Any) -> Import:
        """The import of this file, run undisturbed."""
        return self.run(self.upload(text, import_id, **facts), import_id)

    @property
    def agreed(self) -> Consent:
        """A statement that the people in a file consented."""
        return Consent(by="night shift", at=self.clock.now())

    def confirmed(self, import_id: str = "imp-1") -> Import:
        """Confirm the import with an empty body, run it again, and return it."""
        record = self.imports.get_import("demo", import_id)
        self.imports.save_import(replace(record, status=Status.IMPORTING, confirmed=True, due_at=self.clock.now()))
        return self.run(import_id=import_id)

    def entries(self, name: str = "Friends") -> list[Entry]:
        """The current entries of the list with that name."""
        group = self.imports.groups.read_group_index("demo").find_by_name(name)
        assert group
        list_store = self.list_store("demo", group.group_id)
        partitions = entries_by_partition(list_store.read_texts, PackedList(group.base, group.overlay))
        return sorted((entry for _, page in partitions for entry in page), key=lambda entry: entry.identity)

    def _list_store(self, injector: CrashInjector | None) -> Any:
        if injector is None:
            return self.list_store
        return lambda org, group_id: injector.wrap(SingleListStore(self.list_store(org, group_id))).list_store


@dataclass
class Ports:
    """The ports behind a crash injector."""

    imports: Any
    files: Any
    queue: Any


@dataclass
class SingleListStore:
    """A list store behind a crash injector."""

    list_store: Any


def options(**options: Any) -> Options:
    """Options for the list called Friends."""
    return Options(**{"group": "Friends", **options})
