"""Memberships and their audit entries in the table, in the partition of the person."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.due import DueIndex, instant
from guestlist.aws.keys import Key
from guestlist.aws.sharded_query import LAST, query_shards
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.customers.model import SHARDS
from guestlist.groups.audit_blocks import block_entries, block_item, blocks_of, entries_before
from guestlist.groups.membership import AuditEntry, Change, Membership
from guestlist.groups.membership_items import (
    ENDS,
    LAPSES,
    audit_entry_item,
    audit_entry_of,
    change_audit_item,
    change_write,
    count_key,
    count_writes,
    former_audit_writes,
    membership_of,
    welcome_keys,
    welcome_write,
)
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification

_READ_AHEAD = 500
_BATCH_SIZE = 20
"""Changes in one transaction, so that with audit entries, mails and counters it has fewer than a hundred writes."""


class Memberships:
    """The memberships of every organiser."""

    def __init__(self, table: Table) -> None:
        self._table = table

    # Reading

    def get_memberships(self, org: str, email: str) -> Mapping[str, Membership]:
        """All memberships of one person by group id, including ended ones that were not removed yet."""
        items = self._table.query_all(person_keys.customer(org, email), begins="M#")
        return {item["group_id"]: membership_of(item) for item in items}

    def get_memberships_of_each(self, org: str, emails: Sequence[str]) -> Mapping[str, Mapping[str, Membership]]:
        """The memberships of each person by folded e-mail, read in parallel."""
        emails_once = list(dict.fromkeys(map(fold_email, emails)))
        memberships = self._table.run_parallel(*[partial(self.get_memberships, org, email) for email in emails_once])
        return dict(zip(emails_once, memberships, strict=True))

    def find_memberships(self, org: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Membership]:
        """The memberships that exist for these pairs of e-mail and group id, by folded e-mail and group id."""
        items = self._table.get_many(person_keys.membership(org, email, group_id) for email, group_id in pairs)
        return {(item["email"], item["group_id"]): membership_of(item) for item in items.values()}

    def list_members(
        self, org: str, group_id: str, *, begins: str = "", after: str = "", limit: int | None = None
    ) -> Iterator[Membership]:
        """Yield a group's memberships by e-mail after `after`, with e-mails that begin with `begins`.

        Read in pages of `limit`, eventually consistent.
        """
        shards = [keys.members(org, group_id, shard) for shard in range(SHARDS)]
        for item in query_shards(self._table, shards, begins=begins, after=after, limit=limit):
            yield membership_of(item)

    def shard(self, org: str, group_id: str, shard: int, after: str = "") -> Iterator[Membership]:
        """Yield a group's memberships in one shard, by e-mail after `after`; eventually consistent."""
        for item in query_shards(self._table, [keys.members(org, group_id, shard)], after=after, limit=_READ_AHEAD):
            yield membership_of(item)

    def count_members(self, org: str, group_ids: Sequence[str]) -> Mapping[str, int]:
        """The number of members of each group; may include memberships that have just ended."""
        counters = {keys.member_count(org, name, shard): name for name in group_ids for shard in range(SHARDS)}
        numbers: Counter[str] = Counter(dict.fromkeys(group_ids, 0))
        for key, item in self._table.get_many(counters).items():
            numbers[counters[key]] += item["members"]
        return numbers

    def due(self, now: datetime, *, automatic: bool) -> Iterator[tuple[str, Membership]]:
        """Yield ended memberships of automatic, or of manual, groups, each with its organiser."""
        for key in DueIndex(self._table, LAPSES if automatic else ENDS).keys(now):
            item = self._table.get(key)
            if item and item.get("due_at", "~") <= instant(now):
                yield keys.organiser_of(key.pk), membership_of(item)

    def audit_entries_of(self, org: str, email: str, limit: int, before: str = LAST) -> list[tuple[str, AuditEntry]]:
        """At most `limit` audit entries of a person, newest first, each with its cursor.

        `before` is the cursor of the last entry of the previous page.
        """
        # Memberships are read first: an entry that leaves its membership meanwhile is then read twice, not missed.
        memberships = self.get_memberships(org, email).values()
        contained = [membership.block_entry.audit_entry for membership in memberships if membership.block_entry]
        items = [audit_entry_item(org, audit_entry, fold_email(email)) for audit_entry in contained]
        between = "D#", f"D#{before}"
        page = self._table.query(person_keys.customer(org, email), between=between, descending=True, limit=limit + 1)
        entries = {item["sk"].removeprefix("D#"): audit_entry_of(item) for item in (*items, *page.items)}
        earlier = [(cursor, audit_entry) for cursor, audit_entry in entries.items() if cursor < before]
        return sorted(earlier, key=itemgetter(0), reverse=True)[:limit]

    def audit_entries_in(self, org: str, group_id: str, limit: int, before: str = LAST) -> list[tuple[str, AuditEntry]]:
        """At most `limit` audit entries of a group and its members, newest first, each with its cursor."""
        shards = [keys.audit_entries(org, group_id, shard) for shard in range(SHARDS)]
        pages = self._table.run_parallel(
            *[partial(entries_before, self._table, shard, before, limit) for shard in shards]
        )
        return sorted((entry for page in pages for entry in page), key=itemgetter(0), reverse=True)[:limit]

    # Writing

    def apply(self, org: str, changes: Sequence[Change], now: datetime) -> list[Change]:
        """Apply the changes, each atomically, and return those that failed because of a concurrent change."""
        conflicts: list[Change] = []
        # Sorted so that changes of the same counter of members share a transaction, which then writes it once.
        ordered = sorted(changes, key=lambda change: count_key(org, change))
        for at in range(0, len(ordered), _BATCH_SIZE):
            batch = ordered[at : at + _BATCH_SIZE]
            try:
                self._transact(org, batch, now)
            except ConditionFailed:
                conflicts += [change for change in batch if not self._try_apply(org, change, now)]
        return conflicts

    def reevaluate(
        self, org: str, email: str, changes: Sequence[Change], now: datetime, purchases_revision: int | None
    ) -> None:
        """Apply the changes of a reevaluation, if the purchases still have the revision `purchases_revision`.

        `purchases_revision` is None without a profile. The person is no longer due for that revision. Raises
        `ConcurrentModification`; then reevaluate again.
        """
        revision_check = _revision_check(person_keys.profile(org, email), purchases_revision)
        try:
            if not changes and revision_check.key and revision_check.remove:
                # Idempotent, so a plain update is enough, which costs half of one in a transaction.
                self._table.update(revision_check.key, remove=revision_check.remove, when=revision_check.when)
                return
            for at in range(0, max(1, len(changes)), _BATCH_SIZE):
                self._transact(org, changes[at : at + _BATCH_SIZE], now, revision_check)
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def _try_apply(self, org: str, change: Change, now: datetime) -> bool:
        try:
            self._transact(org, [change], now)
        except ConditionFailed:
            return False
        return True

    def _transact(self, org: str, changes: Sequence[Change], now: datetime, *other_writes: Write) -> None:
        to_welcome = self._without_welcome(org, [change.subject for change in changes if change.needs_welcome])
        blocks = blocks_of(changes, now, self._table.digest_key)
        entries_by_member = block_entries(blocks)
        contained = [entries_by_member.get((change.subject.email, change.subject.group_id)) for change in changes]
        writes = [*other_writes, *map(partial(change_write, org), changes, contained)]
        writes += [Write(put=block_item(org, block)) for block in blocks]
        singles = [change for change, block_entry in zip(changes, contained, strict=True) if block_entry is None]
        writes += [Write(put=change_audit_item(org, change, now)) for change in singles]
        writes += former_audit_writes(org, changes, now)
        writes += [
            welcome_write(org, change.subject, now, self._table.digest_key)
            for change in changes
            if change.subject in to_welcome
        ]
        writes += count_writes(org, changes)
        if writes:
            self._table.transact(*writes)

    def _without_welcome(self, org: str, members: Sequence[Membership]) -> list[Membership]:
        """Those of the members for whom the outbox has no welcome mail, sent or not."""
        digest_key = self._table.digest_key
        mail_keys = [welcome_keys(org, member.group_id, member.email, digest_key) for member in members]
        mails = self._table.get_many(key for member_keys in mail_keys for key in member_keys)
        return [
            member
            for member, member_keys in zip(members, mail_keys, strict=True)
            if mails.keys().isdisjoint(member_keys)
        ]


def _revision_check(key: Key, purchases_revision: int | None) -> Write:
    if purchases_revision is None:
        return Write(key=key, when=conditions.absent("email"))
    unchanged = (
        conditions.equals("purchases", purchases_revision) if purchases_revision else conditions.absent("purchases")
    )
    return Write(key=key, remove=["due_pk", "due_at"], when=unchanged & conditions.present("email"))
