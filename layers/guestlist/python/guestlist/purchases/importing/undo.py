"""Undo of a purchase import: refunds the orders that it recorded."""

from datetime import datetime

from guestlist.imports.model import Import
from guestlist.imports.notes import UndoResult
from guestlist.model.errors import Unknown
from guestlist.purchases.importing.ports import OrderJournal, Orders


def undo_purchases(record: Import, now: datetime, orders: Orders, journal: OrderJournal) -> UndoResult:
    """Refund all that is left of each order that the import recorded. Idempotent, also after a crash.

    An order that is recorded again, for example from a corrected file, counts again, unless others refunded it before.
    """
    request = f"undo-{record.import_id}.{record.attempts}"
    for order_id in journal.order_ids(record.organiser_id, record.import_id):
        try:
            orders.refund_order(record.organiser_id, order_id, request, now)
        except Unknown:
            continue
    return UndoResult(at=now)
