"""Codes that were split: a warm process reads one part for a redemption, and refuses nothing by what it remembers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.checkout.counter_sharding import part_number
from guestlist.checkout.counting import Counter, Uses
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.recent_uses import LIFETIME, RecentUses
from guestlist.checkout.redemption import PARTS, CounterKey
from guestlist.lists.entry import Entry
from guestlist.model.errors import Conflict
from tests.simulation.fleet import ORG, Process, opened
from tests.simulation.network import Model
from tests.unit.checkout.builders import NOW, redemption_request, row

CODE, QUANTITY = "SHARED26", 16
SPOT = CounterKey(*keys.counter(ORG, "list", Entry(CODE).identity, b""))


@pytest.fixture
def model() -> Iterator[Model]:
    """A code whose counter was split in eight: nine uses in the first, and one in each part."""
    new_model = Model()
    with new_model.running():
        opened(new_model).lists(Entry(CODE, quantity=QUANTITY))
        ledger = Ledger(new_model.table(), ORG)
        Process(new_model).redeem("first", code=CODE)
        assert ledger.split_counter(SPOT, 1, QUANTITY)
        yield new_model


def counted(model: Model, act: Callable[[], Any]) -> set[str]:
    """The partitions of uses that were read."""
    read, call = set(), model.engine.call

    def noting(operation: str, request: Any) -> Any:
        if operation == "Query":
            read.add(request["ExpressionAttributeValues"][":pk"]["S"])
        return call(operation, request)

    model.engine.call = noting  # type: ignore[method-assign]
    act()
    model.engine.call = call  # type: ignore[method-assign]
    return read


def warm(model: Model) -> Process:
    process = Process(model)
    process.check(CODE)
    process.check(CODE)
    return process


def test_a_warm_process_reads_one_part_of_a_split_counter(model: Model) -> None:
    process = warm(model)
    read = counted(model, lambda: process.redeem("order", code=CODE))
    assert read == {SPOT.counters[part_number(redemption_request("order", code=CODE).request(b""))].partition}


def test_all_parts_are_read_again_after_a_moment(model: Model) -> None:
    process = warm(model)
    model.time.elapse(LIFETIME.total_seconds())
    assert len(counted(model, lambda: process.redeem("order", code=CODE))) == 1 + PARTS


def test_no_redemption_is_refused_from_the_cache(model: Model) -> None:
    process, other = warm(model), Process(model)
    redemptions = [other.redeem(f"{number}", code=CODE) for number in range(QUANTITY - 1)]
    process.check(CODE)
    other.release(redemptions[-1].redemption_id, 1, "call")
    assert process.redeem("last", code=CODE).quantity == 1
    with pytest.raises(Conflict):
        process.redeem("one too many", code=CODE)


def test_only_split_counters_of_unchanged_quantity_are_cached() -> None:
    recent, first = RecentUses(), row(quantity=QUANTITY)
    recent.put([first], Uses({first.counter_key: Counter(1)}), NOW)
    assert recent.get([first], NOW) is None
    recent.put([first], Uses({first.counter_key: Counter(1, share=1)}), NOW)
    assert recent.get([first], NOW) == Uses({first.counter_key: Counter(1, share=1)}, cached=True)
    assert recent.get([row(quantity=QUANTITY - 1)], NOW) is None
    assert recent.get([first], NOW + timedelta(seconds=1)) is None
