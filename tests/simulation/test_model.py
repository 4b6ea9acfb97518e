"""The model held to what AWS documents: sizes, units, limits, exceptions; and to its seed."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from guestlist.aws import conditions
from guestlist.aws.dynamodb import NoResponse, RequestRefused
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.aws.table_reads import Query, Reading
from tests.simulation.capacity import Capacity, size
from tests.simulation.engine import Refusal
from tests.simulation.network import Faults, Model
from tests.simulation.virtual_time import Died, VirtualTime

KEY = Key("p", "s")
KB = 1024


@pytest.fixture
def model() -> Iterator[Model]:
    with Model(capacity=Capacity(40_000, 40_000)).running() as running_model:
        yield running_model


@pytest.fixture
def table(model: Model) -> Table:
    return model.table()


def used(model: Model, kind: str) -> float:
    units, model.engine.capacity.used[kind] = model.engine.capacity.used[kind], 0
    return units


def item(length: int, key: Key = KEY, **more: Any) -> dict[str, Any]:
    """An item of so many bytes without `more`."""
    return {**key._asdict(), "t": "x" * (length - len("pksk") - len(key.pk) - len(key.sk) - 1), **more}


# Sizes and units


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ({"S": "abc"}, 3),
        ({"S": "é"}, 2),
        ({"N": "7"}, 2),
        ({"N": "1000000"}, 2),
        ({"N": "12345"}, 4),
        ({"BOOL": True}, 1),
        ({"B": "AAAA"}, 3),
        ({"L": [{"S": "ab"}]}, 6),
        ({"M": {"k": {"S": "ab"}}}, 7),
    ],
)
def test_an_attribute_is_as_long_as_its_name_and_its_value(typed: Any, length: int) -> None:
    assert size({"name": typed}) == 4 + length


@pytest.mark.parametrize(("length", "units"), [(100, 1), (KB, 1), (KB + 1, 2), (10 * KB, 10)])
def test_a_write_takes_a_unit_for_each_kilobyte(model: Model, table: Table, length: int, units: int) -> None:
    table.put(item(length))
    assert used(model, "write") == units


def test_a_write_is_as_large_as_the_larger_of_the_item_before_and_after(model: Model, table: Table) -> None:
    table.put(item(3 * KB))
    used(model, "write")
    table.put(item(100))
    assert used(model, "write") == 3
    table.update(KEY, add={"n": 1})
    assert used(model, "write") == 1
    table.put(item(3 * KB))
    used(model, "write")
    table.delete(KEY)
    assert used(model, "write") == 3
    table.delete(KEY)
    assert used(model, "write") == 1


def test_a_write_whose_condition_fails_consumes_units(model: Model, table: Table) -> None:
    table.put(item(3 * KB))
    used(model, "write")
    with pytest.raises(ConditionFailed):
        table.put(item(100), when=conditions.absent())
    assert used(model, "write") == 3


@pytest.mark.parametrize(("length", "units"), [(100, 1), (4 * KB, 1), (4 * KB + 1, 2)])
def test_a_strong_read_takes_a_unit_for_each_four_kilobytes(
    model: Model, table: Table, length: int, units: int
) -> None:
    table.put(item(length))
    table.get(KEY)
    table.get_many([KEY])
    assert used(model, "read") == 2 * units


def test_an_absent_item_is_read_for_a_unit_and_so_is_an_empty_query(model: Model, table: Table) -> None:
    table.get(KEY)
    assert used(model, "read") == 1
    table.query("nothing")
    assert used(model, "read") == 1


def test_an_eventual_read_takes_half(model: Model, table: Table) -> None:
    table.put({**item(100), "g1pk": "l", "g1sk": "1"})
    assert [one["pk"] for one in table.query("l", index="listing").items] == ["p"]
    assert used(model, "read") == 0.5


def test_a_query_is_charged_for_the_sum_of_its_items_and_a_batch_for_each_rounded(model: Model, table: Table) -> None:
    places = [Key("p", f"{number}") for number in range(4)]
    for place in places:
        table.put(item(KB, place))
    table.query("p")
    assert used(model, "read") == 1
    table.get_many(places)
    assert used(model, "read") == 4


def test_a_transaction_takes_twice(model: Model, table: Table) -> None:
    table.transact(Write(put=item(100)), Write(key=Key("q", "s"), add={"n": 1}))
    assert used(model, "write") == 4


@pytest.mark.parametrize(
    ("changes", "units"),
    [({"due_at": "2"}, 2), ({"other": "x"}, 0), ({"due_at": None, "due_pk": None}, 1), ({"due_at": "1"}, 0)],
)
def test_moving_an_item_in_a_keys_only_index_takes_a_deletion_and_an_insertion(
    model: Model, table: Table, changes: dict[str, Any], units: int
) -> None:
    table.put({**item(100), "due_pk": "d", "due_at": "1"})
    assert used(model, "index") == 1
    table.update(KEY, changes)
    assert used(model, "index") == units


def test_an_index_of_whole_items_is_written_with_every_change(model: Model, table: Table) -> None:
    table.put({**item(2 * KB), "g1pk": "l", "g1sk": "1"})
    assert used(model, "index") == 3
    table.update(KEY, {"other": "x"})
    assert used(model, "index") == 3


# Limits


def burst(model: Model, act: Any, times: int) -> list[Any]:
    """The outcomes of so many calls at the same time."""
    results: list[Any] = []

    def one(number: int) -> None:
        try:
            results.append(act(number))
        except Exception as error:  # noqa: BLE001 - it is the result
            results.append(error)

    for number in range(times):
        model.time.spawn(lambda number=number: one(number))
    model.time.run(model.time.now + 60)
    return results


def admitted_calls(model: Model, operation: str, requests: Iterable[dict[str, Any]]) -> int:
    """The number of these simultaneous calls that were not throttled."""
    before, calls = model.engine.capacity.throttled, 0
    for calls, request in enumerate(requests, 1):  # noqa: B007 - counted
        with suppress(Refusal):
            model.engine.call(operation, request)
    return calls - (model.engine.capacity.throttled - before)


def put(number: int, pk: str = "p", **more: Any) -> dict[str, Any]:
    return {"Item": {"pk": {"S": pk}, "sk": {"S": f"{number}"}, **more}}


def accepted(model: Model, calls: int, *, spread: bool) -> int:
    """The number of so many simultaneous writes that were accepted."""
    return admitted_calls(model, "PutItem", (put(number, f"p{number}" if spread else "p") for number in range(calls)))


def test_a_partition_key_takes_a_thousand_writes_a_second(model: Model) -> None:
    assert accepted(model, 3_000, spread=False) == 1_000
    model.time.elapse(0.5)
    assert accepted(model, 3_000, spread=False) == 500
    model.time.elapse(10)
    assert accepted(model, 3_000, spread=False) == 1_000


def test_a_partition_key_gives_three_thousand_strong_reads_a_second(model: Model) -> None:
    request = {"Key": put(0)["Item"], "ConsistentRead": True}
    assert admitted_calls(model, "GetItem", [request] * 5_000) == 3_000


@pytest.mark.parametrize(("capacity", "units"), [(Capacity(), 4_000), (Capacity(40_000, 40_000), 40_000)])
def test_a_table_takes_so_many_writes_a_second(capacity: Capacity, units: int) -> None:
    assert accepted(Model(capacity=capacity), units + 100, spread=True) == units


def test_a_throttled_index_partition_throttles_writes_of_its_table(model: Model) -> None:
    where = {"due_pk": {"S": "d"}, "due_at": {"S": "1"}}
    assert admitted_calls(model, "PutItem", [put(number, f"p{number}", **where) for number in range(3_000)]) == 1_000


def test_a_throttled_request_consumes_nothing(model: Model) -> None:
    accepted(model, 3_000, spread=False)
    assert model.engine.capacity.used["write"] == 1_000
    assert model.engine.capacity.throttled == 2_000


# Exceptions, and the retries of the real client


def test_a_write_that_is_throttled_is_sent_again_until_it_is_taken(model: Model, table: Table) -> None:
    accepted(model, 1_000, spread=False)
    table.put(item(50 * KB))
    assert table.get(KEY)
    assert model.engine.capacity.throttled >= 1


def test_retries_end_and_the_error_is_dynamodbs(model: Model, table: Table) -> None:
    model.engine.capacity.writes = 0.1
    table.put(item(100))
    with pytest.raises(RequestRefused) as caught:
        table.put(item(100))
    assert caught.value.code in {"ThrottlingException", "ProvisionedThroughputExceededException"}


def test_unprocessed_items_of_a_batch_are_written_and_read_later(model: Model, table: Table) -> None:
    places = [Key("p", f"{number}") for number in range(1_200)]
    table.put_many([item(100, place) for place in places])
    assert len(table.get_many(places)) == 1_200
    assert model.engine.capacity.throttled > 0
    assert model.time.now > 0.2


def test_all_rows_of_a_throttled_batch_are_inserted(table: Table) -> None:
    places = [Key("p", f"{number}") for number in range(1_200)]
    assert table.insert_many([item(100, place) for place in places]) == []
    assert table.insert_many([item(100, places[0])]) == [places[0]]
    assert len(list(table.query_all("p"))) == 1_200


@pytest.mark.parametrize("word", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_a_transaction_that_is_cancelled_for_throttling_is_sent_again(word: str) -> None:
    with Model(capacity=Capacity(40_000, 40_000), throttle=lambda: word).running() as model:
        accepted(model, 1_000, spread=False)
        model.table().transact(Write(put=item(50 * KB)), Write(put=item(100, Key("p", "t"))))
        assert model.engine.capacity.throttled >= 1
        assert model.table().get(Key("p", "t"))


def test_a_transaction_writes_all_or_nothing(table: Table) -> None:
    with pytest.raises(ConditionFailed):
        table.transact(Write(put=item(100)), Write(key=Key("q", "s"), when=conditions.present()))
    assert table.get(KEY) is None


def test_a_lost_response_is_awaited_and_the_request_repeated(model: Model, table: Table) -> None:
    model.network.faults = Faults(lost_answer=1)
    with pytest.raises(NoResponse):
        table.update(KEY, add={"n": 1})
    model.network.faults = Faults()
    stored_item = table.get(KEY)
    assert stored_item is not None
    assert stored_item["n"] > 1


def test_a_copy_of_a_request_arrives_later(model: Model, table: Table) -> None:
    model.network.faults = Faults(copied=1)
    table.update(KEY, add={"n": 1})
    model.network.faults = Faults()
    model.time.elapse(10)
    assert (table.get(KEY) or {})["n"] == 2


def test_a_process_dies_between_two_calls_and_others_continue(model: Model) -> None:
    model.network.faults = Faults(dies=0.5)
    results = burst(model, lambda number: model.table().get(Key("p", f"{number}")), 200)
    assert 50 < len(results) < 150


# Conditions, updates, queries


def test_reads_return_the_items_of_the_queried_range_in_order(table: Table) -> None:
    for number in range(5):
        table.put({"pk": "p", "sk": f"a{number}", "n": number})
    table.put({"pk": "p", "sk": "b", "n": 9})

    def read(**how: Any) -> list[int]:
        return [one["n"] for one in table.read(Reading(lambda _, pages: pages[0].items, queries=[Query("p", **how)]))]

    assert read(begins="a") == [0, 1, 2, 3, 4]
    assert read(between=("a1", "a3")) == [1, 2, 3]
    assert read(descending=True, limit=2) == [9, 4]
    assert [one["n"] for one in table.query_all("p", limit=2)] == [0, 1, 2, 3, 4, 9]


def test_conditions_are_evaluated_as_dynamodb_does(table: Table) -> None:
    table.update(KEY, {"a": "x", "b": 2}, add={"n": 3})
    good = conditions.equals("a", "x") & (conditions.at_most("b", 1) | conditions.one_of("b", [2, 3]))
    table.update(KEY, {"a": "y"}, remove=["b"], when=good & conditions.differs("c", 1) & conditions.before("n", 4))
    assert table.get(KEY) == {**KEY._asdict(), "a": "y", "n": 3}
    for bad in (conditions.at_most("b", 9), conditions.equals("b", 2), conditions.present("b"), conditions.absent()):
        with pytest.raises(ConditionFailed):
            table.update(KEY, {"a": "z"}, when=bad)


# The seed


def test_the_same_seed_makes_the_same_run() -> None:
    def run(seed: int) -> list[float]:
        times: list[float] = []
        with Model(seed).running() as model:
            model.network.faults = Faults(lost_answer=0.1, copied=0.1, dies=0.05)

            def task() -> None:
                table = model.table()
                for _ in range(5):
                    with suppress(NoResponse):
                        table.update(KEY, add={"n": 1})
                    times.append(model.time.now)

            for _ in range(20):
                model.time.spawn(task)
            model.time.run()
        return times

    assert run(7) == run(7)
    assert run(7) != run(8)


def test_tasks_wait_by_the_virtual_clock_until_they_die() -> None:
    time, events = VirtualTime(), list[tuple[str, float]]()

    def task(name: str, seconds: float) -> None:
        time.elapse(seconds)
        if name == "dies":
            raise Died
        events.append((name, time.now))

    for name, seconds in (("slow", 3), ("dies", 2), ("quick", 1)):
        time.spawn(lambda name=name, seconds=seconds: task(name, seconds))
    time.run()
    assert events == [("quick", 1), ("slow", 3)]
