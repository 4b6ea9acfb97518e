"""Access decision for one level of restriction: one active group of it is enough."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from guestlist.checkout.context import CheckContext, is_customer_group
from guestlist.checkout.findings import Finding, Level, group_finding
from guestlist.checkout.quantity_check import QuantityCheck, check_quantity
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import Reason
from guestlist.checkout.rows import Row, most_remaining, opens_category, row_refusal
from guestlist.groups.index import IndexedGroup


class AccessDecision(NamedTuple):
    """Decision for one level. `is_member` is whether the customer is in one of its groups, even with no uses left.

    `rows` are the customer's rows, of the requested category if there are any, and `remaining` the most uses
    left in one of them; both are None if a membership grants access.
    """

    granted: bool
    is_member: bool
    granting_groups: tuple[IndexedGroup, ...] = ()
    rows: tuple[Row, ...] | None = None
    remaining: int | None = None
    findings: tuple[Finding, ...] = ()


class AccessCheck(NamedTuple):
    """Input of a decision. `category` is the item's category; `login` requires an authenticated customer."""

    level: Level
    group_ids: tuple[str, ...]
    request: CheckRequest
    context: CheckContext
    now: datetime
    category: str | None = None
    login: bool = False


def decide_access(access: AccessCheck) -> AccessDecision:
    """Decide whether the customer meets the level and by which groups, with the findings if not."""
    request, context = access.request, access.context
    active = context.active_groups(access.group_ids, access.now)
    members = [group for group in active if request.authenticated and _is_member(group, context, access.now)]
    may_use_rows = request.authenticated or not access.login
    rows = [row for row in _rows(access) if may_use_rows and _is_usable(row, access)]
    quantity = check_quantity(rows, request) if rows else None
    is_granted = bool(members) or (quantity is not None and quantity.reason is None)
    granting_rows = quantity.rows if quantity is not None and quantity.reason is None else ()
    limiting_check = quantity if not members else None
    group_ids = dict.fromkeys([group.group_id for group in members] + [row.group.group_id for row in granting_rows])
    return AccessDecision(
        granted=is_granted,
        is_member=bool(members or rows),
        granting_groups=tuple(context.groups.groups[group_id] for group_id in group_ids),
        rows=(limiting_check.category_rows or tuple(rows)) if limiting_check else None,
        remaining=most_remaining(limiting_check.rows) if limiting_check else None,
        findings=() if is_granted else tuple(_findings(access, active, quantity)),
    )


def _is_member(group: IndexedGroup, context: CheckContext, now: datetime) -> bool:
    membership = context.memberships.get(group.group_id)
    return membership is not None and not membership.has_ended(now)


def _rows(access: AccessCheck) -> list[Row]:
    return [row for row in access.context.rows if row.group.group_id in access.group_ids]


def _is_usable(row: Row, access: AccessCheck) -> bool:
    return row_refusal(row, access.request.email, access.now) is None and opens_category(row, access.category)


def _findings(access: AccessCheck, active: Sequence[IndexedGroup], quantity: QuantityCheck | None) -> Iterator[Finding]:
    if access.login and active and not access.request.authenticated:
        yield _finding(access, Reason.LOGIN_REQUIRED, active)
        return
    member_findings = [*_row_findings(access, quantity), *_membership_findings(access)]
    yield from member_findings
    if not active:
        yield from member_findings or _inactive_group_findings(access)
        return
    if not member_findings:
        yield from _code_findings(access, active)
    customer_groups = [group for group in active if is_customer_group(group)]
    if not access.request.authenticated and (customer_groups or not (member_findings or access.request.email)):
        yield _finding(access, Reason.LOGIN_REQUIRED, customer_groups or active)
    elif not member_findings:
        yield _finding(access, Reason.NOT_IN_GROUP, active)


def _finding(access: AccessCheck, reason: Reason, groups: Sequence[IndexedGroup]) -> Finding:
    return Finding(reason=reason, level=access.level, groups=tuple(groups))


def _row_findings(access: AccessCheck, quantity: QuantityCheck | None) -> Iterator[Finding]:
    for row in _rows(access):
        reason = row_refusal(row, access.request.email, access.now)
        if reason is not None:
            yield group_finding(reason, access.level, row.group)
        elif not opens_category(row, access.category):
            category = (access.category or "",)
            yield Finding(
                reason=Reason.WRONG_CATEGORY,
                level=access.level,
                groups=(row.group,),
                requested_labels=category,
                offered_labels=(row.entry.category,),
            )
    if quantity is not None and quantity.reason is not None:
        yield quantity_finding(
            access.level, [row for row in _rows(access) if _is_usable(row, access)], quantity, access.request
        )


def quantity_finding(level: Level, rows: Sequence[Row], quantity: QuantityCheck, request: CheckRequest) -> Finding:
    """The finding for rows that do not cover the request; `quantity.reason` is not None."""
    at_seats = quantity.reason is Reason.WRONG_SEAT
    labels = [row.entry.seat if at_seats else row.entry.category for row in quantity.other_rows]
    return Finding(
        reason=quantity.reason or Reason.USED_UP,
        level=level,
        groups=tuple({row.group.group_id: row.group for row in rows}.values()),
        needed=quantity.needed,
        free=most_remaining(quantity.rows),
        requested_labels=tuple(request.seats or ()) if at_seats else (request.category or "",),
        offered_labels=tuple(dict.fromkeys(label for label in labels if label)),
    )


def _membership_findings(access: AccessCheck) -> Iterator[Finding]:
    """Findings about memberships that grant nothing now; only for an authenticated customer."""
    for group_id in access.group_ids if access.request.authenticated else ():
        group = access.context.groups.groups.get(group_id)
        membership = access.context.memberships.get(group_id)
        if group is not None and membership is not None:
            finding = group_finding(Reason.MEMBERSHIP_ENDED, access.level, group)._replace(ended_at=membership.ends_at)
            yield (
                finding
                if group.is_active(access.now)
                else group_finding(_inactive_reason(group, access.now), access.level, group)
            )


def _inactive_group_findings(access: AccessCheck) -> Iterator[Finding]:
    for group_id in access.group_ids:
        group = access.context.groups.groups.get(group_id)
        if group is None:
            yield _finding(access, Reason.GROUP_DELETED, ())
        else:
            yield group_finding(_inactive_reason(group, access.now), access.level, group)


def _inactive_reason(group: IndexedGroup, now: datetime) -> Reason:
    """The reason why an inactive group grants nothing."""
    return Reason.GROUP_EXPIRED if group.is_expired(now) else Reason.NOT_YET


def _code_findings(access: AccessCheck, active: Sequence[IndexedGroup]) -> Iterator[Finding]:
    lists = [group for group in active if not is_customer_group(group)]
    if access.request.code is not None and not access.context.by_code and lists:
        yield _finding(access, Reason.UNKNOWN_CODE, ())
