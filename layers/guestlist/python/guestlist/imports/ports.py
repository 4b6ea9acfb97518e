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
from guestlist.lists.packed_list import Header, Place, Texts
from guestlist.organisers.model import Organiser


class Gone(Exception):
    """The stored file does not exist any more."""


class Imports(Protocol):
    """The records of imports."""

    def get_import(self, org: str, import_id: str) -> Import:
        """The record as it is now. Raises `errors.Unknown`."""

    def add_import(self, record: Import) -> bool:
        """Keep a new record; False when one of that id stands already, which is left as it is."""

    def save_import(self, record: Import) -> Import:
        """Keep the changed record under its next revision. Raises `ConcurrentModification`."""

    def finish(self, record: Import, *, mail: bool) -> Import:
        """Keep the record at its end and, in the same step, owe its result mail. Raises `ConcurrentModification`."""

    def wait(self, record: Import, now: datetime) -> Import:
        """Keep the record as it waits and, in the same step, owe a mail. Raises `ConcurrentModification`."""

    def publish(self, record: Import, publication: "Publication") -> Import:
        """Finish with a mail and flip the list in the same step. Raises `ConcurrentModification`."""

    def undo(self, record: Import, publication: "Publication") -> Import:
        """Keep the record of an undone import and flip the list, in one step. Raises `ConcurrentModification`."""

    def keep_problems(self, record: Import, problems: Sequence[ProblemRecord]) -> None:
        """Keep the first problems of the file, in place of those kept before."""

    def drop(self, org: str, source: Source, import_id: str, now: datetime) -> tuple[str, datetime]:
        """The import that this dropped object is, and since when: these, unless it was met before."""

    def dropped_as(self, org: str, key: str, version_id: str) -> str | None:
        """The id of the import that this version of a dropped object became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A change of a group's list: the next index, the group after and before it, and the versions it adds and drops."""

    index: GroupIndex
    group: IndexedGroup
    former: IndexedGroup | None = None
    created: bool = False
    standing: tuple[str, ...] = ()
    expired_versions: tuple[str, ...] = ()


class RowResults(Protocol):
    """The results of committed rows, by pass over an import's file, while it runs."""

    def save_results(
        self, org: str, import_id: str, current_pass: str, place: int, results: Mapping[int, str], until: datetime
    ) -> None:
        """Keep a word on each of these lines until then, in place of what was noted at that place of the pass."""

    def load_results(self, org: str, import_id: str, current_pass: str) -> Iterator[tuple[int, str]]:
        """Every line that a word was noted on in that pass, with the word, by place."""

    def delete_results(self, org: str, import_id: str, current_pass: str, after: int) -> None:
        """Forget what was noted at places of that pass behind this one."""


class Files(Protocol):
    """The bucket."""

    def form(self, key: str, size_limit: int, lasts: timedelta) -> "UploadForm":
        """A pre-signed POST that takes exactly this key, of at most `size_limit` bytes."""

    def fetch(self, source: Source, to: Path) -> None:
        """Bring exactly that version of the object to a local file. Raises `Gone`."""

    def keep(self, key: str, path: Path, content_type: str) -> None:
        """Store a local file."""

    def metadata(self, source: Source) -> Mapping[str, str]:
        """The metadata that came with the object: names in lower case, values as text."""


class UploadForm(Protocol):
    """The pre-signed form for an upload: its URL and fields."""

    @property
    def url(self) -> str:
        """The address of the POST."""

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields of the form, all of them needed."""


class Queue(Protocol):
    """The queue of import workers."""

    def resume(self, org: str, import_id: str) -> None:
        """Ask for a worker to go on with that import."""


class Uses(Protocol):
    """The uses of entries."""

    def used(self, org: str, group_id: str, entries: Sequence[Entry]) -> set[Identity]:
        """The identities of those of the entries of which something is taken, be it held or redeemed."""


@dataclass(frozen=True, slots=True)
class ExpiredVersion:
    """A version of a group's list that may be deleted once it is not current."""

    org: str
    group_id: str
    version_id: str


class ExpiredVersions(Protocol):
    """List versions that are scheduled for deletion."""

    def add_version(self, superseded: ExpiredVersion, at: datetime) -> None:
        """Have the version deleted at that instant, unless it is current then."""


class Groups(Protocol):
    """The group index."""

    def read_group_index(self, org: str) -> GroupIndex:
        """The index as it is now."""


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
        """What is known of that version; None when nothing was ever written of it, or all was deleted."""

    def put_header(self, header: Header) -> None:
        """Keep this in the place of what was known."""

    def write_texts(self, texts: Texts) -> None:
        """Write all of the texts, whether or not others stood in their places."""

    def read_texts(self, places: Iterable[Place]) -> Texts:
        """The texts that stand in these places; the places where none does are left out."""

    def delete_texts(self, places: Iterable[Place]) -> None:
        """Delete what stands in these places."""

    def write_fingerprints(self, segment: Segment, content: bytes) -> None:
        """Write the fingerprints of that segment, whether or not others stood in their place."""

    def delete_fingerprints(self, segments: Iterable[Segment]) -> None:
        """Delete the fingerprints of these segments; those that are not there are no fault."""

    def delete_header(self, version_id: str) -> None:
        """Forget that version."""
