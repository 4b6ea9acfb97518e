"""The stores of a customer import, in memory, and a worker to run it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from guestlist.customers.importing.ports import CustomerPorts
from guestlist.customers.importing.service import CustomerFiles
from guestlist.customers.importing.undo import undo_customers
from guestlist.groups.index import GroupType
from guestlist.groups.membership import Membership
from guestlist.groups.membership import Source as From
from guestlist.groups.model import Group
from guestlist.imports.model import Consent, Import, Kind, Options, Source, Status
from guestlist.imports.notes import UndoResult
from tests.fakes.crash_injection import CrashInjector
from tests.fakes.groups import FakeCustomers, FakeGroups, FakeMemberships
from tests.fakes.imports import START
from tests.fakes.journal import FakeJournal, FakeRowResults
from tests.unit.imports.worker_harness import WorkerHarness

AGREED = Consent(by="night shift", at=START)


@dataclass
class CustomerHarness(WorkerHarness):
    """The ports of customer imports."""

    groups: FakeGroups = field(default_factory=FakeGroups)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    memberships: FakeMemberships = field(default_factory=FakeMemberships)
    journal: FakeJournal = field(default_factory=FakeJournal)
    row_results: FakeRowResults = field(default_factory=FakeRowResults)
    feature: bool = True

    def group(self, name: str, kind: str = "manual", **facts: Any) -> Group:
        """A group that exists, with these facts in its record and, unless it was deleted, in the index."""
        group_id = f"g{len(self.groups.records) + 1}"
        new_group = replace(Group(group_id=group_id, name=name, type=GroupType(kind), created_at=START), **facts)
        self.groups.records["demo", group_id] = new_group
        if new_group.deleted_at is None:
            self.groups.indexes["demo"] = self.groups.index("demo").with_group(new_group.to_index_entry())
        return new_group

    def member(self, email: str, group: Group, **facts: Any) -> Membership:
        """Add a person to a group by hand, on the day before."""
        added = START - timedelta(days=1)
        member = Membership(email=email, group_id=group.group_id, added_at=added, source=From.HAND, reason="me")
        member = replace(member, **facts)
        self.memberships.stored["demo", email, group.group_id] = member
        return member

    def of(self, email: str) -> set[str]:
        """The names of the groups that this person is in now."""
        memberships = self.memberships.get_memberships("demo", email).values()
        return {
            self.groups.get_group("demo", one.group_id).name
            for one in memberships
            if not one.has_ended(self.clock.now())
        }

    def upload(self, text: str, import_id: str = "imp-1", consent: Consent | None = AGREED, **options: Any) -> Source:
        """Store a new import and its file, and return the source."""
        facts = {"kind": Kind.CUSTOMERS, "file_name": "people.csv", "group_name": None}
        stated = Options(consent=consent is not None, **options)
        return self.add(text, import_id, options=stated, consent=consent, **facts)

    def run(
        self, source: Source | None = None, import_id: str = "imp-1", injector: CrashInjector | None = None
    ) -> Import:
        """Run one worker on the import, and return the import."""
        self.worked(source, import_id, injector)
        return self.imports.get_import("demo", import_id)

    def worked(
        self, source: Source | None = None, import_id: str = "imp-1", injector: CrashInjector | None = None
    ) -> bool:
        """Run one worker on the import; returns whether it kept the lease to the end."""
        ports = injector.wrap(self.ports) if injector else self.ports
        files = CustomerFiles(ports=ports, zone=lambda _org: ZoneInfo("UTC"), feature=lambda _org: self.feature)
        return self.worked_by(Kind.CUSTOMERS, files.run, source, import_id)

    def imported(self, text: str, import_id: str = "imp-1", **options: Any) -> Import:
        """The import of this file, run undisturbed."""
        return self.run(self.upload(text, import_id, **options), import_id)

    def confirmed(self, import_id: str = "imp-1", **options: Any) -> Import:
        """The import after it was confirmed with these options, run again."""
        record = self.imports.get_import("demo", import_id)
        corrected = replace(record.options, **options)
        going_on = {"status": Status.IMPORTING, "confirmed": True, "reason": None, "due_at": self.clock.now()}
        self.imports.save_import(replace(record, options=corrected, consent=AGREED, **going_on))
        return self.run(None, import_id)

    def undone(self, import_id: str = "imp-1", injector: CrashInjector | None = None) -> UndoResult:
        """Undo the import, and return the result."""
        ports = injector.wrap(self.ports) if injector else self.ports
        return undo_customers(self.imports.get_import("demo", import_id), self.clock.now(), ports)

    def state(self) -> tuple[Mapping[Any, Any], ...]:
        """All that is stored of people, their memberships and their mails; not when each change was made."""
        people = {key: replace(one, created_at=START) for key, one in self.customers.stored.items()}
        members = {key: replace(one, added_at=START, removal_at=None) for key, one in self.memberships.stored.items()}
        mails = dict.fromkeys(self.memberships.welcomed)
        return people, members, mails

    @property
    def ports(self) -> CustomerPorts:
        return CustomerPorts(
            groups=self.groups,
            customers=self.customers,
            memberships=self.memberships,
            journal=self.journal,
            row_results=self.row_results,
        )
