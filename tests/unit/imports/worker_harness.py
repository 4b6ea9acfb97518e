"""The stores that every kind of import uses, in memory, and a worker to run one."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from guestlist.imports.job import Run, WorkerContext
from guestlist.imports.lease import claim
from guestlist.imports.model import Import, Kind, Source
from guestlist.imports.worker import work
from tests.fakes.imports import FakeClock, FakeFiles, FakeImports, FakeQueue
from tests.unit.imports.builders import an_import


@dataclass
class WorkerHarness:
    """The ports of every import. `folder` is where workers keep large files."""

    folder: Path
    imports: FakeImports = field(default_factory=FakeImports)
    files: FakeFiles = field(default_factory=FakeFiles)
    queue: FakeQueue = field(default_factory=FakeQueue)
    clock: FakeClock = field(default_factory=FakeClock)

    def add(self, text: str | bytes, import_id: str, **facts: Any) -> Source:
        """Upload a file for a new import whose record has these fields."""
        content = text.encode() if isinstance(text, str) else text
        source = Source(f"uploads/demo/{import_id}", "v1", len(content), self.clock.now())
        self.files.objects[source.key, "v1"] = content
        self.imports.add_import(an_import(import_id=import_id, **facts))
        return source

    def worked_by(
        self, kind: Kind, run: Run, source: Source | None, import_id: str = "imp-1", ports: Any = None
    ) -> bool:
        """Run one worker on the import; returns whether it kept the lease to the end. `ports` replace the harness's."""
        ports = ports or self
        record = self.imports.get_import("demo", import_id)
        context = WorkerContext(
            imports=ports.imports,
            files=ports.files,
            queue=ports.queue,
            time=self.clock.time,
            folder=self.folder,
            runs={kind: run},
            language_of=lambda _org: "en",
        )
        hold = claim(record, f"worker-{record.attempts}", source, context.imports, self.clock.time)
        return hold is not None and work(hold, context)

    def record_of(self, import_id: str = "imp-1") -> Import:
        """The import as stored."""
        return self.imports.get_import("demo", import_id)

    def silence(self) -> None:
        """Let enough time pass for a dead worker's lease to end."""
        self.clock.advance(timedelta(minutes=3))
