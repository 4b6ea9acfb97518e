"""The list of a group's members."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guestlist.groups import members
from guestlist.groups.members import MemberPorts, NewMember
from guestlist.groups.members_list import MemberPage, all_members
from guestlist.groups.members_list import list_members as listed
from guestlist.groups.membership import Membership, Source
from guestlist.groups.model import Group
from tests.fakes.groups import FakeCustomers, FakeGroups, FakeMemberships
from tests.unit.groups.builders import DEMO, NOW, create, days

PEOPLE = {
    "ann@example.com": "Ann Jones",
    "bob@example.com": "Bob Annan",
    "cleo@example.com": "Cleo",
    "dan@example.com": "Ann Ann",
}


@pytest.fixture
def ports() -> MemberPorts:
    return MemberPorts(groups=FakeGroups(), customers=FakeCustomers(), memberships=FakeMemberships())


@pytest.fixture
def group(ports: MemberPorts) -> Group:
    assert isinstance(ports.groups, FakeGroups)
    searched_group = create(ports.groups)
    new_members = [NewMember(email=email.replace("ann@", "Ann@"), name=name) for email, name in PEOPLE.items()]
    members.add(DEMO, searched_group.group_id, new_members, NOW, "me", ports)
    other = create(ports.groups, "Others")
    members.add(DEMO, other.group_id, [NewMember(email="eve@example.com", name="Ann Eve")], NOW, "me", ports)
    return searched_group


def page(
    ports: MemberPorts, group: Group, typed: str = "", limit: int = 50, after: str = "", now: datetime = NOW
) -> MemberPage:
    return listed("demo", group, typed, limit, now, ports, after)


def emails(page: MemberPage) -> list[str]:
    return [member.email for member in page.items]


def test_members_are_listed_by_e_mail_with_their_names(ports: MemberPorts, group: Group) -> None:
    assert [(one.email.lower(), one.name) for one in page(ports, group).items] == list(PEOPLE.items())
    assert page(ports, group).items[0].email == "Ann@example.com"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("ann", ["Ann@example.com", "bob@example.com", "dan@example.com"], id="both"),
        pytest.param("BOB@", ["bob@example.com"], id="e-mail"),
        pytest.param("jon", ["Ann@example.com"], id="name"),
        pytest.param("nobody", [], id="nobody"),
    ],
)
def test_members_are_found_while_typing(ports: MemberPorts, group: Group, typed: str, expected: list[str]) -> None:
    assert emails(page(ports, group, typed)) == expected


@pytest.mark.parametrize("typed", ["", "ann"])
def test_a_page_has_the_cursor_of_the_next_one(ports: MemberPorts, group: Group, typed: str) -> None:
    every = emails(page(ports, group, typed))
    first = page(ports, group, typed, limit=1)
    assert first.next == "ann@example.com"
    rest = page(ports, group, typed, after=first.next)
    assert emails(first) + emails(rest) == every
    assert rest.next is None


def test_an_ended_membership_is_not_listed(ports: MemberPorts, group: Group) -> None:
    later = NOW + timedelta(days=1)
    members.add(DEMO, group.group_id, [NewMember(email="zoe@example.com", removal_date=later)], NOW, "me", ports)
    assert "zoe@example.com" in emails(page(ports, group))
    for typed in ("", "zoe"):
        assert "zoe@example.com" not in emails(page(ports, group, typed, now=later))
    assert "zoe@example.com" not in [one.email for one in all_members("demo", group, later, ports)]


@pytest.mark.behaviour(213)
def test_an_automatic_member_shows_a_calculated_removal_date(ports: MemberPorts) -> None:
    assert isinstance(ports.groups, FakeGroups)
    assert isinstance(ports.memberships, FakeMemberships)
    group = create(ports.groups, kind="automatic", lifetime=days(10))
    member = Membership(email="ann@example.com", group_id=group.group_id, added_at=NOW, source=Source.RULE)
    ports.memberships.stored["demo", "ann@example.com", group.group_id] = member
    assert page(ports, group).items[0].removal_date == NOW + timedelta(days=10)


@pytest.mark.behaviour(258)
def test_the_list_of_an_expired_group_says_so(ports: MemberPorts) -> None:
    assert isinstance(ports.groups, FakeGroups)
    group = create(ports.groups, expires_on=date(2026, 12, 31))
    assert page(ports, group).message is None
    expired = page(ports, group, now=datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert expired.message
    assert expired.message.text("notice") == "This group expired on 2026-12-31: its members have no access any more."


@pytest.mark.behaviour(216)
def test_all_pages_together_list_every_member(ports: MemberPorts) -> None:
    assert isinstance(ports.groups, FakeGroups)
    group = create(ports.groups)
    new_members = [NewMember(email=f"p{number:04d}@example.com") for number in range(450)]
    members.add(DEMO, group.group_id, new_members, NOW, "me", ports)
    assert [one.email for one in all_members("demo", group, NOW, ports)] == [one.email for one in new_members]


@pytest.mark.parametrize("typed", ["fay@bücher.example", "FAY@bücher.e", "fay@xn--bcher-kva.example"])
def test_a_member_is_found_by_an_address_as_it_is_written(ports: MemberPorts, group: Group, typed: str) -> None:
    member = NewMember(email="fay@xn--bcher-kva.example", name="")
    members.add(DEMO, group.group_id, [member], NOW, "me", ports)
    assert emails(page(ports, group, typed)) == [member.email]
