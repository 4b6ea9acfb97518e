"""Random histories of files that are dropped for lists: their messages come again, workers die between any two calls,
several organisers share the workers, and somebody edits the list that files are added to.

Messages are processed by the import function's own code, each by a worker of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock, patch

from greenlet import getcurrent

from chalicelib.events import uploads
from guestlist.aws.items import unmarshal_item
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.import_resolver import ImportResolver
from guestlist.imports.job import WorkerContext
from guestlist.imports.model import Import, Kind, Mode, Options, Source, Status
from guestlist.imports.ports import Time
from guestlist.imports.slot_store import Slots
from guestlist.imports.store import Imports, from_stored
from guestlist.imports.watchdog import supervise
from guestlist.lists.editing import ListEditor
from guestlist.lists.expired_versions import ExpiredVersions
from guestlist.lists.importing.service import TargetGroups
from guestlist.lists.store import PackedListStore
from guestlist.model import clock, ids
from guestlist.organisers.model import Organiser
from tests.simulation.capacity import Capacity
from tests.simulation.fleet import FAILURES
from tests.simulation.network import Model
from tests.simulation.virtual_time import Died

WORKERS, RECEIVED, VISIBLE, TIMER = 10, 5, 5400.0, 300.0
"""Workers at the same time, how often and after how long a message is received again, and the watchdog's period."""


class Files:
    """A bucket: every file is of a few codes, and takes a while to fetch."""

    def __init__(self, model: Model, fetching: Callable[[], float], options: Mapping[str, str]) -> None:
        self._model = model
        self._options = options
        self._fetching = fetching
        self.contents: dict[str, str] = {}
        self.begun: dict[str, float] = {}

    def download(self, source: Source, to: Path) -> None:
        """Write the file, after a while."""
        self.begun.setdefault(source.key, self._model.time.now)
        self._model.time.elapse(self._fetching())
        to.write_text(self.contents[source.key], encoding="utf-8")

    def upload(self, *_of: Any) -> None:
        """Keep a report, which nobody reads here."""

    def metadata(self, _source: Source) -> Mapping[str, str]:
        """The options of each file."""
        return self._options


class Worker:
    """One process of the import function, with a clock and a client of its own."""

    def __init__(self, model: Model, files: Files, queue: Any, folder: Path) -> None:
        self.now = model.clock()
        table = model.table(self.now)
        indexes = GroupIndexes(table, self.now)
        self.imports, self.slots, self.files = Imports(table, indexes), Slots(table, ids.new_secret), files
        organisers: Any = SimpleNamespace(get_organiser=lambda org: Organiser(organiser_id=org, name=org))
        self.resolver = ImportResolver(self.imports, self.files, organisers, _options)  # type: ignore[arg-type]
        self._lists: dict[str, Any] = {
            "list_store": lambda org, group_id: PackedListStore(table, org, group_id),
            "expired_versions": ExpiredVersions(table),
        }
        self._indexes = indexes
        self.context = WorkerContext(
            imports=self.imports,
            files=files,  # type: ignore[arg-type]
            queue=queue,
            time=Time(now=self.now, has_time=lambda: True),
            folder=folder,
            runs={Kind.TARGET_GROUP: TargetGroups(groups=indexes, keyed_since=None, **self._lists).run},
            language_of=lambda _org: "en",
        )

    def editor(self, org: str) -> ListEditor:
        """The editor of an organiser's lists."""
        return ListEditor(
            org=org,
            by="me",
            now=self.now(),
            imports=self.imports,
            indexes=self._indexes,
            folder=self.context.folder,
            **self._lists,
        )


def _options(values: Any) -> Options:
    return Options(**{**values, "mode": Mode(values.get("mode", "create"))})


class Imported:
    """A bucket, its queue and the workers on the model; `ends` counts how often each import came to each end."""

    def __init__(self, seed: int, fetching: Callable[[], float], options: Mapping[str, str]) -> None:
        self.model = Model(seed, Capacity(40_000, 40_000))
        self.files = Files(self.model, fetching, options)
        self.ends: Counter[tuple[str, Status]] = Counter()
        self.when_changed: Callable[[Import], None] = lambda _record: None
        self._waiting: list[tuple[dict[str, Any], int]] = []
        self._at_work = 0
        self._workers: dict[Any, Worker] = {}
        self._id_count = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Replace the import function's dependencies by those of the model."""
        with self.model.running(), TemporaryDirectory() as folder:
            self._folder = Path(folder)
            adapters = SimpleNamespace(imports=lambda: self.worker.imports, import_slots=lambda: self.worker.slots)
            import_worker = SimpleNamespace(
                import_resolver=lambda: self.worker.resolver, worker_context=lambda _: self.worker.context
            )
            parts: dict[str, Any] = {"adapters": adapters, "import_worker": import_worker, "queue": lambda: self}
            parts |= {name: Mock() for name in ("logger", "count", "bucket", "undos", "request_indexes")}
            patches = patch.object(clock, "now", self._now), patch.object(ids, "new_id", self._new_id)
            with patch.multiple(uploads, **parts), patches[0], patches[1]:
                self.model.engine.watch = self._watch
                yield

    @property
    def worker(self) -> Worker:
        """The process that this task is."""
        me = getcurrent()
        if me not in self._workers:
            self._workers[me] = self.new_worker()
        return self._workers[me]

    def new_worker(self) -> Worker:
        """A new process."""
        return Worker(self.model, self.files, self, self._folder)

    def _now(self) -> datetime:
        return self.worker.now()

    def _new_id(self, now: Any) -> str:
        self._id_count += 1
        return ids.timed_id(now, self._id_count)

    # The bucket and its queue

    def drop(self, org: str, group: str, name: str, content: str, notices: int = 1) -> str:
        """Drop a file for the list of that group, and return its key; the bucket tells of it so often, by and by."""
        key = f"drop/{org}/target-groups/{group}/{name}"
        self.files.contents[key] = content
        s3_object = {"key": key, "versionId": "v1", "size": len(content), "sequencer": key}
        event = {"eventTime": self.model.time.instant.isoformat(), "s3": {"object": s3_object}}
        self.send({"Records": [event]})
        for _ in range(notices - 1):
            self.send({"Records": [event]}, self.model.time.random.choice([0.5, 60.0, 900.0]))
        return key

    def send(self, message: dict[str, Any], later: float = 0.0) -> None:
        """Queue a message."""
        self.model.time.at(self.model.time.now + later + 0.1, lambda: self._arrived(message, 0))

    def resume(self, org: str, import_id: str) -> None:
        """Ask for a worker to go on with that import."""
        self.send({"resume": {"organiser_id": org, "import_id": import_id}})

    def _arrived(self, message: dict[str, Any], received: int) -> None:
        self._waiting.append((message, received))
        self._next()

    def _next(self) -> None:
        if self._waiting and self._at_work < WORKERS:
            self._at_work += 1
            place = self.model.time.random.randrange(min(len(self._waiting), 3))  # a queue is roughly in order
            message, received = self._waiting.pop(place)
            self.model.time.spawn(lambda: self._work(message, received))

    def _work(self, message: dict[str, Any], received: int) -> None:
        try:
            uploads.process_message(message, Mock(aws_request_id=f"worker-{self.model.network.calls}"))
        except FAILURES:
            if received + 1 < RECEIVED:
                self.model.time.at(self.model.time.now + VISIBLE, lambda: self._arrived(message, received + 1))
        finally:
            self._workers.pop(getcurrent(), None)
            self._at_work -= 1
            self._next()

    def watchdog(self) -> None:
        """Run the timer for imports until none needs it."""
        self.model.time.spawn(self._supervise)
        self.model.time.at(self.model.time.now + TIMER, self.watchdog)

    def _supervise(self) -> None:
        imports, now = self.worker.imports, self.worker.now()
        with suppress(Died, *FAILURES):
            for record in list(imports.due(now)):
                supervise(
                    record, now, imports, self, {Kind.TARGET_GROUP: lambda record, _now: imports.save_import(record)}
                )
        self._workers.pop(getcurrent(), None)

    def _watch(self, before: Any, after: Any) -> None:
        """Note how imports of files go on, just before each step is stored."""
        if not after or "record" not in after or "status" not in after:
            return
        record, former = from_stored(unmarshal_item(after)), before["status"]["S"] if before else None
        if record.source is None or record.status.value == former:
            return
        if record.status.ended:
            self.ends[record.source.key, record.status] += 1
        self.when_changed(record)
