"""Undo a ticket import: remove its unscanned tickets and free their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from guestlist.imports.model import Import
from guestlist.imports.notes import UndoResult, undo_result
from guestlist.messages.message import Message
from guestlist.model.errors import ConcurrentModification
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.model import Ticket

INDEX_LAG = timedelta(minutes=1)
"""After so long the index, which is eventually consistent, lists all tickets of an import."""
MAX_NAMED = 100
_BATCH_SIZE = 100


def undo_tickets(record: Import, event_id: str, now: datetime, ports: TicketPorts) -> UndoResult:
    """Undo an import that has ended; idempotent, also after a crash.

    Scanned tickets stay and are named in the result. Raises `ConcurrentModification` when the index does not list
    all tickets of the import yet, or when another worker undoes it at the same time.
    """
    org, import_id = record.organiser_id, record.import_id
    account = ports.sales.open_account(org, event_id, import_id)
    listed_tickets = sum(1 for _ in ports.tickets.list_batch(org, event_id, import_id))
    if not account.undone and listed_tickets < account.used_places and now < (record.finished_at or now) + INDEX_LAG:
        raise ConcurrentModification
    kept_tickets = _KeptTickets()
    tickets = ports.tickets.list_batch(org, event_id, import_id)
    while chunk := list(islice(tickets, _BATCH_SIZE)):
        ports.tickets.remove_unscanned(org, chunk)
        kept_tickets.add(chunk, ports.tickets.get_tickets(org, [ticket.code for ticket in chunk]))
    created_customers = ports.contacts.remove_contacts(org, import_id, now)
    if not account.undone:
        undone_account = replace(account, held_places=0, used_places=kept_tickets.count, undone=True)
        ports.sales.commit_account(org, event_id, import_id, account, undone_account)
    return undo_result(now, kept_tickets.messages(created_customers))


class _KeptTickets:
    """The tickets that stay: their number, and the first `MAX_NAMED` of them."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[tuple[int, str]] = []

    def add(self, tickets: Sequence[Ticket], tickets_left: Mapping[str, Ticket]) -> None:
        """Count those of the tickets that were not removed."""
        lines_and_codes = [
            (ticket.line, ticket.code)
            for ticket in tickets
            if ticket.code in tickets_left and ticket.is_same_row(tickets_left[ticket.code])
        ]
        self.count += len(lines_and_codes)
        self._first = sorted([*self._first, *lines_and_codes])[:MAX_NAMED]

    def messages(self, created_customers: int) -> Iterator[Message]:
        """Yield messages that name the tickets and count the customers that stay."""
        for line, code in self._first:
            yield Message("ticket", {"code": code, "line": line})
        if self.count > MAX_NAMED:
            yield Message("tickets_more", {"n": self.count - MAX_NAMED})
        if created_customers:
            yield Message("buyers", {"n": created_customers})
