"""Blocks of audit entries: what an import did to several members of a group, in one item.

A block is in the history of the group, listed under the last of its entries. Each of its memberships contains its own
entry too, until it changes: the history of the person and webhook events are derived from there.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from guestlist.aws import conditions, keys, person_keys
from guestlist.aws.digests import digest
from guestlist.aws.due import instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.sharded_query import FIRST, LAST
from guestlist.aws.table import ConditionFailed, Table
from guestlist.customers.model import shard_of
from guestlist.groups.membership import AuditEntry, BlockEntry, Change
from guestlist.groups.membership_items import audit_entry_item, audit_entry_of, can_contain
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.email_address import fold_email
from guestlist.model.errors import ConcurrentModification

_ENTRIES = "entries"
_SHARED_ATTRIBUTES = {"pk", "sk", "g1pk", "g1sk", "group_id", "at"}


@dataclass(frozen=True, slots=True)
class AuditBlock:
    """Audit entries of one group, shard and instant by e-mail or, for erased people, by a digest."""

    shard: int
    name: str
    audit_entries: Mapping[str, AuditEntry]


def blocks_of(changes: Sequence[Change], at: datetime, digest_key: bytes) -> list[AuditBlock]:
    """Blocks for new memberships of an import, wherever a group and shard has several of them."""
    entries_by_shard: dict[tuple[str, int], dict[str, AuditEntry]] = defaultdict(dict)
    for change in changes:
        audit_entry = change.audit_entry(at)
        if can_contain(change, audit_entry):
            email = change.subject.email
            entries_by_shard[change.subject.group_id, shard_of(email)][email] = audit_entry
    return [
        AuditBlock(shard, f"{instant(at)}#{group_id}#{digest(*entries, key=digest_key)[:16]}", entries)
        for (group_id, shard), entries in entries_by_shard.items()
        if len(entries) > 1
    ]


def block_entries(blocks: Sequence[AuditBlock]) -> dict[tuple[str, str], BlockEntry]:
    """The entries of the blocks by e-mail and group id, as memberships contain them."""
    return {
        (email, audit_entry.group_id): BlockEntry(block=block.name, audit_entry=audit_entry)
        for block in blocks
        for email, audit_entry in block.audit_entries.items()
    }


def block_item(org: str, block: AuditBlock) -> Item:
    """Item of a block. The previous release reads it as one entry that names nobody."""
    items = {
        subject_key: audit_entry_item(org, audit_entry, subject_key)
        for subject_key, audit_entry in block.audit_entries.items()
    }
    last = max(items.values(), key=lambda item: item["g1sk"])
    attributes = {subject_key: _own_attributes(item) for subject_key, item in items.items()}
    return {
        **last,
        **person_keys.audit_block(org, block.shard, block.name)._asdict(),
        **dict.fromkeys(("email", "because", "line")),
        "why": "",
        "g1pk": keys.audit_entries(org, last["group_id"], block.shard),
        _ENTRIES: zlib.compress(json.dumps(attributes, ensure_ascii=False, separators=(",", ":")).encode()),
    }


def _own_attributes(item: Item) -> dict[str, Any]:
    """The attributes of an audit entry that it does not share with its block."""
    return {name: value for name, value in item.items() if name not in _SHARED_ATTRIBUTES and value is not None}


def _block(item: Item) -> AuditBlock:
    """Parse the item of a block."""
    shared = {"group_id": item["group_id"], "at": item["at"]}
    entries = json.loads(zlib.decompress(item[_ENTRIES]))
    audit_entries = {
        subject_key: audit_entry_of({**shared, **attributes}) for subject_key, attributes in entries.items()
    }
    return AuditBlock(int(item["pk"].rpartition("#")[2]), item["sk"], audit_entries)


def entries_before(table: Table, partition: str, before: str, limit: int) -> list[tuple[str, AuditEntry]]:
    """The last `limit` audit entries of a group's shard before this cursor, or more, each with its cursor, unsorted."""
    query = partial(table.query, partition, index="listing", descending=True)
    items = list(query(between=(FIRST, before), limit=limit + 1).items)
    if before != LAST:
        # A block that is listed after the cursor may have entries before it, all of the cursor's instant.
        instant_end = before.partition("\x1f")[0] + LAST
        items += table.query_all(partition, index="listing", between=(before, instant_end))
    return list({cursor: entry for item in items for cursor, entry in _entries(item) if cursor < before}.items())


def _entries(item: Item) -> Iterator[tuple[str, AuditEntry]]:
    if _ENTRIES not in item:
        yield item["g1sk"], audit_entry_of(item)
        return
    org = keys.organiser_of(item["pk"])
    for subject_key, audit_entry in _block(item).audit_entries.items():
        yield audit_entry_item(org, audit_entry, subject_key)["g1sk"], audit_entry


class AuditBlocks:
    """The blocks of every organiser."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def anonymise(self, org: str, email: str, names: Sequence[str]) -> None:
        """Replace the person by a digest in these blocks."""
        for name in names:
            key = person_keys.audit_block(org, shard_of(email), name)
            retry_on_conflict(partial(self._anonymise, key, fold_email(email)))

    def anonymise_everywhere(self, org: str, email: str) -> None:
        """Replace the person by a digest in every block, also in those that no membership refers to."""
        shard, folded_email = shard_of(email), fold_email(email)
        for item in self._table.query_all(person_keys.audit_blocks(org, shard)):
            if folded_email in _block(item).audit_entries:
                self.anonymise(org, email, [item["sk"]])

    def _anonymise(self, key: Key, email: str) -> None:
        item = self._table.get(key)
        block = _block(item) if item else None
        audit_entry = block.audit_entries.get(email) if block else None
        if item is None or block is None or audit_entry is None:
            return
        org = keys.organiser_of(key.pk)
        former = audit_entry_item(org, audit_entry, email)
        anonymous_key = digest(former["pk"], former["sk"], key=self._table.digest_key)
        others = {key: entry for key, entry in block.audit_entries.items() if key != email}
        cleaned = replace(block, audit_entries={**others, anonymous_key: replace(audit_entry, email=None)})
        try:
            self._table.put(block_item(org, cleaned), when=conditions.equals(_ENTRIES, item[_ENTRIES]))
        except ConditionFailed as error:
            raise ConcurrentModification from error
