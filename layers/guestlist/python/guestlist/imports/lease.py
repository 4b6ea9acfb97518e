"""A worker's hold on the import it runs: one at a time, given up by silence."""

from dataclasses import replace
from datetime import datetime, timedelta

from guestlist.imports.model import Checkpoint, Import, Kind, Source, Status
from guestlist.imports.ports import Imports, Time
from guestlist.model.errors import ConcurrentModification

LEASE_TIMEOUT = timedelta(minutes=2)
HEARTBEAT_INTERVAL = timedelta(seconds=2)
IDLE_HEARTBEAT = timedelta(seconds=20)
TURN_TIMEOUT = timedelta(hours=1)
"""When a timer looks after an import that waits for its turn, which whoever frees a slot gives it."""
MAX_ATTEMPTS = 5
_RUNNABLE = {Status.AWAITING_UPLOAD, Status.READING, Status.IMPORTING}


class LeaseLost(Exception):
    """The import was cancelled, ended or taken over: this worker must stop and store nothing more."""


class OutOfTime(Exception):
    """The worker's own time is nearly over: another must go on."""


class Lease:
    """The record while a worker has it. Every change also says that the worker lives."""

    def __init__(self, record: Import, imports: Imports, time: Time) -> None:
        self.record = record
        self._imports = imports
        self._time = time
        self._beat_at = time.now()
        self._began_at = record.progress

    def update(self, **changes: object) -> None:
        """Keep the changed record. Raises `LeaseLost`."""
        now = self._time.now()
        changed = replace(self.record, due_at=now + LEASE_TIMEOUT, **changes)  # type: ignore[arg-type]
        try:
            self.record = self._imports.save_import(changed)
        except ConcurrentModification as error:
            raise LeaseLost from error
        self._beat_at = now

    def heartbeat(self, progress: float, checkpoint: Checkpoint | None = None) -> None:
        """Say how far the work is, 0 to 1, at most every `HEARTBEAT_INTERVAL`. Raises `LeaseLost` and `OutOfTime`.

        A `checkpoint` is where another can go on: it is kept with the beat, and when time is short.
        """
        short = self._time.short()
        if (short and checkpoint) or (not short and self._time.now() - self._beat_at >= HEARTBEAT_INTERVAL):
            values = {"checkpoint": checkpoint} if checkpoint else {}
            self.update(progress=round(progress, 3), **values)
        if short:
            raise OutOfTime

    def keep_alive(self) -> None:
        """Renew the lease where no heartbeat did for `IDLE_HEARTBEAT`, as while no row is read. Raises `LeaseLost`."""
        if self._time.now() - self._beat_at >= IDLE_HEARTBEAT:
            self.update()

    def verify(self) -> None:
        """Make sure that the import is still this worker's. Raises `LeaseLost`."""
        now = self._imports.get_import(self.record.organiser_id, self.record.import_id)
        if now.revision != self.record.revision:
            raise LeaseLost

    def release(self) -> None:
        """Let another worker go on at once; this was a failed attempt only if it came no further than the last."""
        further = self.record.progress > self._began_at
        self.update(worker=None, attempts=self.record.attempts - further)


def claim(record: Import, worker: str, source: Source | None, imports: Imports, time: Time) -> Lease | None:
    """Take the import for this worker, if it is there to be taken; None when it is not.

    `source` is the file that has just arrived, None when going on with one that came before. An import
    is not to be taken when it has ended or waits, when another worker held it within the last
    `LEASE_TIMEOUT`, or when its file came already as another version of the object.
    """
    now = time.now()
    if not is_claimable(record, source, now):
        return None
    arrived = _arrived(record, source)
    claimed_record = replace(arrived, worker=worker, attempts=record.attempts + 1, due_at=now + LEASE_TIMEOUT)
    try:
        return Lease(imports.save_import(claimed_record), imports, time)
    except ConcurrentModification:
        return None


def wait_for_turn(record: Import, source: Source | None, imports: Imports, now: datetime) -> None:
    """Keep that the import, which a worker could claim, has its file and waits. Raises `ConcurrentModification`."""
    imports.save_import(replace(_arrived(record, source), worker=None, due_at=now + TURN_TIMEOUT))


def is_claimable(record: Import, source: Source | None, now: datetime) -> bool:
    """Whether a worker is to take the import: the rules of `claim`."""
    return record.at(now).status in _RUNNABLE and not is_leased(record, now) and _same_file(record, source)


def _arrived(record: Import, source: Source | None) -> Import:
    status = Status.READING if record.status is Status.AWAITING_UPLOAD else record.status
    return replace(record, source=record.source or source, status=status)


def undo_due_at(record: Import, now: datetime) -> datetime | None:
    """When what an import stored before it was broken off is to be taken back: once its worker must be gone.

    None where nothing can be stored yet; a list is stored in its last step only.
    """
    stores_rows = record.status is Status.IMPORTING and record.kind is not Kind.TARGET_GROUP
    return now + LEASE_TIMEOUT if stores_rows else None


def is_leased(record: Import, now: datetime) -> bool:
    """Whether a worker has it and was heard of within the last `LEASE_TIMEOUT`."""
    return record.worker is not None and record.due_at is not None and now < record.due_at


def _same_file(record: Import, source: Source | None) -> bool:
    if record.source is None or source is None:
        return (record.source or source) is not None
    return record.source.version_id == source.version_id
