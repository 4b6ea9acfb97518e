"""Orders of one event on the model, whose transactions keep their items from others while they commit."""

import pytest

from guestlist.aws.keys import Key
from guestlist.aws.table import Unavailable, Write
from guestlist.tickets import live_sales
from tests.simulation.capacity import Capacity
from tests.simulation.network import Model
from tests.simulation.orders import orders


def test_a_thousand_orders_of_one_event_a_second_are_all_counted() -> None:
    figures = orders(1_000, 0.5).figures()
    assert (figures["share"], figures["refused"], figures["miscounted"]) == (1, 0, 0)
    assert figures["99 %"] < 1


def test_one_item_for_all_sales_would_refuse_most_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_sales, "SHARDS", 1)
    figures = orders(1_000, 0.5).figures()
    assert figures["share"] < 0.9
    assert figures["miscounted"] == 0


def test_concurrent_transactions_on_one_item_conflict() -> None:
    model = Model(capacity=Capacity(40_000, 40_000))
    with model.running():
        table, key = model.table(), Key("pk", "sk")
        table.transact(Write(key=key, add={"taken": 1}))
        model.engine.commit = 1_000
        table.transact(Write(key=key, add={"taken": 1}))
        table.transact(Write(key=Key("pk", "other"), add={"taken": 1}))
        with pytest.raises(Unavailable):
            table.transact(Write(key=key, add={"taken": 1}))
        assert (table.get(key) or {})["taken"] == 2
