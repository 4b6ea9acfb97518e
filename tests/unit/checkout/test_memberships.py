"""The listed memberships of a person."""

from datetime import timedelta

import pytest

from guestlist.checkout.memberships import granting_memberships
from guestlist.groups.index import GroupIndex
from guestlist.groups.membership import Source
from tests.unit.checkout.builders import DAY, NOW, group, member

GROUPS = GroupIndex(
    1,
    {
        one.group_id: one
        for one in (
            group("members", "manual"),
            group("vip", "automatic"),
            group("old", "manual", expires_at=NOW),
            group("new", "manual", starts_at=NOW + DAY),
        )
    },
)


def test_memberships_are_listed_the_oldest_first_with_their_ends() -> None:
    ends = NOW + DAY
    memberships = granting_memberships(
        GROUPS, [member("vip"), member("members", added_at=NOW - 9 * DAY, removal_at=ends)], NOW
    )
    assert [(one.group_id, one.name, one.type, one.added_at, one.removal_date) for one in memberships] == [
        ("members", "Members", "manual", NOW - 9 * DAY, ends),
        ("vip", "Vip", "automatic", NOW - DAY, None),
    ]


@pytest.mark.behaviour(138)
def test_a_membership_beyond_its_minimum_stay_has_no_known_end() -> None:
    (found,) = granting_memberships(GROUPS, [member("vip", source=Source.RULE, removal_at=NOW)], NOW)
    assert (found.group_id, found.removal_date) == ("vip", None)


@pytest.mark.behaviour(202)
@pytest.mark.parametrize(
    "no_more",
    [member("members", removal_at=NOW), member("old"), member("new"), member("deleted")],
    ids=["ended", "expired", "not-started", "deleted"],
)
def test_memberships_that_grant_nothing_are_not_listed(no_more: object) -> None:
    assert granting_memberships(GROUPS, [no_more], NOW) == ()  # type: ignore[list-item]


def test_a_membership_is_listed_until_its_end() -> None:
    assert granting_memberships(GROUPS, [member("members", removal_at=NOW + timedelta(microseconds=1))], NOW)
