"""Sync progress of automatic groups in the table.

Every group that is synced has an entry in the due index, at the instant of its last sync or of a request for a full
pass, so that the timer reads the longest waiting group first.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from guestlist.aws import conditions, keys
from guestlist.aws.conditions import Condition
from guestlist.aws.due import DueIndex, due_attributes, instant, parse_instant
from guestlist.aws.items import Item
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.customers.model import SHARDS
from guestlist.groups.progress import START, Progress
from guestlist.model.errors import ConcurrentModification

DUE = "sync"
_NEXT_MICROSECOND = timedelta(microseconds=1)
"""A synced group is due again after this: not in the same run of the timer, but in every later one."""
_BATCH_SIZE = 100


class Syncs:
    """The progress of every automatic group."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._due = DueIndex(table, DUE)

    # Reading

    def get_progress(self, org: str, group_id: str) -> Progress:
        """The progress of a group; an empty one for a group without any."""
        key = keys.sync(org, group_id)
        return _progress(self._table.get(key) or {**key._asdict(), "org": org, "group_id": group_id})

    def get_progress_of_each(self, org: str, group_ids: Sequence[str]) -> Mapping[str, Progress]:
        """The progress of those groups that have any, by id."""
        items = self._table.get_many(keys.sync(org, group_id) for group_id in group_ids)
        return {item["group_id"]: _progress(item) for item in items.values()}

    def due(self, now: datetime) -> Iterator[Progress]:
        """Yield the progress of the scheduled groups of all organisers, the longest due first."""
        due_keys = self._due.keys(now)
        while batch := list(islice(due_keys, _BATCH_SIZE)):
            items = self._table.get_many(batch)
            for item in (items[key] for key in batch if key in items):
                if "due_at" in item and item["due_at"] <= instant(now):
                    yield _progress(item)

    # Writing

    def request_full_pass(self, org: str, group_id: str, now: datetime, by: str) -> None:
        """Request a full pass that starts at `now` or later."""
        write = request_pass(org, group_id, now, by)
        self._table.update(keys.sync(org, group_id), write.changes)

    def begin_pass(self, progress: Progress, run_id: str, now: datetime) -> Progress:
        """Start a full pass. Raises `ConcurrentModification` when another has started."""
        changes = {"run_id": run_id, "started_at": instant(now), **{_cursor(n): START for n in range(SHARDS)}}
        return self._change(progress, changes, when=_same_run(progress))

    def advance_pass(self, progress: Progress, shard: int, cursor: str) -> Progress:
        """Save the cursor of one shard of the running pass.

        Raises `ConcurrentModification` when another worker has moved it.
        """
        same_cursor = conditions.equals(_cursor(shard), progress.cursors[shard])
        return self._change(progress, {_cursor(shard): cursor}, when=_same_run(progress) & same_cursor)

    def finish_pass(self, progress: Progress, now: datetime) -> Progress:
        """Complete the running pass. A request made since its start stays. Raises `ConcurrentModification`."""
        changes: dict[str, str | None] = {"run_id": None, "started_at": None}
        changes |= {"synced_at": instant(now), "passed_at": instant(now), "due_at": instant(now + _NEXT_MICROSECOND)}
        unchanged = _same_run(progress)
        if progress.asked_at is not None:
            unchanged = unchanged & conditions.equals("asked_at", instant(progress.asked_at))
            if progress.started_at is not None and progress.asked_at <= progress.started_at:
                changes["asked_at"] = None
        return self._change(progress, changes, when=unchanged)

    def mark_synced(self, progress: Progress, now: datetime) -> None:
        """Save that the group is synced without a full pass, unless one has been requested meanwhile."""
        try:
            changes = {"synced_at": instant(now), "due_at": instant(now + _NEXT_MICROSECOND)}
            self._change(progress, changes, when=conditions.absent("asked_at") & conditions.present("due_at"))
        except ConcurrentModification:
            return

    def postpone(self, progress: Progress, now: datetime) -> None:
        """Move the group to the end of the schedule."""
        try:
            self._change(progress, {"due_at": instant(now + _NEXT_MICROSECOND)}, when=conditions.present("due_at"))
        except ConcurrentModification:
            return

    def unschedule(self, progress: Progress) -> None:
        """Remove the group from the schedule, until a full pass is requested again."""
        self._table.update(keys.sync(progress.organiser_id, progress.group_id), remove=["due_pk", "due_at"])

    def _change(self, progress: Progress, changes: Mapping[str, str | None], when: Condition) -> Progress:
        key = keys.sync(progress.organiser_id, progress.group_id)
        try:
            return _progress(self._table.update(key, dict(changes), when=when))
        except ConditionFailed as error:
            raise ConcurrentModification from error


def request_pass(org: str, group_id: str, now: datetime, by: str) -> Write:
    """The write that requests a full pass, for the transaction with the change that requires it."""
    key = keys.sync(org, group_id)
    changes = {"org": org, "group_id": group_id, "asked_at": instant(now), "asked_by": by}
    return Write(key=key, changes=changes | due_attributes(DUE, key, now))


def _same_run(progress: Progress) -> Condition:
    return conditions.equals("run_id", progress.run_id) if progress.run_id else conditions.absent("run_id")


def _cursor(shard: int) -> str:
    return f"cursor_{shard}"


def _progress(item: Item) -> Progress:
    return Progress(
        organiser_id=item["org"],
        group_id=item["group_id"],
        asked_at=parse_instant(item.get("asked_at")),
        asked_by=item.get("asked_by", ""),
        run_id=item.get("run_id"),
        started_at=parse_instant(item.get("started_at")),
        cursors=tuple(item.get(_cursor(shard), START) for shard in range(SHARDS)),
        synced_at=parse_instant(item.get("synced_at")),
        passed_at=parse_instant(item.get("passed_at")),
    )
