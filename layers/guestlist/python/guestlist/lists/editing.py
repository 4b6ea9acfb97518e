"""Edit single entries of a list by an API call.

Each edit is recorded as an import without a file, so it appears in the history and can be undone like one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Protocol

from annotated_types import Interval, MaxLen, MinLen

from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.groups.membership import AuditEntry, ChangeType
from guestlist.groups.preconditions import require_unexpired, unknown_group
from guestlist.imports.model import Counts, Import, Kind, Options, Status
from guestlist.imports.ports import ExpiredVersion, ExpiredVersions, PackedListStore, Publication
from guestlist.imports.previous_list import PreviousList
from guestlist.imports.reading.cells import normal_unstripped
from guestlist.imports.reading.problems import DuplicateInFile, Problem
from guestlist.imports.reading.quantities import MAX_QUANTITY
from guestlist.lists.entry import Entry
from guestlist.lists.importing.build import BuiltList, build
from guestlist.lists.importing.changes import Edit
from guestlist.lists.importing.cleanup import NEVER_PUBLISHED
from guestlist.lists.importing.publication import publication
from guestlist.lists.importing.row_sorter import RowSorter
from guestlist.lists.packed_list import PackedList
from guestlist.lists.target_group import require_entries
from guestlist.messages.message import Message
from guestlist.model.email_address import clean_email, is_email
from guestlist.model.errors import ConcurrentModification, Params, Unknown

MAX_ENTRIES = 1_000
MAX_TRIES = 10
MAX_TEXT_LENGTH = 200
Text = Annotated[str, MaxLen(500)]
_CHANGE_TYPES = {Edit.ADD: ChangeType.ENTRIES_ADDED, Edit.CHANGE: ChangeType.ENTRIES_CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry of a request. A code or an e-mail is required."""

    code: Text | None = None
    email: Text | None = None
    category: Text | None = None
    seat: Text | None = None
    quantity: Annotated[int, Interval(ge=1, le=MAX_QUANTITY)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryName:
    """The fields of a request that identify an entry of a list. A code or an e-mail is required."""

    code: Text | None = None
    email: Text | None = None
    category: Text | None = None
    seat: Text | None = None


Rows = Sequence[EntryRow | EntryName]


class EntryFault(StrEnum):
    """Code of the reason for refusing an entry of a request."""

    NO_CODE_OR_EMAIL = "no_code_or_email"
    BAD_EMAIL = "bad_email"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    DUPLICATE_EXISTING = "duplicate_existing"
    UNKNOWN_ENTRY = "unknown_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntry:
    """A refused entry of a request: its 0-based index, the reason, and the parameters of its message."""

    index: int
    code: EntryFault
    params: Params


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult:
    """The number of entries that an edit changed, and the id of its import; None when it changed none."""

    number: int
    refused: tuple[RefusedEntry, ...]
    import_id: str | None


class Imports(Protocol):
    """The records of imports."""

    def get_import(self, org: str, import_id: str) -> Import:
        """The record as it is now. Raises `errors.Unknown`."""

    def publish_edit(self, record: Import, publication: Publication, audit_entry: AuditEntry) -> None:
        """Save record and audit entry, and publish the list, atomically. Raises `errors.ConcurrentModification`."""


class Indexes(Protocol):
    """The group index."""

    def read_group_index(self, org: str) -> GroupIndex:
        """The index as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEditor:
    """Editor of one organiser's lists, in the name of `by`."""

    org: str
    by: str
    now: datetime
    imports: Imports
    indexes: Indexes
    list_store: Callable[[str, str], PackedListStore]
    expired_versions: ExpiredVersions
    folder: Path

    def edit(self, group_id: str, edit: Edit, rows: Rows, import_id: str) -> EditResult:
        """Add, change or remove these entries; a repeat with the same `import_id` changes nothing.

        Raises `Unknown`, `Conflict`, or `ConcurrentModification` when concurrent changes persist.
        """
        refused = list(_refused(rows))
        for attempt in range(MAX_TRIES):
            earlier_result = self._earlier_result(import_id, refused)
            if earlier_result is not None:
                return earlier_result
            index = self.indexes.read_group_index(self.org)
            group = writable_target_group(index, group_id, self.now)
            with TemporaryDirectory(dir=self.folder) as folder:
                built, problems = self._build(Path(folder), group, edit, rows, f"{import_id}.{attempt}")
            all_refused = tuple(sorted([*refused, *map(_refused_entry, problems)], key=lambda entry: entry.index))
            if not built.imported:
                return EditResult(number=0, refused=all_refused, import_id=None)
            try:
                self._publish(index, group, edit, built, f"{import_id}.{attempt}", len(all_refused))
            except ConcurrentModification:
                continue
            return EditResult(number=built.imported, refused=all_refused, import_id=import_id)
        raise ConcurrentModification

    def _earlier_result(self, import_id: str, refused: list[RefusedEntry]) -> EditResult | None:
        """The result of an earlier call with the same `import_id`, if there was one."""
        try:
            record = self.imports.get_import(self.org, import_id)
        except Unknown:
            return None
        return EditResult(number=record.counts.imported, refused=tuple(refused), import_id=import_id)

    def _build(
        self, folder: Path, group: IndexedGroup, edit: Edit, rows: Rows, version_id: str
    ) -> tuple[BuiltList, list[Problem]]:
        version = ExpiredVersion(self.org, group.group_id, version_id)
        self.expired_versions.add_version(version, self.now + NEVER_PUBLISHED)
        sorter, problems = RowSorter(folder, 0), list[Problem]()
        for number, row in enumerate(rows, 1):
            if _fault(row) is None:
                sorter.add(number, _entry(row))
        current = PackedList(group.base, group.overlay)
        list_store = self.list_store(self.org, group.group_id)
        built = build(sorter, edit, current, version_id, list_store, problems.append, lambda _share: None)
        return built, problems

    def _publish(
        self, index: GroupIndex, group: IndexedGroup, edit: Edit, built: BuiltList, version_id: str, refused: int
    ) -> None:
        import_id = version_id.partition(".")[0]
        change_type = _CHANGE_TYPES.get(edit, ChangeType.ENTRIES_REMOVED)
        record = Import(
            organiser_id=self.org,
            import_id=import_id,
            kind=Kind.TARGET_GROUP,
            file_name=change_type.value,
            options=Options(group=group.name),
            created_at=self.now,
            created_by=self.by,
            expires_at=self.now,
            finished_at=self.now,
            status=Status.PARTIAL if refused else Status.COMPLETE,
            progress=1.0,
            counts=Counts(built.imported + refused, built.imported, refused),
            effect=asdict(built.effect),
            group_id=group.group_id,
            group_name=group.name,
            version_id=version_id,
            former=PreviousList(base=group.base, overlay=group.overlay, entries=group.entries),
        )
        because = Message(change_type.value, {"n": built.imported})
        audit_entry = AuditEntry(
            group_id=group.group_id,
            at=self.now,
            what=change_type,
            by=self.by,
            why="",
            because=because,
            import_id=import_id,
        )
        after = replace(group, base=built.base, overlay=built.overlay, entries=built.entries)
        self.imports.publish_edit(record, publication(index, group, after), audit_entry)


def writable_target_group(index: GroupIndex, group_id: str, now: datetime) -> IndexedGroup:
    """The group, if its list can be edited. Raises `Unknown`; `Conflict` if expired or not a target group."""
    group = index.groups.get(group_id)
    if group is None:
        raise unknown_group(group_id)
    require_entries(group.type)
    require_unexpired(group, now)
    return group


def _entry(row: EntryRow | EntryName) -> Entry:
    quantity = row.quantity if isinstance(row, EntryRow) else 1
    code, category, seat = (normal_unstripped(text or "") for text in (row.code, row.category, row.seat))
    return Entry(code, clean_email(row.email) if row.email and row.email.strip() else "", category, seat, quantity)


def _fault(row: EntryRow | EntryName) -> EntryFault | None:
    """Validate an entry by itself, without looking at the list; None for a valid one."""
    entry = _entry(row)
    texts = (entry.code, entry.category, entry.seat)
    if any(len(text) > MAX_TEXT_LENGTH for text in texts):
        return EntryFault.TOO_LONG
    if any(not text.isprintable() for text in texts):
        return EntryFault.CONTROL_CHARACTER
    if entry.email and not is_email(entry.email):
        return EntryFault.BAD_EMAIL
    return None if entry.code or entry.email else EntryFault.NO_CODE_OR_EMAIL


def _refused(rows: Rows) -> Iterator[RefusedEntry]:
    for index, row in enumerate(rows):
        code = _fault(row)
        if code is not None:
            yield RefusedEntry(index=index, code=code, params={"most": MAX_TEXT_LENGTH})


def _refused_entry(problem: Problem) -> RefusedEntry:
    params: dict[str, str | int] = {"value": problem.value, "most": getattr(problem, "most", 0)}
    if isinstance(problem, DuplicateInFile):
        params["index"] = problem.first_line - 1
    if problem.reason:
        params["reason"] = problem.reason
    return RefusedEntry(index=problem.line - 1, code=EntryFault(problem.code), params=params)


Entries = Annotated[tuple[EntryRow, ...], MinLen(1), MaxLen(MAX_ENTRIES)]
EntryNames = Annotated[tuple[EntryName, ...], MinLen(1), MaxLen(MAX_ENTRIES)]
