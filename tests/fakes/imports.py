"""The ports of imports, in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guestlist.groups.index import GroupIndex
from guestlist.imports.model import Import, Source
from guestlist.imports.ports import FileMissing, Publication, Time
from guestlist.imports.problem_record import ProblemRecord
from guestlist.model.errors import ConcurrentModification, Unknown

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class FakeIndexes:
    """The group index of any organiser."""

    indexes: dict[str, GroupIndex] = field(default_factory=dict)

    def read_group_index(self, org: str) -> GroupIndex:
        return self.indexes.get(org, GroupIndex())

    def write_group_index(self, org: str, index: GroupIndex) -> None:
        if index.number != self.read_group_index(org).number + 1:
            raise ConcurrentModification
        self.indexes[org] = index


@dataclass
class FakeImports:
    """Records by organiser and id; `mails` and `waits` are the references of result mails and of mails about waits."""

    groups: FakeIndexes = field(default_factory=FakeIndexes)
    records: dict[tuple[str, str], Import] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    problems_kept: dict[str, Sequence[ProblemRecord]] = field(default_factory=dict)
    drops: dict[tuple[str, str, str], tuple[str, datetime]] = field(default_factory=dict)

    def get_import(self, org: str, import_id: str) -> Import:
        assert import_id, "a table refuses an empty key"
        try:
            return self.records[org, import_id]
        except KeyError:
            raise Unknown("not_found.import", id=import_id) from None

    def add_import(self, record: Import) -> bool:
        return self.records.setdefault((record.organiser_id, record.import_id), record) is record

    def save_import(self, record: Import) -> Import:
        key = record.organiser_id, record.import_id
        if self.records[key].revision != record.revision:
            raise ConcurrentModification
        self.records[key] = replace(record, revision=record.revision + 1)
        return self.records[key]

    def finish(self, record: Import, *, mail: bool) -> Import:
        if mail and record.import_id in self.mails:
            raise ConcurrentModification
        saved = self.save_import(record)
        self.mails += [record.import_id] if mail else []
        return saved

    def save_waiting(self, record: Import, now: datetime) -> Import:
        assert now
        if record.import_id in self.waits:
            raise ConcurrentModification
        saved = self.save_import(record)
        self.waits.append(record.import_id)
        return saved

    def publish(self, record: Import, publication: Publication) -> Import:
        if self.get_import(record.organiser_id, record.import_id).revision != record.revision:
            raise ConcurrentModification
        self.groups.write_group_index(record.organiser_id, publication.index)
        return self.finish(record, mail=True)

    def undo(self, record: Import, publication: Publication) -> Import:
        if self.get_import(record.organiser_id, record.import_id).revision != record.revision:
            raise ConcurrentModification
        self.groups.write_group_index(record.organiser_id, publication.index)
        return self.save_import(record)

    def save_problems(self, record: Import, problems: Sequence[ProblemRecord]) -> None:
        self.problems_kept[record.import_id] = problems

    def problems(self, _org: str, import_id: str) -> Sequence[ProblemRecord]:
        return self.problems_kept.get(import_id, [])

    def register_drop(self, org: str, source: Source, import_id: str, now: datetime) -> tuple[str, datetime]:
        return self.drops.setdefault((org, source.key, source.version_id), (import_id, now))

    def newest(self, org: str, after: str | None = None) -> Iterator[Import]:
        import_ids = sorted((import_id for of, import_id in self.records if of == org), reverse=True)
        for import_id in import_ids:
            if after is None or import_id < after:
                yield self.records[org, import_id]

    def find_dropped(self, org: str, key: str, version_id: str) -> str | None:
        return self.drops.get((org, key, version_id), (None, None))[0]

    def due(self, now: datetime) -> list[Import]:
        return [record for record in self.records.values() if record.due_at and record.due_at <= now]


@dataclass(frozen=True)
class FakeForm:
    """An upload form with its limits."""

    url: str
    fields: Mapping[str, str]


@dataclass
class FakeFiles:
    """Objects by key and version; `kept` has the reports."""

    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)
    missing_versions: set[str] = field(default_factory=set)

    def create_upload_form(self, key: str, max_size: int, lifetime: timedelta) -> FakeForm:
        return FakeForm("https://upload.example", {"key": key, "most": str(max_size), "lasts": str(lifetime)})

    def download(self, source: Source, to: Path) -> None:
        try:
            to.write_bytes(self.objects[source.key, source.version_id])
        except KeyError:
            raise FileMissing from None

    def upload(self, key: str, path: Path, content_type: str) -> None:
        assert content_type
        self.stored[key] = path.read_bytes()

    def metadata(self, source: Source) -> Mapping[str, str]:
        if source.version_id in self.missing_versions:
            raise FileMissing
        return self.options.get(source.key, {})


@dataclass
class FakeQueue:
    """A queue with the imports that need a worker."""

    resumed: list[tuple[str, str]] = field(default_factory=list)

    def resume(self, org: str, import_id: str) -> None:
        self.resumed.append((org, import_id))


@dataclass
class FakeClock:
    """A clock that tests move; `remaining_checks` is how often a worker may check before time is short."""

    instant: datetime = START
    remaining_checks: int | None = None

    def now(self) -> datetime:
        return self.instant

    def advance(self, length: timedelta) -> None:
        self.instant += length

    def short(self) -> bool:
        if self.remaining_checks is None:
            return False
        self.remaining_checks -= 1
        return self.remaining_checks < 0

    @property
    def time(self) -> Time:
        return Time(now=self.now, has_time=lambda: not self.short())
