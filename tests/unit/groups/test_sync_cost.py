"""The cost of keeping a group in sync: only people who bought or lapsed are evaluated."""

import pytest

from tests.benchmarks.town import Town, Work


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_days_syncs_evaluate_only_buyers_and_lapsed_members_and_leave_nothing_to_a_full_pass(seed: int) -> None:
    town = Town(400, daily=8, seed=seed)
    works = []
    for _ in range(5):
        works.append(town.day())
        after = town.pass_over()
        assert (after.people_changed, after.complete) == (0, True)
        assert after.people_checked > 350
    assert _within_bound(works)


@pytest.mark.parametrize("people", [50, 800])
def test_the_work_of_a_day_does_not_grow_with_the_number_of_people(people: int) -> None:
    town = Town(people, daily=4)
    assert _within_bound([town.day()])


def _within_bound(works: list[Work]) -> bool:
    happened = sum(work.touched + work.lapsed for work in works)
    return happened <= sum(work.evaluations for work in works) <= 1.2 * happened
