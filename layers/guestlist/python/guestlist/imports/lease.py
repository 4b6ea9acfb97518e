"""The lease of a worker on the import that it runs: exclusive, and lost without a heartbeat."""

from dataclasses import replace
from datetime import datetime, timedelta

from guestlist.imports.model import Checkpoint, Import, Kind, Source, Status
from guestlist.imports.ports import Imports, Time
from guestlist.model.errors import ConcurrentModification

LEASE_TIMEOUT = timedelta(minutes=2)
"""How long a lease lasts without a heartbeat."""
HEARTBEAT_INTERVAL = timedelta(seconds=2)
"""The least time between two heartbeats of a worker that makes progress."""
IDLE_HEARTBEAT = timedelta(seconds=20)
"""The time after which a worker that reads no row renews its lease."""
TURN_TIMEOUT = timedelta(hours=1)
"""When a timer checks an import that waits for a slot; normally the worker that frees one starts it."""
MAX_ATTEMPTS = 5
"""The most attempts without progress, after which the import fails."""
_RUNNABLE = {Status.AWAITING_UPLOAD, Status.READING, Status.IMPORTING}


class LeaseLost(Exception):
    """The import was cancelled, ended or taken over: this worker must stop and write nothing more."""


class OutOfTime(Exception):
    """This invocation is about to time out: another worker must resume the import."""


class Lease:
    """The record of an import under lease. Every update also renews the lease."""

    def __init__(self, record: Import, imports: Imports, time: Time) -> None:
        self.record = record
        self._imports = imports
        self._time = time
        self._renewed_at = time.now()
        self._initial_progress = record.progress

    def update(self, **changes: object) -> None:
        """Save the record with these changes. Raises `LeaseLost`."""
        now = self._time.now()
        changed = replace(self.record, due_at=now + LEASE_TIMEOUT, **changes)  # type: ignore[arg-type]
        try:
            self.record = self._imports.save_import(changed)
        except ConcurrentModification as error:
            raise LeaseLost from error
        self._renewed_at = now

    def heartbeat(self, progress: float, checkpoint: Checkpoint | None = None) -> None:
        """Save the progress, 0 to 1, at most every `HEARTBEAT_INTERVAL`. Raises `LeaseLost` and `OutOfTime`.

        A `checkpoint` is saved with it, and always before `OutOfTime` is raised.
        """
        has_time = self._time.has_time()
        if (not has_time and checkpoint) or (has_time and self._time.now() - self._renewed_at >= HEARTBEAT_INTERVAL):
            values = {"checkpoint": checkpoint} if checkpoint else {}
            self.update(progress=round(progress, 3), **values)
        if not has_time:
            raise OutOfTime

    def keep_alive(self) -> None:
        """Renew the lease where no heartbeat did for `IDLE_HEARTBEAT`, as while no row is read. Raises `LeaseLost`."""
        if self._time.now() - self._renewed_at >= IDLE_HEARTBEAT:
            self.update()

    def verify(self) -> None:
        """Raises `LeaseLost` unless the stored record is still the one that this worker saved."""
        stored = self._imports.get_import(self.record.organiser_id, self.record.import_id)
        if stored.revision != self.record.revision:
            raise LeaseLost

    def release(self) -> None:
        """Let another worker resume at once; the attempt counts only if it made no progress."""
        has_progressed = self.record.progress > self._initial_progress
        self.update(worker=None, attempts=self.record.attempts - has_progressed)


def claim(record: Import, worker: str, source: Source | None, imports: Imports, time: Time) -> Lease | None:
    """Lease the import to this worker; None when it cannot be claimed.

    `source` is the file that has just arrived, None to resume with the file of the record. An import that has
    ended or waits for review cannot be claimed, nor one with a lease, nor one that has another version of the
    object as its file.
    """
    now = time.now()
    if not is_claimable(record, source, now):
        return None
    with_source = _with_source(record, source)
    claimed_record = replace(with_source, worker=worker, attempts=record.attempts + 1, due_at=now + LEASE_TIMEOUT)
    try:
        return Lease(imports.save_import(claimed_record), imports, time)
    except ConcurrentModification:
        return None


def wait_for_turn(record: Import, source: Source | None, imports: Imports, now: datetime) -> None:
    """Save that a claimable import has its file and waits for a slot. Raises `ConcurrentModification`."""
    imports.save_import(replace(_with_source(record, source), worker=None, due_at=now + TURN_TIMEOUT))


def is_claimable(record: Import, source: Source | None, now: datetime) -> bool:
    """Whether `claim` would lease the import to a worker."""
    return record.at(now).status in _RUNNABLE and not is_leased(record, now) and _same_file(record, source)


def _with_source(record: Import, source: Source | None) -> Import:
    status = Status.READING if record.status is Status.AWAITING_UPLOAD else record.status
    return replace(record, source=record.source or source, status=status)


def undo_due_at(record: Import, now: datetime) -> datetime | None:
    """The instant at which to undo the rows of an import that stops now: once its worker's lease must have expired.

    None where nothing can be stored yet; a list is published in the last step only.
    """
    stores_rows = record.status is Status.IMPORTING and record.kind is not Kind.TARGET_GROUP
    return now + LEASE_TIMEOUT if stores_rows else None


def is_leased(record: Import, now: datetime) -> bool:
    """Whether a worker has a lease that has not expired."""
    return record.worker is not None and record.due_at is not None and now < record.due_at


def _same_file(record: Import, source: Source | None) -> bool:
    if record.source is None or source is None:
        return (record.source or source) is not None
    return record.source.version_id == source.version_id
