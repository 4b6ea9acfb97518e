"""A redemption of a table that is too busy is soon refused; one that has taken something is brought to its end."""

from typing import Any

import pytest

from guestlist.aws import retry_deadline
from guestlist.checkout.ledger import Ledger
from guestlist.checkout.store import CheckoutReads
from guestlist.lists.entry import Entry
from tests.contract.test_ledger import take
from tests.simulation.engine import Refusal
from tests.simulation.fleet import FAILURES, ORG, Process, opened
from tests.simulation.network import Model

CODE = "SHARED26"


def slowest_refusal(model: Model, process: Process) -> float:
    """The longest of twenty redemptions."""
    took = []
    for number in range(20):
        began = model.time.now
        with pytest.raises(FAILURES):
            process.redeem(f"{number}", code=CODE)
        took.append(model.time.now - began)
    return max(took)


@pytest.mark.parametrize("busy", [("BatchGetItem",), ("Query",), ("UpdateItem",)], ids=lambda busy: busy[0])
def test_a_redemption_that_cannot_be_served_is_refused_within_two_seconds(busy: tuple[str, ...]) -> None:
    model = Model()
    with model.running():
        opened(model).lists(Entry(CODE, quantity=9))
        process = Process(model)
        process.redeem("first", code=CODE)
        refuse(model, busy, 10**6)
        assert slowest_refusal(model, process) < 2


def test_unprocessed_items_of_a_batch_are_not_requested_for_ever() -> None:
    model = Model()
    with model.running():
        opened(model).lists(Entry(CODE, quantity=9))
        process, call = Process(model), model.engine.call

        def leaving(operation: str, request: Any) -> Any:
            answer = call(operation, request)
            return {**answer, "UnprocessedKeys": request["RequestItems"]} if operation == "BatchGetItem" else answer

        model.engine.call = leaving  # type: ignore[method-assign]
        assert slowest_refusal(model, process) < 2


def test_retries_after_a_use_was_taken_have_no_deadline() -> None:
    model = Model()
    with model.running():
        checks, ledger = CheckoutReads(model.table()), Ledger(model.table(), ORG)
        with checks.retry_deadline():
            model.time.elapse(1)
            assert retry_deadline.has_passed()
            assert ledger.begin_take(take("a"))
            assert not retry_deadline.has_passed()
        assert not retry_deadline.has_passed()


def test_a_process_whose_redemptions_are_throttled_refuses_most_before_it_reads_and_recovers() -> None:
    model = Model()
    with model.running():
        opened(model).lists(Entry(CODE, quantity=9))
        process, call = Process(model), model.engine.call
        refuse(model, ("BatchGetItem",), 10**6)
        slowest_refusal(model, process)
        calls = model.network.calls
        slowest_refusal(model, process)
        assert model.network.calls - calls < 20
        model.engine.call = call  # type: ignore[method-assign]
        model.time.elapse(5)
        assert process.redeem("after", code=CODE).quantity == 1


def refuse(model: Model, operations: tuple[str, ...], times: int) -> None:
    call, remaining = model.engine.call, [times]

    def refusing(operation: str, request: Any) -> Any:
        if operation in operations and remaining[0]:
            remaining[0] -= 1
            raise Refusal("ThrottlingException")
        return call(operation, request)

    model.engine.call = refusing  # type: ignore[method-assign]
