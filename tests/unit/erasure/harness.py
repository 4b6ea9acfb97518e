"""Data that names people after imports, in memory, and a worker that erases one of them."""

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from guestlist.erasure.model import Erasure
from guestlist.erasure.ports import Ports
from guestlist.erasure.worker import resume
from guestlist.groups.index import GroupType
from guestlist.groups.model import Group
from guestlist.imports.model import Import
from guestlist.lists.versions import ListVersion
from tests.fakes.crash_injection import CrashInjector
from tests.fakes.erasing import FakeErasures, FakeGroups, FakeJournal, FakeOriginals, FakeSearch, Page
from tests.fakes.imports import START
from tests.unit.imports.harness import Harness, SingleListStore

ANN, BOB = "ann@example.com", "bob@example.com"


@dataclass
class Stores:
    """The ports behind a crash injector."""

    erasures: Any
    files: Any
    imports: Any
    journal: Any
    indexes: Any
    groups: Any
    queue: Any


@dataclass
class World:
    """A harness with what erasing needs besides."""

    harness: Harness
    erasures: FakeErasures = field(default_factory=FakeErasures)
    groups: FakeGroups = field(default_factory=FakeGroups)
    journal: FakeJournal = field(default_factory=FakeJournal)
    page: Page = field(default_factory=Page)
    search: FakeSearch = field(default_factory=FakeSearch)
    versions: list[ListVersion] = field(default_factory=list)
    due: dict[str, datetime] = field(default_factory=dict)
    originals: FakeOriginals = field(init=False)

    def __post_init__(self) -> None:
        self.originals = FakeOriginals(self.harness.files)

    def request_erasure(self, email: str = ANN) -> Erasure:
        """Request an erasure of the person; everything imported so far is known as groups."""
        for group_id, group in self.harness.imports.groups.read_group_index("demo").groups.items():
            record = Group(group_id=group_id, name=group.name, type=GroupType.TARGET, created_at=START)
            self.groups.records.setdefault(group_id, record)
        erasure = Erasure(email=email, asked_at=self.harness.clock.now(), by="me")
        self.erasures.begin("demo", erasure)
        return erasure

    def turn(self, email: str = ANN, injector: CrashInjector | None = None) -> bool:
        """Run one worker for as long as its clock allows; True if none need follow at once."""
        with TemporaryDirectory(dir=self.harness.folder) as folder:
            ports = self._ports(injector or CrashInjector(), folder)
            return resume("demo", self.erasures.in_progress[email], ports, self.harness.clock.short)

    def erased(self, email: str = ANN) -> None:
        """Erase the person, undisturbed."""
        self.request_erasure(email)
        assert self.turn(email)

    def _ports(self, injector: CrashInjector, folder: str) -> Ports:
        guarded = injector.wrap(
            Stores(
                erasures=self.erasures,
                files=self.originals,
                imports=self.harness.imports,
                journal=self.journal,
                indexes=self.harness.imports.groups,
                groups=self.groups,
                queue=self.harness.queue,
            )
        )
        return Ports(
            erasures=guarded.erasures,
            files=guarded.files,
            imports=guarded.imports,
            journal=guarded.journal,
            indexes=guarded.indexes,
            queue=guarded.queue,
            groups=guarded.groups,
            list_store=lambda org, group_id: (
                injector.wrap(SingleListStore(self.harness.list_store(org, group_id))).list_store
            ),
            delete_indexes=lambda group_id: injector.intercept(partial(self.search.delete_indexes, group_id)),
            delete_derived=lambda: injector.intercept(self.search.delete_unused),
            versions=lambda _org, _group_id: self.versions,
            due=lambda _org, _group_id: self.due,
            delete_person=lambda: injector.intercept(self.page.delete_person),
            redact=lambda: injector.intercept(self.page.redact),
            redact_code=lambda code: injector.intercept(lambda: self.page.removals.append(code)),
            folder=lambda: nullcontext(folder),
            now=self.harness.clock.now,
        )

    def leftovers(self) -> dict[str, Any]:
        """All stored data in a comparable form, without the times of erasures in lists."""
        list_stores = {
            place: (dict(list_store.texts), dict(list_store.headers))
            for place, list_store in self.harness.list_stores.items()
        }
        groups = self.harness.imports.groups.read_group_index("demo").groups
        return {
            "records": {key: _plain(record) for key, record in self.harness.imports.records.items()},
            "problems": dict(self.harness.imports.problems_kept),
            "files": dict(sorted(self.harness.files.objects.items())),
            "reports": dict(self.harness.files.stored),
            "list_stores": list_stores,
            "groups": {group_id: (one.base, one.overlay, one.entries) for group_id, one in groups.items()},
            "journal": self.journal.forgotten,
        }

    def texts(self) -> str:
        """All stored data, in lower case."""
        texts = [repr(part) for part in self.leftovers().values()]
        return "\n".join([*texts, *map(repr, self.harness.imports.groups.indexes.values())]).lower()


def _plain(record: Import) -> Import:
    return replace(record, revision=0)
