"""Removal of a person from all versions of a group's list, partition by partition."""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, replace

from guestlist.erasure import lists
from guestlist.erasure.model import AddressMatcher, ErasureProgress
from guestlist.erasure.ports import Ports
from guestlist.groups.index import IndexedGroup
from guestlist.imports.model import Import, import_id_of
from guestlist.lists.importing.cleanup import may_be_written
from guestlist.lists.packed_list import Header, MissingText, PackedList
from guestlist.model.errors import ConcurrentModification, Unknown

MAX_TRIES = 20
"""The most attempts to write a record that others change at the same time."""
_BATCHES_PER_STEP = 10

SaveProgress = Callable[[ErasureProgress], object]
Steps = Generator[ErasureProgress, None, ErasureProgress]
"""A generator of progress, which also returns the final progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListErasure:
    """The list of a group, and the person to remove from it. `save_progress` stores progress immediately."""

    org: str
    group_id: str
    person: AddressMatcher
    ports: Ports
    save_progress: SaveProgress

    def clean(self, progress: ErasureProgress) -> Steps:
        """Continue from this progress.

        Looks for new versions until there are none, since one may have been started from a version not yet clean.
        """
        list_store = self.ports.list_store(self.org, self.group_id)
        while headers := [header for header in list_store.versions() if header.version.version_id not in progress.done]:
            for header in lists.cleaning_order(headers, self._group()):
                progress = yield from self._clean_version(header, progress)
        if progress.changed:
            is_being_written = self.ports.delete_indexes(self.group_id)
            self._recount()
            # An edit that read the list before it was clean can no longer be published, but may still be writing.
            due = self.ports.due(self.org, self.group_id).values()
            writing = is_being_written or may_be_written(due, self.ports.now())
            yield (progress := replace(progress, changed=False, again=progress.again or writing))
        return progress

    def _clean_version(self, header: Header, progress: ErasureProgress) -> Steps:
        version_id = header.version.version_id
        start = progress.bucket if progress.version_id == version_id else 0
        progress = replace(progress, version_id=version_id, again=progress.again or self._is_being_written(header))
        list_store = self.ports.list_store(self.org, self.group_id)
        for number, first in enumerate(range(start, header.version.partitions, lists.PARTITIONS), 1):
            for texts in lists.texts_naming(list_store, header.version, first, self.person):
                if texts and not progress.changed:
                    progress = replace(progress, bucket=first, changed=True)
                    self.save_progress(progress)
                for code in sorted(lists.codes_to_redact(texts, self.person)):
                    self.ports.redact_code(code)
                lists.clean(list_store, texts, self.person)
            if number % _BATCHES_PER_STEP == 0:
                yield (progress := replace(progress, bucket=first + lists.PARTITIONS))
        yield (progress := replace(progress, bucket=0, version_id="", done=(*progress.done, version_id)))
        return progress

    def _is_being_written(self, header: Header) -> bool:
        """Whether a worker may still be writing this version."""
        try:
            record = self.ports.imports.get_import(self.org, import_id_of(header.version.version_id))
        except Unknown:
            return False
        return not header.sealed and not record.status.ended and record.worker is not None

    # Numbers of rows

    def _group(self) -> IndexedGroup | None:
        return self.ports.indexes.read_group_index(self.org).groups.get(self.group_id)

    def _recount(self) -> None:
        """Recount the rows of the list, of former lists that an undo may restore, and of scheduled ones."""
        for record in self.ports.imports.newest(self.org):
            if record.group_id == self.group_id and record.former and record.former.base:
                self._recount_former(record)
        for version in self.ports.versions(self.org, self.group_id):
            with suppress(MissingText):
                lists.count_rows(
                    self.ports.list_store(self.org, self.group_id), PackedList(version.base, version.overlay)
                )
        for _ in range(MAX_TRIES):
            try:
                self._recount_current()
            except ConcurrentModification:
                continue
            return
        raise ConcurrentModification

    def _recount_current(self) -> None:
        index, record = (
            self.ports.indexes.read_group_index(self.org),
            self.ports.groups.get_group(self.org, self.group_id),
        )
        group = index.groups.get(self.group_id)
        if group:
            self.ports.indexes.write_group_index(self.org, index.with_group(self._with_row_counts(group)))
        elif record.shelved:
            self.ports.groups.save_group(
                self.org, replace(record, shelved=self._with_row_counts(record.shelved)), self.ports.now()
            )

    def _with_row_counts(self, group: IndexedGroup) -> IndexedGroup:
        list_store = self.ports.list_store(self.org, self.group_id)
        rows = lists.count_rows(list_store, PackedList(group.base, group.overlay))
        scheduled = tuple(
            replace(planned, entries=lists.count_rows(list_store, PackedList(planned.version)))
            for planned in group.scheduled
        )
        return replace(group, entries=rows, scheduled=scheduled, cleaned_at=self.ports.now())

    def _recount_former(self, record: Import) -> None:
        previous_list = record.former
        if previous_list is None:
            return
        try:
            rows = lists.count_rows(
                self.ports.list_store(self.org, self.group_id), PackedList(previous_list.base, previous_list.overlay)
            )
        except MissingText:
            return
        if rows != previous_list.entries:
            self.ports.imports.save_import(replace(record, former=replace(previous_list, entries=rows)))
