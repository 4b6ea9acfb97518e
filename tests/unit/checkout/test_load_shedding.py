"""Redemptions refused at once while the table throttles them."""

from datetime import timedelta

from guestlist.checkout.load_shedding import COOLDOWN, HALF_LIFE, LoadShedder
from tests.unit.checkout.builders import NOW

KEY, OTHER = "token, CODE", "token, OTHER"
SECOND = timedelta(seconds=1)


def throttled(times: int) -> LoadShedder:
    load_shedder = LoadShedder()
    for _ in range(times):
        load_shedder.record(KEY, NOW, throttled=True)
    return load_shedder


def refusals(load_shedder: LoadShedder, key: str = KEY, *, later: timedelta = timedelta()) -> int:
    """The number of a hundred redemptions that are refused at once."""
    return sum(not load_shedder.admits(key, number / 100, NOW + later) for number in range(100))


def test_no_redemption_is_refused_at_once_before_the_table_throttles() -> None:
    load_shedder = LoadShedder()
    for _ in range(100):
        load_shedder.record(KEY, NOW, throttled=False)
    assert refusals(load_shedder) == 0


def test_after_many_throttled_redemptions_most_are_refused_at_once_and_some_are_tried() -> None:
    assert refusals(throttled(10)) > 80
    assert throttled(10).admits(KEY, 0.92, NOW)


def test_another_code_is_not_refused() -> None:
    assert refusals(throttled(10), OTHER) == 0


def test_hardly_any_redemption_is_refused_if_most_succeed() -> None:
    load_shedder = throttled(1)
    for _ in range(9):
        load_shedder.record(KEY, NOW, throttled=False)
    assert load_shedder.admits(KEY, 0, NOW)


def test_one_throttled_redemption_of_a_quiet_code_refuses_no_other() -> None:
    assert throttled(1).admits(KEY, 0, NOW)


def test_a_throttled_code_is_soon_served_again() -> None:
    assert not throttled(3).admits(KEY, 0.4, NOW)
    assert throttled(3).admits(KEY, 0.4, NOW + HALF_LIFE)


def test_no_redemption_is_refused_some_seconds_after_the_last_throttling() -> None:
    assert refusals(throttled(100), later=COOLDOWN + SECOND) == 0


def test_the_memory_of_a_process_is_bounded() -> None:
    load_shedder = LoadShedder()
    for number in range(2_500):
        load_shedder.record(number, NOW, throttled=True)
    assert len(load_shedder) <= 1_000
