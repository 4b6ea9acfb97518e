"""Store of tickets: an item for each, with the digest of its code as partition key."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from zlib import crc32

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.digests import digest
from guestlist.aws.due import instant, parse_instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Insert, Table
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification
from guestlist.purchases.ticket_items import ticket_attributes, tickets_of
from guestlist.purchases.ticket_order import has_own_order, own_order
from guestlist.tickets.model import Ticket, ticket_sort_key

SHARDS = 8
SCANS = "SCANS"
_CONFLICT = "CONFLICT#"
_AFTER_ALL = "~"


class ConflictingScan(NamedTuple):
    """An offline scan that was refused because of another one; `cursor` is that of the page after it."""

    cursor: str
    code: str
    scanned_at: datetime
    scanned_by: str


class Tickets:
    """Tickets of all organisers; inserted in batches of 25 unless another `insert` is given."""

    def __init__(self, table: Table, insert: Insert | None = None) -> None:
        self._table = table
        self._insert = insert or table.insert_many

    # By code

    def get_ticket(self, org: str, code: str) -> Ticket | None:
        """The ticket with exactly this code, or None."""
        item = self._table.get(keys.ticket(org, code))
        return ticket_of(item) if item else None

    def get_tickets(self, org: str, codes: Sequence[str]) -> Mapping[str, Ticket]:
        """The tickets that have these codes, by code."""
        items = self._table.get_many(keys.ticket(org, code) for code in codes)
        return {item["code"]: ticket_of(item) for item in items.values()}

    def insert(self, org: str, tickets: Sequence[Ticket]) -> Mapping[str, Ticket]:
        """Store the tickets whose code is free, and return the existing tickets with the other codes, by code.

        Codes must be distinct. A repeated request may find its own tickets.
        """
        existing: dict[str, Ticket] = {}
        pending = {keys.ticket(org, ticket.code): ticket for ticket in tickets}
        while pending:
            taken_keys = self._insert([ticket_item(org, ticket) for ticket in pending.values()])
            others = self.get_tickets(org, [pending[key].code for key in taken_keys])
            existing.update(others)
            pending = {key: pending[key] for key in taken_keys if pending[key].code not in others}
        return existing

    def scan(self, org: str, code: str, event_id: str, now: datetime) -> Ticket | None:
        """Save the scan; None if the ticket was scanned before, or is not a ticket of that event."""
        self._count_scan(org, event_id)
        is_scannable = conditions.equals("event_id", event_id) & conditions.absent("scanned_at")
        try:
            item = self._table.update(keys.ticket(org, code), {"scanned_at": instant(now)}, when=is_scannable)
        except ConditionFailed:
            return None
        return ticket_of(item)

    def scan_offline(self, org: str, ticket: Ticket, at: datetime, device: str) -> Ticket | None:
        """Save the scan, if the stored ticket's scan is still the same; None otherwise."""
        is_unchanged = conditions.equals("event_id", ticket.event_id)
        if ticket.scanned_at is None:
            is_unchanged &= conditions.absent("scanned_at")
        else:
            is_unchanged &= conditions.equals("scanned_at", instant(ticket.scanned_at))
            is_unchanged &= conditions.equals("scanned_by", ticket.scanned_by)
        changes = {"scanned_at": instant(at), "scanned_by": device}
        self._count_scan(org, ticket.event_id)
        try:
            return ticket_of(self._table.update(keys.ticket(org, ticket.code), changes, when=is_unchanged))
        except ConditionFailed:
            return None

    def _count_scan(self, org: str, event_id: str) -> None:
        """Count a scan before it is saved, so that no snapshot misses one; a crash in between costs a snapshot."""
        self._table.update(keys.of_event(org, event_id, SCANS), add={"scans": 1})

    def save_conflict(self, org: str, ticket: Ticket, at: datetime, device: str) -> None:
        """Save a conflicting scan of a ticket that another scan admitted; idempotent."""
        key = keys.of_event(org, ticket.event_id, f"{_CONFLICT}{instant(at)}#{device}#{digest(ticket.code)}")
        scan = {"code": ticket.code, "scanned_at": instant(at), "scanned_by": device}
        self._table.put({**key._asdict(), **scan})

    def run_parallel(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run the calls in parallel, and return their results."""
        return self._table.run_parallel(*calls)

    def remove_unscanned(self, org: str, tickets: Sequence[Ticket]) -> None:
        """Delete the tickets that were not scanned, with their notes in buyers' partitions and their own orders."""
        # References to the ticket are deleted first: after a crash, a later run finds the ticket and continues.
        shared: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for ticket in tickets:
            if ticket.email and ticket.scanned_at is None and not has_own_order(ticket):
                shared.setdefault((fold_email(ticket.email), ticket.batch), []).append((ticket.code, ticket.line))
        removals = [partial(self._remove_from_shared_notes, org, *owner, entries) for owner, entries in shared.items()]
        self._table.run_parallel(*[partial(retry_on_conflict, removal) for removal in removals])
        self._table.run_parallel(*[partial(self._remove_unscanned, org, ticket) for ticket in tickets])

    # By event

    def list_batch(self, org: str, event_id: str, batch: str, after_line: int = -1) -> Iterator[Ticket]:
        """Yield the tickets of one import after that line, unsorted; one just written may be missing."""
        between = (ticket_sort_key(batch, after_line + 1), f"{batch}#{_AFTER_ALL}")
        for shard in range(SHARDS):
            for item in self._table.query_all(keys.tickets(org, event_id, shard), index="listing", between=between):
                yield ticket_of(item)

    def list_tickets(self, org: str, event_id: str, limit: int, *, batch: str = "", before: str = "") -> list[Ticket]:
        """At most `limit` tickets of an event, or of one import to it, newest first, before the sort key `before`."""
        first = f"{batch}#" if batch else "0"
        last = before or (f"{batch}#{_AFTER_ALL}" if batch else _AFTER_ALL)
        query = partial(
            self._table.query, index="listing", between=(first, last), descending=True, limit=limit + bool(before)
        )
        pages = self._table.run_parallel(
            *[partial(query, keys.tickets(org, event_id, shard)) for shard in range(SHARDS)]
        )
        items = sorted((item for page in pages for item in page.items), key=lambda item: item["g1sk"], reverse=True)
        return [ticket_of(item) for item in items if item["g1sk"] != before][:limit]

    def conflicts(self, org: str, event_id: str, limit: int, before: str | None) -> Sequence[ConflictingScan]:
        """At most `limit` conflicting scans at an event, newest first; `before` is the cursor of the previous page."""
        pk, last = keys.of_event(org, event_id, before or _CONFLICT + _AFTER_ALL)
        query = partial(self._table.query, pk, descending=True, between=(_CONFLICT, last))
        items = [item for item in query(limit=limit + bool(before)).items if item["sk"] != before][:limit]
        return [
            ConflictingScan(item["sk"], item["code"], datetime.fromisoformat(item["scanned_at"]), item["scanned_by"])
            for item in items
        ]

    def _remove_unscanned(self, org: str, ticket: Ticket) -> None:
        from guestlist.tickets.contact_store import order_item, ticket_note_item

        items = [ticket_note_item(org, ticket)] if ticket.email else []
        items += [order_item(org, own_order(ticket))] if ticket.email and has_own_order(ticket) else []
        unscanned = conditions.equals("batch", ticket.batch) & conditions.absent("scanned_at")
        if ticket.scanned_at is None:
            self._table.delete_many(Key(item["pk"], item["sk"]) for item in items)
            try:
                self._table.delete(keys.ticket(org, ticket.code), when=conditions.absent() | unscanned)
            except ConditionFailed:
                pass
            else:
                return
        if self._table.get(keys.ticket(org, ticket.code)) and not self._has_shared_note(org, ticket):
            self._table.put_many(items)

    def _shared_notes(self, org: str, email: str, batch: str) -> Iterator[Item]:
        """The notes in the buyer's partition that are shared by several tickets of the import."""
        begins = person_keys.ticket_note(org, email, f"{batch}#").sk
        notes = self._table.query_all(person_keys.customer(org, email), begins=begins)
        return (note for note in notes if "tickets" in note)

    def _has_shared_note(self, org: str, ticket: Ticket) -> bool:
        """Whether a shared note has the ticket."""
        shared = bool(ticket.email) and not has_own_order(ticket)
        notes = self._shared_notes(org, ticket.email, ticket.batch) if shared else ()
        return any((ticket.code, ticket.line) in tickets_of(note) for note in notes)

    def _remove_from_shared_notes(
        self, org: str, email: str, batch: str, removed_entries: Collection[tuple[str, int]]
    ) -> None:
        """Remove these tickets, codes with lines, from the notes that they share. Raises `ConcurrentModification`."""
        for note in self._shared_notes(org, email, batch):
            entries = tickets_of(note)
            remaining = [entry for entry in entries if entry not in removed_entries]
            unchanged = conditions.equals("tickets", note["tickets"])
            try:
                if not remaining:
                    self._table.delete(Key(note["pk"], note["sk"]), when=unchanged)
                elif remaining != entries:
                    self._table.put({**note, **ticket_attributes(remaining)}, when=unchanged)
            except ConditionFailed as error:
                raise ConcurrentModification from error


def ticket_item(org: str, ticket: Ticket) -> Item:
    """The item of a ticket, without empty attributes."""
    key = keys.ticket(org, ticket.code)
    index_attributes = {
        "g1pk": keys.tickets(org, ticket.event_id, crc32(key.pk.encode()) % SHARDS),
        "g1sk": ticket.sort_key,
    }
    item = {
        "code": ticket.code,
        "event_id": ticket.event_id,
        "batch": ticket.batch,
        "imported_at": instant(ticket.imported_at),
        "alone": ticket.alone or None,
        "line": ticket.line or None,
        "name": ticket.name or None,
        "email": ticket.email or None,
        "order_id": ticket.order_id or None,
        "ticket_type": ticket.ticket_type or None,
        "seat": ticket.seat or None,
        "order": ticket.order or None,
        "original_at": instant(ticket.original_at) if ticket.original_at else None,
        "scanned_at": instant(ticket.scanned_at) if ticket.scanned_at else None,
        "scanned_by": ticket.scanned_by or None,
    }
    return {**key._asdict(), **index_attributes, **item}


def ticket_of(item: Mapping[str, Any]) -> Ticket:
    """Parse the item of a ticket."""
    return Ticket(
        code=item["code"],
        event_id=item["event_id"],
        batch=item["batch"],
        imported_at=datetime.fromisoformat(item["imported_at"]),
        alone=item.get("alone", False),
        line=item.get("line", 0),
        name=item.get("name", ""),
        email=item.get("email", ""),
        order_id=item.get("order_id", ""),
        ticket_type=item.get("ticket_type", ""),
        seat=item.get("seat", ""),
        order=item.get("order", ""),
        original_at=parse_instant(item.get("original_at")),
        scanned_at=parse_instant(item.get("scanned_at")),
        scanned_by=item.get("scanned_by", ""),
    )
