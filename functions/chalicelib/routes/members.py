"""Members of manual and automatic groups, and entries of target groups."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from chalicelib.bootstrap import adapters
from chalicelib.bootstrap.search_indexes import entries as entry_store
from chalicelib.bootstrap.search_indexes import indexed_group
from chalicelib.web.endpoint import Call, endpoint
from chalicelib.web.pagination import Listed
from guestlist.groups import members_list
from guestlist.groups.members import (
    AddedMembers,
    MemberPorts,
    NewMember,
    RemovedMembers,
    add,
    remove,
    set_membership_end,
)
from guestlist.groups.members_list import MemberView
from guestlist.groups.membership import reason_text
from guestlist.groups.membership_end import MembershipEnd
from guestlist.lists.entry_store import EntryFilter, UsedEntry
from guestlist.lists.target_group import require_entries
from guestlist.model.email_address import EmailInUse
from guestlist.organisers.model import Scope

MAX_MEMBERS_PER_CALL = 1000
_REFUSALS = ("automatic_group", "target_group")
_FEATURE = ("feature_off",)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSearch:
    """The search: `q` is a prefix of an e-mail or of a word of a name. An empty `q` lists everybody."""

    q: Annotated[str, MaxLen(200)] = ""


@dataclass(frozen=True, slots=True)
class MembersToAdd:
    """People to add."""

    customers: Annotated[tuple[NewMember, ...], MinLen(1), MaxLen(MAX_MEMBERS_PER_CALL)]


@dataclass(frozen=True, slots=True)
class MembersToRemove:
    """People to remove."""

    emails: Annotated[tuple[EmailInUse, ...], MinLen(1), MaxLen(MAX_MEMBERS_PER_CALL)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipView:
    """A membership; `removal_date` is the instant at which it ends, null for never."""

    group_id: str
    email: str
    added_at: datetime
    removal_date: datetime | None


@endpoint(Scope.ORGANISER, query=MemberSearch, answer=MemberView, listed=True, localised=True)
def list_members(call: Call, group_id: str) -> Listed:
    """List the members of a group by e-mail; for an expired group with a `message`."""
    group = adapters.groups().get_group(call.org, group_id)
    after = call.page.after("email", "")
    page = members_list.list_members(call.org, group, call.query.q, call.page.limit, call.now, _member_ports(), after)
    notice = page.message.text("notice", call.language) if page.message else None
    items = [replace(member, reason=reason_text(member.reason, member.because, call.language)) for member in page.items]
    return Listed(items, {"email": page.next} if page.next else None, notice)


@endpoint(
    Scope.ORGANISER,
    body=MembersToAdd,
    answer=AddedMembers,
    conflicts=(*_REFUSALS, "group_expired"),
    forbidden=_FEATURE,
    idempotent=True,
)
def add_members(call: Call, request: MembersToAdd, group_id: str) -> AddedMembers:
    """Add people to a manual group; new people become customers."""
    people = [replace(customer, email=_resolve_email(call, customer.email)) for customer in request.customers]
    return add(call.organiser, group_id, people, call.now, call.token.name, _member_ports())


@endpoint(
    Scope.ORGANISER,
    body=MembersToRemove,
    answer=RemovedMembers,
    conflicts=_REFUSALS,
    forbidden=_FEATURE,
    idempotent=True,
)
def remove_members(call: Call, request: MembersToRemove, group_id: str) -> RemovedMembers:
    """Remove people from a manual group; they stay customers."""
    emails = [_resolve_email(call, email) for email in request.emails]
    return remove(call.organiser, group_id, emails, call.now, call.token.name, _member_ports())


@endpoint(Scope.ORGANISER, body=MembershipEnd, answer=MembershipView, conflicts=_REFUSALS, forbidden=_FEATURE)
def change_member(call: Call, stay: MembershipEnd, group_id: str, email: str) -> MembershipView:
    """Set, move or clear the end of a membership: a date, a duration from now, or null for never."""
    email = _resolve_email(call, email)
    member = set_membership_end(call.organiser, group_id, email, stay, call.now, call.token.name, _member_ports())
    return MembershipView(
        group_id=group_id, email=member.email, added_at=member.added_at, removal_date=member.removal_at
    )


@endpoint(Scope.ORGANISER, query=EntryFilter, answer=UsedEntry, listed=True, conflicts=("not_target_group",))
def list_entries(call: Call, group_id: str) -> Listed:
    """List the entries of a target group with their used and held quantities, unordered.

    With `q`, list entries whose code or e-mail address has this prefix, exact matches first. A page may have fewer
    entries than `limit`, even none, while there is a `next`: a page with `used` examines 2,000 entries.
    """
    group = indexed_group(call.org, group_id)
    require_entries(group.type)
    items, following = entry_store().list_entries(
        call.org, group, call.query, call.page.limit, call.now, call.page.start
    )
    return Listed(items, following)


def _resolve_email(call: Call, email: str) -> str:
    return adapters.customers().resolve_email(call.org, email)


def _member_ports() -> MemberPorts:
    return MemberPorts(groups=adapters.groups(), customers=adapters.customers(), memberships=adapters.memberships())
