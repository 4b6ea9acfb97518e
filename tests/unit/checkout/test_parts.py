"""Split counters of a hot entry: how far each of them may be filled."""

import pytest

from guestlist.aws.items import marshal_item
from guestlist.checkout.counter_sharding import (
    MAX_STEPS,
    SPLIT_FREE_USES,
    SPLIT_STEPS,
    Bound,
    counter_bounds,
    parts_with_uses_left,
    split_share,
)
from guestlist.checkout.counting import RETURN_SLOTS, Counter, TakeStep, Uses
from guestlist.checkout.ledger_items import RETURNS, STEP, step_text
from guestlist.checkout.redemption import CounterKey, Redemption, Status
from tests.simulation.capacity import WRITE_UNIT, size
from tests.unit.checkout.builders import NOW

SPOT = CounterKey("key", "entry")
FIRST, SECOND, *OTHERS = SPOT.parts


def a_take(number: int, length: int = 1) -> TakeStep:
    return TakeStep(
        redemption=Redemption(
            request=f"{number:032x}",
            generation=1,
            attempt="x" * length,
            counter_key=SPOT,
            group_id="list",
            quantity=99,
            limit=1_000_000,
            at=NOW,
            status=Status.REDEEMED,
        )
    )


def uses(total: int = 0, steps: int = 0, share: int | None = None, **parts: Counter) -> Uses:
    first = Counter(total, {f"{number}": a_take(number) for number in range(steps)}, share)
    return Uses({SPOT: first, **dict(zip(SPOT.parts, parts.values(), strict=False))})


def test_a_part_has_the_first_counter_of_its_entry() -> None:
    assert {part.first_counter for part in SPOT.parts} == {SPOT.first_counter} == {SPOT}


@pytest.mark.parametrize(
    ("counted_uses", "quantity", "expected"),
    [
        (uses(0, SPLIT_STEPS), SPLIT_FREE_USES, SPLIT_FREE_USES // 8),
        (uses(100, SPLIT_STEPS), SPLIT_FREE_USES + 100, SPLIT_FREE_USES // 8),
        (uses(1, SPLIT_STEPS), SPLIT_FREE_USES, None),
        (uses(0, SPLIT_STEPS - 1), SPLIT_FREE_USES, None),
        (uses(0, SPLIT_STEPS, 5), SPLIT_FREE_USES, None),
    ],
)
def test_a_counter_is_split_once_it_is_hot_and_has_many_uses(
    counted_uses: Uses, quantity: int, expected: int | None
) -> None:
    assert split_share(counted_uses, SPOT, quantity) == expected


def test_the_bounds_of_all_counters_sum_to_the_quantity() -> None:
    split_uses = uses(3, share=10, first=Counter(4, cap=4), second=Counter(9))
    allowed = counter_bounds(split_uses, SPOT, 100)
    assert allowed[0] == Bound(SPOT, 100 - 4 - 6 * 10, share=10)
    assert allowed[1:3] == [Bound(FIRST, 4, cap=4), Bound(SECOND, 10)]
    assert sum(one.limit for one in allowed) == 100


def test_no_part_is_filled_when_the_quantity_is_below_the_first_counter() -> None:
    assert counter_bounds(uses(40, share=10), SPOT, 100) == [Bound(SPOT, 30, share=10)]


def test_parts_with_unused_uses_are_found() -> None:
    split_uses = uses(3, share=10, first=Counter(4, cap=4), second=Counter(10))
    assert parts_with_uses_left(split_uses, SPOT) == OTHERS
    assert parts_with_uses_left(uses(3), SPOT) == []


def test_a_counter_with_all_the_steps_it_may_have_is_written_for_one_unit() -> None:
    key = {"pk": f"O#{'o' * 26}#U#{'0' * 32}#+7", "sk": f"C#{'g' * 26}-k#{'0' * 32}"}
    steps = {f"{STEP}{number:033x}": step_text(a_take(number, 8)) for number in range(MAX_STEPS)}
    returns = {f"{RETURNS}{slot}": 999_999 for slot in range(RETURN_SLOTS)}
    counted = {"taken": 999_999, "open": MAX_STEPS, "cap": 999_999, **steps, **returns}
    assert size(marshal_item({**key, **counted})) <= WRITE_UNIT
