"""The ports of erasures, in memory, over those of imports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from guestlist.erasure.model import Erasure, ErasureProgress
from guestlist.erasure.ports import ObjectVersion
from guestlist.groups.model import Group
from guestlist.imports.model import Source
from guestlist.model.errors import ConcurrentModification
from tests.fakes.imports import FakeFiles

REPORT = "r1"


@dataclass
class FakeOriginals:
    """All versions of the objects of `files`: originals by their versions, and of each report the only one."""

    files: FakeFiles
    replaced: dict[tuple[str, str], str] = field(default_factory=dict)
    in_parts: set[str] = field(default_factory=set)

    def versions(self, prefix: str, after: str) -> Iterator[ObjectVersion]:
        newest = dict(self.files.objects)
        keys = [*newest, *((key, REPORT) for key in self.files.stored)]
        for key, version_id in sorted(keys):
            if key.startswith(prefix) and key > after:
                yield ObjectVersion(key, version_id, self._is_newest(key, version_id))

    def has_multipart_uploads(self, prefix: str) -> bool:
        return any(key.startswith(prefix) for key in self.in_parts)

    def download(self, source: Source, to: Path) -> None:
        if source.version_id == REPORT:
            to.write_bytes(self.files.stored[source.key])
        else:
            self.files.download(source, to)

    def is_rewritten(self, stored: ObjectVersion) -> bool:
        version_id = self.replaced.get((stored.key, stored.version_id), "")
        return (stored.key, version_id) in self.files.objects and self._is_newest(stored.key, version_id)

    def rewrite(self, stored: ObjectVersion, path: Path) -> str:
        if stored.version_id == REPORT:
            self.files.objects[stored.key, "r2"] = path.read_bytes()
            return "r2"
        version_id = self.replaced.setdefault((stored.key, stored.version_id), f"{stored.version_id}'")
        self.files.objects[stored.key, version_id] = path.read_bytes()
        return version_id

    def delete_version(self, stored: ObjectVersion) -> None:
        if stored.version_id == REPORT:
            self.files.stored.pop(stored.key, None)
        self.files.objects.pop((stored.key, stored.version_id), None)

    def _is_newest(self, key: str, version_id: str) -> bool:
        return version_id == REPORT or version_id == [version for of, version in self.files.objects if of == key][-1]


@dataclass
class FakeSearch:
    """The groups whose indexes were deleted, and the number of indexes being written."""

    forgotten: list[str] = field(default_factory=list)
    in_making: int = 0

    def delete_indexes(self, group_id: str) -> bool:
        self.forgotten.append(group_id)
        return self._stopped()

    def delete_unused(self) -> bool:
        return self._stopped()

    def _stopped(self) -> bool:
        self.in_making, stopped = 0, bool(self.in_making)
        return stopped


@dataclass
class FakeErasures:
    """The erasures in progress, and when others ended."""

    in_progress: dict[str, Erasure] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    ended_at: dict[str, datetime] = field(default_factory=dict)

    def begin(self, _org: str, erasure: Erasure) -> Erasure:
        again = erasure.email in self.in_progress
        self.in_progress[erasure.email] = replace(erasure, progress=replace(erasure.progress, again=again))
        self.due[erasure.email] = erasure.asked_at
        return self.in_progress[erasure.email]

    def save_progress(
        self, _org: str, erasure: Erasure, progress: ErasureProgress, due_at: datetime | None = None
    ) -> Erasure:
        if self.in_progress.get(erasure.email, erasure).asked_at != erasure.asked_at:
            raise ConcurrentModification
        self.in_progress[erasure.email] = replace(erasure, progress=progress)
        self.due |= {erasure.email: due_at} if due_at else {}
        return self.in_progress[erasure.email]

    def end(self, _org: str, erasure: Erasure, now: datetime) -> None:
        if self.in_progress[erasure.email].asked_at != erasure.asked_at:
            raise ConcurrentModification
        self.ended_at[erasure.email] = now
        del self.in_progress[erasure.email]


@dataclass
class FakeGroups:
    """The records of target groups, as they are for the groups in the index, and those that were deleted."""

    records: dict[str, Group] = field(default_factory=dict)

    def newest(self, _org: str) -> Iterator[Group]:
        yield from list(self.records.values())

    def get_group(self, _org: str, group_id: str) -> Group:
        return self.records[group_id]

    def save_group(self, _org: str, group: Group, _now: datetime) -> Group:
        self.records[group.group_id] = group
        return group


@dataclass
class FakeJournal:
    """The deleted changes, by import and address."""

    forgotten: set[tuple[str, str]] = field(default_factory=set)

    def erase_person(self, _org: str, import_id: str, email: str, _group_ids: Sequence[str]) -> None:
        self.forgotten.add((import_id, email))


@dataclass
class Page:
    """A person's partition: whether it was deleted, and stored responses redacted."""

    removals: list[str] = field(default_factory=list)

    def delete_person(self) -> None:
        self.removals.append("page")

    def redact(self) -> None:
        self.removals.append("answers")
