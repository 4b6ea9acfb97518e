"""What makes the files of groups, put together for whoever waits for a small one and for the worker of a large one."""

from collections.abc import Iterator

from chalicelib import wiring
from guestlist import clock
from guestlist.aws.clients import s3
from guestlist.aws.entries import Entries
from guestlist.aws.exports import Exports, Parts
from guestlist.aws.queue import queue
from guestlist.aws.settings import settings
from guestlist.aws.table import table
from guestlist.groups.export import Row, entry_rows, member_rows
from guestlist.groups.exporting import Export, Workshop
from guestlist.groups.members import Desk


def workshop() -> Workshop:
    """What exports are made with."""
    files = Parts(s3(), settings().bucket)
    return Workshop(exports=Exports(table()), files=files, queue=queue(), rows=_rows)


def _rows(export: Export) -> Iterator[Row]:
    org, now = export.organiser_id, clock.now()
    if export.listed is not None:
        return entry_rows(Entries(table()).every(org, export.listed, now, export.behind))
    desk = Desk(groups=wiring.groups(), customers=wiring.customers(), memberships=wiring.memberships())
    group = wiring.groups().get(org, export.group_id)
    return member_rows(org, group, now, desk, export.behind)
