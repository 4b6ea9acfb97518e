"""Import a target-group file: pack its rows into a new version of the list, and publish it atomically."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup, ScheduledVersion
from guestlist.imports.explanation import explanation_fields
from guestlist.imports.job import ImportFailed, Job, StartOver
from guestlist.imports.model import Counts, Import, Mode, Reason, Status, import_id_of
from guestlist.imports.ports import ExpiredVersion, ExpiredVersions, Groups, PackedListStore
from guestlist.imports.previous_list import PreviousList
from guestlist.imports.reading import fields
from guestlist.imports.reading.bulk.reading import read_rows
from guestlist.imports.reading.problems import Problem
from guestlist.lists.importing.build import BuiltList, build, compare
from guestlist.lists.importing.cleanup import NEVER_PUBLISHED
from guestlist.lists.importing.publication import publication
from guestlist.lists.importing.row_sorter import RowSorter
from guestlist.lists.packed_list import PackedList
from guestlist.messages.message import Message
from guestlist.model.errors import ConcurrentModification, Unknown
from guestlist.model.ids import new_group_id

READ_SHARE = 0.5
MAX_TRIES = 20
_NO_CONSENT = Message("no_consent", {"reason": "list"})


@dataclass(frozen=True, slots=True)
class Target:
    """The group that a file is imported into and the mode, with the index from which both were read."""

    index: GroupIndex
    group: IndexedGroup
    mode: Mode

    @property
    def creates_group(self) -> bool:
        """Whether this import creates the group."""
        return self.group.group_id not in self.index.groups

    @property
    def current(self) -> PackedList:
        """The current list of the group."""
        return PackedList(self.group.base, self.group.overlay)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroups:
    """Service of target-group imports, with the group index and the packed-list store of any group.

    Uses of groups that imports create from `keyed_since` on are counted under keyed digests of people.
    """

    groups: Groups
    list_store: Callable[[str, str], PackedListStore]
    expired_versions: ExpiredVersions
    keyed_since: datetime | None

    def run(self, job: Job) -> None:
        """Read every row, build the new version and publish it; or stop for review. Raises `ImportFailed`."""
        target = self._target(job)
        sorter = _sort_file(job)
        no_consent = _sort_rows(job, sorter) and job.record.consent is None
        if no_consent and not job.record.options.review:
            raise ImportFailed(Reason.CONSENT_REQUIRED, _NO_CONSENT, counts=_counts(0, job, sorter))
        if no_consent or job.for_review:
            self._review(job, target, sorter, no_consent=no_consent)
        else:
            job.lease.update(status=Status.IMPORTING, staged_revision=job.record.revision)
            self._schedule_deletion(job, target)
            self._publish(job, target, sorter)

    def _target(self, job: Job) -> Target:
        index = self.groups.read_group_index(job.record.organiser_id)
        group = index.find_by_name(job.record.options.group or "")
        mode = job.record.options.mode or _default_mode(job.record, group)
        _check_schedule(job.record)
        if group is None:
            return Target(index, self._new_group(job.record, mode), mode)
        if mode is Mode.CREATE or group.type is not GroupType.TARGET:
            raise ImportFailed(Reason.GROUP_EXISTS, _name_taken(group))
        if group.is_expired(job.worker_context.time.now()):
            raise ImportFailed(Reason.GROUP_EXPIRED, Message("group_expired", {"group": group.name}))
        self._check_newer(job, group)
        return Target(index, group, mode)

    def _new_group(self, record: Import, mode: Mode) -> IndexedGroup:
        name = " ".join((record.options.group or "").split())
        if mode is not Mode.CREATE:
            raise ImportFailed(Reason.UNKNOWN_GROUP, Message("no_target_group", {"group": name}))
        # The group gets the import's id, so that a retry creates the same group.
        group_id = new_group_id(record.import_id, record.created_at, self.keyed_since)
        return IndexedGroup(group_id=group_id, type=GroupType.TARGET, name=name, created_at=record.created_at)

    def _check_newer(self, job: Job, group: IndexedGroup) -> None:
        """Raise `ImportFailed` for a dropped file that is older than the one already imported."""
        source = job.record.source
        if source is None or not source.dropped or group.base is None:
            return
        try:
            current = job.worker_context.imports.get_import(
                job.record.organiser_id, import_id_of(group.base.version_id)
            ).source
        except Unknown:
            return
        if current and current.is_newer_than(source):
            raise ImportFailed(Reason.SUPERSEDED, Message("newer_file"))

    def _review(self, job: Job, target: Target, sorter: RowSorter, *, no_consent: bool) -> None:
        list_store = self.list_store(job.record.organiser_id, target.group.group_id)
        imported, effect = compare(sorter, target.mode, target.current, list_store, job.refusals.add, _progress(job))
        job.await_review(
            _counts(imported, job, sorter),
            reason=Reason.CONSENT_REQUIRED if no_consent else None,
            **explanation_fields(*[_NO_CONSENT] if no_consent else []),
            effect=asdict(effect),
        )

    def _publish(self, job: Job, target: Target, sorter: RowSorter) -> None:
        built = self._build(job, target, sorter)
        counts = _counts(built.imported, job, sorter)
        job.check_counts(counts)
        job.save_refusals()
        for _ in range(MAX_TRIES):
            try:
                publish(job, target, built, counts)
            except ConcurrentModification:
                job.lease.verify()
                target = _require_same(target, self._target(job))
            else:
                return
        raise StartOver

    def _schedule_deletion(self, job: Job, target: Target) -> None:
        """Schedule the deletion of the new version before its first write; publishing it cancels that."""
        version = ExpiredVersion(job.record.organiser_id, target.group.group_id, job.record.staged_version)
        self.expired_versions.add_version(version, job.worker_context.time.now() + NEVER_PUBLISHED)

    def _build(self, job: Job, target: Target, sorter: RowSorter) -> BuiltList:
        list_store = self.list_store(job.record.organiser_id, target.group.group_id)
        version_id = job.record.staged_version
        return build(sorter, target.mode, target.current, version_id, list_store, job.refusals.add, _progress(job))


def publish(job: Job, target: Target, built: BuiltList, counts: Counts) -> None:
    """Publish the list and finish the import, atomically. Raises `ConcurrentModification`."""
    former, ended_record = target.group, job.ended_record(counts)
    at = ended_record.scheduled_for
    if at is not None and built.base is not None:
        group = former.with_scheduled(ScheduledVersion(at, built.base, built.entries))
    else:
        group = replace(former, base=built.base, overlay=built.overlay, entries=built.entries)
    ended_record = replace(
        ended_record,
        group_id=group.group_id,
        group_name=group.name,
        effect=asdict(built.effect),
        version_id=job.record.staged_version,
        former=_former(former, created=target.creates_group)
        if at is None
        else PreviousList(created=target.creates_group),
    )
    job.worker_context.imports.publish(
        ended_record, publication(target.index, former, group, created=target.creates_group)
    )


def _former(group: IndexedGroup, *, created: bool) -> PreviousList:
    return PreviousList(base=group.base, overlay=group.overlay, entries=group.entries, created=created)


def _sort_file(job: Job) -> RowSorter:
    code, email = job.sheet.label(fields.CODE), job.sheet.label(fields.EMAIL)
    return RowSorter(job.folder, job.sheet.path.stat().st_size, code=code, email=email)


def _sort_rows(job: Job, sorter: RowSorter) -> bool:
    """Add valid rows to the sorter and refuse the others; returns whether a row has an e-mail address."""
    has_emails = False
    job.lease.heartbeat(0.0)
    on_problem = job.refusals.cache_cells
    for rows in read_rows(
        job.sheet, job.record.options, job.row_notes, fast=job.worker_context.fast, on_problem=on_problem
    ):
        if isinstance(rows, Problem):
            job.refusals.add(rows)
        else:
            job.lease.heartbeat(READ_SHARE * job.sheet.progress)
            has_emails = has_emails or any(rows.emails)
            sorter.add_rows(rows)
    return has_emails


def _progress(job: Job) -> Callable[[float], None]:
    return lambda share: job.lease.heartbeat(READ_SHARE + (1 - READ_SHARE) * share)


def _counts(imported: int, job: Job, sorter: RowSorter) -> Counts:
    refused, repeated = job.refusals.count, sorter.repeated
    return Counts(imported + refused + repeated, imported, refused, repeated=repeated)


def _require_same(target: Target, new_target: Target) -> Target:
    """The new target, if the built version is still valid for it. Raises `StartOver`."""
    depends_on_list = target.mode in {Mode.APPEND, Mode.REMOVE} and new_target.group != target.group
    if depends_on_list or new_target.mode is not target.mode or new_target.group.group_id != target.group.group_id:
        raise StartOver
    return new_target


def _default_mode(record: Import, group: IndexedGroup | None) -> Mode:
    return Mode.REPLACE if record.dropped and group else Mode.CREATE


def _check_schedule(record: Import) -> None:
    """Check options that only requests check otherwise: those of a dropped file. Raises `ImportFailed`."""
    at = record.options.publish_at
    if at is not None and (at <= record.created_at or record.options.mode in {Mode.APPEND, Mode.REMOVE}):
        raise ImportFailed(Reason.BAD_OPTION, Message("bad_publish_at"))


def _name_taken(group: IndexedGroup) -> Message:
    return Message("group_exists" if group.type is GroupType.TARGET else "group_of_customers", {"group": group.name})
