"""Redemptions refused at once while the table throttles them."""

from datetime import timedelta

from guestlist.checkout.overload import FORGOTTEN, HALF_LIFE, Overload
from tests.unit.checkout.build import NOW

KEY, OTHER = "token, CODE", "token, OTHER"
SECOND = timedelta(seconds=1)


def throttled(times: int) -> Overload:
    overload = Overload()
    for _ in range(times):
        overload.note(KEY, NOW, throttled=True)
    return overload


def refused(overload: Overload, key: str = KEY, *, later: timedelta = timedelta()) -> int:
    """How many of a hundred are refused at once."""
    return sum(not overload.admits(key, number / 100, NOW + later) for number in range(100))


def test_nothing_is_refused_at_once_before_the_table_throttles() -> None:
    overload = Overload()
    for _ in range(100):
        overload.note(KEY, NOW, throttled=False)
    assert refused(overload) == 0


def test_after_many_throttled_redemptions_most_are_refused_at_once_and_some_are_tried() -> None:
    assert refused(throttled(10)) > 80
    assert throttled(10).admits(KEY, 0.92, NOW)


def test_another_code_is_not_refused() -> None:
    assert refused(throttled(10), OTHER) == 0


def test_where_most_are_served_hardly_any_is_refused() -> None:
    overload = throttled(1)
    for _ in range(9):
        overload.note(KEY, NOW, throttled=False)
    assert overload.admits(KEY, 0, NOW)


def test_one_throttled_redemption_of_a_quiet_code_refuses_no_other() -> None:
    assert throttled(1).admits(KEY, 0, NOW)


def test_whose_redemptions_were_throttled_is_soon_served_again() -> None:
    assert not throttled(3).admits(KEY, 0.4, NOW)
    assert throttled(3).admits(KEY, 0.4, NOW + HALF_LIFE)


def test_nothing_is_refused_some_seconds_after_the_last_one_was_throttled() -> None:
    assert refused(throttled(100), later=FORGOTTEN + SECOND) == 0


def test_what_a_process_remembers_is_bounded() -> None:
    overload = Overload()
    for number in range(2_500):
        overload.note(number, NOW, throttled=True)
    assert len(overload) <= 1_000
