"""Fakes and builders for tickets, in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from guestlist.customers.model import Customer
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification
from guestlist.purchases.ticket_order import TicketOrder, buyer_order_id, has_own_order
from guestlist.tickets.contact import Contact
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.rows import TicketFile
from guestlist.tickets.model import CapacityAccount, Sales, Ticket

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
IMPORT = "01kajr0000aaaaaaaaaaaaaaaa"
FILE = TicketFile(organiser_id="demo", import_id=IMPORT, event_id="gala", at=AT, digest_key=b"")


@dataclass(frozen=True)
class ARow:
    """A row of a ticket file."""

    code: str
    name: str = ""
    email: str = ""
    original_at: datetime | None = None
    ticket_type: str = ""
    seat: str = ""
    order: str = ""


def a_ticket(code: str = "A1", **changes: Any) -> Ticket:
    plain = Ticket(code=code, event_id="gala", batch=IMPORT, imported_at=AT, line=2)
    return replace(plain, **changes)


class FakeTickets:
    """Tickets by organiser and code."""

    def __init__(self, contacts: "FakeContacts | None" = None) -> None:
        self.stored: dict[tuple[str, str], Ticket] = {}
        self.noted: set[tuple[str, str, datetime, str]] = set()
        self._contacts = contacts or FakeContacts()

    def insert(self, org: str, tickets: Sequence[Ticket]) -> Mapping[str, Ticket]:
        existing = self.get_tickets(org, [ticket.code for ticket in tickets])
        self.stored |= {(org, ticket.code): ticket for ticket in tickets if ticket.code not in existing}
        return existing

    def get_tickets(self, org: str, codes: Sequence[str]) -> Mapping[str, Ticket]:
        return {code: self.stored[org, code] for code in codes if (org, code) in self.stored}

    def list_batch(self, org: str, event_id: str, batch: str, after_line: int = -1) -> Iterator[Ticket]:
        for (owner, _), ticket in list(self.stored.items()):
            if (owner, ticket.event_id, ticket.batch) == (org, event_id, batch) and ticket.line > after_line:
                yield ticket

    def remove_unscanned(self, org: str, tickets: Sequence[Ticket]) -> None:
        for ticket in tickets:
            existing = self.stored.get((org, ticket.code))
            if existing and existing.batch == ticket.batch and existing.scanned_at is None:
                del self.stored[org, ticket.code]
                self._contacts.forget(org, existing)

    def scan(self, org: str, code: str, event_id: str, now: datetime) -> Ticket | None:
        existing = self.stored.get((org, code))
        if existing is None or existing.event_id != event_id or existing.scanned_at:
            return None
        self.stored[org, code] = replace(existing, scanned_at=now)
        return self.stored[org, code]

    def scan_offline(self, org: str, ticket: Ticket, at: datetime, device: str) -> Ticket | None:
        existing = self.stored.get((org, ticket.code))
        expected = (ticket.event_id, ticket.scanned_at, ticket.scanned_by)
        if existing is None or (existing.event_id, existing.scanned_at, existing.scanned_by) != expected:
            return None
        self.stored[org, ticket.code] = replace(existing, scanned_at=at, scanned_by=device)
        return self.stored[org, ticket.code]

    def save_conflict(self, org: str, ticket: Ticket, at: datetime, device: str) -> None:
        self.noted.add((org, ticket.code, at, device))

    def run_parallel(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        return [call() for call in calls]

    def get_ticket(self, org: str, code: str) -> Ticket | None:
        return self.stored.get((org, code))


@dataclass
class Counters:
    """The sales of one event, and the account of each import."""

    taken_places: int = 0
    imported: int = 0
    accounts: dict[str, CapacityAccount] = field(default_factory=dict)


class FakeSales:
    """The sales of every event."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], Counters] = {}

    def read_sales(self, org: str, event_id: str) -> Sales:
        counters = self.stored.get((org, event_id), Counters())
        places_held = sum(account.held_places for account in counters.accounts.values())
        return Sales(taken_places=counters.taken_places, held_places=places_held, imported=counters.imported)

    def sell(self, org: str, event_id: str, capacity: int) -> bool:
        """A live sale of one place, if there is one."""
        counters = self.counters(org, event_id)
        if counters.taken_places >= capacity:
            return False
        counters.taken_places += 1
        return True

    def open_account(self, org: str, event_id: str, import_id: str) -> CapacityAccount:
        return self.counters(org, event_id).accounts.setdefault(import_id, CapacityAccount())

    def hold_places(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, places: int, capacity: int | None
    ) -> CapacityAccount:
        counters = self.counters(org, event_id)
        full_account = replace(account, held_places=account.held_places + places)
        if counters.accounts[import_id] == full_account:
            return full_account
        self._check(counters, import_id, account)
        places_granted = places if capacity is None else max(0, min(places, capacity - counters.taken_places))
        counters.taken_places += places_granted
        counters.accounts[import_id] = replace(account, held_places=account.held_places + places_granted)
        return counters.accounts[import_id]

    def commit_account(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, committed_account: CapacityAccount
    ) -> CapacityAccount:
        counters = self.counters(org, event_id)
        if counters.accounts[import_id] != committed_account:
            self._check(counters, import_id, account)
            used_places = committed_account.used_places - account.used_places
            counters.taken_places += used_places + committed_account.held_places - account.held_places
            counters.imported += used_places
            counters.accounts[import_id] = committed_account
        return committed_account

    def counters(self, org: str, event_id: str) -> Counters:
        """The counters, which may be changed."""
        return self.stored.setdefault((org, event_id), Counters())

    def _check(self, counters: Counters, import_id: str, account: CapacityAccount) -> None:
        if counters.accounts[import_id] != account:
            raise ConcurrentModification


class FakeContacts:
    """Contacts by organiser, import and folded e-mail; orders and buyers' tickets beside them."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str, str], Contact] = {}
        self.orders: dict[tuple[str, str], TicketOrder] = {}
        self.bought: dict[tuple[str, str, str], str] = {}

    def ensure_contacts(self, org: str, contacts: Sequence[Contact]) -> Mapping[str, Contact]:
        ensured = {}
        for contact in contacts:
            key = fold_email(contact.email)
            ensured[key] = self.stored.setdefault((org, contact.import_id, key), contact)
        return ensured

    def get_contacts(self, org: str, import_id: str, emails: Sequence[str]) -> Mapping[str, Contact]:
        keys = {fold_email(email) for email in emails}
        return {key: self.stored[org, import_id, key] for key in keys if (org, import_id, key) in self.stored}

    def save_orders(self, org: str, orders: Sequence[TicketOrder], tickets: Sequence[Ticket], behind: int = 0) -> None:
        assert behind >= 0
        self.orders |= {(org, order.order_id): order for order in orders}
        self.bought |= {(org, fold_email(one.email), one.sort_key): one.order_id for one in tickets if one.email}

    def forget(self, org: str, ticket: Ticket) -> None:
        self.bought.pop((org, fold_email(ticket.email), ticket.sort_key), None)
        if has_own_order(ticket):
            self.orders.pop((org, ticket.order_id), None)

    def remove_contacts(self, org: str, import_id: str, now: datetime) -> int:
        assert now
        mine = {key: contact for key, contact in self.stored.items() if key[:2] == (org, import_id)}
        for key, contact in mine.items():
            if not any(purchase[:2] == (org, key[2]) and import_id in purchase[2] for purchase in self.bought):
                del self.stored[key]
                self.orders.pop((org, buyer_order_id(import_id, contact.email, b"")), None)
        return sum(contact.created for contact in mine.values())


class FakeCustomers:
    """Customers by organiser and folded e-mail."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], Customer] = {}

    def ensure_customers(self, org: str, customers: Sequence[Customer]) -> Mapping[str, Customer]:
        for one in customers:
            customer = self.stored.setdefault((org, one.key), one)
            self.stored[org, one.key] = replace(customer, name=customer.name or one.name)
        return {one.key: self.stored[org, one.key] for one in customers}

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        keys = {fold_email(email) for email in emails}
        return {key: self.stored[org, key] for key in keys if (org, key) in self.stored}


class FakeEventTickets:
    """Tickets added alone, in the world where imports add theirs."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def get_ticket(self, org: str, code: str) -> Ticket | None:
        return self._world.tickets.get_ticket(org, code)

    def sales(self, org: str, event_id: str) -> Sales:
        return self._world.sales.read_sales(org, event_id)

    def add_ticket(self, org: str, ticket: Ticket, order: TicketOrder, capacity: int | None) -> bool:
        counters = self._world.sales.counters(org, ticket.event_id)
        if self.get_ticket(org, ticket.code) or (capacity is not None and counters.taken_places >= capacity):
            return False
        self._world.tickets.insert(org, [ticket])
        self._world.contacts.save_orders(org, [order] if ticket.email else [], [ticket])
        counters.taken_places += 1
        counters.imported += 1
        return True


class World:
    """All data that a ticket import changes."""

    def __init__(self) -> None:
        self.contacts = FakeContacts()
        self.tickets = FakeTickets(self.contacts)
        self.sales = FakeSales()
        self.customers = FakeCustomers()

    @property
    def ports(self) -> TicketPorts:
        return TicketPorts(
            tickets=self.tickets, sales=self.sales, contacts=self.contacts, customers=self.customers, digest_key=b""
        )

    def state(self) -> Any:
        """All data in a comparable form."""
        return (
            self.tickets.stored,
            self.sales.stored,
            self.contacts.stored,
            self.contacts.orders,
            self.contacts.bought,
            self.customers.stored,
        )
