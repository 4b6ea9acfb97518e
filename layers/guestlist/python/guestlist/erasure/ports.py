"""What erasing needs from outside."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from guestlist.erasure.model import Erasure, Reached
from guestlist.groups.index import GroupIndex
from guestlist.groups.model import Group
from guestlist.imports import ports
from guestlist.imports.model import Import, Source
from guestlist.lists.packed_list import Header, Place
from guestlist.lists.versions import ListVersion


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of an object: `newest` of its key or not; `marker` says that it only marks a deletion."""

    key: str
    version_id: str
    newest: bool
    marker: bool = False


class Files(Protocol):
    """The bucket, with all versions of its objects."""

    def versions(self, prefix: str, after: str) -> Iterator[Stored]:
        """Every version below the prefix, by keys behind `after`."""

    def has_multipart_uploads(self, prefix: str) -> bool:
        """Whether a file below the prefix is being written in parts."""

    def fetch(self, source: Source, to: Path) -> None:
        """Bring exactly that version of the object to a local file. Raises `Gone`."""

    def is_rewritten(self, stored: Stored) -> bool:
        """Whether the newest version of that key was put in the place of that one."""

    def rewrite(self, stored: Stored, path: Path) -> str:
        """Keep the local file as the newest version, saying which it is in the place of; answers its version.

        The same again keeps no second one.
        """

    def delete(self, stored: Stored) -> None:
        """Delete that version for good, whether or not it is there."""


class PackedListStore(ports.PackedListStore, Protocol):
    """Packed-list store of one group whose written texts may be replaced."""

    def versions(self) -> Sequence[Header]:
        """What is known of every version, oldest first."""

    def swap(self, place: Place, former: str, text: str) -> None:
        """Put this text in the place of the former one, if that stands there still."""


class Indexes(Protocol):
    """The group index."""

    def read(self, org: str) -> GroupIndex:
        """The index as it is now."""

    def write(self, org: str, index: GroupIndex) -> None:
        """Make this the index, if it is the next one. Raises `ConcurrentModification`."""


class Groups(Protocol):
    """The records of groups."""

    def newest(self, org: str) -> Iterator[Group]:
        """Every record, newest first, deleted ones too."""

    def get(self, org: str, group_id: str) -> Group:
        """The record as it is now, deleted or not. Raises `errors.Unknown`."""

    def save(self, org: str, group: Group, now: datetime) -> Group:
        """Keep the record under its next revision. Raises `ConcurrentModification`."""


class Imports(Protocol):
    """The records of imports."""

    def get(self, org: str, import_id: str) -> Import:
        """The record as it is now. Raises `errors.Unknown`."""

    def newest(self, org: str, start: Mapping[str, Any] | None = None) -> Iterator[Import]:
        """All imports of the organiser, newest first; `start` is the id to go on behind."""

    def save(self, record: Import) -> Import:
        """Keep the changed record under its next revision. Raises `ConcurrentModification`."""

    def problems(self, org: str, import_id: str) -> Sequence[Mapping[str, Any]]:
        """The first problems of the file, in order of line."""

    def keep_problems(self, record: Import, problems: Sequence[Mapping[str, Any]]) -> None:
        """Keep the first problems of the file, in place of those kept before."""

    def drop(self, org: str, source: Source, import_id: str, now: datetime) -> tuple[str, datetime]:
        """The import that this dropped object is, and since when: these, unless it was met before."""

    def dropped_as(self, org: str, key: str, version_id: str) -> str | None:
        """The id of the import that this version of a dropped object became."""


class Journal(Protocol):
    """What imports changed."""

    def forget(self, org: str, import_id: str, email: str, group_ids: Sequence[str]) -> None:
        """Forget what an import changed of that person's name and of their memberships of these groups."""


class Erasures(Protocol):
    """Who is being erased."""

    def reach(self, org: str, erasure: Erasure, reached: Reached, due_at: datetime | None = None) -> Erasure:
        """Keep how far it has come, and when it is to be gone on with. Raises `ConcurrentModification`."""

    def end(self, org: str, erasure: Erasure, now: datetime) -> None:
        """Keep when it was done, and forget of whom. Raises `ConcurrentModification`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All that erasing needs.

    `forget` clears what stands in the person's own place, and `redact` what was answered to requests, sent to
    webhooks and redeemed. `forget_indexes` deletes what a group's lists are searched by, once they are clean, and
    `forget_derived` what was made of lists as they were: exports, and indexes by which nothing is searched any more.
    Both answer whether a worker may be writing some.
    `versions` are those of a group's list that are remembered, by organiser and group, and `due` tells when each is
    deleted that nothing reads. `folder` gives a folder for
    large files.
    """

    erasures: Erasures
    files: Files
    imports: Imports
    journal: Journal
    indexes: Indexes
    queue: ports.Queue
    list_store: Callable[[str, str], PackedListStore]
    forget_indexes: Callable[[str], bool]
    forget_derived: Callable[[], bool]
    versions: Callable[[str, str], Iterable[ListVersion]]
    due: Callable[[str, str], Mapping[str, datetime]]
    groups: Groups
    forget: Callable[[], None]
    redact: Callable[[], None]
    folder: Callable[[], AbstractContextManager[str]]
    now: Callable[[], datetime]
