"""How many checks a second one organiser can have before DynamoDB throttles one of its partitions."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure

PARTITION_UNITS = 3_000
WARM, COLD = "warm processes", "processes that have just begun"


def _checks(meter: Meter, folder: Path, size: int, *, warm: bool) -> Figures:
    """So many checks of codes that no list has, each for a customer of its own; the busiest partition decides."""
    from guestlist.aws.copies import MIN_AGE_OF_COPIES
    from guestlist.checkout.request import Client
    from guestlist.groups.index_store import GroupIndexes
    from guestlist.lists.entry import Entry
    from tests.engines.servers import dynalite
    from tests.engines.tables import new_table, on_requests
    from tests.fakes.shop import Shop
    from tests.unit.checkout.builders import item

    with dynalite(folder) as address:
        shop = Shop(new_table(address))
        shop.lists(*(Entry(f"code-{number}") for number in range(1_000)))
        shop.sells({"seats": item("list")})
        pointer = shop.table.get(GroupIndexes(shop.table).pointer(shop.org)) or {}
        shop.now = datetime.fromisoformat(pointer["copied_at"]) + 2 * MIN_AGE_OF_COPIES
        read: Counter[str] = Counter()

        def note(operation: str, request: dict[str, Any]) -> None:
            if operation == "BatchGetItem":
                read.update(key["pk"]["S"] for batch in request["RequestItems"].values() for key in batch["Keys"])

        on_requests(shop.table, "before-call", note)
        for number in range(20 if warm else 0):
            shop.ask(code=f"before-{number}", client=Client(session=f"before-{number}"))
        read.clear()
        with meter:
            for number in range(size):
                if not warm:
                    shop.checks = type(shop.checks)(shop.table)
                shop.ask(code=f"unknown-{number}", client=Client(session=f"session-{number}"))
    # Each of these items is below 4 KB, one read unit.
    return {"checks": PARTITION_UNITS * size / max(read.values())}


def _warm(meter: Meter, folder: Path, size: int) -> Figures:
    return _checks(meter, folder, size, warm=True)


def _cold(meter: Meter, folder: Path, size: int) -> Figures:
    return _checks(meter, folder, size, warm=False)


BENCHES = (
    Bench(
        row=16,
        name="checks of one organiser",
        contestants={WARM: _warm, COLD: _cold},
        goals=(
            Goal(name="checks a second until throttled", value=figure(WARM, "checks"), at_least=10_000),
            Goal(name="checks a second until throttled, none of them warm", value=figure(COLD, "checks")),
        ),
        size=600,
        quick_size=240,
        rounds=1,
        quick_rounds=1,
        in_turns=False,
    ),
)
