"""What the flows of groups need from outside."""

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
    """The records of groups, and the index that checks read."""

    def index(self, org: str) -> GroupIndex:
        """The index as it is now."""

    def get_group(self, org: str, group_id: str) -> Group:
        """The record as it is now, deleted or not. Raises `errors.Unknown`."""

    def get_groups(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Group]:
        """The records that exist, by id."""

    def newest(self, org: str, after: str | None = None) -> Iterator[Group]:
        """Every record, newest first, deleted ones too; `after` is the id to go on behind."""

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
        """Keep the record under its next revision and, in the same step, whatever is given beside it.

        That is the index, the request of `asked_by` for a full pass, and what was done to the group.

        Raises `ConcurrentModification` when the record or the index is not the next one.
        """

    def save_all(
        self, org: str, groups: Sequence[Group], index: GroupIndex, audit_entries: Sequence[AuditEntry]
    ) -> None:
        """Keep some records, the index and what was done to the groups, all in one step.

        Raises `errors.ConcurrentModification` when a record or the index is not the next one.
        """


class Syncs(Protocol):
    """How far the syncing of each automatic group has come."""

    def get_progress(self, org: str, group_id: str) -> Progress:
        """The progress as it is now; nothing wanted and nothing done for a group that never was automatic."""

    def get_progress_of_each(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Progress]:
        """What there is of those groups, by id."""

    def due(self, now: datetime) -> Iterator[Progress]:
        """The progress of each automatic group, of all organisers, that is to be visited, the longest due first.

        Every group is, until it is taken off the list; none a second time that was visited at that instant.
        """

    def request_full_pass(self, org: str, group_id: str, now: datetime, by: str) -> None:
        """Wish for a full pass that begins at `now` or later."""

    def begin(self, progress: Progress, run_id: str, now: datetime) -> Progress:
        """Begin a full pass. Raises `ConcurrentModification` when another began meanwhile."""

    def advance(self, progress: Progress, shard: int, cursor: str) -> Progress:
        """Note how far the running pass has come in one shard.

        Raises `ConcurrentModification` when another worker noted more.
        """

    def finish(self, progress: Progress, now: datetime) -> Progress:
        """End the running pass well. A request that came after it began stays. Raises `ConcurrentModification`."""

    def mark_synced(self, progress: Progress, now: datetime) -> None:
        """Note that the group is in step without a full pass, unless one has been wished for meanwhile."""

    def postpone(self, progress: Progress, now: datetime) -> None:
        """Have every other group come first from now on."""

    def unschedule(self, progress: Progress) -> None:
        """Take the group off the list, until a full pass is wished for again."""


class Counts(Protocol):
    """How many members groups have."""

    def members(self, org: str, group_ids: Sequence[str]) -> Mapping[str, int]:
        """The number of members of each of those groups, those whose end has just come included."""


class Customers(Protocol):
    """The people an organiser knows; e-mails may be written in any case."""

    def get_customers(self, org: str, emails: Sequence[str]) -> Mapping[str, Customer]:
        """Those of them who are known, by folded e-mail."""

    def named(self, org: str, typed: str) -> Iterator[str]:
        """The folded e-mails of all whose name, from one of its words on, begins with that, each once, in no order."""

    def ensure_customers(self, org: str, customers: Sequence[Customer]) -> Mapping[str, Customer]:
        """Keep those who are not known yet, and return each as they are kept, by folded e-mail.

        Nobody is overwritten, but an empty name is filled in.
        """


class Memberships(Counts, Protocol):
    """Who is in which manual or automatic group."""

    def get_memberships(self, org: str, email: str) -> Mapping[str, Membership]:
        """All of one person, by group; ended ones that were not removed yet, too."""

    def get_memberships_of_each(self, org: str, emails: Sequence[str]) -> Mapping[str, Mapping[str, Membership]]:
        """The same of each of these people, by folded e-mail."""

    def find_memberships(self, org: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        """Those that there are of these pairs of e-mail and group, by folded e-mail and group."""

    def list_members(
        self, org: str, group_id: str, *, begins: str = "", after: str = "", limit: int | None = None
    ) -> Iterator[Membership]:
        """Those of one group by e-mail, behind `after`, whose e-mail begins with `begins`."""

    def shard(self, org: str, group_id: str, shard: int, after: str = "") -> Iterator[Membership]:
        """Those of one group in one shard, by e-mail, behind `after`."""

    def due(self, now: datetime, *, automatic: bool) -> Iterator[tuple[str, Membership]]:
        """Memberships of automatic, or of manual, groups whose end has come, each with its organiser."""

    def apply(self, org: str, changes: Sequence[Change], now: datetime) -> list[Change]:
        """Make the changes, each wholly or not at all, and return those that another change came before."""

    def reevaluate(self, org: str, email: str, changes: Sequence[Change], now: datetime, seen: int | None) -> None:
        """Make the changes of one person that follow from their purchases, as long as those are what was seen.

        `seen` is the number of the purchases' state, None for somebody without a profile. What was owed
        to that state is owed no more. Raises `ConcurrentModification`; then nothing is lost by deciding again.
        """


class Purchases(Protocol):
    """What people bought."""

    def get_purchase(self, org: str, order_id: str) -> Purchase:
        """The order as it is now. Raises `errors.Unknown`."""

    def get_purchases(self, org: str, order_ids: Sequence[str]) -> Mapping[str, Purchase]:
        """The orders that there are of these, by id."""

    def person(self, org: str, email: str) -> Person:
        """One person's purchases and memberships, with the number of the state that they were read under."""

    def people(self, org: str, emails: Sequence[str]) -> list[Person]:
        """The same of each of these people, read together."""

    def owed(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Organiser and e-mail of everybody whose groups have not followed their last purchase or refund."""

    def buyers(
        self, org: str, sale_item_ids: Collection[str], shard: int, after: str = ""
    ) -> Iterator[tuple[str, list[CountedPurchase]]]:
        """Who of one shard bought any of those items, by folded e-mail behind `after`, and what they bought of them."""

    def record(self, org: str, purchase: Purchase, now: datetime) -> Purchase:
        """Keep a new order of a customer.

        Raises `ConcurrentModification` when there is one of that id, or no such customer.
        """

    def renew(self, org: str, former: Purchase, purchase: Purchase, now: datetime) -> Purchase:
        """Keep an order of a customer in the place of one that was taken back. Raises `ConcurrentModification`."""

    def owe_many(self, org: str, emails: Sequence[str], now: datetime) -> str:
        """Keep that these customers' groups are to follow what they are about to buy; answers the note's name."""

    def settle(self, org: str, note: str) -> None:
        """Forget the note: the groups of all whom it names have followed."""

    def record_many(self, org: str, purchases: Sequence[Purchase], now: datetime, note: str = "") -> list[Purchase]:
        """Keep new orders, of different ids, of customers, and return those that were not kept, for whatever reason.

        With a note, which names them all, the buyers do not fall due by themselves.
        """

    def refund(self, org: str, purchase: Purchase, back: Mapping[str, int], now: datetime) -> Purchase:
        """Keep the order with `back` places of its events given back. Raises `ConcurrentModification`."""
