"""A group's members as a file."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from guestlist.exports.rows import member_rows
from guestlist.groups import members
from guestlist.groups.members import NewMember
from guestlist.imports.reading.customer_rows import split_groups
from guestlist.imports.reading.instants import parse_instant
from guestlist.model.csv_lines import csv_lines
from tests.unit.groups.builders import DEMO, NOW, any_of, create, days, leaf
from tests.unit.groups.world import ANN, BOB, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.behaviour(215)
def test_members_of_a_manual_group_are_exported_with_all_their_manual_groups(world: World) -> None:
    friends, members_ = create(world.groups, "Friends"), create(world.groups, 'Mem;bers "A"')
    new_members = [NewMember(email="Ann@example.com", name="=Ann", removal_date=NOW + timedelta(days=1))]
    members.add(DEMO, friends.group_id, new_members, NOW, "me", world.ports)
    members.add(DEMO, members_.group_id, [NewMember(email=ANN)], NOW, "me", world.ports)
    [(place, row)] = member_rows("demo", friends, NOW, world.ports)
    assert place == {"email": ANN}
    email, name, groups, removal, added, source = row
    assert (email, name, source) == ("Ann@example.com", "=Ann", "hand")
    assert split_groups(groups, ",") == ("Friends", 'Mem;bers "A"')
    assert parse_instant(removal, ZoneInfo("UTC")) == NOW + timedelta(days=1)
    assert added == "2026-11-21T12:00:00Z"
    assert "'=Ann" in "".join(csv_lines([row]))


@pytest.mark.behaviour(215)
def test_members_of_an_automatic_group_are_exported_without_its_name(world: World) -> None:
    group = world.automatic(any_of(leaf()), lifetime=days(3))
    friends = create(world.groups, "Friends")
    world.buy(ANN)
    world.buy(BOB)
    members.add(DEMO, friends.group_id, [NewMember(email=BOB)], NOW, "me", world.ports)
    rows = [row for _, row in member_rows("demo", group, NOW, world.ports)]
    assert [(row[0], row[2], row[5]) for row in rows] == [(ANN, "", "rule"), (BOB, "Friends", "rule")]
    assert rows[0][3] == "2026-11-24T12:00:00Z"


@pytest.mark.behaviour(216)
def test_all_members_are_exported_however_many(world: World) -> None:
    group = create(world.groups, "Friends")
    new_members = [NewMember(email=f"p{number:04d}@example.com") for number in range(350)]
    members.add(DEMO, group.group_id, new_members, NOW, "me", world.ports)
    assert len(list(member_rows("demo", group, NOW, world.ports))) == 350


def test_members_continue_after_a_cursor(world: World) -> None:
    group = create(world.groups, "Friends")
    members.add(
        DEMO, group.group_id, [NewMember(email=f"p{number}@example.com") for number in range(9)], NOW, "me", world.ports
    )
    rows = list(member_rows("demo", group, NOW, world.ports))
    assert list(member_rows("demo", group, NOW, world.ports, rows[3][0])) == rows[4:]
