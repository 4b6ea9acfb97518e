"""Operator actions on an import that is stuck: resume it or fail it."""

from dataclasses import replace
from datetime import datetime

from guestlist.imports.lease import is_leased
from guestlist.imports.model import Import
from guestlist.imports.ports import Imports, Queue
from guestlist.imports.watchdog import failed_record
from guestlist.model.errors import Conflict


def resume(record: Import, now: datetime, imports: Imports, queue: Queue) -> Import:
    """Queue the import for a worker, which resumes at the checkpoint, and reset its number of attempts.

    Raises `Conflict` when it has ended, waits for its organiser, or is leased; and `ConcurrentModification`.
    """
    _check_open(record, now)
    if record.status.is_waiting:
        raise Conflict("waiting", status=record.status.value)
    saved = imports.save_import(replace(record, attempts=0, worker=None, due_at=now))
    queue.resume(record.organiser_id, record.import_id)
    return saved


def fail(record: Import, why: str, now: datetime, imports: Imports) -> Import:
    """Fail the import and queue its result mail, with the operator's own words for the organiser; undo stored rows.

    Raises `Conflict` when it has ended or is leased; and `ConcurrentModification`.
    """
    _check_open(record, now)
    return imports.finish(replace(failed_record(record, now), detail=why), mail=True)


def _check_open(record: Import, now: datetime) -> None:
    status = record.at(now).status
    if status.ended:
        raise Conflict("already_ended")
    if is_leased(record, now):
        raise Conflict("at_work")
