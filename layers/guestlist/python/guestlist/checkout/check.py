"""Access check: the items that a customer may see and buy, the grants of a code, and the discount. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from guestlist.catalogue.restrictions import Discount, IndexedItem
from guestlist.checkout.access import AccessCheck, AccessDecision, decide_access, quantity_finding
from guestlist.checkout.context import CheckContext
from guestlist.checkout.findings import Explain, Finding, Level, group_finding, reasons
from guestlist.checkout.quantity_check import check_quantity
from guestlist.checkout.request import CheckRequest
from guestlist.checkout.response import (
    CheckedCode,
    CheckedDiscount,
    CheckedItem,
    CheckResponse,
    Grant,
    GrantingGroup,
    Reason,
)
from guestlist.checkout.rows import Row, category_key, row_refusal, seat_key

_decision_fields = attrgetter(*[field.name for field in fields(CheckedItem)][1:])


def check(request: CheckRequest, context: CheckContext, now: datetime, explain: Explain | None = None) -> CheckResponse:
    """Answer a check at an instant; `explain` turns the findings into the explanation of each refusal."""
    return CheckResponse(
        items=tuple(_checked_items(request, context, now, explain)),
        code=None if request.code is None else _checked_code(request, context, now, explain),
        discount=None if request.discount is None else _checked_discount(request, context, now, explain),
    )


def _explanation(findings: Sequence[Finding], explain: Explain | None) -> tuple[str, ...] | None:
    return explain(findings) if explain and findings else None


# Sale items


def _checked_items(
    request: CheckRequest, context: CheckContext, now: datetime, explain: Explain | None
) -> Iterator[CheckedItem]:
    """Decide on each item; items with the same restriction are decided once."""
    results: dict[Any, tuple[Any, ...]] = {}
    for sale_item_id in request.sale_items:
        item = context.restrictions.items.get(sale_item_id)
        restriction = item and (item.category, item.group_ids, item.inventory_item_id)
        result = results.get(restriction)
        if result is None:
            checked_item = _checked_item(sale_item_id, item, request, context, now, explain)
            result = results[restriction] = _decision_fields(checked_item)
        yield CheckedItem(sale_item_id, *result)


def _checked_item(
    sale_item_id: str,
    item: IndexedItem | None,
    request: CheckRequest,
    context: CheckContext,
    now: datetime,
    explain: Explain | None,
) -> CheckedItem:
    if item is None:
        unknown = [Finding(reason=Reason.UNKNOWN_ITEM, level=Level.ITEM)]
        return CheckedItem(
            sale_item_id=sale_item_id,
            visible=False,
            purchasable=False,
            reasons=reasons(unknown),
            explanation=_explanation(unknown, explain),
        )
    decisions = [decide_access(access) for access in _access_checks(item, request, context, now)]
    findings = [finding for decision in decisions for finding in decision.findings]
    visible = all(decision.is_member for decision in decisions)
    granted = all(decision.granted for decision in decisions)
    limiting_rows = [decision.rows for decision in decisions if decision.rows is not None] if visible else []
    remaining = [decision.remaining for decision in decisions if decision.remaining is not None] if visible else []
    return CheckedItem(
        sale_item_id=sale_item_id,
        visible=visible,
        purchasable=granted,
        reasons=reasons(findings),
        granted_by=_granted_by(decisions) if granted else (),
        seats=_common_labels(limiting_rows, lambda row: row.entry.seat, seat_key),
        categories=_common_labels(limiting_rows, lambda row: row.entry.category, category_key),
        remaining=min(remaining, default=None),
        explanation=_explanation(findings, explain),
    )


def _access_checks(item: IndexedItem, request: CheckRequest, context: CheckContext, now: datetime) -> list[AccessCheck]:
    levels = [(Level.ITEM, item.group_ids), (Level.INVENTORY, context.restrictions.inventory_groups(item))]
    return [
        AccessCheck(level=level, group_ids=group_ids, request=request, context=context, now=now, category=item.category)
        for level, group_ids in levels
        if group_ids is not None
    ]


def _granted_by(decisions: Iterable[AccessDecision]) -> tuple[GrantingGroup, ...]:
    groups = {group.group_id: group for decision in decisions for group in decision.granting_groups}
    return tuple(GrantingGroup(group.group_id, group.name, group.type) for group in groups.values())


def _common_labels(
    limiting_rows: Sequence[Sequence[Row]], label: Callable[[Row], str], key: Callable[[str], str]
) -> tuple[str, ...] | None:
    """The labels with uses left on every level, in their first spelling; None if no level limits them."""
    common: dict[str, str] | None = None
    for rows in limiting_rows:
        labels: dict[str, str] = {}
        for row in rows:
            if row.remaining:
                labels.setdefault(key(label(row)), label(row).strip())
        if "" not in labels:
            common = (
                labels
                if common is None
                else {label_key: text for label_key, text in common.items() if label_key in labels}
            )
    return None if common is None else tuple(common.values())


# The code


def _checked_code(request: CheckRequest, context: CheckContext, now: datetime, explain: Explain | None) -> CheckedCode:
    refusals = [(row, row_refusal(row, request.email, now)) for row in context.by_code]
    rows = [row for row, refusal in refusals if refusal is None]
    quantity = check_quantity(rows, request) if rows else None
    if quantity is not None:
        findings = [quantity_finding(Level.CODE, rows, quantity, request)] if quantity.reason is not None else []
    else:
        findings = [
            group_finding(refusal, Level.CODE, row.group) for row, refusal in refusals if refusal is not None
        ] or [Finding(reason=Reason.UNKNOWN_CODE, level=Level.CODE)]
    return CheckedCode(
        valid=not findings,
        reasons=reasons(findings),
        grants=tuple(map(_grant, rows)),
        explanation=_explanation(findings, explain),
    )


def _grant(row: Row) -> Grant:
    return Grant(
        group_id=row.group.group_id,
        group=row.group.name,
        category=row.entry.category.strip() or None,
        seat=row.entry.seat.strip() or None,
        quantity=row.entry.quantity,
        remaining=row.remaining,
    )


# The discount


def _checked_discount(
    request: CheckRequest, context: CheckContext, now: datetime, explain: Explain | None
) -> CheckedDiscount:
    discount = context.discount
    if discount is None:
        findings = [Finding(reason=Reason.UNKNOWN_DISCOUNT, level=Level.DISCOUNT)]
    else:
        findings = [*_item_findings(discount, request), *_group_findings(discount, request, context, now)]
    accepted = discount is not None and not findings
    return CheckedDiscount(
        accepted=accepted,
        reasons=reasons(findings),
        percent=discount.percent if discount is not None and accepted else None,
        amount=discount.amount if discount is not None and accepted else None,
        sale_item_ids=discount.sale_item_ids if discount is not None and accepted else None,
        explanation=_explanation(findings, explain),
    )


def _item_findings(discount: Discount, request: CheckRequest) -> list[Finding]:
    discounted = discount.sale_item_ids
    if discounted is None or not request.sale_items or set(discounted) & set(request.sale_items):
        return []
    return [Finding(reason=Reason.UNKNOWN_ITEM, level=Level.DISCOUNT, requested_labels=request.sale_items)]


def _group_findings(
    discount: Discount, request: CheckRequest, context: CheckContext, now: datetime
) -> tuple[Finding, ...]:
    if discount.group_ids is None:
        return ()
    access = AccessCheck(
        level=Level.DISCOUNT, group_ids=discount.group_ids, request=request, context=context, now=now, login=True
    )
    return decide_access(access).findings
