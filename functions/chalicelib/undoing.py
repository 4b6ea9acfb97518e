"""What takes an import back, whatever its kind."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib import people_files, wiring
from guestlist.aws.table import table
from guestlist.aws.used import Uses
from guestlist.groups.lifecycle import delete
from guestlist.imports.lists.undo import ListUndo
from guestlist.imports.record import Import, Kind
from guestlist.imports.tickets.undo import undo_tickets
from guestlist.imports.undo import Undo


def undos() -> Mapping[Kind, Undo]:
    """What takes an import back, by its kind."""
    return {
        Kind.TARGET_GROUP: _list_undo().undo,
        Kind.CUSTOMERS: people_files.take_customers_back,
        Kind.TICKETS: _undo_tickets,
        Kind.PURCHASES: people_files.take_purchases_back,
    }


def check(record: Import, now: datetime) -> None:
    """Raises `Conflict` when the import could not be taken back, as far as a glance tells."""
    if record.kind is Kind.TARGET_GROUP:
        _list_undo().check(record, now)


def _list_undo() -> ListUndo:
    return ListUndo(
        imports=wiring.imports(),
        groups=wiring.indexes(),
        shelf=wiring.shelf,
        retired=wiring.retired(),
        uses=Uses(table()),
        delete_group=lambda org, group_id, now, by: delete(org, group_id, now, by, wiring.groups()),
        folder=wiring.folder(),
    )


def _undo_tickets(record: Import, now: datetime) -> Import:
    undone = undo_tickets(record, record.event_id or "", now, wiring.ticket_ports())
    return wiring.imports().save(replace(record, undone=undone))
