"""Everything that a ticket import touches, in memory, and a worker to run it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guestlist.catalogue.model import Event
from guestlist.imports.job import Job, WorkerContext
from guestlist.imports.lease import claim
from guestlist.imports.model import Import, Kind, Options, Source, WhenFull
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.ticket_rows import read_tickets
from guestlist.imports.worker import work
from guestlist.tickets.importing.blocks import Row
from guestlist.tickets.importing.service import TicketFiles
from tests.fakes.breaking import Fuse
from tests.fakes.imports import FakeClock, FakeFiles, FakeImports, FakeQueue
from tests.fakes.tickets import IMPORT, World
from tests.unit.imports.builders import an_import


@dataclass
class TicketHarness:
    """The ports of ticket imports, and one event. `folder` is where workers keep large files."""

    folder: Path
    world: World = field(default_factory=World)
    imports: FakeImports = field(default_factory=FakeImports)
    files: FakeFiles = field(default_factory=FakeFiles)
    queue: FakeQueue = field(default_factory=FakeQueue)
    clock: FakeClock = field(default_factory=FakeClock)
    capacity: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def event(self, org: str, event_id: str) -> Event | None:
        known = (org, event_id) == ("demo", "gala")
        return Event(event_id="gala", name="Gala", capacity=self.capacity) if known else None

    def rows(self, job: Job) -> Iterable[Row | Problem]:
        """The rows of a job's file."""
        return read_tickets(job.sheet, job.record.options, job.notices, self.zone)

    def sent(self, text: str, **options: Any) -> Source:
        """A file that has just come for a new import."""
        said = Options(**{"event_id": "gala", "when_full": WhenFull.STOP, **options})
        source = Source(f"uploads/demo/{IMPORT}", "v1", len(text), self.clock.now())
        self.files.objects[source.key, "v1"] = text.encode()
        plain = {"kind": Kind.TICKETS, "options": said, "event_id": said.event_id, "group_name": None}
        self.imports.add(an_import(import_id=IMPORT, **plain))
        return source

    def run(self, source: Source | None = None, fuse: Fuse | None = None) -> Import:
        """The import as it is after one worker has had it."""
        ports = fuse.guarding(self.world.ports) if fuse else self.world.ports
        files = TicketFiles(ports=ports, event=self.event, rows=self.rows)
        worker_context = WorkerContext(
            imports=self.imports,
            files=self.files,
            queue=self.queue,
            time=self.clock.time,
            folder=self.folder,
            runs={Kind.TICKETS: files.run},
        )
        hold = claim(self.record, f"worker-{self.record.attempts}", source, self.imports, self.clock.time)
        if hold:
            work(hold, worker_context)
        return self.record

    def imported(self, text: str, **options: Any) -> Import:
        """The import of this file, run undisturbed."""
        return self.run(self.sent(text, **options))

    @property
    def record(self) -> Import:
        return self.imports.get("demo", IMPORT)

    @property
    def codes(self) -> list[str]:
        return sorted(code for _, code in self.world.tickets.kept)

    def silence(self) -> None:
        """Enough time passes for a dead worker's hold to be over."""
        self.clock.advance(timedelta(minutes=3))
