"""Taking a whole import back, whatever its kind."""

from collections.abc import Callable, Mapping
from datetime import datetime

from guestlist.errors import Conflict
from guestlist.imports.record import Import, Kind, Status

Undo = Callable[[Import, datetime], Import]


def undo(record: Import, now: datetime, undos: Mapping[Kind, Undo]) -> Import:
    """The record of the import, taken back. A repeat changes nothing.

    Raises `Conflict` when there is nothing to take back, or a later import has written the same group.
    """
    if record.undone is not None:
        return record
    if record.status not in {Status.COMPLETE, Status.PARTIAL}:
        raise Conflict(f"This import is {record.status.value}; there is nothing to take back.", code="nothing_stored")
    return undos[record.kind](record, now)
