"""The ports of imports."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.imports.model import Import, Source
from guestlist.imports.problem_record import ProblemRecord
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import Identity
from guestlist.lists.fingerprints import Segment
from guestlist.lists.packed_list import Header, TextId, Texts
from guestlist.organisers.model import Organiser


class FileMissing(Exception):
    """The stored file does not exist any more."""


class Imports(Protocol):
    """The records of imports."""

    def get_import(self, org: str, import_id: str) -> Import:
        """The current record. Raises `errors.Unknown`."""

    def add_import(self, record: Import) -> bool:
        """Create a record; False if one with this id exists, which is not changed."""

    def save_import(self, record: Import) -> Import:
        """Save the changed record as its next revision. Raises `ConcurrentModification`."""

    def finish(self, record: Import, *, mail: bool) -> Import:
        """Save the finished record and its result mail in one step. Raises `ConcurrentModification`."""

    def save_waiting(self, record: Import, now: datetime) -> Import:
        """Save the record that waits for review and a mail in one step. Raises `ConcurrentModification`."""

    def publish(self, record: Import, publication: "Publication") -> Import:
        """Save the finished record and its mail, and publish the list, in one step. Raises `ConcurrentModification`."""

    def undo(self, record: Import, publication: "Publication") -> Import:
        """Save the record of an undone import and publish the list in one step. Raises `ConcurrentModification`."""

    def save_problems(self, record: Import, problems: Sequence[ProblemRecord]) -> None:
        """Replace the stored first problems of the file."""

    def register_drop(self, org: str, source: Source, import_id: str, now: datetime) -> tuple[str, datetime]:
        """The id and creation time of the import of a dropped object: these, unless it has one already."""

    def find_dropped(self, org: str, key: str, version_id: str) -> str | None:
        """The id of the import that this version of a dropped object became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A change of a group's list: the next index, the group after and before it, and the versions it adds and drops."""

    index: GroupIndex
    group: IndexedGroup
    former: IndexedGroup | None = None
    created: bool = False
    new_versions: tuple[str, ...] = ()
    expired_versions: tuple[str, ...] = ()


class RowResults(Protocol):
    """The results of committed rows, by pass over an import's file, while it runs."""

    def save_results(
        self, org: str, import_id: str, current_pass: str, place: int, results: Mapping[int, str], until: datetime
    ) -> None:
        """Save the results by line until then, replacing those of the same place of the pass."""

    def load_results(self, org: str, import_id: str, current_pass: str) -> Iterator[tuple[int, str]]:
        """Yield each line of the pass with its result, by place."""

    def delete_results(self, org: str, import_id: str, current_pass: str, after: int) -> None:
        """Delete the results of places of the pass after this one."""


class Files(Protocol):
    """The bucket."""

    def create_upload_form(self, key: str, max_size: int, lifetime: timedelta) -> "UploadForm":
        """A pre-signed POST that takes exactly this key, of at most `max_size` bytes."""

    def download(self, source: Source, to: Path) -> None:
        """Download exactly this version of an object to a local file. Raises `FileMissing`."""

    def upload(self, key: str, path: Path, content_type: str) -> None:
        """Upload a local file."""

    def metadata(self, source: Source) -> Mapping[str, str]:
        """The metadata of the object: names in lower case, values as text."""


class UploadForm(Protocol):
    """The pre-signed form for an upload: its URL and fields."""

    @property
    def url(self) -> str:
        """The address of the POST."""

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields of the form, all required."""


class Queue(Protocol):
    """The queue of import workers."""

    def resume(self, org: str, import_id: str) -> None:
        """Queue a message that resumes this import."""


class Uses(Protocol):
    """The uses of entries."""

    def used_identities(self, org: str, group_id: str, entries: Sequence[Entry]) -> set[Identity]:
        """The identities of the entries that are held or redeemed."""


@dataclass(frozen=True, slots=True)
class ExpiredVersion:
    """A version of a group's list that may be deleted once it is not current."""

    org: str
    group_id: str
    version_id: str


class ExpiredVersions(Protocol):
    """List versions that are scheduled for deletion."""

    def add_version(self, superseded: ExpiredVersion, at: datetime) -> None:
        """Schedule the deletion of a version, which is skipped if it is current by then."""


class Groups(Protocol):
    """The group index."""

    def read_group_index(self, org: str) -> GroupIndex:
        """The current index."""


class Organisers(Protocol):
    """The organisers' settings."""

    def get_organiser(self, org: str) -> Organiser:
        """The organiser's settings. Raises `errors.Unknown`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The clock of a worker, and whether its invocation has time left."""

    now: Callable[[], datetime]
    has_time: Callable[[], bool]


class PackedListStore(Protocol):
    """The packed lists of one group."""

    def header(self, version_id: str) -> Header | None:
        """The header of a version; None if it was never written, or was deleted."""

    def put_header(self, header: Header) -> None:
        """Replace the header."""

    def write_texts(self, texts: Texts) -> None:
        """Write the texts, replacing existing ones."""

    def read_texts(self, text_ids: Iterable[TextId]) -> Texts:
        """The texts with these ids; missing ones are left out."""

    def delete_texts(self, text_ids: Iterable[TextId]) -> None:
        """Delete the texts with these ids."""

    def write_fingerprints(self, segment: Segment, content: bytes) -> None:
        """Write the fingerprints of a segment, replacing existing ones."""

    def delete_fingerprints(self, segments: Iterable[Segment]) -> None:
        """Delete the fingerprints of these segments; missing ones are ignored."""

    def delete_header(self, version_id: str) -> None:
        """Delete the header of a version."""
