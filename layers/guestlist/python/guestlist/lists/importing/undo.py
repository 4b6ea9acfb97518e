"""Undo a target-group import; entries that were used meanwhile stay."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.imports.model import Import, Mode
from guestlist.imports.notes import undo_result
from guestlist.imports.ports import ExpiredVersion, ExpiredVersions, Groups, Imports, PackedListStore, Uses
from guestlist.imports.previous_list import PreviousList
from guestlist.lists.entry import Entry
from guestlist.lists.importing.build import BuiltList, build
from guestlist.lists.importing.cleanup import NEVER_PUBLISHED, RETENTION
from guestlist.lists.importing.publication import publication
from guestlist.lists.importing.row_sorter import RowSorter
from guestlist.lists.packed_list import PackedList, entries_by_partition
from guestlist.lists.versions import ListVersion
from guestlist.messages.message import Message
from guestlist.model.errors import Conflict, Unknown

MAX_NAMED = 100
_BATCH_SIZE = 25
"""The number of partitions whose counters are read concurrently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUndo:
    """Undo of target-group imports. `delete_group` takes organiser, group, instant and who requested it.

    `find_replaced_version` takes organiser, group and version and returns the version that it replaced;
    `list_versions` returns all stored versions of a group.
    """

    imports: Imports
    groups: Groups
    list_store: Callable[[str, str], PackedListStore]
    expired_versions: ExpiredVersions
    uses: Uses
    delete_group: Callable[[str, str, datetime, str], object]
    find_replaced_version: Callable[[str, str, str], ListVersion | None]
    list_versions: Callable[[str, str], Iterable[ListVersion]]
    folder: Path

    def undo(self, record: Import, now: datetime) -> Import:
        """Undo the import and return its record; idempotent, also after a crash.

        Entries of the import that are held or redeemed stay in the list and are named in the record.
        Raises `Conflict` (superseded, too_late), or `ConcurrentModification` if the list is changed at the same time.
        """
        index = self.groups.read_group_index(record.organiser_id)
        scheduled = self._scheduled(record, index, now)
        if scheduled is not None:
            return self._cancel_scheduled(record, index, scheduled, now)
        record = self._with_former(record)
        group, former = self._undoable(record, index, now)
        with TemporaryDirectory(dir=self.folder) as folder:
            sorter = RowSorter(Path(folder), 0)
            messages = self._add_kept_entries(record, group, former, sorter)
            undone_record = replace(record, undone=undo_result(now, messages))
            if former.created and not sorter.rows:
                self.delete_group(record.organiser_id, group.group_id, now, record.undo_actor)
                return self.imports.save_import(undone_record)
            built = self._rebuild(record, group, former, sorter, now)
        restored_group = replace(group, base=built.base, overlay=built.overlay, entries=built.entries)
        return self.imports.undo(undone_record, publication(index, group, restored_group))

    def check(self, record: Import, now: datetime) -> None:
        """Raise the error of `undo` if the list was changed since or does not exist."""
        index = self.groups.read_group_index(record.organiser_id)
        if self._scheduled(record, index, now) is None:
            self._undoable(record, index, now)

    def _scheduled(self, record: Import, index: GroupIndex, now: datetime) -> IndexedGroup | None:
        """The group, if the import's version is still scheduled, or was cancelled before its instant."""
        group = index.groups.get(record.group_id or "")
        if group is None or record.scheduled_for is None or now >= record.scheduled_for + RETENTION:
            return None
        if record.version_id in {scheduled.version.version_id for scheduled in group.scheduled}:
            return group
        stored_ids = {version.version_id for version in self.list_versions(record.organiser_id, group.group_id)}
        return None if record.version_id in {*stored_ids, *group.version_ids} else group

    def _undoable(self, record: Import, index: GroupIndex, now: datetime) -> tuple[IndexedGroup, PreviousList]:
        group, former = _undoable(record, index, now)
        if self._is_superseded(record, group):
            raise Conflict("superseded.brought_back", group=group.name)
        return group, former

    def _is_superseded(self, record: Import, group: IndexedGroup) -> bool:
        """Whether a later import wrote the list and was not undone."""
        org = record.organiser_id
        versions = [version for version in self.list_versions(org, group.group_id) if version.published_at]
        others = {version.import_id for version in versions} - {record.import_id}
        return any(self._is_later_import(org, import_id, _written_at(record)) for import_id in sorted(others))

    def _is_later_import(self, org: str, import_id: str, at: datetime) -> bool:
        try:
            other_record = self.imports.get_import(org, import_id)
        except Unknown:
            return False
        return other_record.undone is None and _written_at(other_record) > at

    def _cancel_scheduled(self, record: Import, index: GroupIndex, group: IndexedGroup, now: datetime) -> Import:
        """Cancel the scheduled version of an import."""
        undone_record = replace(record, undone=undo_result(now, []))
        restored_group = group.without_scheduled(record.version_id or "")
        if record.former and record.former.created and not restored_group.version_ids:
            self.delete_group(record.organiser_id, group.group_id, now, record.undo_actor)
            return self.imports.save_import(undone_record)
        return self.imports.undo(undone_record, publication(index, group, restored_group))

    def _with_former(self, record: Import) -> Import:
        """The record with the list that its scheduled version replaced, which was unknown when the import finished."""
        if record.scheduled_for is None or record.former is None:
            return record
        before = self.find_replaced_version(record.organiser_id, record.group_id or "", record.version_id or "")
        if before is None:
            return record
        former = PreviousList(base=before.base, overlay=before.overlay, entries=before.entries)
        return replace(record, former=former)

    def _add_kept_entries(
        self, record: Import, group: IndexedGroup, former: PreviousList, sorter: RowSorter
    ) -> list[Message]:
        messages: list[Message] = []
        for entry in self._used_entries(record, group, former):
            sorter.add(sorter.rows + 1, entry)
            if sorter.rows <= MAX_NAMED:
                messages.append(Message("entry", {"entry": entry.code or entry.email}))
        if sorter.rows > MAX_NAMED:
            messages.append(Message("entries_more", {"n": sorter.rows - MAX_NAMED}))
        return messages

    def _used_entries(self, record: Import, group: IndexedGroup, former: PreviousList) -> Iterator[Entry]:
        """Yield the used entries of the current list that the former list lacks."""
        list_store = self.list_store(record.organiser_id, group.group_id)
        before = PackedList(former.base, former.overlay)
        partitions = entries_by_partition(list_store.read_texts, PackedList(group.base, group.overlay))
        while batch := list(islice(partitions, _BATCH_SIZE)):
            missing_entries = _missing_entries(before, [entry for _, entries in batch for entry in entries], list_store)
            used_identities = self.uses.used_identities(record.organiser_id, group.group_id, missing_entries)
            yield from (entry for entry in missing_entries if entry.identity in used_identities)

    def _rebuild(
        self, record: Import, group: IndexedGroup, former: PreviousList, sorter: RowSorter, now: datetime
    ) -> BuiltList:
        """Build the former list plus the used entries; without any, the former list itself."""
        org, version_id = record.organiser_id, f"{record.import_id}.undo"
        self.expired_versions.add_version(ExpiredVersion(org, group.group_id, version_id), now + NEVER_PUBLISHED)
        before = PackedList(former.base, former.overlay)
        list_store = self.list_store(org, group.group_id)
        built = build(sorter, Mode.APPEND, before, version_id, list_store, lambda _problem: None, lambda _share: None)
        return built if sorter.rows else replace(built, entries=former.entries)


def _written_at(record: Import) -> datetime:
    return record.scheduled_for or record.finished_at or record.created_at


def _undoable(record: Import, index: GroupIndex, now: datetime) -> tuple[IndexedGroup, PreviousList]:
    group = index.groups.get(record.group_id or "")
    if group is None or record.former is None or record.finished_at is None:
        raise Conflict("superseded.no_list")
    newest = group.overlay or group.base
    if newest is None or newest.version_id != record.version_id:
        raise Conflict("superseded")
    if now >= (record.scheduled_for or record.finished_at) + RETENTION:
        raise Conflict("too_late")
    return group, record.former


def _missing_entries(packed_list: PackedList, entries: list[Entry], list_store: PackedListStore) -> list[Entry]:
    """Those of the entries that the list lacks."""
    keys = {entry.key for entry in entries}
    texts = dict(list_store.read_texts({text_id for key in keys for text_id in packed_list.text_ids(key)}))
    seats = {entry.identity[2] for entry in entries}
    texts |= list_store.read_texts([part for key in keys for part in packed_list.parts(key, texts, seats=seats)])
    identities = {existing.identity for key in keys for existing in packed_list.entries(key, texts)}
    return [entry for entry in entries if entry.identity not in identities]
