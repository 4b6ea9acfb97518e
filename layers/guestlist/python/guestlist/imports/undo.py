"""Undo an import of any kind: a small one at once, a large one by a worker."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from guestlist.imports.explanation import error_messages, explanation_fields
from guestlist.imports.lease import LEASE_TIMEOUT, Lease, is_leased
from guestlist.imports.model import Import, Kind, Status
from guestlist.imports.ports import Imports, Queue
from guestlist.model.errors import ConcurrentModification, Conflict

BACKGROUND_ROWS = 5_000
"""With more rows than this, in the file and in the former list together, a worker runs the undo."""
WORKER_LIFETIME = timedelta(minutes=15)
"""The longest time that a worker runs."""
MAX_TRIES = 10
"""The most attempts of an undo at once, each after a concurrent change of the record."""

Undo = Callable[[Import, datetime], Import]
Check = Callable[[Import, datetime], None]


def undo(record: Import, now: datetime, undos: Mapping[Kind, Undo]) -> Import:
    """Undo the import and return its record. A repeat changes nothing.

    Raises `Conflict` when nothing is stored, or when a later import has written the same group.
    """
    if record.undone is not None:
        return record
    _check_stored(record)
    return undos[record.kind](record, now)


def request_undo(
    record: Import, now: datetime, by: str, undos: Mapping[Kind, Undo], check: Check, imports: Imports, queue: Queue
) -> Import:
    """Undo the import for `by`, or have a worker undo a large one (`undoing`); a repeat changes nothing.

    `check` raises what the undo would. Raises `Conflict` as `undo` does, and when the import has just changed.
    """
    if record.undone is not None or record.undoing is not None:
        return record
    record = replace(record, undone_by=by)
    if not _is_large(record):
        return _undo_at_once(record, now, undos, imports)
    _check_stored(record)
    check(record, now)
    try:
        saved = imports.save_import(replace(record, undoing=now, due_at=now + LEASE_TIMEOUT))
    except ConcurrentModification as error:
        latest = imports.get_import(record.organiser_id, record.import_id)
        if latest.undone is not None or latest.undoing is not None:
            return latest
        raise _just_changed() from error
    queue.resume(record.organiser_id, record.import_id)
    return saved


def _undo_at_once(record: Import, now: datetime, undos: Mapping[Kind, Undo], imports: Imports) -> Import:
    """The record once this call, or a concurrent one, has undone the import.

    Raises `Conflict` as `undo` does, and when every try meets a concurrent change.
    """
    for _ in range(MAX_TRIES):
        try:
            return undo(record, now, undos)
        except (ConcurrentModification, Conflict) as error:
            latest = imports.get_import(record.organiser_id, record.import_id)
            if latest.undone is not None or latest.undoing is not None:
                return latest
            if isinstance(error, Conflict):
                raise
            record = replace(latest.at(now), undone_by=record.undone_by)
    raise _just_changed()


def _just_changed() -> Conflict:
    return Conflict("raced")


def run_undo(record: Import, worker: str, now: datetime, undos: Mapping[Kind, Undo], imports: Imports) -> None:
    """Run a requested undo, unless another worker does; after a crash the next call starts over.

    When a later import has written the same group meanwhile, nothing is undone, and the record's detail says why.
    """
    if record.undoing is None or is_leased(record, now):
        return
    try:
        claimed = imports.save_import(replace(record, worker=worker, due_at=now + WORKER_LIFETIME))
    except ConcurrentModification:
        return
    after_run = replace(claimed, worker=None, due_at=now + LEASE_TIMEOUT)
    try:
        undo(_without_request(claimed), now, undos)
    except Conflict as conflict:
        after_run = replace(_without_request(claimed), **explanation_fields(*error_messages(conflict)))
    except ConcurrentModification:
        pass
    else:
        return
    with suppress(ConcurrentModification):
        imports.save_import(after_run)


def undo_cancelled(lease: Lease, now: datetime, undos: Mapping[Kind, Undo], imports: Imports) -> None:
    """Undo at once what this worker stored before its import was cancelled; a timer undoes the rest.

    Only the last worker may: one that had the lease after it could still store rows.
    """
    record = imports.get_import(lease.record.organiser_id, lease.record.import_id)
    is_last_worker = record.revision == lease.record.revision + 1
    if record.status is Status.CANCELLED and record.due_at is not None and is_last_worker:
        with suppress(ConcurrentModification):
            undos[record.kind](replace(record, due_at=None), now)


def _without_request(record: Import) -> Import:
    return replace(record, undoing=None, worker=None, due_at=None)


def _check_stored(record: Import) -> None:
    """Raises `Conflict` when nothing is stored."""
    if record.status not in {Status.COMPLETE, Status.PARTIAL}:
        raise Conflict("nothing_stored")


def _is_large(record: Import) -> bool:
    return record.counts.imported + (record.former.entries if record.former else 0) > BACKGROUND_ROWS
