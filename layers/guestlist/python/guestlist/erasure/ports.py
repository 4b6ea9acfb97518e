"""Ports of an erasure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from guestlist.erasure.model import Erasure, ErasureProgress
from guestlist.groups.index import GroupIndex
from guestlist.groups.model import Group
from guestlist.imports import ports
from guestlist.imports.model import Import, Source
from guestlist.imports.problem_record import ProblemRecord
from guestlist.lists.packed_list import Header, TextId
from guestlist.lists.versions import ListVersion


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """A version of an object: `newest` of its key or not; `marker` for a delete marker."""

    key: str
    version_id: str
    newest: bool
    marker: bool = False


class Files(Protocol):
    """The bucket, with all versions of its objects."""

    def versions(self, prefix: str, after: str) -> Iterator[ObjectVersion]:
        """Every version below the prefix, of keys greater than `after`."""

    def has_multipart_uploads(self, prefix: str) -> bool:
        """Whether a multipart upload below the prefix is unfinished."""

    def download(self, source: Source, to: Path) -> None:
        """Download this version of the object to a local file. Raises `FileMissing`."""

    def is_rewritten(self, version: ObjectVersion) -> bool:
        """Whether the newest version of the key replaces this one."""

    def rewrite(self, version: ObjectVersion, path: Path) -> str:
        """Store the local file as the newest version, recording which one it replaces, and return its version id.

        Running it again stores no second one.
        """

    def delete_version(self, version: ObjectVersion) -> None:
        """Delete this version permanently; does nothing if it does not exist."""


class PackedListStore(ports.PackedListStore, Protocol):
    """The packed-list store of one group, in which texts may be replaced."""

    def versions(self) -> Sequence[Header]:
        """The header of every version, oldest first."""

    def swap(self, text_id: TextId, former: str, text: str) -> None:
        """Replace a text, unless it has changed meanwhile."""


class Indexes(Protocol):
    """The group index."""

    def read_group_index(self, org: str) -> GroupIndex:
        """The current index."""

    def write_group_index(self, org: str, index: GroupIndex) -> None:
        """Make this the current index, if its number is the next one. Raises `ConcurrentModification`."""


class Groups(Protocol):
    """The records of groups."""

    def newest(self, org: str) -> Iterator[Group]:
        """All records, newest first, including deleted ones."""

    def get_group(self, org: str, group_id: str) -> Group:
        """The current record, deleted or not. Raises `errors.Unknown`."""

    def save_group(self, org: str, group: Group, now: datetime) -> Group:
        """Save the record under its next revision. Raises `ConcurrentModification`."""


class Imports(Protocol):
    """The records of imports."""

    def get_import(self, org: str, import_id: str) -> Import:
        """The current record. Raises `errors.Unknown`."""

    def newest(self, org: str, after: str | None = None) -> Iterator[Import]:
        """All imports of the organiser, newest first, after the id `after`."""

    def save_import(self, record: Import) -> Import:
        """Save the changed record under its next revision. Raises `ConcurrentModification`."""

    def problems(self, org: str, import_id: str) -> Sequence[ProblemRecord]:
        """The stored problems of the file, in order of lines."""

    def save_problems(self, record: Import, problems: Sequence[ProblemRecord]) -> None:
        """Replace the stored problems of the file."""

    def register_drop(self, org: str, source: Source, import_id: str, now: datetime) -> tuple[str, datetime]:
        """The id and time of the import of this dropped object; these arguments, unless there is an earlier one."""

    def find_dropped(self, org: str, key: str, version_id: str) -> str | None:
        """The id of the import that was created for this version of a dropped object."""


class Journal(Protocol):
    """The changes made by imports."""

    def erase_person(self, org: str, import_id: str, email: str, group_ids: Sequence[str]) -> None:
        """Delete an import's changes to this person's name and to their memberships of these groups."""


class Erasures(Protocol):
    """The erasures in progress."""

    def save_progress(
        self, org: str, erasure: Erasure, progress: ErasureProgress, due_at: datetime | None = None
    ) -> Erasure:
        """Save the progress, and when to continue. Raises `ConcurrentModification`."""

    def end(self, org: str, erasure: Erasure, now: datetime) -> None:
        """Record the completion and delete the person's address. Raises `ConcurrentModification`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All ports of an erasure.

    `delete_person` deletes the person's own items, and `redact` removes them from stored responses, webhook deliveries
    and redemptions; `redact_code` does so for redemptions of a code whose row named them. `delete_indexes` deletes the
    search indexes of a group once its lists are clean, and `delete_derived` what was derived from former lists and
    files: exports, unused search indexes, and blocks of names and of audit entries. Both return whether a worker may be
    writing one.
    `versions` are a group's remembered list versions, by organiser and group; `due` has the deletion times of unused
    versions. `folder` provides a folder for large files.
    """

    erasures: Erasures
    files: Files
    imports: Imports
    journal: Journal
    indexes: Indexes
    queue: ports.Queue
    list_store: Callable[[str, str], PackedListStore]
    delete_indexes: Callable[[str], bool]
    delete_derived: Callable[[], bool]
    versions: Callable[[str, str], Iterable[ListVersion]]
    due: Callable[[str, str], Mapping[str, datetime]]
    groups: Groups
    delete_person: Callable[[], None]
    redact: Callable[[], None]
    redact_code: Callable[[str], None]
    folder: Callable[[], AbstractContextManager[str]]
    now: Callable[[], datetime]
