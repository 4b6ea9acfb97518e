"""The ports of a ticket import."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guestlist.customers.model import Customer
from guestlist.purchases.order import Order
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
        """Keep those whose code is free, and return the tickets that had one of the others, by code."""

    def look(self, org: str, codes: Sequence[str]) -> Mapping[str, Ticket]:
        """The tickets that have these codes, by code."""

    def of_batch(self, org: str, event_id: str, batch: str, after_line: int = -1) -> Iterator[Ticket]:
        """The tickets of one import behind that line, in no order; one just written may be missing."""

    def remove_unscanned(self, org: str, tickets: Sequence[Ticket]) -> None:
        """Remove those of them that were not scanned, their notes on buyers' pages and orders of their own."""


class Sales(Protocol):
    """The sales of an event, and the account that each import has of its places.

    Only one worker changes an account at a time: every change raises `ConcurrentModification` when the stored
    account differs from the one passed.
    """

    def read_sales(self, org: str, event_id: str) -> EventSales:
        """What is sold now."""

    def open(self, org: str, event_id: str, import_id: str) -> CapacityAccount:
        """The account of this import as it stands, begun if need be."""

    def hold(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, places: int, capacity: int | None
    ) -> CapacityAccount:
        """Hold so many more places, or as many as there are; None is no limit."""

    def settle(
        self, org: str, event_id: str, import_id: str, account: CapacityAccount, settled: CapacityAccount
    ) -> CapacityAccount:
        """Put the settled account in place of the other; what is held no more and not used goes back."""


class Contacts(Protocol):
    """The buyers in ticket imports, with their orders."""

    def ensure_contacts(self, org: str, contacts: Sequence[Contact]) -> Mapping[str, Contact]:
        """Keep those whom this import has not met before, and return each as kept, by folded e-mail."""

    def look(self, org: str, import_id: str, emails: Sequence[str]) -> Mapping[str, Contact]:
        """Those of them whom this import has met, by folded e-mail."""

    def order(self, org: str, orders: Sequence[Order], tickets: Sequence[Ticket], behind: int = 0) -> None:
        """Keep orders, and note on their buyers' pages what tickets they have; again is no harm.

        `behind` is the line behind which all of these tickets stand, the same when they are noted
        again. The buyers' automatic groups are to follow.
        """

    def leave(self, org: str, import_id: str, now: datetime) -> int:
        """Take away contacts of an import who have none of its tickets any more, with the orders they had.

        Answers how many people the import made customers; those they stay.
        """


class Customers(Protocol):
    """The customers of an organiser."""

    def ensure_customers(self, org: str, customers: Sequence[Customer]) -> Mapping[str, Customer]:
        """Keep those who are not known yet, and return each as they are kept, by folded e-mail."""

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """Those of them who are known, by folded e-mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPorts:
    """The ports of a ticket import; `digest_key` is the key of digests that stand for a person in ids."""

    tickets: Tickets
    sales: Sales
    contacts: Contacts
    customers: Customers
    digest_key: bytes
