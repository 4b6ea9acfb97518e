"""The list of a group's members."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guestlist.groups import members
from guestlist.groups.members import MemberPorts, NewMember
from guestlist.groups.members_list import MemberPage, every_member
from guestlist.groups.members_list import members as listed
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
def desk() -> MemberPorts:
    return MemberPorts(groups=FakeGroups(), customers=FakeCustomers(), memberships=FakeMemberships())


@pytest.fixture
def group(desk: MemberPorts) -> Group:
    assert isinstance(desk.groups, FakeGroups)
    made = create(desk.groups)
    wanted = [NewMember(email=email.replace("ann@", "Ann@"), name=name) for email, name in PEOPLE.items()]
    members.add(DEMO, made.group_id, wanted, NOW, "me", desk)
    other = create(desk.groups, "Others")
    members.add(DEMO, other.group_id, [NewMember(email="eve@example.com", name="Ann Eve")], NOW, "me", desk)
    return made


def page(
    desk: MemberPorts, group: Group, typed: str = "", limit: int = 50, after: str = "", now: datetime = NOW
) -> MemberPage:
    return listed("demo", group, typed, limit, now, desk, after)


def emails(page: MemberPage) -> list[str]:
    return [member.email for member in page.items]


def test_members_come_by_e_mail_with_their_names(desk: MemberPorts, group: Group) -> None:
    assert [(one.email.lower(), one.name) for one in page(desk, group).items] == list(PEOPLE.items())
    assert page(desk, group).items[0].email == "Ann@example.com"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("ann", ["Ann@example.com", "bob@example.com", "dan@example.com"], id="both"),
        pytest.param("BOB@", ["bob@example.com"], id="e-mail"),
        pytest.param("jon", ["Ann@example.com"], id="name"),
        pytest.param("nobody", [], id="nobody"),
    ],
)
def test_members_are_found_as_they_are_typed(desk: MemberPorts, group: Group, typed: str, found: list[str]) -> None:
    assert emails(page(desk, group, typed)) == found


@pytest.mark.parametrize("typed", ["", "ann"])
def test_a_page_says_where_the_next_one_begins(desk: MemberPorts, group: Group, typed: str) -> None:
    every = emails(page(desk, group, typed))
    first = page(desk, group, typed, limit=1)
    assert first.next == "ann@example.com"
    rest = page(desk, group, typed, after=first.next)
    assert emails(first) + emails(rest) == every
    assert rest.next is None


def test_somebody_whose_end_has_come_is_not_in_the_list(desk: MemberPorts, group: Group) -> None:
    later = NOW + timedelta(days=1)
    members.add(DEMO, group.group_id, [NewMember(email="zoe@example.com", removal_date=later)], NOW, "me", desk)
    assert "zoe@example.com" in emails(page(desk, group))
    for typed in ("", "zoe"):
        assert "zoe@example.com" not in emails(page(desk, group, typed, now=later))
    assert "zoe@example.com" not in [one.email for one in every_member("demo", group, later, desk)]


@pytest.mark.behaviour(213)
def test_an_automatic_member_shows_a_calculated_removal_date(desk: MemberPorts) -> None:
    assert isinstance(desk.groups, FakeGroups)
    assert isinstance(desk.memberships, FakeMemberships)
    group = create(desk.groups, kind="automatic", lifetime=days(10))
    member = Membership(email="ann@example.com", group_id=group.group_id, added_at=NOW, source=Source.RULE)
    desk.memberships.kept["demo", "ann@example.com", group.group_id] = member
    assert page(desk, group).items[0].removal_date == NOW + timedelta(days=10)


@pytest.mark.behaviour(258)
def test_the_list_of_an_expired_group_says_so(desk: MemberPorts) -> None:
    assert isinstance(desk.groups, FakeGroups)
    group = create(desk.groups, expires_on=date(2026, 12, 31))
    assert page(desk, group).message is None
    expired = page(desk, group, now=datetime(2026, 12, 31, 23, tzinfo=UTC))
    assert expired.message == "This group expired on 2026-12-31: its members have no access any more."


@pytest.mark.behaviour(216)
def test_every_member_is_told_not_a_page_of_them(desk: MemberPorts) -> None:
    assert isinstance(desk.groups, FakeGroups)
    group = create(desk.groups)
    wanted = [NewMember(email=f"p{number:04d}@example.com") for number in range(450)]
    members.add(DEMO, group.group_id, wanted, NOW, "me", desk)
    assert [one.email for one in every_member("demo", group, NOW, desk)] == [one.email for one in wanted]
