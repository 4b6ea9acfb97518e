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
    """The membership that a person is to have at `now`, None for none; `lapses_at` is when their rules lapse.

    A person who fulfils the rules is a member. One who does not leaves, but not before the group's lifetime has
    passed since they joined; somebody who joins again gets the whole lifetime again.
    """
    living = current if current is not None and not current.has_ended(now) else None
    holds = now < lapses_at
    if living is None and not holds:
        return None
    added_at = living.added_at if living else now
    least = added_at + group.lifetime.length if group.lifetime else None
    if holds:
        added = living or Membership(email=email, group_id=group.group_id, added_at=now, source=Source.RULE)
        return _until(added, least, None if lapses_at == FOR_EVER else lapses_at)
    if living is None or least is None or now >= least:
        return None
    is_known = living.lapses_at is not None and living.lapses_at <= now
    return _until(living, least, living.lapses_at if is_known else now)


def _until(member: Membership, least: datetime | None, lapses_at: datetime | None) -> Membership:
    if member.removal_at == least and member.lapses_at == lapses_at:
        return member
    return replace(member, removal_at=least, lapses_at=lapses_at)


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
    """A finding in no language, such as `event:gala 2/3 within:30d`: what was counted, and how many are needed."""
    leaf = finding.leaf
    parts = [f"{leaf.type.value}:{leaf.id} {finding.count}/{leaf.minimum}"]
    if leaf.distinct_events:
        parts.append(f"events:{finding.events}/{leaf.distinct_events}")
    if leaf.within:
        parts.append(f"within:{leaf.within.value}{leaf.within.unit.value[0]}")
    return " ".join(parts)
