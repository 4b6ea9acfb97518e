"""The table's operations, the same on both engines and by both adapters."""

import pytest

from guestlist.aws import conditions
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from tests.engines.tables import new_table

KEY = Key("O#demo", "A")


@pytest.fixture
def table(reached_table: Table) -> Table:
    return reached_table


@pytest.fixture(params=["boto3", "own"])
def ministack_table(request: pytest.FixtureRequest, ministack: str) -> Table:
    return new_table(ministack, request.param)


def test_a_stored_item_is_read_back(table: Table) -> None:
    item = {**KEY._asdict(), "text": "é", "number": 3, "part": 0.5, "list": [1, {"a": "b"}], "yes": True}
    table.put(item)
    assert table.get(KEY) == item


def test_a_missing_item_is_none(table: Table) -> None:
    assert table.get(KEY) is None


def test_a_put_whose_condition_fails_changes_nothing(table: Table) -> None:
    table.put({**KEY._asdict(), "n": 1})
    with pytest.raises(ConditionFailed):
        table.put({**KEY._asdict(), "n": 2}, when=conditions.absent())
    assert table.get(KEY) == {**KEY._asdict(), "n": 1}


def test_an_update_sets_adds_and_removes_at_once(table: Table) -> None:
    table.put({**KEY._asdict(), "n": 1, "gone": "x"})
    after = table.update(KEY, {"s": "new"}, add={"n": 2}, remove=["gone"], when=conditions.at_most("n", 1))
    assert after == {**KEY._asdict(), "n": 3, "s": "new"}


def test_more_items_than_one_batch_holds_are_read_back(table: Table) -> None:
    items = [{"pk": f"O#demo#{n}", "sk": "A", "n": n} for n in range(130)]
    table.put_many(items)
    items_by_key = table.get_many(Key(item["pk"], item["sk"]) for item in items)
    assert sorted(item["n"] for item in items_by_key.values()) == list(range(130))


def test_a_query_pages_in_order_of_the_sort_key(table: Table) -> None:
    table.put_many({"pk": "O#demo", "sk": f"{n:03d}"} for n in range(10))
    page = table.query("O#demo", limit=4, descending=True)
    assert [item["sk"] for item in page.items] == ["009", "008", "007", "006"]
    rest = table.query_all("O#demo", limit=4, descending=True, start=page.next)
    assert [item["sk"] for item in rest] == ["005", "004", "003", "002", "001", "000"]


def test_a_query_reads_only_the_attributes_that_are_asked_for(table: Table) -> None:
    table.put_many({"pk": "O#demo", "sk": f"{n}", "n": n, "more": "x"} for n in range(3))
    assert table.query("O#demo", only=["n", "none"], limit=2).items == [{"n": 0}, {"n": 1}]
    assert list(table.query_all("O#demo", only=["n"], limit=1)) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_a_transaction_may_check_an_item_without_writing_it(ministack_table: Table) -> None:
    ministack_table.put({**KEY._asdict(), "n": 1})
    other = Key("O#demo", "B")
    ministack_table.transact(Write(put={**other._asdict()}), Write(key=KEY, when=conditions.equals("n", 1)))
    with pytest.raises(ConditionFailed):
        ministack_table.transact(Write(key=other, delete=True), Write(key=KEY, when=conditions.equals("n", 2)))
    assert ministack_table.get(other) is not None


def test_a_transaction_writes_all_or_nothing(ministack_table: Table) -> None:
    ministack_table.put({**KEY._asdict(), "n": 1})
    other = Key("O#demo", "B")
    with pytest.raises(ConditionFailed):
        ministack_table.transact(
            Write(put={**other._asdict()}), Write(key=KEY, add={"n": 1}, when=conditions.equals("n", 5))
        )
    assert ministack_table.get(other) is None
