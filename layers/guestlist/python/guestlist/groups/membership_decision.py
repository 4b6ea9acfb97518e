"""Decision on a membership of an automatic group, and its explanation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from guestlist.groups.match import FOR_EVER, RuleFinding
from guestlist.groups.membership import Membership, Source
from guestlist.groups.model import Group
from guestlist.messages.message import Message

_MAX_ORDERS = 5


def next_membership(
    group: Group, email: str, current: Membership | None, lapses_at: datetime, now: datetime
) -> Membership | None:
    """The membership that a person must have at `now`, None for none; `lapses_at` is when the rules lapse.

    A person who fulfils the rules is a member. One who does not leaves, but not before the group's lifetime has
    passed since they joined; somebody who joins again gets the whole lifetime again.
    """
    active = current if current is not None and not current.has_ended(now) else None
    holds = now < lapses_at
    if active is None and not holds:
        return None
    added_at = active.added_at if active else now
    min_end = added_at + group.lifetime.length if group.lifetime else None
    if holds:
        member = active or Membership(email=email, group_id=group.group_id, added_at=now, source=Source.RULE)
        return _with_ends(member, min_end, None if lapses_at == FOR_EVER else lapses_at)
    if active is None or min_end is None or now >= min_end:
        return None
    has_lapsed_before = active.lapses_at is not None and active.lapses_at <= now
    return _with_ends(active, min_end, active.lapses_at if has_lapsed_before else now)


def _with_ends(member: Membership, min_end: datetime | None, lapses_at: datetime | None) -> Membership:
    if member.removal_at == min_end and member.lapses_at == lapses_at:
        return member
    return replace(member, removal_at=min_end, lapses_at=lapses_at)


def findings_message(findings: Sequence[RuleFinding], *, enough: bool) -> Message:
    """Whether the rules are met, by which orders; for programs, the findings that hold if `enough`, else the others."""
    decisive = [finding for finding in findings if finding.holds is enough]
    counts = {"findings": tuple(map(_notation, decisive))}
    orders = list(dict.fromkeys(order for finding in decisive for order in finding.orders))
    if not enough:
        return Message("rules_unmet", counts)
    if not orders:
        return Message("rules_met", counts)
    return Message("rules_met_by_orders", {"n": len(orders), "orders": tuple(orders[:_MAX_ORDERS]), **counts})


def _notation(finding: RuleFinding) -> str:
    """Notation of a finding in any language, such as `event:gala 2/3 within:30d`: the count and the required number."""
    leaf = finding.leaf
    parts = [f"{leaf.type.value}:{leaf.id} {finding.count}/{leaf.minimum}"]
    if leaf.distinct_events:
        parts.append(f"events:{finding.events}/{leaf.distinct_events}")
    if leaf.within:
        parts.append(f"within:{leaf.within.value}{leaf.within.unit.value[0]}")
    return " ".join(parts)
