"""Store of imports."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from guestlist.aws import conditions, keys
from guestlist.aws.conditions import Condition
from guestlist.aws.due import DueIndex, due_attributes, instant
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership import AuditEntry
from guestlist.groups.membership_items import audit_entry_item
from guestlist.groups.model import target_group
from guestlist.groups.store import group_write
from guestlist.imports.model import Import, Source
from guestlist.imports.ports import ExpiredVersion, Publication
from guestlist.imports.problem_record import ProblemRecord
from guestlist.lists.expired_versions import cancel_deletion, deletion_note
from guestlist.lists.importing.cleanup import RETENTION
from guestlist.lists.version_store import version_writes
from guestlist.lists.versions import effect_of
from guestlist.mail.model import MailKind
from guestlist.mail.outbox import pending_mail_write
from guestlist.model.errors import ConcurrentModification, Unknown

if TYPE_CHECKING:
    from pydantic import TypeAdapter

DUE = "import"


class Imports:
    """Imports of all organisers."""

    def __init__(self, table: Table, indexes: GroupIndexes) -> None:
        self._table = table
        self._indexes = indexes
        self._due = DueIndex(table, DUE)

    # Reading

    def get_import(self, org: str, import_id: str) -> Import:
        """The current record. Raises `Unknown`."""
        item = self._table.get(keys.file_import(org, import_id))
        if item is None:
            raise Unknown("not_found.import", id=import_id)
        return from_stored(item)

    def newest(self, org: str, after: str | None = None) -> Iterator[Import]:
        """All imports of the organiser, newest first, after the id `after`."""
        start = {"pk": keys.imports(org), "sk": after} if after else None
        for item in self._table.query_all(keys.imports(org), descending=True, start=start, limit=200):
            yield from_stored(item)

    def due(self, now: datetime) -> Iterator[Import]:
        """Imports whose worker has not reported for too long, or whose wait for a person has expired."""
        for key in self._due.keys(now):
            item = self._table.get(key)
            if item and item.get("due_at", "~") <= instant(now):
                yield from_stored(item)

    def problems(self, org: str, import_id: str) -> Sequence[ProblemRecord]:
        """The first problems of the file, in order of line."""
        item = self._table.get(keys.problems(org, import_id))
        stored: list[ProblemRecord] = json.loads(item["problems"]) if item else []
        return stored

    # Writing

    def add_import(self, record: Import) -> bool:
        """Create a record; False if one with this id exists, which is not changed."""
        try:
            self._table.put(_item(record), when=conditions.absent())
        except ConditionFailed:
            return False
        return True

    def save_import(self, record: Import) -> Import:
        """Save the changed record as its next revision. Raises `ConcurrentModification`."""
        next_revision = replace(record, revision=record.revision + 1)
        item = _item(next_revision)
        try:
            self._table.put(item, when=_unchanged(record))
        except ConditionFailed as error:
            # A repeated request whose first response was lost finds what it stored itself.
            if (self._table.get(Key(item["pk"], item["sk"])) or {}).get("record") != item["record"]:
                raise ConcurrentModification from error
        return next_revision

    def finish(self, record: Import, *, mail: bool) -> Import:
        """Save the finished record and its result mail in one step. Raises `ConcurrentModification`."""
        if not mail:
            return self.save_import(record)
        next_revision = replace(record, revision=record.revision + 1)
        try:
            self._table.transact(*_finish_writes(record, next_revision))
        except ConditionFailed as error:
            raise ConcurrentModification from error
        return next_revision

    def save_waiting(self, record: Import, now: datetime) -> Import:
        """Save the record that waits for review and a mail about it in one step.

        Raises `ConcurrentModification`.
        """
        next_revision = replace(record, revision=record.revision + 1)
        mail = pending_mail_write(record.organiser_id, MailKind.WAITING, record.import_id, now)
        try:
            self._table.transact(Write(put=_item(next_revision), when=_unchanged(record)), mail)
        except ConditionFailed as error:
            raise ConcurrentModification from error
        return next_revision

    def publish(self, record: Import, publication: Publication) -> Import:
        """Save the finished record and its mail, and publish the list, in one step. Raises `ConcurrentModification`."""
        next_revision = replace(record, revision=record.revision + 1)
        writes = _finish_writes(record, next_revision)
        self._publish(record, publication, writes)
        return next_revision

    def publish_edit(self, record: Import, publication: Publication, audit_entry: AuditEntry) -> None:
        """Save the record of an edit and its audit entry, and publish the list, in one step.

        Raises `ConcurrentModification`.
        """
        history = audit_entry_item(record.organiser_id, audit_entry, record.import_id)
        self._publish(record, publication, [Write(put=_item(record), when=conditions.absent()), Write(put=history)])

    def undo(self, record: Import, publication: Publication) -> Import:
        """Save the record of an undone import and publish the list in one step.

        Raises `ConcurrentModification`.
        """
        next_revision = replace(record, revision=record.revision + 1)
        self._publish(record, publication, [Write(put=_item(next_revision), when=_unchanged(record))])
        return next_revision

    def _publish(self, record: Import, publication: Publication, writes: list[Write]) -> None:
        writes += _publication_versions(record, publication)
        if publication.created:
            group = replace(target_group(publication.group), revision=1)
            writes.append(group_write(record.organiser_id, group))
        writes += _deletion_notes(record, publication)
        self._indexes.write_group_index(record.organiser_id, publication.index, *writes)

    def save_problems(self, record: Import, problems: Sequence[ProblemRecord]) -> None:
        """Replace the stored first problems of the file."""
        key = keys.problems(record.organiser_id, record.import_id)
        self._table.put({**key._asdict(), "problems": json.dumps(problems, ensure_ascii=False)})

    def register_drop(self, org: str, source: Source, import_id: str, now: datetime) -> tuple[str, datetime]:
        """The id and creation time of the import of a dropped object: these, unless it has one already."""
        unkeyed_item = self._table.get(keys.dropped_object(org, source.key, source.version_id, b""))
        if unkeyed_item:  # stored by an earlier version
            return unkeyed_item["import_id"], datetime.fromisoformat(unkeyed_item["since"])
        key = keys.dropped_object(org, source.key, source.version_id, self._table.digest_key)
        try:
            self._table.put({**key._asdict(), "import_id": import_id, "since": instant(now)}, when=conditions.absent())
        except ConditionFailed:
            item = self._table.get(key) or {}
            return item["import_id"], datetime.fromisoformat(item["since"])
        return import_id, now

    def find_dropped(self, org: str, key: str, version_id: str) -> str | None:
        """The id of the import that was created for this version of a dropped object."""
        items = (
            self._table.get(keys.dropped_object(org, key, version_id, secret))
            for secret in (self._table.digest_key, b"")
        )
        return next((item["import_id"] for item in items if item), None)


def _finish_writes(record: Import, next_revision: Import) -> list[Write]:
    at = next_revision.finished_at or next_revision.created_at
    mail = pending_mail_write(record.organiser_id, MailKind.RESULT, record.import_id, at)
    return [Write(put=_item(next_revision), when=_unchanged(record)), mail]


def _publication_versions(record: Import, publication: Publication) -> Iterator[Write]:
    """The writes for the versions that become current and those that no longer are."""
    at = record.undone.at if record.undone else record.finished_at
    numbers = None if record.undone else effect_of(record)
    yield from version_writes(record.organiser_id, publication, at, numbers=numbers)


def _deletion_notes(record: Import, publication: Publication) -> Iterator[Write]:
    org, group_id = record.organiser_id, publication.group.group_id
    at = record.undone.at if record.undone else record.finished_at or record.created_at
    for version_id in publication.new_versions:
        yield cancel_deletion(ExpiredVersion(org, group_id, version_id))
    for version_id in publication.expired_versions:
        yield deletion_note(ExpiredVersion(org, group_id, version_id), at + RETENTION)


def _unchanged(record: Import) -> Condition:
    return conditions.equals("revision", record.revision)


def _item(record: Import) -> Item:
    key = keys.file_import(record.organiser_id, record.import_id)
    return {
        **key._asdict(),
        "revision": record.revision,
        "status": record.status.value,
        "record": _adapter().dump_json(record, exclude_defaults=True).decode(),
        **due_attributes(DUE, key, record.due_at),
    }


def from_stored(item: Mapping[str, Any]) -> Import:
    """Parse the record from its item in the table or from an image in the stream."""
    return _adapter().validate_json(item["record"])


@cache
def _adapter() -> "TypeAdapter[Import]":
    from pydantic import TypeAdapter

    return TypeAdapter(Import)
