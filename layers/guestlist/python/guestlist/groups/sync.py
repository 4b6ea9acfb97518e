"""Automatic groups kept in step, by a timer and on demand.

Purchases are followed as they come. What was left of them, memberships whose end has come and full
passes that are wished for are the timer's; where nothing is left, a group is in step without a pass.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from guestlist.catalogue.model import Catalogue
from guestlist.groups.full_pass import AT_ONCE, HasTime, Pass, full_pass
from guestlist.groups.index import GroupType
from guestlist.groups.lifecycle import require_existing, require_feature
from guestlist.groups.membership import Change, Membership
from guestlist.groups.model import Group
from guestlist.groups.ports import Groups, Memberships, Syncs
from guestlist.groups.progress import Progress
from guestlist.groups.reevaluation import Reevaluator, SyncPorts, active
from guestlist.messages.message import Message
from guestlist.model.errors import Conflict
from guestlist.organisers.model import Organiser

FULL_PASS_EVERY = timedelta(days=1)
PEOPLE_A_VISIT = 50_000
"""Of a larger group, the rest of a full pass waits until every other group had its turn."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What one run of the timer did, and what it could not do: each failure with what it was about."""

    followed: int = 0
    passes: list[Pass] = field(default_factory=list)
    in_step: int = 0
    failures: list[tuple[str, str, Exception]] = field(default_factory=list)

    def attempt(self, org: str, what: str, call: Callable[[], object]) -> None:
        """Do it, and note how it failed where it does."""
        try:
            call()
        except Exception as error:  # noqa: BLE001 - one failure must not keep back the others
            self.failures.append((org, what, error))

    def failed(self, org: str) -> bool:
        """Whether anything of that organiser could not be done."""
        return any(owner == org for owner, _, _ in self.failures)


def ask(organiser: Organiser, group_id: str, now: datetime, by: str, groups: Groups, syncs: Syncs) -> Group:
    """Wish for a full pass over the group. Raises `Unknown`, `Forbidden`, or `Conflict` (not automatic, expired)."""
    org = organiser.organiser_id
    group = require_existing(groups.get_group(org, group_id))
    if group.type is not GroupType.AUTOMATIC:
        raise Conflict("Only an automatic group is synced.", code="not_automatic")
    require_feature(organiser, group.type)
    if group.expired(now):
        raise Conflict("The group has expired; it is not synced any more.", code="group_expired")
    syncs.ask(org, group_id, now, by)
    return group


def keep_in_step(now: datetime, new_id: Callable[[], str], has_time: HasTime, sync_ports: SyncPorts) -> Report:
    """All that a timer does for the automatic groups of every organiser, while there is time for `more`.

    The groups that have waited longest come first. What fails is told in the report and left for the next time; it
    holds up nothing else, but no group of its organiser is called in step.
    """
    report = Report()
    catch_up(now, has_time, sync_ports, report)
    visits = Visits(now, new_id, has_time, sync_ports, report)
    due = sync_ports.syncs.due(now)
    while has_time() and (some := list(islice(due, AT_ONCE))):
        visits.make(some)
    visits.finish()
    return report


def catch_up(now: datetime, has_time: HasTime, sync_ports: SyncPorts, report: Report) -> None:
    """Follow whatever is owed to purchases, and end or renew memberships whose end has come."""
    waiting, catalogues = _waiting(now, sync_ports), dict[str, Catalogue]()
    while has_time() and (some := list(islice(waiting, AT_ONCE))):
        # Made anew each time: a group that has begun its first pass since takes part too.
        reevaluators: dict[tuple[str, str], Reevaluator] = {}
        for org, by, _, _ in some:
            catalogues[org] = catalogues.get(org) or sync_ports.catalogues.whole(org)
            if (org, by) not in reevaluators:
                reevaluators[org, by] = Reevaluator(org, now, by, sync_ports, (), catalogues[org])
        sync_ports.at_once(
            *[
                partial(report.attempt, org, email, partial(call, reevaluators[org, by]))
                for org, by, email, call in some
            ]
        )
        report.followed += len(some)


def _waiting(now: datetime, sync_ports: SyncPorts) -> Iterator[tuple[str, str, str, Callable[[Reevaluator], object]]]:
    """Whom to follow: the organiser, why, the address, and how."""
    for org, email in sync_ports.purchases.owed(now):
        yield org, "purchase", email, partial(Reevaluator.reevaluate, email=email)
    for org, member in sync_ports.memberships.due(now, automatic=True):
        yield org, "lapse", member.email, partial(_lapsed, org, member, now, sync_ports.memberships)


def _lapsed(org: str, member: Membership, now: datetime, memberships: Memberships, reevaluator: Reevaluator) -> None:
    if member.group_id in reevaluator.group_ids:
        reevaluator.reevaluate(member.email)
    else:
        end = Change(before=member, after=None, by="lapse", because=Message("ended"))
        memberships.apply(org, [end], now)


@dataclass(slots=True)
class Visits:
    """The visits of one run of the timer to the groups that are due; `passes` are groups whose full pass waits."""

    now: datetime
    new_id: Callable[[], str]
    has_time: HasTime
    sync_ports: SyncPorts
    report: Report
    passes: deque[Progress] = field(default_factory=deque)

    def make(self, some: Sequence[Progress]) -> None:
        """Visit those of these groups that need no full pass at the same time, and then do a part of one pass.

        So neither keeps the other waiting until it is done with all groups.
        """
        quiet = [progress for progress in some if not self._needs_pass(progress)]
        self.passes += [progress for progress in some if self._needs_pass(progress)]
        self.sync_ports.at_once(*[partial(self._attempt, progress, self._quiet) for progress in quiet])
        self._go_on()

    def finish(self) -> None:
        """Go on with all full passes, in turns, while there is time."""
        while self.passes and self.has_time():
            self._go_on()

    def _attempt(self, progress: Progress, call: Callable[[Progress], None]) -> None:
        self.report.attempt(progress.organiser_id, progress.group_id, partial(call, progress))

    def _needs_pass(self, progress: Progress) -> bool:
        under_way = progress.asked_at is not None or progress.run_id is not None
        return under_way or progress.passed_at is None or self.now - progress.passed_at >= FULL_PASS_EVERY

    def _go_on(self) -> None:
        if self.passes:
            self._attempt(self.passes.popleft(), self._pass)

    def _pass(self, progress: Progress) -> None:
        try:
            is_done = self._part(progress)
        except Exception:
            self.sync_ports.syncs.visit(progress, self.now)
            raise
        if not is_done:
            self.sync_ports.syncs.visit(progress, self.now)
            self.passes.append(replace(progress, asked_at=progress.asked_at or self.now))

    def _part(self, progress: Progress) -> bool:
        """Do a part of the pass; whether this worker is done with it."""
        org, syncs = progress.organiser_id, self.sync_ports.syncs
        if progress.asked_at is None and progress.run_id is None:
            syncs.ask(org, progress.group_id, self.now, "timer")
        part = full_pass(org, progress.group_id, self.new_id(), self.now, _share(self.has_time), self.sync_ports)
        self.report.passes.append(part)
        return part.done or not part.looked_at

    def _quiet(self, progress: Progress) -> None:
        org, syncs = progress.organiser_id, self.sync_ports.syncs
        if not active(self.sync_ports.groups.get_group(org, progress.group_id), self.now):
            syncs.leave(progress)
        elif self.report.failed(org):
            syncs.visit(progress, self.now)
        else:
            syncs.in_step(progress, self.now)
            self.report.in_step += 1


def _share(has_time: HasTime) -> HasTime:
    """Whether there is time for one person more of the same visit."""
    people = iter(range(PEOPLE_A_VISIT - 1))
    return lambda: next(people, None) is not None and has_time()
