"""The stores of a ticket import, in memory, and a worker to run it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from guestlist.catalogue.model import Event
from guestlist.imports.job import Job
from guestlist.imports.model import Import, Kind, Options, Source, WhenFull
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.ticket_rows import read_tickets
from guestlist.tickets.importing.blocks import Row
from guestlist.tickets.importing.service import TicketFiles
from tests.fakes.crash_injection import CrashInjector
from tests.fakes.tickets import IMPORT, World
from tests.unit.imports.worker_harness import WorkerHarness


@dataclass
class TicketHarness(WorkerHarness):
    """The ports of ticket imports, and one event."""

    world: World = field(default_factory=World)
    capacity: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def event(self, org: str, event_id: str) -> Event | None:
        is_known = (org, event_id) == ("demo", "gala")
        return Event(event_id="gala", name="Gala", capacity=self.capacity) if is_known else None

    def rows(self, job: Job) -> Iterable[Row | Problem]:
        """The rows of a job's file."""
        return read_tickets(job.sheet, job.record.options, job.row_notes, self.zone)

    def upload(self, text: str, **options: Any) -> Source:
        """Store a new import and its file, and return the source."""
        stated = Options(**{"event_id": "gala", "when_full": WhenFull.STOP, **options})
        return self.add(text, IMPORT, kind=Kind.TICKETS, options=stated, event_id=stated.event_id, group_name=None)

    def run(self, source: Source | None = None, injector: CrashInjector | None = None) -> Import:
        """Run one worker on the import, and return the import."""
        ports = injector.wrap(self.world.ports) if injector else self.world.ports
        files = TicketFiles(ports=ports, find_event=self.event, read_rows=self.rows)
        self.worked_by(Kind.TICKETS, files.run, source, IMPORT)
        return self.record

    def imported(self, text: str, **options: Any) -> Import:
        """The import of this file, run undisturbed."""
        return self.run(self.upload(text, **options))

    @property
    def record(self) -> Import:
        return self.record_of(IMPORT)

    @property
    def codes(self) -> list[str]:
        return sorted(code for _, code in self.world.tickets.stored)
