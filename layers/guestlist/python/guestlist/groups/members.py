"""Members of manual groups: add, remove, and set the end of a membership."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from guestlist.customers.model import Customer
from guestlist.groups.group_settings import UNSET
from guestlist.groups.index import GroupType
from guestlist.groups.lifecycle import require_existing, require_feature
from guestlist.groups.membership import Change, Membership, Source
from guestlist.groups.membership_end import MembershipEnd
from guestlist.groups.model import Group
from guestlist.groups.ports import Customers, Groups, Memberships
from guestlist.groups.preconditions import require_unexpired
from guestlist.messages.message import Message
from guestlist.model.concurrency import TRIES, busy
from guestlist.model.email_address import Email, fold_email
from guestlist.model.errors import Conflict, FieldFault, Invalid, Unknown
from guestlist.model.normal_form import Name
from guestlist.organisers.model import Organiser

Decide = Callable[[str, Membership | None], Change | None]
"""Returns the change of a person's membership, given the folded e-mail and the current one; None for no change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember(MembershipEnd):
    """A person to add; without an end the membership lasts for the group's lifetime."""

    email: Email
    name: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedMembers:
    """Numbers of people who were added, were members already, and became customers."""

    added: int
    already: int
    created_customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedMembers:
    """Numbers of people who were removed, and who were not members."""

    removed: int
    absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPorts:
    """Ports of the member service."""

    groups: Groups
    customers: Customers
    memberships: Memberships


def add(
    organiser: Organiser, group_id: str, new_members: Sequence[NewMember], now: datetime, by: str, ports: MemberPorts
) -> AddedMembers:
    """Add people, creating customers where needed; an existing membership stays as it is.

    Raises `Unknown`, `Forbidden`, `Invalid`, or `Conflict` (automatic group, target group, expired group).
    """
    org, group = organiser.organiser_id, _require_manual_group(organiser, group_id, ports)
    require_unexpired(group, now)
    people = {fold_email(member.email): member for member in reversed(new_members)}
    ends = _membership_ends(new_members, group, now, organiser)
    customers = ports.customers.get_customers(org, list(people))
    ports.customers.ensure_customers(
        org, [Customer(email=member.email, name=member.name or "", created_at=now) for member in new_members]
    )

    def decide(email: str, current: Membership | None) -> Change | None:
        if current is not None and not current.has_ended(now):
            return None
        added = Membership(
            email=email, group_id=group_id, added_at=now, source=Source.HAND, removal_at=ends[email], reason=by
        )
        return Change(
            before=current, after=added, by=by, because=Message("added_by_hand"), welcome=group.welcome.enabled
        )

    added = apply_decisions(org, group_id, list(people), decide, now, ports.memberships)
    return AddedMembers(
        added=added, already=len(new_members) - added, created_customers=len(people.keys() - customers.keys())
    )


def remove(
    organiser: Organiser, group_id: str, emails: Sequence[str], now: datetime, by: str, ports: MemberPorts
) -> RemovedMembers:
    """Remove people from the group; they stay customers. Raises what `add` raises, except for an expired group."""
    _require_manual_group(organiser, group_id, ports)

    def decide(_email: str, current: Membership | None) -> Change | None:
        if current is None or current.has_ended(now):
            return None
        return Change(before=current, after=None, by=by, because=Message("removed_by_hand"))

    folded = list(dict.fromkeys(map(fold_email, emails)))
    removed = apply_decisions(organiser.organiser_id, group_id, folded, decide, now, ports.memberships)
    return RemovedMembers(removed=removed, absent=len(folded) - removed)


def set_membership_end(
    organiser: Organiser,
    group_id: str,
    email: str,
    membership_end: MembershipEnd,
    now: datetime,
    by: str,
    ports: MemberPorts,
) -> Membership:
    """Set, move or clear the end of one membership. Raises what `remove` raises, and `Unknown` for a non-member."""
    _require_manual_group(organiser, group_id, ports)
    end = membership_end.end(now, organiser)
    if end is UNSET:
        raise Invalid.field("removal_date", "required.removal")
    memberships: list[Membership] = []

    def decide(email: str, current: Membership | None) -> Change | None:
        if current is None or current.has_ended(now):
            raise Unknown("not_found.member", email=email)
        memberships.append(replace(current, removal_at=end))
        because = Message("end_cleared_by_hand")
        if end:
            because = Message("end_set_by_hand", {"until": end.isoformat(timespec="seconds")})
        return Change(before=current, after=memberships[-1], by=by, because=because)

    apply_decisions(organiser.organiser_id, group_id, [fold_email(email)], decide, now, ports.memberships)
    return memberships[-1]


def remove_ended_members(now: datetime, has_time: Callable[[], bool], memberships: Memberships) -> int:
    """Remove ended memberships of manual groups while `has_time()`, and return their number.

    They have granted nothing since their end. A membership with a new end, or of a person added again, stays.
    """
    count = 0
    for org, member in memberships.due(now, automatic=False):
        if not has_time():
            break
        change = Change(before=member, after=None, by="timer", because=Message("removal_date"))
        count += 1 - len(memberships.apply(org, [change], now))
    return count


def apply_decisions(
    org: str, group_id: str, emails: Sequence[str], decide: Decide, now: datetime, memberships: Memberships
) -> int:
    """Apply the change that `decide` returns for each person, and return the number of changes made.

    `decide` gets the folded e-mail and the current membership, and is called again after a concurrent change.
    Raises `Conflict` when concurrent changes persist.
    """
    pending, count = list(emails), 0
    for _ in range(TRIES):
        current = memberships.find_memberships(org, [(email, group_id) for email in pending])
        decisions = [decide(email, current.get((email, group_id))) for email in pending]
        changes = [change for change in decisions if change is not None]
        conflicts = memberships.apply(org, changes, now)
        count += len(changes) - len(conflicts)
        pending = [change.subject.email for change in conflicts]
        if not pending:
            return count
    raise busy()


def _require_manual_group(organiser: Organiser, group_id: str, ports: MemberPorts) -> Group:
    group = require_existing(ports.groups.get_group(organiser.organiser_id, group_id))
    if group.type is GroupType.AUTOMATIC:
        raise Conflict("automatic_group")
    if group.type is GroupType.TARGET:
        raise Conflict("target_group")
    require_feature(organiser, group.type)
    return group


def _membership_ends(
    new_members: Sequence[NewMember], group: Group, now: datetime, organiser: Organiser
) -> dict[str, datetime | None]:
    default = now + group.lifetime.length if group.lifetime else None
    ends: dict[str, datetime | None] = {}
    faults: list[FieldFault] = []
    for index, member in enumerate(new_members):
        try:
            end = member.end(now, organiser)
        except Invalid as error:
            faults += [fault.below(f"customers.{index}") for fault in error.faults]
        else:
            ends.setdefault(fold_email(member.email), default if end is UNSET else end)
    if faults:
        raise Invalid(faults)
    return ends
