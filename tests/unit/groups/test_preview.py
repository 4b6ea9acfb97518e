"""The preview of rules."""

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


def preview_of(world: World, rules: Branch, group_id: str | None = None, people: int = 1_000) -> Preview:
    remaining = iter(range(people))
    return preview("demo", rules, group_id, LATER, lambda: next(remaining, None) is not None, world.engine)


def test_the_preview_of_a_new_group_counts_who_would_join(world: World) -> None:
    for email, quantity in ((ANN, 2), (BOB, 1)):
        world.buy(email, quantity=quantity)
    outcome = preview_of(world, TWO)
    assert outcome == Preview(matching=1, joining=1, leaving=0, kept_by_lifetime=0, sample=(ANN,), complete=True)


def test_the_preview_of_changed_rules_counts_who_would_join_leave_and_be_kept(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=1)), lifetime=days(10))
    world.buy(ANN, quantity=2)
    world.buy(BOB, at=NOW)
    world.buy(CLEO, at=NOW - timedelta(days=30))
    stricter = preview_of(world, TWO, group.group_id)
    assert (stricter.matching, stricter.joining, stricter.leaving, stricter.kept_by_lifetime) == (1, 0, 1, 1)
    world.buy(DAN, quantity=2, followed=False)
    assert preview_of(world, TWO, group.group_id).joining == 1


def test_a_preview_stores_nothing(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=5)))
    world.buy(ANN)
    before = dict(world.memberships.stored), dict(world.groups.records), dict(world.groups.syncs.progress)
    assert preview_of(world, any_of(leaf()), group.group_id).joining == 1
    assert before == (world.memberships.stored, world.groups.records, world.groups.syncs.progress)


def test_a_preview_short_of_time_says_that_it_is_partial(world: World) -> None:
    for number in range(20):
        world.buy(f"p{number}@example.com")
    outcome = preview_of(world, any_of(leaf()), people=7)
    assert (outcome.matching, outcome.complete) == (7, False)


def test_the_sample_of_a_preview_has_at_most_ten_people(world: World) -> None:
    for number in range(20):
        world.buy(f"p{number}@example.com")
    assert len(preview_of(world, any_of(leaf())).sample) == 10


def test_invalid_rules_are_not_previewed(world: World) -> None:
    with pytest.raises(Invalid):
        preview_of(world, any_of(leaf(name="nowhere")))


def test_only_an_existing_automatic_group_is_previewed(world: World) -> None:
    manual = create(world.groups)
    with pytest.raises(Conflict) as caught:
        preview_of(world, TWO, manual.group_id)
    assert caught.value.code == "not_automatic"
    deleted = world.automatic(TWO)
    lifecycle.delete("demo", deleted.group_id, NOW, "me", world.groups)
    with pytest.raises(Unknown):
        preview_of(world, TWO, deleted.group_id)
