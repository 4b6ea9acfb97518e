"""Sales in shards: reading them during writes never reports fewer than were sold."""

from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guestlist.aws import keys
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.tickets.live_sales import SHARDS, LiveSales
from guestlist.tickets.model import CapacityAccount
from guestlist.tickets.sales_store import EventSales
from tests.engines.tables import new_table

ORDERS = [f"order-{number}" for number in range(8)]
events = st.lists(st.tuples(st.sampled_from(ORDERS), st.integers(-3, 3).filter(bool)), max_size=40)


class World:
    """Shards that change between any two of them being read."""

    def __init__(self, later: list[tuple[str, int]], gaps: list[int]) -> None:
        self.items: dict[Key, Item] = {}
        self.later, self.gaps = list(later), list(gaps)
        self.sums = [0]
        self.table = Mock(get_many=self.get_many)
        self.sales = LiveSales(self.table)

    def write(self, order_id: str, places: int) -> None:
        write = self.sales.change_write("demo", "gala", places, order_id)
        assert write.key is not None
        item = self.items.setdefault(write.key, {})
        for name, more in write.add.items():
            item[name] = item.get(name, 0) + more
        self.sums.append(self.sums[-1] + places)

    def get_many(self, some_keys: list[Key]) -> dict[Key, Item]:
        items = {}
        for key in some_keys:
            for _ in range(self.gaps.pop() if self.gaps else 0):
                if self.later:
                    self.write(*self.later.pop(0))
            if key in self.items:
                items[key] = dict(self.items[key])
        return items


@given(before=events, later=events, gaps=st.lists(st.integers(0, 3), max_size=5 * SHARDS))
def test_the_reported_sales_are_those_of_some_moment_of_the_reading_or_more(
    before: list[tuple[str, int]], later: list[tuple[str, int]], gaps: list[int]
) -> None:
    world = World(later, gaps)
    for one in before:
        world.write(*one)
    begin = len(world.sums) - 1
    assert world.sales.read_sales("demo", "gala") >= min(world.sums[begin:])


@given(before=events)
def test_without_concurrent_orders_the_reported_sales_are_exact(before: list[tuple[str, int]]) -> None:
    world = World([], [])
    for one in before:
        world.write(*one)
    assert world.sales.read_sales("demo", "gala") == world.sums[-1]


def test_orders_are_spread_over_all_shards() -> None:
    writes = [LiveSales(Mock()).change_write("demo", "gala", 1, f"order-{number}") for number in range(20 * SHARDS)]
    assert len({write.key for write in writes}) == SHARDS


@pytest.fixture(params=["ministack", "dynalite"])
def table(request: pytest.FixtureRequest) -> Table:
    return new_table(request.getfixturevalue(request.param))


def does(table: Table, write: Write) -> None:
    assert write.key is not None
    table.update(write.key, add=write.add, when=write.when)


def test_places_sold_by_checkouts_are_not_given_to_imports(table: Table) -> None:
    sales = EventSales(table)
    for number in range(6):
        does(table, sales.sale_write("demo", "gala", 2, f"order-{number}"))
    does(table, sales.sale_write("demo", "gala", -3, "order-1"))
    assert sales.read_sales("demo", "gala").sold == 9
    account = sales.open_account("demo", "gala", "01a")
    extended_account = sales.hold_places("demo", "gala", "01a", account, 5, 12)
    assert (extended_account.held_places, sales.read_sales("demo", "gala").taken_places) == (3, 12)
    with pytest.raises(ConditionFailed):
        does(table, sales.single_ticket_write("demo", "gala", 12))


def test_sales_counted_in_one_item_by_an_earlier_version_still_count(table: Table) -> None:
    sales = EventSales(table)
    table.put({**keys.of_event("demo", "gala", "SALES")._asdict(), "taken": 10, "imported": 4})
    does(table, sales.sale_write("demo", "gala", 1, "order-1"))
    does(table, sales.sale_write("demo", "gala", -2, "of before"))
    totals = sales.read_sales("demo", "gala")
    assert (totals.taken_places, totals.imported) == (9, 4)
    assert sales.hold_places(
        "demo", "gala", "01a", sales.open_account("demo", "gala", "01a"), 5, 12
    ) == CapacityAccount(held_places=3)
