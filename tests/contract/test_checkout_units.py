"""The units of a checkout's calls, as an engine counts them, are those of the cost table (`infra/cost.toml`)."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from guestlist.aws.dynamodb import DynamoDB
from guestlist.aws.table import Table
from guestlist.lists.entry import Entry
from infra.cost import assumptions
from tests.engines.tables import new_table
from tests.fakes.shop import Shop
from tests.unit.checkout.builders import item

READS = {"GetItem", "BatchGetItem", "Query"}
ROWS = 10_000


class MeteredClient:
    """Another client, whose requests are metered: read units and write units."""

    def __init__(self, inner: DynamoDB) -> None:
        self._inner = inner
        self.units: Counter[str] = Counter()

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._inner.call(operation, {**request, "ReturnConsumedCapacity": "TOTAL"})
        capacity = answer.get("ConsumedCapacity", [])
        for one in capacity if isinstance(capacity, list) else [capacity]:
            # DynamoDB asks a unit for a query that finds nothing, which the engine does not.
            self.units["read" if operation in READS else "write"] += max(1, one["CapacityUnits"])
        return answer

    def begin(self, operation: str, request: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
        return partial(self.call, operation, request)


def measure_units(shop: Shop, act: Callable[[Shop], object]) -> tuple[float, float]:
    """The read and write units of a call in a new process."""
    meter = MeteredClient(shop.table._client)  # noqa: SLF001 - what is asked of the engine is all that counts
    fresh = Shop(shop.table, shop.org)
    metered_shop = Shop(Table(meter, shop.table._name), shop.org)  # noqa: SLF001
    metered_shop.now = fresh.now
    meter.units.clear()
    act(metered_shop)
    return meter.units["read"], meter.units["write"]


@pytest.fixture(scope="module")
def shop(dynalite: str) -> Shop:
    """An organiser with one large list of codes, which two sale items are restricted to."""
    new_shop = Shop(new_table(dynalite))
    new_shop.lists(*(Entry(f"CODE-{number:06}", quantity=1) for number in range(ROWS)))
    new_shop.sells({"early": item(), "late": item()})
    return new_shop


@pytest.fixture
def costs() -> Any:
    return assumptions()


def test_a_check_reads_the_units_of_the_cost_table(shop: Shop, costs: Any) -> None:
    read_units, write_units = measure_units(shop, lambda shop: shop.ask("early", "late", code="CODE-000007"))
    assert (read_units, write_units) == (costs["check"]["read_units"], costs["check"]["write_units"])


def test_a_redemption_uses_the_units_of_the_cost_table(shop: Shop, costs: Any) -> None:
    read_units, write_units = measure_units(shop, lambda shop: shop.take(code="CODE-000008"))
    assert (read_units, write_units) == (costs["redemption"]["read_units"], costs["redemption"]["write_units"])
