"""Sync of automatic groups, by a timer and on request.

A purchase reevaluates its buyer when it is recorded. The timer does what failed then, ends or renews memberships
that lapse, and runs full passes. A group with nothing left to do is marked as synced without a pass.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from guestlist.catalogue.model import Catalogue
from guestlist.groups.full_pass import CONCURRENCY, HasTime, PassResult, full_pass
from guestlist.groups.lifecycle import require_existing, require_feature
from guestlist.groups.membership import Change, Membership
from guestlist.groups.model import Group
from guestlist.groups.ports import Groups, Memberships, Syncs
from guestlist.groups.preconditions import require_automatic, require_unexpired
from guestlist.groups.progress import Progress
from guestlist.groups.reevaluation import Reevaluator, SyncPorts, is_active_automatic
from guestlist.messages.message import Message
from guestlist.organisers.model import Organiser

FULL_PASS_INTERVAL = timedelta(days=1)
PEOPLE_PER_TURN = 50_000
"""After so many people of one group, a full pass lets the other groups go first."""


@dataclass(slots=True, kw_only=True)
class SyncReport:
    """Result of one run of the timer; a failure is the organiser, the e-mail or group id, and the error."""

    reevaluations: int = 0
    passes: list[PassResult] = field(default_factory=list)
    synced_without_pass: int = 0
    failures: list[tuple[str, str, Exception]] = field(default_factory=list)

    def attempt(self, org: str, subject: str, call: Callable[[], object]) -> None:
        """Make the call; an error becomes a failure of the report."""
        try:
            call()
        except Exception as error:  # noqa: BLE001 - one failure must not keep back the others
            self.failures.append((org, subject, error))

    def failed(self, org: str) -> bool:
        """Whether the organiser has a failure."""
        return any(owner == org for owner, _, _ in self.failures)


def request_sync(organiser: Organiser, group_id: str, now: datetime, by: str, groups: Groups, syncs: Syncs) -> Group:
    """Request a full pass over the group. Raises `Unknown`, `Forbidden`, or `Conflict` (not automatic, expired)."""
    org = organiser.organiser_id
    group = require_existing(groups.get_group(org, group_id))
    require_automatic(group)
    require_feature(organiser, group.type)
    require_unexpired(group, now)
    syncs.request_full_pass(org, group_id, now, by)
    return group


def sync_groups(now: datetime, new_id: Callable[[], str], has_time: HasTime, sync_ports: SyncPorts) -> SyncReport:
    """Sync the automatic groups of every organiser, the longest due first, while `has_time()`.

    A failure is reported, retried by the next run and holds up nothing else; but no group of its organiser is
    marked as synced.
    """
    report = SyncReport()
    reevaluate_due(now, has_time, sync_ports, report)
    groups = DueGroups(now, new_id, has_time, sync_ports, report)
    due = sync_ports.syncs.due(now)
    while has_time() and (batch := list(islice(due, CONCURRENCY))):
        groups.sync(batch)
    groups.finish()
    return report


def reevaluate_due(now: datetime, has_time: HasTime, sync_ports: SyncPorts, report: SyncReport) -> None:
    """Reevaluate buyers whose purchases were not processed, and end or renew memberships that have lapsed."""
    due, catalogues = _due_people(now, sync_ports), dict[str, Catalogue]()
    while has_time() and (batch := list(islice(due, CONCURRENCY))):
        # Created for each batch: they also evaluate groups whose first pass has started since.
        reevaluators: dict[tuple[str, str], Reevaluator] = {}
        for org, by, _, _ in batch:
            catalogues[org] = catalogues.get(org) or sync_ports.catalogues.read_catalogue(org)
            if (org, by) not in reevaluators:
                reevaluators[org, by] = Reevaluator(org, now, by, sync_ports, (), catalogues[org])
        sync_ports.in_parallel(
            *[
                partial(report.attempt, org, email, partial(call, reevaluators[org, by]))
                for org, by, email, call in batch
            ]
        )
        report.reevaluations += len(batch)


def _due_people(
    now: datetime, sync_ports: SyncPorts
) -> Iterator[tuple[str, str, str, Callable[[Reevaluator], object]]]:
    """Yield the people to reevaluate: organiser, cause, e-mail and the call that does it."""
    for org, email in sync_ports.purchases.due_buyers(now):
        yield org, "purchase", email, partial(Reevaluator.reevaluate, email=email)
    for org, member in sync_ports.memberships.due(now, automatic=True):
        yield org, "lapse", member.email, partial(_end_or_renew, org, member, now, sync_ports.memberships)


def _end_or_renew(
    org: str, member: Membership, now: datetime, memberships: Memberships, reevaluator: Reevaluator
) -> None:
    if member.group_id in reevaluator.group_ids:
        reevaluator.reevaluate(member.email)
    else:
        end = Change(before=member, after=None, by="lapse", because=Message("ended"))
        memberships.apply(org, [end], now)


@dataclass(slots=True)
class DueGroups:
    """The due groups in one run of the timer; `passes` is the queue of groups that need a full pass."""

    now: datetime
    new_id: Callable[[], str]
    has_time: HasTime
    sync_ports: SyncPorts
    report: SyncReport
    passes: deque[Progress] = field(default_factory=deque)

    def sync(self, batch: Sequence[Progress]) -> None:
        """Mark the groups that need no full pass, in parallel, and then continue one full pass of the queue.

        Alternating, neither kind waits until all of the other is done.
        """
        without_pass = [progress for progress in batch if not self._needs_pass(progress)]
        self.passes += [progress for progress in batch if self._needs_pass(progress)]
        self.sync_ports.in_parallel(*[partial(self._attempt, progress, self._mark_synced) for progress in without_pass])
        self._continue_next_pass()

    def finish(self) -> None:
        """Continue the full passes of the queue, in turns, while there is time."""
        while self.passes and self.has_time():
            self._continue_next_pass()

    def _attempt(self, progress: Progress, call: Callable[[Progress], None]) -> None:
        self.report.attempt(progress.organiser_id, progress.group_id, partial(call, progress))

    def _needs_pass(self, progress: Progress) -> bool:
        is_under_way = progress.asked_at is not None or progress.run_id is not None
        return is_under_way or progress.passed_at is None or self.now - progress.passed_at >= FULL_PASS_INTERVAL

    def _continue_next_pass(self) -> None:
        if self.passes:
            self._attempt(self.passes.popleft(), self._take_turn)

    def _take_turn(self, progress: Progress) -> None:
        try:
            is_done = self._run_pass(progress)
        except Exception:
            self.sync_ports.syncs.postpone(progress, self.now)
            raise
        if not is_done:
            self.sync_ports.syncs.postpone(progress, self.now)
            self.passes.append(replace(progress, asked_at=progress.asked_at or self.now))

    def _run_pass(self, progress: Progress) -> bool:
        """Run one turn of the pass; True when this worker has nothing left to do in it."""
        org, syncs = progress.organiser_id, self.sync_ports.syncs
        if progress.asked_at is None and progress.run_id is None:
            syncs.request_full_pass(org, progress.group_id, self.now, "timer")
        result = full_pass(org, progress.group_id, self.new_id(), self.now, _one_turn(self.has_time), self.sync_ports)
        self.report.passes.append(result)
        return result.complete or not result.people_checked

    def _mark_synced(self, progress: Progress) -> None:
        org, syncs = progress.organiser_id, self.sync_ports.syncs
        if not is_active_automatic(self.sync_ports.groups.get_group(org, progress.group_id), self.now):
            syncs.unschedule(progress)
        elif self.report.failed(org):
            syncs.postpone(progress, self.now)
        else:
            syncs.mark_synced(progress, self.now)
            self.report.synced_without_pass += 1


def _one_turn(has_time: HasTime) -> HasTime:
    """Limit `has_time` to `PEOPLE_PER_TURN` calls."""
    people = iter(range(PEOPLE_PER_TURN - 1))
    return lambda: next(people, None) is not None and has_time()
