"""The timer's check of imports: resume those whose worker died, and cancel those whose wait is over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from guestlist.imports.explanation import explanation_fields
from guestlist.imports.lease import MAX_ATTEMPTS, undo_due_at
from guestlist.imports.model import Import, Kind, Reason, Status
from guestlist.imports.ports import Imports, Queue
from guestlist.imports.undo import Undo
from guestlist.messages.message import Message
from guestlist.model.errors import ConcurrentModification

LONG_OVERDUE = timedelta(minutes=15)
"""How long after its `due_at` an import counts as stuck."""
_CRASHED = Message("given_up")


def supervise(record: Import, now: datetime, imports: Imports, queue: Queue, undos: Mapping[Kind, Undo]) -> None:
    """Resume, cancel or fail an import whose `due_at` has passed, or undo it if it ended with rows stored.

    Does nothing when the record changes concurrently: whoever changed it is handling the import.
    """
    if record.due_at is None or now < record.due_at:
        return
    try:
        if record.undoing is not None:
            queue.resume(record.organiser_id, record.import_id)
        elif record.status.ended:
            undos[record.kind](replace(record, due_at=None), now)
        elif record.status.is_waiting:
            imports.finish(record.at(now), mail=record.sends_mail)
        elif record.attempts >= MAX_ATTEMPTS:
            imports.finish(failed_record(record, now, _CRASHED), mail=True)
        else:
            queue.resume(record.organiser_id, record.import_id)
    except ConcurrentModification:
        return


def is_stuck(record: Import, now: datetime) -> bool:
    """Whether `due_at` passed so long ago that several runs of `supervise` cannot have helped."""
    return record.due_at is not None and now - record.due_at > LONG_OVERDUE


def failed_record(record: Import, now: datetime, *messages: Message) -> Import:
    """The record, failed for a reason outside its file, with messages for the organiser."""
    return replace(
        record.without_effect(),
        status=Status.FAILED,
        reason=Reason.CRASHED,
        **explanation_fields(*messages),
        finished_at=now,
        worker=None,
        due_at=undo_due_at(record, now),
    )
