"""What the import of a customer file needs from outside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guestlist.customers.importing.names import Names, RenamingNotes
from guestlist.customers.model import Customer
from guestlist.groups.index import GroupIndex
from guestlist.groups.membership import Change, Membership
from guestlist.groups.model import Group
from guestlist.imports.ports import RowResults


class Groups(Protocol):
    """The groups of an organiser."""

    def index(self, org: str) -> GroupIndex:
        """The index as it is now."""

    def get_groups(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Group]:
        """The records that exist, by id."""


class Customers(Names, Protocol):
    """The people an organiser knows."""

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """Those of them who are known, by folded e-mail."""

    def ensure_customers(
        self, org: str, customers: Sequence[Customer], known: Mapping[str, Customer] | None = None
    ) -> Mapping[str, Customer]:
        """Keep those who are not known yet, and return each as they are kept, by folded e-mail.

        `known` are those who were found to be a moment ago, where that was read.
        """


class Memberships(Protocol):
    """Who is in which group."""

    def get_memberships(self, org: str, email: str) -> Mapping[str, Membership]:
        """All of one person, by group; ended ones that were not removed yet, too."""

    def get_memberships_of_each(self, org: str, emails: Sequence[str]) -> Mapping[str, Mapping[str, Membership]]:
        """The same of each of these people, by folded e-mail."""

    def find_memberships(self, org: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        """Those that there are of these pairs of e-mail and group, by folded e-mail and group."""

    def members(self, org: str, group_ids: Sequence[str]) -> Mapping[str, int]:
        """The number of members of each of those groups."""

    def apply(self, org: str, changes: Sequence[Change], now: datetime) -> list[Change]:
        """Make the changes, each wholly or not at all, and return those that another change came before."""


class Journal(RenamingNotes, Protocol):
    """What an import changed, so that it can be taken back."""

    def note(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Keep what is about to be changed, in place of what was noted before of the same membership."""

    def redact(self, org: str, import_id: str, changes: Sequence[Change]) -> None:
        """Forget what was noted of these memberships: they were not changed after all."""

    def noted(self, org: str, import_id: str) -> Iterator[Change]:
        """All that was noted, in no order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPorts:
    """All that a customer import needs from outside."""

    groups: Groups
    customers: Customers
    memberships: Memberships
    journal: Journal
    row_results: RowResults
