"""The undo functions of imports, by kind."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.bootstrap import adapters, row_imports
from guestlist.aws.table import table
from guestlist.groups.lifecycle import delete
from guestlist.imports.model import Import, Kind
from guestlist.imports.undo import Undo
from guestlist.lists.importing.undo import ListUndo
from guestlist.lists.usage_store import Uses
from guestlist.tickets.importing.undo import undo_tickets


def undos() -> Mapping[Kind, Undo]:
    """The undo function of each kind of import."""
    return {
        Kind.TARGET_GROUP: _list_undo().undo,
        Kind.CUSTOMERS: row_imports.undo_customer_import,
        Kind.TICKETS: _undo_tickets,
        Kind.PURCHASES: row_imports.undo_purchase_import,
    }


def check(record: Import, now: datetime) -> None:
    """Raises `Conflict` when the import cannot be undone, as far as a quick check can tell."""
    if record.kind is Kind.TARGET_GROUP:
        _list_undo().check(record, now)


def _list_undo() -> ListUndo:
    return ListUndo(
        imports=adapters.imports(),
        groups=adapters.indexes(),
        list_store=adapters.list_store,
        expired_versions=adapters.expired_versions(),
        uses=Uses(table()),
        delete_group=lambda org, group_id, now, by: delete(org, group_id, now, by, adapters.groups()),
        find_replaced_version=adapters.list_versions().before,
        list_versions=adapters.list_versions().list_versions,
        folder=adapters.folder(),
    )


def _undo_tickets(record: Import, now: datetime) -> Import:
    undone = undo_tickets(record, record.event_id or "", now, row_imports.ticket_ports())
    return adapters.imports().save_import(replace(record, undone=undone))
