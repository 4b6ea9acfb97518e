"""The ports of a ticket import."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guestlist.customers.model import Customer
from guestlist.purchases.ticket_order import TicketOrder
from guestlist.tickets.contact import Contact
from guestlist.tickets.model import CapacityAccount, Ticket
from guestlist.tickets.model import Sales as EventSales


class TicketRow(Protocol):
    """A parsed row of a ticket file. `original_at` is when the ticket was sold, if the file has it."""

    @property
    def code(self) -> str:
        """The exact barcode."""

    @property
    def name(self) -> str:
        """The buyer's name, or an empty text."""

    @property
    def email(self) -> str:
        """The buyer's e-mail, or an empty text."""

    @property
    def original_at(self) -> datetime | None:
        """An instant in UTC."""

    @property
    def ticket_type(self) -> str:
        """The type of ticket, or an empty text."""

    @property
    def seat(self) -> str:
        """The seat, or an empty text."""

    @property
    def order(self) -> str:
        """The number of its order in the other system, or an empty text."""


class Tickets(Protocol):
    """The tickets of an organiser, by code."""

    def insert(self, org: str, tickets: Sequence[Ticket]) -> Mapping[str, Ticket]:
        """Store the tickets whose code is free, and return the existing tickets with the other codes, by code."""

    def get_tickets(self, org: str, codes: Sequence[str]) -> Mapping[str, Ticket]:
        """The tickets that have these codes, by code."""

    def list_batch(self, org: str, event_id: str, batch: str, after_line: int = -1) -> Iterator[Ticket]:
        """Yield the tickets of one import after that line, unsorted; one just written may be missing."""

    def remove_unscanned(self, org: str, tickets: Sequence[Ticket]) -> None:
        """Delete the tickets that were not scanned, with their notes in buyers' partitions and their own orders."""


class Sales(Protocol):
    """The sales of an event, and the account that each import has of its places.

    Only one worker changes an account at a time: every change raises `ConcurrentModification` when the stored
    account differs from the one passed.
    """

    def read_sales(self, org: str, event_id: str) -> EventSales:
        """The current sales."""

    def open_account(self, org: str, event_id: str, import_id: str) -> CapacityAccount:
        """The account of this import, created if it does not exist."""

    def hold_places(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, places: int, capacity: int | None
    ) -> CapacityAccount:
        """Hold this many more places, or as many as there are; None is no limit."""

    def commit_account(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, committed_account: CapacityAccount
    ) -> CapacityAccount:
        """Replace the account; places that are no longer held and were not used are released."""


class Contacts(Protocol):
    """The buyers in ticket imports, with their orders."""

    def ensure_contacts(self, org: str, contacts: Sequence[Contact]) -> Mapping[str, Contact]:
        """Store the contacts that are new to their import, and return each as stored, by folded e-mail."""

    def get_contacts(self, org: str, import_id: str, emails: Sequence[str]) -> Mapping[str, Contact]:
        """The existing contacts of this import, by folded e-mail."""

    def save_orders(
        self, org: str, orders: Sequence[TicketOrder], tickets: Sequence[Ticket], after_line: int = 0
    ) -> None:
        """Store orders, save notes of the tickets in the buyers' partitions, and make the buyers due for re-evaluation.

        `after_line` is a line before all of these tickets, the same on every repetition. Idempotent.
        """

    def remove_contacts(self, org: str, import_id: str, now: datetime) -> int:
        """Delete contacts of an import that have none of its tickets left, with their orders.

        Returns the number of customers that the import created; they stay.
        """


class Customers(Protocol):
    """The customers of an organiser."""

    def ensure_customers(self, org: str, customers: Sequence[Customer]) -> Mapping[str, Customer]:
        """Create the customers who do not exist, and return all as stored, by folded e-mail."""

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """The existing customers, by folded e-mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPorts:
    """The ports of a ticket import; `digest_key` is the key of digests that stand for a person in ids."""

    tickets: Tickets
    sales: Sales
    contacts: Contacts
    customers: Customers
    digest_key: bytes
