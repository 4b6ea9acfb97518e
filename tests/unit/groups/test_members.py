"""Members of manual groups."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guestlist.customers.model import Customer
from guestlist.groups import lifecycle, members
from guestlist.groups.group_settings import UNSET, GroupChanges, WelcomeChanges
from guestlist.groups.members import AddedMembers, MemberPorts, NewMember, RemovedMembers
from guestlist.groups.membership import Change, ChangeType, Membership, Source, reason_text
from guestlist.groups.membership_end import MembershipEnd
from guestlist.groups.model import Group
from guestlist.messages.message import Message
from guestlist.model.duration import Duration, Unit
from guestlist.model.errors import Conflict, Forbidden, Invalid, Unknown
from tests.fakes.groups import FakeCustomers, FakeGroups, FakeMemberships
from tests.unit.groups.builders import CATALOGUE, DEMO, NOW, OFF, OTHER, create, days

ANN, BOB = "ann@example.com", "bob@example.com"
DAY = date(2026, 12, 31)
END_OF_DAY = datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.fixture
def groups() -> FakeGroups:
    return FakeGroups()


@pytest.fixture
def memberships() -> FakeMemberships:
    return FakeMemberships()


@pytest.fixture
def customers() -> FakeCustomers:
    return FakeCustomers()


@pytest.fixture
def ports(groups: FakeGroups, customers: FakeCustomers, memberships: FakeMemberships) -> MemberPorts:
    return MemberPorts(groups=groups, customers=customers, memberships=memberships)


def add(ports: MemberPorts, group: Group, *emails: str, now: datetime = NOW, **stay: Any) -> AddedMembers:
    new_members = [NewMember(email=email, **stay) for email in emails]
    return members.add(DEMO, group.group_id, new_members, now, "demo-organiser", ports)


def member(ports: MemberPorts, group: Group, email: str = ANN) -> Membership | None:
    return ports.memberships.get_memberships("demo", email).get(group.group_id)


def end(ports: MemberPorts, group: Group, email: str = ANN) -> datetime | None:
    membership = member(ports, group, email)
    assert membership is not None
    return membership.ends_at


def with_welcome(groups: FakeGroups, group: Group, enabled: bool = True) -> Group:
    wish = GroupChanges(welcome_email=WelcomeChanges(enabled=enabled))
    return lifecycle.change(DEMO, group.group_id, wish, NOW, "demo-organiser", groups, CATALOGUE)


# Adding


@pytest.mark.behaviour(192, 204)
def test_several_customers_are_added_at_once(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    assert add(ports, group, ANN, BOB) == AddedMembers(added=2, already=0, created_customers=2)
    assert [member(ports, group, email) is not None for email in (ANN, BOB)] == [True, True]


@pytest.mark.behaviour(196)
def test_an_unknown_person_becomes_a_customer_and_an_existing_one_is_unchanged(
    groups: FakeGroups, customers: FakeCustomers, ports: MemberPorts
) -> None:
    bob = Customer(email="Bob@example.com", name="Bob", created_at=NOW)
    customers.ensure_customers("demo", [bob])
    new_members = [NewMember(email=ANN, name="Ann"), NewMember(email=BOB, name="Robert")]
    added = members.add(DEMO, create(groups).group_id, new_members, NOW, "me", ports)
    assert added == AddedMembers(added=2, already=0, created_customers=1)
    assert customers.get_customer("demo", ANN) == Customer(email=ANN, name="Ann", created_at=NOW)
    assert customers.get_customer("demo", BOB) == bob


@pytest.mark.behaviour(203)
def test_adding_again_changes_nothing(groups: FakeGroups, memberships: FakeMemberships, ports: MemberPorts) -> None:
    group = with_welcome(groups, create(groups))
    add(ports, group, ANN)
    before = dict(memberships.stored)
    added = add(ports, group, "ANN@example.com", now=NOW + timedelta(days=1), removal_date=DAY)
    assert added == AddedMembers(added=0, already=1, created_customers=0)
    assert memberships.stored == before
    assert len(memberships.welcomed) == 1


def test_a_person_repeated_in_a_request_is_added_once(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    new_members = [NewMember(email=ANN, removal_date=DAY), NewMember(email="ANN@Example.com")]
    added = members.add(DEMO, group.group_id, new_members, NOW, "me", ports)
    assert added == AddedMembers(added=1, already=1, created_customers=1)
    assert end(ports, group) == END_OF_DAY


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        pytest.param({}, NOW + timedelta(days=10), marks=pytest.mark.behaviour(134, 200), id="default lifetime"),
        pytest.param({"removal_date": DAY}, END_OF_DAY, marks=pytest.mark.behaviour(135, 197), id="a date"),
        pytest.param({"removal_date": NOW + timedelta(hours=1)}, NOW + timedelta(hours=1), id="an instant"),
        pytest.param(
            {"remove_after": days(3)}, NOW + timedelta(days=3), marks=pytest.mark.behaviour(128, 198), id="days"
        ),
        pytest.param(
            {"remove_after": Duration(2, Unit.WEEKS)},
            NOW + timedelta(days=14),
            marks=pytest.mark.behaviour(129, 199),
            id="weeks",
        ),
        pytest.param({"removal_date": None}, None, marks=pytest.mark.behaviour(135), id="for ever in spite of it"),
    ],
)
def test_a_membership_ends_as_requested_or_by_the_lifetime(
    groups: FakeGroups, ports: MemberPorts, stay: dict[str, Any], expected: datetime | None
) -> None:
    group = create(groups, lifetime=days(10))
    add(ports, group, ANN, **stay)
    assert end(ports, group) == expected


@pytest.mark.behaviour(130)
def test_without_a_lifetime_a_membership_has_no_end(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    add(ports, group, ANN)
    assert end(ports, group) is None


def test_a_removal_date_and_a_duration_together_are_refused(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    new_members = [NewMember(email=BOB), NewMember(email=ANN, removal_date=DAY, remove_after=days(3))]
    with pytest.raises(Invalid) as caught:
        members.add(DEMO, group.group_id, new_members, NOW, "me", ports)
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [("customers.1.remove_after", "one_of_two")]
    assert member(ports, group, BOB) is None


@pytest.mark.behaviour(255)
def test_nobody_is_added_to_an_expired_group(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups, expires_on=DAY)
    assert add(ports, group, ANN, now=END_OF_DAY - timedelta(seconds=1)).added == 1
    with pytest.raises(Conflict) as caught:
        add(ports, group, BOB, now=END_OF_DAY)
    assert caught.value.code == "group_expired"


@pytest.mark.behaviour(116)
def test_members_are_refused_with_customer_groups_switched_off(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    with pytest.raises(Forbidden):
        members.add(OFF, group.group_id, [NewMember(email=ANN)], NOW, "me", ports)


@pytest.mark.parametrize("organiser", [DEMO, OTHER], ids=["deleted", "another organiser's"])
def test_nobody_is_added_to_an_unknown_or_deleted_group(groups: FakeGroups, ports: MemberPorts, organiser: Any) -> None:
    group = create(groups)
    lifecycle.delete("demo", group.group_id, NOW, "me", groups)
    with pytest.raises(Unknown):
        members.add(organiser, group.group_id, [NewMember(email=ANN)], NOW, "me", ports)


@pytest.mark.behaviour(210, 211, 212)
@pytest.mark.parametrize(("kind", "code"), [("automatic", "automatic_group"), ("target", "target_group")])
def test_only_members_of_manual_groups_are_changed_by_hand(
    groups: FakeGroups, ports: MemberPorts, kind: str, code: str
) -> None:
    group = create(groups, kind=kind)
    calls = [
        lambda: add(ports, group, ANN),
        lambda: members.remove(DEMO, group.group_id, [ANN], NOW, "me", ports),
        lambda: members.set_membership_end(
            DEMO, group.group_id, ANN, MembershipEnd(removal_date=None), NOW, "me", ports
        ),
    ]
    for call in calls:
        with pytest.raises(Conflict) as caught:
            call()
        assert caught.value.code == code


def test_an_addition_that_loses_a_race_is_decided_again(
    groups: FakeGroups, memberships: FakeMemberships, ports: MemberPorts
) -> None:
    group = create(groups)
    memberships.meddlers = [lambda: memberships.apply("demo", [meddling(group)], NOW)]
    assert add(ports, group, ANN, BOB) == AddedMembers(added=1, already=1, created_customers=2)


def meddling(group: Group) -> Change:
    other = Membership(email=ANN, group_id=group.group_id, added_at=NOW, source=Source.HAND)
    return Change(before=None, after=other, by="somebody else")


# Ending


@pytest.mark.behaviour(202)
def test_a_membership_grants_nothing_from_its_end_on(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    add(ports, group, ANN, removal_date=DAY)
    membership = member(ports, group)
    assert membership is not None
    assert not membership.has_ended(END_OF_DAY - timedelta(microseconds=1))
    assert membership.has_ended(END_OF_DAY)


@pytest.mark.behaviour(201)
def test_the_timer_removes_members_at_their_removal_date(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    add(ports, group, ANN, removal_date=DAY)
    add(ports, group, BOB)
    assert members.remove_ended_members(END_OF_DAY - timedelta(seconds=1), lambda: True, ports.memberships) == 0
    assert members.remove_ended_members(END_OF_DAY, lambda: True, ports.memberships) == 1
    assert (member(ports, group, ANN), member(ports, group, BOB) is not None) == (None, True)


def test_a_timer_short_of_time_stops(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    add(ports, group, ANN, BOB, removal_date=DAY)
    short = iter([True, False])
    assert members.remove_ended_members(END_OF_DAY, lambda: next(short), ports.memberships) == 1
    assert members.remove_ended_members(END_OF_DAY, lambda: True, ports.memberships) == 1


def test_the_timer_keeps_a_member_whose_removal_date_was_changed_meanwhile(
    groups: FakeGroups, memberships: FakeMemberships, ports: MemberPorts
) -> None:
    group = create(groups)
    add(ports, group, ANN, removal_date=DAY)
    membership = member(ports, group)
    stay = Membership(email=ANN, group_id=group.group_id, added_at=NOW, source=Source.HAND)
    memberships.meddlers = [
        lambda: memberships.apply("demo", [Change(before=membership, after=stay, by="somebody else")], NOW)
    ]
    assert members.remove_ended_members(END_OF_DAY, lambda: True, memberships) == 0
    assert member(ports, group) == stay


def test_a_person_whose_membership_ended_can_be_added_again(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    add(ports, group, ANN, removal_date=DAY)
    assert add(ports, group, ANN, now=END_OF_DAY).added == 1
    membership = member(ports, group)
    assert membership is not None
    assert (membership.added_at, membership.ends_at) == (END_OF_DAY, None)


# Removing and staying


@pytest.mark.behaviour(205, 206)
def test_removed_members_stay_customers(groups: FakeGroups, customers: FakeCustomers, ports: MemberPorts) -> None:
    group = create(groups)
    add(ports, group, ANN, BOB)
    emails = ["ANN@example.com", BOB, "nobody@example.com", BOB]
    assert members.remove(DEMO, group.group_id, emails, NOW, "me", ports) == RemovedMembers(removed=2, absent=1)
    assert member(ports, group) is None
    assert customers.get_customer("demo", ANN)


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        pytest.param(MembershipEnd(removal_date=DAY), END_OF_DAY, marks=pytest.mark.behaviour(209), id="a date"),
        pytest.param(
            MembershipEnd(remove_after=days(3)),
            NOW + timedelta(days=4),
            marks=pytest.mark.behaviour(209),
            id="a duration",
        ),
        pytest.param(MembershipEnd(removal_date=None), None, id="for ever"),
    ],
)
@pytest.mark.parametrize(
    "lifetime",
    [
        pytest.param(None, marks=pytest.mark.behaviour(207), id="none set"),
        pytest.param(days(9), marks=pytest.mark.behaviour(208), id="one set"),
    ],
)
def test_a_removal_date_is_set_and_renewed(
    groups: FakeGroups, ports: MemberPorts, lifetime: Duration | None, stay: MembershipEnd, expected: datetime | None
) -> None:
    group = create(groups, lifetime=lifetime)
    add(ports, group, ANN)
    later = NOW + timedelta(days=1)
    membership = members.set_membership_end(DEMO, group.group_id, "Ann@example.com", stay, later, "me", ports)
    assert (membership.ends_at, membership.added_at) == (expected, NOW)
    assert member(ports, group) == membership


def test_a_change_without_a_removal_date_or_duration_is_refused(groups: FakeGroups, ports: MemberPorts) -> None:
    group = create(groups)
    add(ports, group, ANN)
    with pytest.raises(Invalid):
        members.set_membership_end(DEMO, group.group_id, ANN, MembershipEnd(removal_date=UNSET), NOW, "me", ports)


@pytest.mark.parametrize("now", [NOW, END_OF_DAY], ids=["never added", "ended"])
def test_only_a_member_has_a_removal_date(groups: FakeGroups, ports: MemberPorts, now: datetime) -> None:
    group = create(groups)
    if now == END_OF_DAY:
        add(ports, group, ANN, removal_date=DAY)
    with pytest.raises(Unknown):
        members.set_membership_end(DEMO, group.group_id, ANN, MembershipEnd(removal_date=None), now, "me", ports)


# Welcome


@pytest.mark.behaviour(224, 227)
def test_a_person_added_for_the_first_time_gets_a_welcome_mail(
    groups: FakeGroups, memberships: FakeMemberships, ports: MemberPorts
) -> None:
    group = with_welcome(groups, create(groups))
    add(ports, group, ANN)
    assert memberships.welcomed == [("demo", ANN, group.group_id)]


@pytest.mark.behaviour(225)
def test_a_member_added_again_gets_no_second_welcome_mail(
    groups: FakeGroups, memberships: FakeMemberships, ports: MemberPorts
) -> None:
    group = with_welcome(groups, create(groups))
    for _ in range(2):
        add(ports, group, ANN)
        members.remove(DEMO, group.group_id, [ANN], NOW, "me", ports)
    assert len(memberships.welcomed) == 1


@pytest.mark.behaviour(226, 235)
def test_a_member_added_while_the_welcome_mail_is_off_never_gets_one(
    groups: FakeGroups, memberships: FakeMemberships, ports: MemberPorts
) -> None:
    group = create(groups)
    add(ports, group, ANN)
    with_welcome(groups, group)
    add(ports, group, ANN)
    assert memberships.welcomed == []


def test_the_history_has_who_changed_a_membership_and_why(
    groups: FakeGroups, memberships: FakeMemberships, ports: MemberPorts
) -> None:
    group = create(groups)
    add(ports, group, ANN)
    members.set_membership_end(DEMO, group.group_id, ANN, MembershipEnd(removal_date=DAY), NOW, "second-token", ports)
    members.remove_ended_members(END_OF_DAY, lambda: True, memberships)
    entries = [
        (audit_entry.what, audit_entry.by, audit_entry.text("en")) for _, audit_entry in memberships.audit_entries
    ]
    assert entries == [
        (ChangeType.ADDED, "demo-organiser", "added by hand"),
        (ChangeType.CHANGED, "second-token", f"stay set by hand, until {END_OF_DAY.isoformat()}"),
        (ChangeType.REMOVED, "timer", "the removal date was reached"),
    ]


@pytest.mark.parametrize(
    ("stored", "because", "text"),
    [
        ("", Message("removed_by_hand"), "met de hand verwijderd"),
        ("", None, ""),
        ("shop", None, "shop"),
        ("2 of 2 of event gala (orders o1)", Message("rules_met"), "2 of 2 of event gala (orders o1)"),
    ],
)
def test_a_reason_is_in_the_requested_language_unless_stored_as_a_sentence(
    stored: str, because: Message | None, text: str
) -> None:
    assert reason_text(stored, because, "nl") == text
