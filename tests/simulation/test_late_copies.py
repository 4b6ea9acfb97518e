"""Copies of requests that the network delivers late, and processes that die between two writes of one release."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.checkout.counter_sharding import part_number
from guestlist.checkout.counting import ReturnStep
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.redemption import CounterKey
from guestlist.checkout.response import RedemptionResult
from guestlist.lists.entry import Entry
from guestlist.model.errors import Conflict
from tests.simulation.engine import Refusal
from tests.simulation.fleet import ORG, Process, opened
from tests.simulation.network import Model
from tests.simulation.virtual_time import Died
from tests.unit.checkout.builders import redemption_request

CODE = "SHARED26"
SPOT = CounterKey(*keys.counter(ORG, "list", Entry(CODE).identity, b""))


@pytest.fixture
def model() -> Iterator[Model]:
    new_model = Model()
    with new_model.running():
        yield new_model


def on_sale(model: Model, quantity: int) -> Process:
    opened(model).lists(Entry(CODE, quantity=quantity))
    return Process(model)


def record_writes(model: Model, act: Callable[[], Any]) -> Callable[[], None]:
    """Do it; what is answered delivers a copy of each of its writes of counters, in their order."""
    requests, call = list[Any](), model.engine.call

    def noting(operation: str, request: Any) -> Any:
        if operation == "UpdateItem":
            requests.append(request)
        return call(operation, request)

    model.engine.call = noting  # type: ignore[method-assign]
    act()
    model.engine.call = call  # type: ignore[method-assign]

    def second() -> None:
        for request in requests:
            with suppress(Refusal):
                call("UpdateItem", request)

    return second


def uses_taken(model: Model) -> int:
    """How many uses all counters of the code say are taken, with no giving back that is begun on any of them."""
    counters = [Ledger(model.table(), ORG).counter(one) for one in SPOT.counters]
    assert [step for counter in counters for step in counter.steps.values() if isinstance(step, ReturnStep)] == []
    return sum(counter.uses_taken for counter in counters)


def test_a_late_copy_of_a_release_frees_no_uses_redeemed_since(model: Model) -> None:
    process = on_sale(model, 1)
    first = process.redeem("first", code=CODE)
    second = record_writes(model, lambda: process.release(first.redemption_id, 1, "call"))
    process.redeem("second", code=CODE)
    second()
    assert uses_taken(model) == 1
    with pytest.raises(Conflict):
        process.redeem("third", code=CODE)


def test_a_late_copy_of_the_beginning_of_a_release_frees_nothing_twice(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = on_sale(model, 4)
    process.redeem("other", code=CODE, quantity=2)
    first = process.redeem("first", code=CODE, quantity=2)
    begin, end, copies = Ledger.begin_return, Ledger.end_step, list[Callable[[], None]]()

    def begun(*arguments: Any, **more: Any) -> bool:
        copies.append(record_writes(model, lambda: begin(*arguments, **more)))
        return True

    def ended(*arguments: Any, **more: Any) -> bool:
        end(*arguments, **more)
        copies.pop()()
        return end(*arguments, **more)

    monkeypatch.setattr(Ledger, "begin_return", begun)
    monkeypatch.setattr(Ledger, "end_step", ended)
    process.release(first.redemption_id, 2, "call")
    assert uses_taken(model) == 2


def test_a_redemption_after_a_crashed_release_completes_that_release_first(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = next(name for name in map(str, range(99)) if part_number(redemption_request(name, code=CODE).request(b"")))
    process = on_sale(model, 16)
    former = process.redeem(order, code=CODE)
    assert Ledger(model.table(), ORG).split_counter(SPOT, 1, 16)
    process.check(CODE)
    died_at_the_end_of_a_release(monkeypatch, process, former)
    assert process.redeem(order, code=CODE).remaining == 15
    assert uses_taken(model) == 1


def died_at_the_end_of_a_release(
    monkeypatch: pytest.MonkeyPatch, process: Process, redemption: RedemptionResult
) -> None:
    def die(*_: Any, **__: Any) -> bool:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "end_step", die)
        with pytest.raises(Died):
            process.release(redemption.redemption_id, 1, "call")
