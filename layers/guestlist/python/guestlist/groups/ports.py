"""Ports of the group services: stores that they read and write."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from guestlist.customers.model import Customer
from guestlist.groups.index import GroupIndex
from guestlist.groups.membership import AuditEntry, Change, Membership
from guestlist.groups.model import Group
from guestlist.groups.person import Person
from guestlist.groups.progress import Progress
from guestlist.purchases.model import CountedPurchase, Purchase


class Groups(Protocol):
    """Records of groups, and the group index that checks read."""

    def index(self, org: str) -> GroupIndex:
        """The current index."""

    def get_group(self, org: str, group_id: str) -> Group:
        """The record, deleted or not. Raises `errors.Unknown`."""

    def get_groups(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Group]:
        """The records that exist, by id."""

    def newest(self, org: str, after: str | None = None) -> Iterator[Group]:
        """Yield all records, newest first, deleted ones too; `after` is the last id of the previous page."""

    def save_group(
        self,
        org: str,
        group: Group,
        now: datetime,
        index: GroupIndex | None = None,
        *,
        asked_by: str | None = None,
        audit_entry: AuditEntry | None = None,
    ) -> Group:
        """Save the record with the next revision and return it.

        In the same transaction save, if given, the index, a request by `asked_by` for a full pass, and the audit entry.
        Raises `ConcurrentModification` when the record or the index is not the next revision.
        """

    def save_all(
        self, org: str, groups: Sequence[Group], index: GroupIndex, audit_entries: Sequence[AuditEntry]
    ) -> None:
        """Save several records, the index and the audit entries in one transaction.

        Raises `errors.ConcurrentModification` when a record or the index is not the next revision.
        """


class Syncs(Protocol):
    """Sync progress of each automatic group."""

    def get_progress(self, org: str, group_id: str) -> Progress:
        """The progress of a group; an empty one for a group without any."""

    def get_progress_of_each(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Progress]:
        """The progress of those groups that have any, by id."""

    def due(self, now: datetime) -> Iterator[Progress]:
        """Yield the progress of the scheduled groups of all organisers, the longest due first.

        A group stays scheduled until `unschedule`; one that was synced or postponed at `now` is not due again.
        """

    def request_full_pass(self, org: str, group_id: str, now: datetime, by: str) -> None:
        """Request a full pass that starts at `now` or later."""

    def begin_pass(self, progress: Progress, run_id: str, now: datetime) -> Progress:
        """Start a full pass. Raises `ConcurrentModification` when another has started."""

    def advance_pass(self, progress: Progress, shard: int, cursor: str) -> Progress:
        """Save the cursor of one shard of the running pass.

        Raises `ConcurrentModification` when another worker has moved it.
        """

    def finish_pass(self, progress: Progress, now: datetime) -> Progress:
        """Complete the running pass. A request made since its start stays. Raises `ConcurrentModification`."""

    def mark_synced(self, progress: Progress, now: datetime) -> None:
        """Save that the group is synced without a full pass, unless one has been requested meanwhile."""

    def postpone(self, progress: Progress, now: datetime) -> None:
        """Move the group to the end of the schedule."""

    def unschedule(self, progress: Progress) -> None:
        """Remove the group from the schedule, until a full pass is requested again."""


class Counts(Protocol):
    """Numbers of members of groups."""

    def count_members(self, org: str, group_ids: Sequence[str]) -> Mapping[str, int]:
        """The number of members of each group; may include memberships that have just ended."""


class Customers(Protocol):
    """The customers of an organiser; e-mails may be given in any case."""

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """The customers with these e-mails, by folded e-mail."""

    def find_by_name(self, org: str, typed: str) -> Iterator[str]:
        """Yield the distinct folded e-mails of customers with a word of their name beginning with `typed`, unsorted."""

    def ensure_customers(self, org: str, customers: Sequence[Customer]) -> Mapping[str, Customer]:
        """Create the customers who do not exist, and return all as stored, by folded e-mail.

        An existing customer is not changed, except that an empty name is filled in.
        """


class Memberships(Counts, Protocol):
    """Memberships of manual and automatic groups."""

    def get_memberships(self, org: str, email: str) -> Mapping[str, Membership]:
        """All memberships of one person by group id, including ended ones that were not removed yet."""

    def get_memberships_of_each(self, org: str, emails: Sequence[str]) -> Mapping[str, Mapping[str, Membership]]:
        """The memberships of each person, by folded e-mail."""

    def find_memberships(self, org: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        """The memberships that exist for these pairs of e-mail and group id, by folded e-mail and group id."""

    def list_members(
        self, org: str, group_id: str, *, begins: str = "", after: str = "", limit: int | None = None
    ) -> Iterator[Membership]:
        """Yield a group's memberships by e-mail after `after`, with e-mails that begin with `begins`."""

    def shard(self, org: str, group_id: str, shard: int, after: str = "") -> Iterator[Membership]:
        """Yield a group's memberships in one shard, by e-mail after `after`."""

    def due(self, now: datetime, *, automatic: bool) -> Iterator[tuple[str, Membership]]:
        """Yield ended memberships of automatic, or of manual, groups, each with its organiser."""

    def apply(self, org: str, changes: Sequence[Change], now: datetime) -> list[Change]:
        """Apply the changes, each atomically, and return those that failed because of a concurrent change."""

    def reevaluate(
        self, org: str, email: str, changes: Sequence[Change], now: datetime, purchases_revision: int | None
    ) -> None:
        """Apply the changes of a reevaluation, if the purchases still have the revision `purchases_revision`.

        `purchases_revision` is None without a profile. The person is no longer due for that revision. Raises
        `ConcurrentModification`; then reevaluate again.
        """


class Purchases(Protocol):
    """Purchases, and the people who are due for a reevaluation because of them."""

    def get_purchase(self, org: str, order_id: str) -> Purchase:
        """The order. Raises `errors.Unknown`."""

    def get_purchases(self, org: str, order_ids: Sequence[str]) -> Mapping[str, Purchase]:
        """The orders that exist, by id."""

    def person(self, org: str, email: str) -> Person:
        """One person's purchases and memberships, with the revision of the purchases."""

    def people(self, org: str, emails: Sequence[str]) -> list[Person]:
        """The purchases and memberships of several people, read together."""

    def due_buyers(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Yield organiser and e-mail of the people who are due for a reevaluation after a purchase or refund."""

    def buyers(
        self, org: str, sale_item_ids: Collection[str], shard: int, after: str = ""
    ) -> Iterator[tuple[str, list[CountedPurchase]]]:
        """Yield the buyers of the items in one shard by folded e-mail after `after`, with their purchases of them."""

    def record(self, org: str, purchase: Purchase, now: datetime) -> Purchase:
        """Save a new order of a customer.

        Raises `ConcurrentModification` when the order exists, or the customer does not.
        """

    def renew(self, org: str, former: Purchase, purchase: Purchase, now: datetime) -> Purchase:
        """Replace an order whose import was undone. Raises `ConcurrentModification`."""

    def save_due_buyers(self, org: str, emails: Sequence[str], now: datetime) -> str:
        """Save a note of customers to reevaluate, before their orders are recorded; returns the note's name."""

    def delete_due_buyers(self, org: str, note: str) -> None:
        """Delete the note after its customers were reevaluated."""

    def record_many(self, org: str, purchases: Sequence[Purchase], now: datetime, note: str = "") -> list[Purchase]:
        """Save new orders of different ids, and return those that could not be saved.

        With a note that lists them all, the buyers are not made due one by one.
        """

    def refund(self, org: str, purchase: Purchase, returned: Mapping[str, int], now: datetime) -> Purchase:
        """Save a refunded order and release the places in `returned`, by event id. Raises `ConcurrentModification`."""
