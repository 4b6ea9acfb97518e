"""Automatic groups kept in step, by a timer and on demand.

Purchases are followed as they come. What was left of them, memberships whose end has come and full
passes that are wished for are the timer's; where nothing is left, a group is in step without a pass.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from guestlist.errors import Conflict
from guestlist.group import GroupType
from guestlist.group_record import Group
from guestlist.groups.follow import Engine, Follower, active
from guestlist.groups.full_pass import AT_ONCE, More, Pass, full_pass
from guestlist.groups.lifecycle import require_feature, standing
from guestlist.groups.ports import Groups, Memberships, Syncs
from guestlist.groups.progress import Progress
from guestlist.membership import Change, Membership
from guestlist.organiser import Organiser

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


def keep_in_step(now: datetime, new_id: Callable[[], str], more: More, engine: Engine) -> Report:
    """All that a timer does for the automatic groups of every organiser, while there is time for `more`.

    What fails is told in the report and left for the next time; it holds up nothing else, but no group of
    its organiser is called in step.
    """
    report = Report()
    catch_up(now, more, engine, report)
    for progress in engine.syncs.everywhere():
        if not more():
            break
        org, group_id = progress.organiser_id, progress.group_id
        report.attempt(org, group_id, partial(_keep, progress, now, new_id, more, engine, report))
    return report


def catch_up(now: datetime, more: More, engine: Engine, report: Report) -> None:
    """Follow whatever is owed to purchases, and end or renew memberships whose end has come."""
    left = _left(now, engine)
    while more() and (some := list(islice(left, AT_ONCE))):
        engine.at_once(*[partial(report.attempt, org, email, call) for org, email, call in some])
        report.followed += len(some)


def _left(now: datetime, engine: Engine) -> Iterator[tuple[str, str, Callable[[], object]]]:
    followers: dict[tuple[str, str], Follower] = {}

    def follower(org: str, by: str) -> Follower:
        if (org, by) not in followers:
            followers[org, by] = Follower(org, now, by, engine, (), engine.catalogues.whole(org))
        return followers[org, by]

    for org, email in engine.purchases.owed(now):
        yield org, email, partial(follower(org, "purchase").follow, email)
    for org, member in engine.memberships.due(now, automatic=True):
        yield org, member.email, partial(_lapsed, org, member, now, follower(org, "lapse"), engine.memberships)


def _lapsed(org: str, member: Membership, now: datetime, follower: Follower, memberships: Memberships) -> None:
    if member.group_id in follower.group_ids:
        follower.follow(member.email)
    else:
        gone = Change(before=member, after=None, by="lapse", why="it had come to its end")
        memberships.apply(org, [gone], now)


def _keep(
    progress: Progress, now: datetime, new_id: Callable[[], str], more: More, engine: Engine, report: Report
) -> None:
    org, group_id = progress.organiser_id, progress.group_id
    under_way = progress.asked_at is not None or progress.run_id is not None
    if not under_way and (progress.passed_at is None or now - progress.passed_at >= FULL_PASS_EVERY):
        engine.syncs.ask(org, group_id, now, "timer")
        under_way = True
    if under_way:
        report.passes.append(full_pass(org, group_id, new_id(), now, more, engine))
    elif not active(engine.groups.get(org, group_id), now):
        engine.syncs.leave(progress)
    elif not report.failed(org):
        engine.syncs.in_step(progress, now)
        report.in_step += 1
