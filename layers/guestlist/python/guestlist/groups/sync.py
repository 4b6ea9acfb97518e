"""Automatic groups kept in step, by a timer and on demand.

Purchases are followed as they come. What was left of them, memberships whose end has come and full
passes that are wished for are the timer's; where nothing is left, a group is in step without a pass.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from guestlist.groups.full_pass import AT_ONCE, HasTime, Pass, full_pass
from guestlist.groups.index import GroupType
from guestlist.groups.lifecycle import require_feature, standing
from guestlist.groups.membership import Change, Membership
from guestlist.groups.model import Group
from guestlist.groups.ports import Groups, Memberships, Syncs
from guestlist.groups.progress import Progress
from guestlist.groups.reevaluation import Reevaluator, SyncPorts, active
from guestlist.messages.message import Message
from guestlist.model.errors import Conflict
from guestlist.organisers.model import Organiser

FULL_PASS_EVERY = timedelta(days=1)


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
    group = standing(groups.get(org, group_id))
    if group.type is not GroupType.AUTOMATIC:
        raise Conflict("Only an automatic group is synced.", code="not_automatic")
    require_feature(organiser, group.type)
    if group.expired(now):
        raise Conflict("The group has expired; it is not synced any more.", code="group_expired")
    syncs.ask(org, group_id, now, by)
    return group


def keep_in_step(now: datetime, new_id: Callable[[], str], has_time: HasTime, sync_ports: SyncPorts) -> Report:
    """All that a timer does for the automatic groups of every organiser, while there is time for `more`.

    What fails is told in the report and left for the next time; it holds up nothing else, but no group of
    its organiser is called in step.
    """
    report = Report()
    catch_up(now, has_time, sync_ports, report)
    for progress in sync_ports.syncs.everywhere():
        if not has_time():
            break
        org, group_id = progress.organiser_id, progress.group_id
        report.attempt(org, group_id, partial(_keep, progress, now, new_id, has_time, sync_ports, report))
    return report


def catch_up(now: datetime, has_time: HasTime, sync_ports: SyncPorts, report: Report) -> None:
    """Follow whatever is owed to purchases, and end or renew memberships whose end has come."""
    left = _left(now, sync_ports)
    while has_time() and (some := list(islice(left, AT_ONCE))):
        sync_ports.at_once(*[partial(report.attempt, org, email, call) for org, email, call in some])
        report.followed += len(some)


def _left(now: datetime, sync_ports: SyncPorts) -> Iterator[tuple[str, str, Callable[[], object]]]:
    followers: dict[tuple[str, str], Reevaluator] = {}

    def reevaluator(org: str, by: str) -> Reevaluator:
        if (org, by) not in followers:
            followers[org, by] = Reevaluator(org, now, by, sync_ports, (), sync_ports.catalogues.whole(org))
        return followers[org, by]

    for org, email in sync_ports.purchases.owed(now):
        yield org, email, partial(reevaluator(org, "purchase").reevaluate, email)
    for org, member in sync_ports.memberships.due(now, automatic=True):
        yield org, member.email, partial(_lapsed, org, member, now, reevaluator(org, "lapse"), sync_ports.memberships)


def _lapsed(org: str, member: Membership, now: datetime, reevaluator: Reevaluator, memberships: Memberships) -> None:
    if member.group_id in reevaluator.group_ids:
        reevaluator.reevaluate(member.email)
    else:
        gone = Change(before=member, after=None, by="lapse", because=Message("ended"))
        memberships.apply(org, [gone], now)


def _keep(
    progress: Progress,
    now: datetime,
    new_id: Callable[[], str],
    has_time: HasTime,
    sync_ports: SyncPorts,
    report: Report,
) -> None:
    org, group_id = progress.organiser_id, progress.group_id
    under_way = progress.asked_at is not None or progress.run_id is not None
    if not under_way and (progress.passed_at is None or now - progress.passed_at >= FULL_PASS_EVERY):
        sync_ports.syncs.ask(org, group_id, now, "timer")
        under_way = True
    if under_way:
        report.passes.append(full_pass(org, group_id, new_id(), now, has_time, sync_ports))
    elif not active(sync_ports.groups.get(org, group_id), now):
        sync_ports.syncs.leave(progress)
    elif not report.failed(org):
        sync_ports.syncs.in_step(progress, now)
        report.in_step += 1
