"""Stored data that calls of the API need, and the log that they write."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from guestlist.aws.table import Table
from guestlist.groups.index import GroupType, IndexedGroup, Version
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.model import target_group
from guestlist.groups.store import Groups
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import HEAD, with_hash
from guestlist.lists.packed_list import TextId
from guestlist.lists.partition import encode, partition_of
from guestlist.lists.store import PackedListStore
from guestlist.model import ids

DIGEST_KEY = b"what digests of persons are made with"
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def a_list(
    table: Table, *entries: Entry, org: str = "demo", name: str = "Friends", partitions: int = 1, version_id: str = "v1"
) -> str:
    """A target group with these rows; answers its id."""
    group_id = ids.new_id(BEFORE)
    version = a_version(table, entries, org, group_id, partitions, version_id)
    group = IndexedGroup(
        group_id=group_id,
        type=GroupType.TARGET,
        name=name,
        created_at=BEFORE,
        base=version,
        entries=len(entries),
    )
    groups = Groups(table, GroupIndexes(table))
    groups.save_group(org, target_group(group), BEFORE, groups.index(org).with_group(group))
    return group_id


def a_version(
    table: Table, entries: Sequence[Entry], org: str, group_id: str, partitions: int, version_id: str
) -> Version:
    """A packed list on a group's list_store."""
    texts = {}
    for partition in range(partitions):
        rows = [entry for entry in entries if partition_of(entry.key, partitions) == partition]
        texts[TextId(version_id, partition)] = encode([line[HEAD:] for line in sorted(map(with_hash, rows))])
    PackedListStore(table, org, group_id).write_texts(texts)
    return Version(version_id, partitions, len(entries))


def log_text(caplog: pytest.LogCaptureFixture) -> str:
    """All log records with their extra fields."""
    return str([vars(one) for one in caplog.records])
