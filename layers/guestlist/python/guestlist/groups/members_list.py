"""List of a group's members, with a search by e-mail and name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from itertools import islice

from guestlist.customers.model import Customer
from guestlist.groups.members import MemberPorts
from guestlist.groups.membership import Membership, Source
from guestlist.groups.model import Group
from guestlist.messages.message import Message
from guestlist.model.email_search import EmailPrefix

_BATCH_SIZE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One member. `removal_date` is the end in a manual group, the end of the minimum stay in an automatic one."""

    email: str
    name: str
    added_at: datetime
    removal_date: datetime | None
    source: Source
    reason: str
    because: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """A page of members by e-mail; `next` is the cursor, None at the end, `message` a notice above the list."""

    items: tuple[MemberView, ...]
    next: str | None
    message: Message | None


def list_members(
    org: str, group: Group, typed: str, limit: int, now: datetime, ports: MemberPorts, after: str = ""
) -> MemberPage:
    """A page of at most `limit` members whose e-mail, or a word of whose name, begins with `typed`."""
    memberships = (
        _search_members(org, group, typed, limit + 1, now, ports, after)
        if typed.strip()
        else _current_members(org, group, now, ports, after, limit)
    )
    page = list(islice(memberships, limit + 1))
    next_cursor = page[limit - 1].email if len(page) > limit else None
    return MemberPage(
        items=tuple(_views(org, group, page[:limit], ports)), next=next_cursor, message=expiry_notice(group, now)
    )


def expiry_notice(group: Group, now: datetime) -> Message | None:
    """The notice above the members of an expired group; None for any other group."""
    if group.expires_at is None or not group.is_expired(now):
        return None
    return Message("group_expired", {"day": str(group.expires_on or group.expires_at.date())})


def all_members(org: str, group: Group, now: datetime, ports: MemberPorts, after: str = "") -> Iterator[MemberView]:
    """Yield all members by e-mail after `after`, read in batches."""
    current = _current_members(org, group, now, ports, after)
    while batch := list(islice(current, _BATCH_SIZE)):
        yield from _views(org, group, batch, ports)


def _current_members(
    org: str, group: Group, now: datetime, ports: MemberPorts, after: str = "", limit: int | None = None
) -> Iterator[Membership]:
    memberships = ports.memberships.list_members(org, group.group_id, after=after, limit=limit)
    return (member for member in memberships if not member.has_ended(now))


def _search_members(
    org: str, group: Group, typed: str, limit: int, now: datetime, ports: MemberPorts, after: str
) -> Iterator[Membership]:
    current: dict[str, Membership] = {}
    prefix = EmailPrefix.of(typed)
    for begins in prefix.ranges:
        by_email = ports.memberships.list_members(org, group.group_id, begins=begins, after=after, limit=limit)
        matching = (member for member in by_email if prefix.matches(member.email) and not member.has_ended(now))
        current |= {member.email: member for member in islice(matching, limit)}
    named = (member for member in _members_named(org, group.group_id, typed, ports) if member.email > after)
    current |= {
        member.email: member
        for member in nsmallest(
            limit, (member for member in named if not member.has_ended(now)), key=lambda member: member.email
        )
    }
    return iter(sorted(current.values(), key=lambda member: member.email))


def _members_named(org: str, group_id: str, typed: str, ports: MemberPorts) -> Iterator[Membership]:
    emails = ports.customers.find_by_name(org, typed)
    while batch := list(islice(emails, _BATCH_SIZE)):
        yield from ports.memberships.find_memberships(org, [(email, group_id) for email in batch]).values()


def _views(org: str, group: Group, members: list[Membership], ports: MemberPorts) -> Iterator[MemberView]:
    people = ports.customers.get_customers(org, [member.email for member in members])
    return (_view(group, member, people) for member in members)


def _view(group: Group, member: Membership, people: Mapping[str, Customer]) -> MemberView:
    person = people.get(member.email)
    removal = member.removal_at
    if member.source is Source.RULE:
        removal = member.added_at + group.lifetime.length if group.lifetime else None
    return MemberView(
        email=person.email if person else member.email,
        name=person.name if person else "",
        added_at=member.added_at,
        removal_date=removal,
        source=member.source,
        reason=member.reason,
        because=member.because,
    )
