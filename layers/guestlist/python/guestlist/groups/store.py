"""The records of groups in the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from guestlist.aws import conditions, keys
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.aws.table_reads import Reading, join_readings
from guestlist.groups.index import GroupIndex
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership import AuditEntry
from guestlist.groups.membership_items import audit_entry_item
from guestlist.groups.model import Group
from guestlist.groups.preconditions import unknown_group
from guestlist.groups.sync_store import request_pass
from guestlist.model.errors import ConcurrentModification

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Groups:
    """The groups of every organiser; the record and the index change together."""

    def __init__(self, table: Table, indexes: GroupIndexes) -> None:
        self._table = table
        self._indexes = indexes

    def index(self, org: str) -> GroupIndex:
        """The current index."""
        return self._indexes.read_group_index(org)

    def get_group(self, org: str, group_id: str) -> Group:
        """The record, deleted or not. Raises `Unknown`."""
        item = self._table.get(keys.group(org, group_id))
        if item is None:
            raise unknown_group(group_id)
        return _group(item)

    def with_index(self, org: str, group_id: str) -> tuple[Group, GroupIndex]:
        """The record and the index, in one round trip. Raises `Unknown`."""
        key = keys.group(org, group_id)
        record = Reading(lambda items, _: items.get(key), [key])
        item, index = self._table.read(join_readings([record, self._indexes.reading(org)]))
        if item is None:
            raise unknown_group(group_id)
        return _group(item), index

    def get_groups(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Group]:
        """The records that exist, by id."""
        items = self._table.get_many(keys.group(org, group_id) for group_id in group_ids)
        return {key.sk: _group(item) for key, item in items.items()}

    def newest(self, org: str, after: str | None = None) -> Iterator[Group]:
        """Yield all records, newest first, deleted ones too; `after` is the last id of the previous page."""
        start = keys.group(org, after)._asdict() if after else None
        for item in self._table.query_all(keys.group(org, "").pk, descending=True, start=start):
            yield _group(item)

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
        next_revision = replace(group, revision=group.revision + 1)
        writes = [group_write(org, next_revision)]
        writes += [request_pass(org, group.group_id, now, asked_by)] if asked_by is not None else []
        writes += [Write(put=audit_entry_item(org, audit_entry))] if audit_entry is not None else []
        if index is not None:
            self._indexes.write_group_index(org, index, *writes)
            return next_revision
        try:
            self._table.transact(*writes)
        except ConditionFailed as error:
            raise ConcurrentModification from error
        return next_revision

    def save_all(
        self, org: str, groups: Sequence[Group], index: GroupIndex, audit_entries: Sequence[AuditEntry]
    ) -> None:
        """Save several records, the index and the audit entries in one transaction.

        Raises `ConcurrentModification` when a record or the index is not the next revision.
        """
        writes = [group_write(org, replace(group, revision=group.revision + 1)) for group in groups]
        writes += [Write(put=audit_entry_item(org, audit_entry)) for audit_entry in audit_entries]
        self._indexes.write_group_index(org, index, *writes)


def group_write(org: str, group: Group) -> Write:
    """Write of a record, on condition that its revision is the next one; 1 for a new group."""
    item = {
        **keys.group(org, group.group_id)._asdict(),
        "revision": group.revision,
        "record": _adapter().dump_json(group, exclude={"revision"}, exclude_defaults=True).decode(),
    }
    is_new = group.revision == 1
    return Write(put=item, when=conditions.absent() if is_new else conditions.equals("revision", group.revision - 1))


def _group(item: Item) -> Group:
    return replace(_adapter().validate_json(item["record"]), revision=item["revision"])


@cache
def _adapter() -> "TypeAdapter[Group]":
    from pydantic import TypeAdapter

    return TypeAdapter(Group)
