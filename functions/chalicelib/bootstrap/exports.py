"""The adapters of exports, for small ones made by the API and large ones made by a worker."""

from collections.abc import Iterator

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.search_indexes import entries
from guestlist.aws.clients import s3
from guestlist.aws.settings import settings
from guestlist.aws.sqs import queue
from guestlist.aws.table import table
from guestlist.exports.rows import Row, difference_rows, entry_rows, member_rows
from guestlist.exports.service import Export, ExportPorts
from guestlist.exports.store import ExportFiles, Exports
from guestlist.groups.members import MemberPorts
from guestlist.lists.difference import difference_rows as changed_entries
from guestlist.model import clock


def export_ports() -> ExportPorts:
    """The ports of exports."""
    files = ExportFiles(s3(), settings().bucket)
    return ExportPorts(exports=Exports(table()), files=files, queue=queue(), rows=_rows)


def _rows(export: Export) -> Iterator[Row]:
    org, now = export.organiser_id, clock.now()
    if export.difference is not None:
        _, before, after = export.difference
        read_store = adapters.list_store(org, export.group_id).read_texts
        return difference_rows(changed_entries(read_store, before, after), export.behind)
    if export.listed is not None:
        return entry_rows(entries().iterate_entries(org, export.listed, now, export.behind), export.used)
    ports = MemberPorts(groups=adapters.groups(), customers=adapters.customers(), memberships=adapters.memberships())
    group = adapters.groups().get_group(org, export.group_id)
    return member_rows(org, group, now, ports, export.behind)
