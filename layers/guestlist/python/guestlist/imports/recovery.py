"""What a person does about an import that does not come to its end of itself."""

from dataclasses import replace
from datetime import datetime

from guestlist.imports.lease import is_leased
from guestlist.imports.model import Import
from guestlist.imports.ports import Imports, Queue
from guestlist.imports.watchdog import failed_record
from guestlist.model.errors import Conflict


def resume(record: Import, now: datetime, imports: Imports, queue: Queue) -> Import:
    """Have a worker go on with it where the last one left it, as if it had never been tried.

    Raises `Conflict` when it has ended, waits for a person, or a worker is at it; and `ConcurrentModification`.
    """
    _check_open(record, now)
    if record.status.waiting:
        raise Conflict(f"This import is {record.status.value}: only its organiser can go on with it.", code="waiting")
    saved = imports.save_import(replace(record, attempts=0, worker=None, due_at=now))
    queue.resume(record.organiser_id, record.import_id)
    return saved


def fail(record: Import, why: str, now: datetime, imports: Imports) -> Import:
    """End it as failed, with the result mail in which the organiser reads why; what it stored is taken back.

    Raises `Conflict` when it has ended or a worker is at it; and `ConcurrentModification`.
    """
    _check_open(record, now)
    return imports.finish(failed_record(record, why, now), mail=True)


def _check_open(record: Import, now: datetime) -> None:
    status = record.at(now).status
    if status.ended:
        raise Conflict(f"This import is {status.value} already.", code="already_ended")
    if is_leased(record, now):
        raise Conflict("A worker was at this import within the last two minutes.", code="at_work")
