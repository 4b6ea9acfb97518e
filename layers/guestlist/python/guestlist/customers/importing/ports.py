"""Ports of the import of a customer file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guestlist.customers.importing.names import CustomerNames, NameChangeJournal
from guestlist.customers.model import Customer
from guestlist.groups.index import GroupIndex
from guestlist.groups.membership import Change, Membership
from guestlist.groups.model import Group
from guestlist.imports.ports import RowResults


class Groups(Protocol):
    """The groups of an organiser."""

    def index(self, org: str) -> GroupIndex:
        """The current index."""

    def get_groups(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Group]:
        """The records that exist, by id."""


class Customers(CustomerNames, Protocol):
    """The customers of an organiser."""

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """The customers with these e-mails, by folded e-mail."""

    def ensure_customers(
        self, org: str, customers: Sequence[Customer], existing: Mapping[str, Customer] | None = None
    ) -> Mapping[str, Customer]:
        """Create the customers who do not exist, and return all as stored, by folded e-mail.

        `existing` are those who exist, if they were just read.
        """


class Memberships(Protocol):
    """Memberships of manual and automatic groups."""

    def get_memberships(self, org: str, email: str) -> Mapping[str, Membership]:
        """All memberships of one person by group id, including ended ones that were not removed yet."""

    def get_memberships_of_each(self, org: str, emails: Sequence[str]) -> Mapping[str, Mapping[str, Membership]]:
        """The memberships of each person, by folded e-mail."""

    def find_memberships(self, org: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        """The memberships that exist for these pairs of e-mail and group id, by folded e-mail and group id."""

    def count_members(self, org: str, group_ids: Sequence[str]) -> Mapping[str, int]:
        """The number of members of each group."""

    def apply(self, org: str, changes: Sequence[Change], now: datetime) -> list[Change]:
        """Apply the changes, each atomically, and return those that failed because of a concurrent change."""


class Journal(NameChangeJournal, Protocol):
    """Journal of the changes that an import made, for its undo."""

    def append_changes(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Save changes before they are made, replacing earlier ones of the same membership."""

    def remove_changes(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Delete changes that were not made after all."""

    def changes(self, org: str, import_id: str) -> Iterator[Change]:
        """Yield all changes of memberships, unsorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPorts:
    """The ports of a customer import."""

    groups: Groups
    customers: Customers
    memberships: Memberships
    journal: Journal
    row_results: RowResults
