"""The list of groups and its descriptions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guestlist.groups import lifecycle
from guestlist.groups.group_settings import GroupChanges, WelcomeChanges
from guestlist.groups.index import GroupType, Version
from guestlist.groups.listing import DeletedFilter, GroupFilter, GroupViewPorts, group_view, list_groups
from guestlist.messages.language import Language
from guestlist.model.relative_time import in_largest_unit
from tests.fakes.groups import FakeCounts, FakeGroups
from tests.unit.groups.builders import CATALOGUE, DEMO, NOW, create


@pytest.fixture
def groups() -> FakeGroups:
    return FakeGroups()


@pytest.fixture
def ports(groups: FakeGroups) -> GroupViewPorts:
    return GroupViewPorts(groups=groups, syncs=groups.syncs, counts=FakeCounts(), language="en")


def names(ports: GroupViewPorts, **filters: Any) -> list[str]:
    return [group.name for group in list_groups("demo", GroupFilter(**filters), 50, NOW, ports)[0]]


@pytest.mark.behaviour(121, 236, 241, 242)
def test_groups_are_listed_newest_first_with_their_type_described(groups: FakeGroups, ports: GroupViewPorts) -> None:
    for kind in ("manual", "automatic", "target"):
        create(groups, f"The {kind} one", kind)
    shown = list_groups("demo", GroupFilter(), 50, NOW, ports)[0]
    assert [(group.name, group.type) for group in shown] == [
        ("The target one", "target"),
        ("The automatic one", "automatic"),
        ("The manual one", "manual"),
    ]
    assert len({group.description for group in shown}) == 3


@pytest.mark.behaviour(237)
@pytest.mark.parametrize(
    ("text", "expected"), [("mem", ["Members"]), ("ST", ["Festival"]), ("", ["Festival", "Members"])]
)
def test_groups_are_found_by_a_part_of_their_name(
    groups: FakeGroups, ports: GroupViewPorts, text: str, expected: list[str]
) -> None:
    create(groups, "Members")
    create(groups, "Festival")
    assert names(ports, name=text) == expected


def test_groups_are_found_by_type(groups: FakeGroups, ports: GroupViewPorts) -> None:
    create(groups, "Members")
    create(groups, "Buyers", "automatic")
    assert names(ports, type=GroupType.AUTOMATIC) == ["Buyers"]


@pytest.mark.parametrize(
    ("deleted", "expected"),
    [
        pytest.param(DeletedFilter.HIDE, ["Kept"], marks=pytest.mark.behaviour(239)),
        pytest.param(DeletedFilter.SHOW, ["Gone", "Kept"], marks=pytest.mark.behaviour(238)),
        pytest.param(DeletedFilter.ONLY, ["Gone"], marks=pytest.mark.behaviour(240)),
    ],
)
def test_deleted_groups_are_hidden_included_or_listed_alone(
    groups: FakeGroups, ports: GroupViewPorts, deleted: DeletedFilter, expected: list[str]
) -> None:
    create(groups, "Kept")
    lifecycle.delete("demo", create(groups, "Gone").group_id, NOW, "me", groups)
    assert names(ports, deleted=deleted) == expected


def test_a_page_has_the_cursor_of_the_next_one(groups: FakeGroups, ports: GroupViewPorts) -> None:
    for number in range(5):
        create(groups, f"Group {number}")
    first, after = list_groups("demo", GroupFilter(), 2, NOW, ports)
    second, _ = list_groups("demo", GroupFilter(), 2, NOW, ports, after)
    assert [group.name for group in [*first, *second]] == ["Group 4", "Group 3", "Group 2", "Group 1"]


def test_a_full_last_page_has_no_cursor(groups: FakeGroups, ports: GroupViewPorts) -> None:
    for number in range(2):
        create(groups, f"Group {number}")
    assert list_groups("demo", GroupFilter(), 2, NOW, ports)[1] is None


@pytest.mark.behaviour(243)
def test_an_automatic_group_has_the_time_of_its_last_sync(groups: FakeGroups, ports: GroupViewPorts) -> None:
    group = create(groups, kind="automatic")
    assert (group_view("demo", group, NOW, ports).last_sync_at, group_view("demo", group, NOW, ports).last_sync) == (
        None,
        None,
    )
    progress = groups.syncs.begin_pass(groups.syncs.get_progress("demo", group.group_id), "r1", NOW)
    groups.syncs.finish_pass(progress, NOW)
    shown = group_view("demo", group, NOW + timedelta(hours=2), ports)
    assert (shown.last_sync_at, shown.last_sync) == (NOW, "2 hours ago")


@pytest.mark.behaviour(244, 259)
def test_the_expiry_is_counted_down_and_an_expired_group_stays_in_the_list(
    groups: FakeGroups, ports: GroupViewPorts
) -> None:
    create(groups, expires_on=date(2026, 11, 25))
    expiry = datetime(2026, 11, 25, 23, tzinfo=UTC)
    shown = list_groups("demo", GroupFilter(), 50, NOW, ports)[0][0]
    assert (shown.status, shown.expires_on, shown.expires_in) == ("active", date(2026, 11, 25), "4 days")
    shown = list_groups("demo", GroupFilter(), 50, expiry, ports)[0][0]
    assert (shown.status, shown.expires_in) == ("expired", "expired")


@pytest.mark.behaviour(245)
def test_a_group_shows_whether_its_welcome_mail_is_on(groups: FakeGroups, ports: GroupViewPorts) -> None:
    group = create(groups)
    assert group_view("demo", group, NOW, ports).welcome_badge == "red"
    request = GroupChanges(welcome_email=WelcomeChanges(enabled=True))
    group = lifecycle.change(DEMO, group.group_id, request, NOW, "demo-organiser", groups, CATALOGUE)
    assert group_view("demo", group, NOW, ports).welcome_badge == "green"


def test_groups_show_the_number_of_members_or_entries(groups: FakeGroups) -> None:
    manual, target = create(groups, "Members"), create(groups, "Codes", "target")
    filled = replace(target.to_index_entry(), base=Version("i", 1, 7), entries=7)
    groups.indexes["demo"] = groups.index("demo").with_group(filled)
    ports = GroupViewPorts(
        groups=groups, syncs=groups.syncs, counts=FakeCounts({("demo", manual.group_id): 3}), language="en"
    )
    assert {group.name: group.members for group in list_groups("demo", GroupFilter(), 50, NOW, ports)[0]} == {
        "Members": 3,
        "Codes": 7,
    }


@pytest.mark.behaviour(242, 243, 244)
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Klanten komen en gaan volgens regels over wat ze kochten", "2 uur geleden", "4 dagen")),
        ("da", ("Kunder kommer og går efter regler om, hvad de har købt", "for 2 timer siden", "4 dage")),
    ],
)
def test_descriptions_of_a_group_are_in_the_requested_language(
    groups: FakeGroups, ports: GroupViewPorts, language: Language, words: tuple[str, str, str]
) -> None:
    group = create(groups, kind="automatic", expires_on=date(2026, 11, 25))
    progress = groups.syncs.begin_pass(groups.syncs.get_progress("demo", group.group_id), "r1", NOW)
    groups.syncs.finish_pass(progress, NOW)
    shown = group_view("demo", group, NOW + timedelta(hours=2), replace(ports, language=language))
    assert (shown.description, shown.last_sync, shown.expires_in) == words


@pytest.mark.parametrize(
    ("length", "largest"),
    [
        (timedelta(seconds=59), (59, "seconds")),
        (timedelta(minutes=1), (1, "minutes")),
        (timedelta(minutes=119), (1, "hours")),
        (timedelta(hours=2), (2, "hours")),
        (timedelta(days=1), (1, "days")),
        (timedelta(days=400), (400, "days")),
    ],
    ids=str,
)
def test_a_relative_time_has_its_largest_whole_unit(length: timedelta, largest: tuple[int, str]) -> None:
    assert in_largest_unit(length) == largest


def test_a_sync_of_a_moment_ago_is_shown_as_just_now(groups: FakeGroups, ports: GroupViewPorts) -> None:
    group = create(groups, kind="automatic", expires_on=date(2026, 11, 25))
    progress = groups.syncs.begin_pass(groups.syncs.get_progress("demo", group.group_id), "r1", NOW)
    groups.syncs.finish_pass(progress, NOW)
    assert group_view("demo", group, NOW + timedelta(seconds=59), ports).last_sync == "just now"
    almost = datetime(2026, 11, 25, 23, tzinfo=UTC) - timedelta(seconds=1)
    assert group_view("demo", group, almost, ports).expires_in == "less than a minute"
