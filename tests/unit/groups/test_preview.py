"""What rules would do, without doing it."""

from datetime import timedelta

import pytest

from guestlist.groups import lifecycle
from guestlist.groups.preview import Preview, preview
from guestlist.groups.rule import Branch
from guestlist.model.errors import Conflict, Invalid, Unknown
from tests.unit.groups.builders import NOW, any_of, create, days, leaf
from tests.unit.groups.world import ANN, BOB, World

CLEO, DAN = "cleo@example.com", "dan@example.com"
LATER = NOW + timedelta(days=5)
TWO = any_of(leaf(minimum=2))


@pytest.fixture
def world() -> World:
    return World()


def seen(world: World, rules: Branch, group_id: str | None = None, people: int = 1_000) -> Preview:
    remaining = iter(range(people))
    return preview("demo", rules, group_id, LATER, lambda: next(remaining, None) is not None, world.engine)


def test_rules_of_a_new_group_tell_who_would_join(world: World) -> None:
    for email, quantity in ((ANN, 2), (BOB, 1)):
        world.buy(email, quantity=quantity)
    found = seen(world, TWO)
    assert found == Preview(matching=1, joining=1, leaving=0, kept_by_lifetime=0, sample=(ANN,), complete=True)


def test_new_rules_of_a_group_tell_who_would_join_leave_and_be_kept(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=1)), lifetime=days(10))
    world.buy(ANN, quantity=2)
    world.buy(BOB, at=NOW)
    world.buy(CLEO, at=NOW - timedelta(days=30))
    stricter = seen(world, TWO, group.group_id)
    assert (stricter.matching, stricter.joining, stricter.leaving, stricter.kept_by_lifetime) == (1, 0, 1, 1)
    world.buy(DAN, quantity=2, followed=False)
    assert seen(world, TWO, group.group_id).joining == 1


def test_nothing_is_stored(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=5)))
    world.buy(ANN)
    before = dict(world.memberships.stored), dict(world.groups.records), dict(world.groups.syncs.progress)
    assert seen(world, any_of(leaf()), group.group_id).joining == 1
    assert before == (world.memberships.stored, world.groups.records, world.groups.syncs.progress)


def test_too_little_time_is_told(world: World) -> None:
    for number in range(20):
        world.buy(f"p{number}@example.com")
    found = seen(world, any_of(leaf()), people=7)
    assert (found.matching, found.complete) == (7, False)


def test_a_sample_is_of_ten_at_most(world: World) -> None:
    for number in range(20):
        world.buy(f"p{number}@example.com")
    assert len(seen(world, any_of(leaf())).sample) == 10


def test_rules_that_could_not_be_kept_are_refused(world: World) -> None:
    with pytest.raises(Invalid):
        seen(world, any_of(leaf(name="nowhere")))


def test_only_an_automatic_group_that_stands_is_previewed(world: World) -> None:
    manual = create(world.groups)
    with pytest.raises(Conflict) as caught:
        seen(world, TWO, manual.group_id)
    assert caught.value.code == "not_automatic"
    deleted = world.automatic(TWO)
    lifecycle.delete("demo", deleted.group_id, NOW, "me", world.groups)
    with pytest.raises(Unknown):
        seen(world, TWO, deleted.group_id)
