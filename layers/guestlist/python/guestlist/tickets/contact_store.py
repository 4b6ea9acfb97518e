"""Store of contacts, the buyers in ticket imports, with their orders and tickets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.due import due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.sharded_query import query_shards, query_shards_by_typed_email
from guestlist.aws.table import ConditionFailed, Insert, Table, Write
from guestlist.catalogue.model import imported_item
from guestlist.customers.model import SHARDS, shard_of
from guestlist.groups.index import GroupType
from guestlist.groups.index_store import GroupIndexes
from guestlist.model.email_address import fold_email
from guestlist.purchases.due_buyers import DUE_CUSTOMER
from guestlist.purchases.store import counted_attributes
from guestlist.purchases.ticket_items import ticket_attributes
from guestlist.purchases.ticket_order import TicketOrder, buyer_order_id, has_own_order
from guestlist.tickets.contact import Contact
from guestlist.tickets.model import Ticket, ticket_sort_key


class Contacts:
    """The contacts of all organisers."""

    def __init__(self, table: Table, insert: Insert | None = None) -> None:
        self._table = table
        self._indexes = GroupIndexes(table)
        self._insert = insert or table.insert_many

    def ensure_contacts(self, org: str, contacts: Sequence[Contact]) -> Mapping[str, Contact]:
        """Store the contacts that are new to their import, and return each as stored, by folded e-mail."""
        taken_keys = self._insert([_item(org, contact) for contact in contacts])
        stored = {fold_email(contact.email): contact for contact in contacts}
        for item in self._table.get_many(taken_keys).values():
            stored[fold_email(item["email"])] = _contact(item)
        return stored

    def get_contacts(self, org: str, import_id: str, emails: Sequence[str]) -> Mapping[str, Contact]:
        """The existing contacts of this import, by folded e-mail."""
        items = self._table.get_many(person_keys.contact(org, email, import_id) for email in emails)
        return {fold_email(item["email"]): _contact(item) for item in items.values()}

    def save_orders(
        self, org: str, orders: Sequence[TicketOrder], tickets: Sequence[Ticket], after_line: int = 0
    ) -> None:
        """Store orders, save notes of the tickets in the buyers' partitions, and make the buyers due for re-evaluation.

        `after_line` is a line before all of these tickets, the same on every repetition. A buyer's order needs no
        record, as its tickets have all its data. Idempotent.
        """
        items = [order_item(org, order) for order in orders if not order.email]
        items += _notes(org, [ticket for ticket in tickets if ticket.email], after_line)
        self._table.put_many(items)
        buyers = {fold_email(ticket.email): ticket.imported_at for ticket in tickets if ticket.email}
        if buyers and self._has_automatic_group(org):
            self._table.run_parallel(*[partial(self._make_due, org, email, at) for email, at in buyers.items()])

    def remove_contacts(self, org: str, import_id: str, now: datetime) -> int:
        """Delete contacts of an import that have none of its tickets left, with their orders.

        Returns the number of customers that the import created; they stay.
        """
        created_customers, has_automatic_group = 0, self._has_automatic_group(org)
        for item in query_shards(self._table, [keys.contacts(org, import_id, shard) for shard in range(SHARDS)]):
            contact = _contact(item)
            created_customers += contact.created
            if has_automatic_group:
                self._make_due(org, contact.email, now)
            tickets = f"{person_keys.ticket_note(org, contact.email, import_id).sk}#"
            if not self._table.query(person_keys.customer(org, contact.email), begins=tickets, limit=1).items:
                # Imports of an earlier version made the ids without a key.
                for digest_key in {self._table.digest_key, b""}:
                    order_id = buyer_order_id(import_id, contact.email, digest_key)
                    self._table.delete(person_keys.order(org, contact.email, order_id))
                self._table.delete(person_keys.contact(org, contact.email, import_id))
        return created_customers

    def _has_automatic_group(self, org: str) -> bool:
        """Whether the organiser has an automatic group; without one, no re-evaluation is needed."""
        groups = self._indexes.read_group_index(org).groups.values()
        return any(group.type is GroupType.AUTOMATIC for group in groups)

    def _make_due(self, org: str, email: str, at: datetime) -> None:
        write = reevaluation_write(org, email, at)
        with suppress(ConditionFailed):
            self._table.update(person_keys.profile(org, email), write.changes, add=write.add, when=write.when)

    def list_contacts(self, org: str, import_id: str, limit: int, after: str = "", begins: str = "") -> list[Contact]:
        """Contacts of an import by e-mail, after the folded e-mail `after` and with the prefix `begins`."""
        shards = [keys.contacts(org, import_id, shard) for shard in range(SHARDS)]
        items = query_shards_by_typed_email(self._table, shards, begins, after=after, limit=limit)
        return [_contact(item) for item in islice(items, limit)]


def _item(org: str, contact: Contact) -> Item:
    key = person_keys.contact(org, contact.email, contact.import_id)
    index_attributes = {
        "g1pk": keys.contacts(org, contact.import_id, shard_of(contact.email)),
        "g1sk": fold_email(contact.email),
    }
    item = {
        "import_id": contact.import_id,
        "email": contact.email,
        "name": contact.name,
        "line": contact.line,
        "created": contact.created,
    }
    return {**key._asdict(), **index_attributes, **item}


def _contact(item: Mapping[str, Any]) -> Contact:
    return Contact(
        import_id=item["import_id"],
        email=item["email"],
        name=item["name"],
        line=item["line"],
        created=item["created"],
    )


def order_item(org: str, order: TicketOrder) -> Item:
    """The item of an order."""
    return {
        **person_keys.order(org, order.email, order.order_id)._asdict(),
        "order_id": order.order_id,
        "event_id": order.event_id,
        "ordered_at": instant(order.ordered_at),
        "email": order.email,
        "name": order.name,
        "import_id": order.import_id,
    }


def _notes(org: str, tickets: Sequence[Ticket], after_line: int) -> Iterator[Item]:
    """Yield a note of each ticket with its own order, and one of all other tickets of a buyer at the same instant."""
    tickets_by_order: dict[tuple[str, str, datetime], list[Ticket]] = {}
    for ticket in tickets:
        if has_own_order(ticket):
            yield ticket_note_item(org, ticket)
        else:
            tickets_by_order.setdefault((fold_email(ticket.email), ticket.order_id, _sold_at(ticket)), []).append(
                ticket
            )
    for (_, _, at), order_tickets in tickets_by_order.items():
        sort_key = f"{ticket_sort_key(order_tickets[0].batch, after_line)}#{instant(at)}"
        yield {
            **_note(org, order_tickets[0], sort_key, len(order_tickets)),
            **ticket_attributes((ticket.code, ticket.line) for ticket in order_tickets),
        }


def ticket_note_item(org: str, ticket: Ticket) -> Item:
    """The item of one ticket in its buyer's partition, which rules count as a purchase.

    It has the date of its order, unless an earlier release stored the order in an item of its own.
    """
    return _note(org, ticket, ticket.sort_key, 1)


def _sold_at(ticket: Ticket) -> datetime:
    return ticket.original_at or ticket.imported_at


def _note(org: str, ticket: Ticket, sort_key: str, quantity: int) -> Item:
    item = imported_item(ticket.event_id)
    return {
        **person_keys.ticket_note(org, ticket.email, sort_key)._asdict(),
        **counted_attributes(org, ticket.email, item, _sold_at(ticket), sort_key, quantity=quantity, imported=True),
        "code": ticket.code,
        "event_id": ticket.event_id,
        "order_id": ticket.order_id,
        **({"order": ticket.order} if ticket.order else {}),
        "ordered_at": instant(ticket.imported_at) if ticket.order_id != ticket.batch else None,
    }


def reevaluation_write(org: str, email: str, at: datetime) -> Write:
    """The write that makes the customer's groups due for re-evaluation at that instant."""
    key = person_keys.profile(org, email)
    return Write(
        key=key, changes=due_attributes(DUE_CUSTOMER, key, at), add={"purchases": 1}, when=conditions.present("email")
    )
