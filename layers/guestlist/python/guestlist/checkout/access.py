"""Whether one level of restriction is met: any one of its groups is enough, and an ended one is none."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from guestlist.checkout.context import CheckContext, of_customers
from guestlist.checkout.findings import Finding, Level, of_group
from guestlist.checkout.quantity_check import QuantityCheck, check_quantity
from guestlist.checkout.request import Question
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row, barred, in_category, most
from guestlist.groups.index import IndexedGroup


class AccessDecision(NamedTuple):
    """What a level says. `belongs` is whether the customer is in one of its groups at all, used up or not.

    `rows` are the customer's, of the category if there are any, and `remaining` what one of them has left for
    what was asked; None both where a membership makes that no matter.
    """

    granted: bool
    belongs: bool
    by: tuple[IndexedGroup, ...] = ()
    rows: tuple[Row, ...] | None = None
    remaining: int | None = None
    findings: tuple[Finding, ...] = ()


class AccessCheck(NamedTuple):
    """One level before the judge. `category` is the item's own; with `login` only a logged-in customer is heard."""

    level: Level
    group_ids: tuple[str, ...]
    question: Question
    state: CheckContext
    now: datetime
    category: str | None = None
    login: bool = False


def judge(case: AccessCheck) -> AccessDecision:
    """Whether the level is met, by whom, and if not, why."""
    question, state = case.question, case.state
    living = state.living(case.group_ids, case.now)
    members = [group for group in living if question.authenticated and _in(group, state, case.now)]
    heard = question.authenticated or not case.login
    rows = [row for row in _rows(case) if heard and _fits(row, case)]
    covered = check_quantity(rows, question) if rows else None
    granted = bool(members) or (covered is not None and covered.reason is None)
    opened = covered.rows if covered is not None and covered.reason is None else ()
    limited = covered if not members else None
    by = dict.fromkeys([group.group_id for group in members] + [row.group.group_id for row in opened])
    return AccessDecision(
        granted=granted,
        belongs=bool(members or rows),
        by=tuple(state.groups.groups[group_id] for group_id in by),
        rows=(limited.fitting or tuple(rows)) if limited else None,
        remaining=most(limited.rows) if limited else None,
        findings=() if granted else tuple(_findings(case, living, covered)),
    )


def _in(group: IndexedGroup, state: CheckContext, now: datetime) -> bool:
    membership = state.memberships.get(group.group_id)
    return membership is not None and not membership.ended(now)


def _rows(case: AccessCheck) -> list[Row]:
    return [row for row in case.state.rows if row.group.group_id in case.group_ids]


def _fits(row: Row, case: AccessCheck) -> bool:
    return barred(row, case.question.email, case.now) is None and in_category(row, case.category)


def _findings(case: AccessCheck, living: Sequence[IndexedGroup], covered: QuantityCheck | None) -> Iterator[Finding]:
    if case.login and living and not case.question.authenticated:
        yield _finding(case, Reason.LOGIN_REQUIRED, living)
        return
    found = [*_of_rows(case, covered), *_of_memberships(case)]
    yield from found
    if not living:
        yield from found or _of_the_dead(case)
        return
    if not found:
        yield from _of_the_code(case, living)
    people = [group for group in living if of_customers(group)]
    if not case.question.authenticated and (people or not (found or case.question.email)):
        yield _finding(case, Reason.LOGIN_REQUIRED, people or living)
    elif not found:
        yield _finding(case, Reason.NOT_IN_GROUP, living)


def _finding(case: AccessCheck, reason: Reason, groups: Sequence[IndexedGroup]) -> Finding:
    return Finding(reason=reason, level=case.level, groups=tuple(groups))


def _of_rows(case: AccessCheck, covered: QuantityCheck | None) -> Iterator[Finding]:
    for row in _rows(case):
        reason = barred(row, case.question.email, case.now)
        if reason is not None:
            yield of_group(reason, case.level, row.group)
        elif not in_category(row, case.category):
            wanted = (case.category or "",)
            yield Finding(
                reason=Reason.WRONG_CATEGORY,
                level=case.level,
                groups=(row.group,),
                wanted=wanted,
                opened=(row.entry.category,),
            )
    if covered is not None and covered.reason is not None:
        yield of_cover(case.level, [row for row in _rows(case) if _fits(row, case)], covered, case.question)


def of_cover(level: Level, rows: Sequence[Row], covered: QuantityCheck, question: Question) -> Finding:
    """What stood in the way when these rows did not suffice; `covered.reason` is there."""
    at_seats = covered.reason is Reason.WRONG_SEAT
    opened = [row.entry.seat if at_seats else row.entry.category for row in covered.others]
    return Finding(
        reason=covered.reason or Reason.USED_UP,
        level=level,
        groups=tuple({row.group.group_id: row.group for row in rows}.values()),
        needed=covered.needed,
        free=most(covered.rows),
        wanted=tuple(question.seats or ()) if at_seats else (question.category or "",),
        opened=tuple(dict.fromkeys(label for label in opened if label)),
    )


def _of_memberships(case: AccessCheck) -> Iterator[Finding]:
    """Memberships that grant nothing, not yet or not any more; only who is logged in is told of them."""
    for group_id in case.group_ids if case.question.authenticated else ():
        group = case.state.groups.groups.get(group_id)
        membership = case.state.memberships.get(group_id)
        if group is not None and membership is not None:
            ended = of_group(Reason.MEMBERSHIP_ENDED, case.level, group)._replace(ended=membership.ends_at)
            yield ended if group.active(case.now) else of_group(_closed(group, case.now), case.level, group)


def _of_the_dead(case: AccessCheck) -> Iterator[Finding]:
    for group_id in case.group_ids:
        group = case.state.groups.groups.get(group_id)
        if group is None:
            yield _finding(case, Reason.GROUP_DELETED, ())
        else:
            yield of_group(_closed(group, case.now), case.level, group)


def _closed(group: IndexedGroup, now: datetime) -> Reason:
    """Why a group grants nothing at an instant at which it is not active."""
    return Reason.GROUP_EXPIRED if group.expired(now) else Reason.NOT_YET


def _of_the_code(case: AccessCheck, living: Sequence[IndexedGroup]) -> Iterator[Finding]:
    lists = [group for group in living if not of_customers(group)]
    if case.question.code is not None and not case.state.by_code and lists:
        yield _finding(case, Reason.UNKNOWN_CODE, ())
