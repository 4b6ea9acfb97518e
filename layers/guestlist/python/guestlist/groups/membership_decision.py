"""What somebody's membership of an automatic group is to be, and in which words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from guestlist.groups.match import FOR_EVER, Found
from guestlist.groups.membership import Membership, Source
from guestlist.groups.model import Group
from guestlist.messages.message import Message

_MOST_ORDERS = 5


def decided(
    group: Group, email: str, current: Membership | None, lapses_at: datetime, now: datetime
) -> Membership | None:
    """The membership as it is to be at `now`, None for none; `lapses_at` is the end of the rules for this person.

    Whoever fulfils the rules is in. Whoever does not leaves, but not before the group's lifetime has passed
    since they were added: counted again for somebody whose former membership had come to its end.
    """
    living = current if current is not None and not current.ended(now) else None
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


def findings_text(findings: Sequence[Found], *, enough: bool) -> str:
    """What the rules found, in words: those that hold when it was `enough`, else those that do not."""
    return "; ".join(_finding_text(finding) for finding in findings if finding.holds is enough)


def findings_message(findings: Sequence[Found], *, enough: bool) -> Message:
    """The same for people, who know nothing by its id: whether it is enough, and by which orders."""
    orders = list(dict.fromkeys(order for finding in findings if finding.holds is enough for order in finding.orders))
    if not enough:
        return Message("rules_unmet")
    if not orders:
        return Message("rules_met")
    return Message("rules_met_by_orders", {"n": len(orders), "orders": tuple(orders[:_MOST_ORDERS])})


def _finding_text(finding: Found) -> str:
    leaf = finding.leaf
    words = f"{finding.count} of {leaf.minimum} of {leaf.type.value.replace('_', ' ')} {leaf.id}"
    if leaf.distinct_events:
        words += f", of {finding.events} of {leaf.distinct_events} events"
    if leaf.within:
        words += f" within {leaf.within.value} {leaf.within.unit.value}"
    if finding.orders:
        some = ", ".join(finding.orders[:_MOST_ORDERS])
        words += f" (orders {some}{' and others' if len(finding.orders) > _MOST_ORDERS else ''})"
    return words
