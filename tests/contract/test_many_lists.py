"""The cost of a check does not grow with the number of an organiser's lists."""

from typing import Any

import pytest

from tests.engines.tables import new_table
from tests.fakes.many_lists import CODES, ManyLists, packed_lists

GOALS = {1: 8, 50: 8, 200: 10, 1_000: 12}
CHECKS = 60
MAX_BYTES_A_CODE = 3


@pytest.fixture(scope="module")
def packed_content() -> Any:
    return packed_lists()


@pytest.mark.parametrize("lists", GOALS)
def test_a_warm_check_of_an_unknown_code_costs_hardly_more_for_many_lists(
    dynalite: str, packed_content: Any, lists: int
) -> None:
    organiser = ManyLists(new_table(dynalite), packed_content, lists)
    first = organiser.unknown()
    assert first <= 6 + 1.1 * lists + lists // 200 * 5, "a process that has just begun reads no fingerprints"
    for _ in range(2 + lists // 25):
        organiser.unknown()
    assert sum(organiser.unknown() for _ in range(CHECKS)) / CHECKS <= GOALS[lists]
    assert organiser.fingerprint_bytes() <= MAX_BYTES_A_CODE * CODES * lists
