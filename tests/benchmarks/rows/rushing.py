"""One popular code on the model of DynamoDB: redemptions done of those offered, and what each call writes.

The table saves up a tenth of a second's units, so that three seconds meet what a minute would.
"""

from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure

_STEADY = (500, 1_000, 2_000)
_TOO_MANY = 5_000
_ORDERS = 1_100
NEW_LIST = "list-k"
"""The id of a list as a new stage makes it: the counters of entries with few uses name its redemptions."""
_WRITES = {"redemption": 3, "hold and confirm": 5, "hold and confirm, of many uses": None, "release": 4}


def rushed(meter: Meter, _folder: Path, size: int, *, offered: int) -> Figures:
    """An on-sale of so many virtual seconds."""
    from tests.simulation.rush import rush

    with meter:
        return rush(offered, size).figures()


def ordered(meter: Meter, _folder: Path, size: int) -> Figures:
    """Orders of one event, for so many virtual seconds."""
    from tests.simulation.orders import orders

    with meter:
        return orders(_ORDERS, size).figures()


def units_of_calls(meter: Meter, _folder: Path, size: int) -> Figures:
    """Write units of calls about codes that nobody used before: of the table with its indexes, and of these alone."""
    from guestlist.lists.entry import Entry
    from tests.simulation.capacity import Capacity
    from tests.simulation.fleet import Process, opened
    from tests.simulation.network import Model
    from tests.unit.checkout.builders import group

    used: dict[str, float] = {}
    with meter, Model(capacity=Capacity(40_000, 40_000)).running() as model:
        opened(model).lists(
            *(Entry(f"CODE{number}") for number in range(2 * size)),
            *(Entry(f"MANY{number}", quantity=9) for number in range(size)),
            of=group(NEW_LIST),
        )
        process, capacity = Process(model), model.engine.capacity

        def units(name: str, act: Any) -> Any:
            capacity.used.update(write=0, index=0)
            results = [act(number) for number in range(size)]
            used[name] = (capacity.used["write"] + capacity.used["index"]) / size
            used[f"{name}, indexes"] = capacity.used["index"] / size
            return results

        redemptions = units("redemption", lambda number: process.redeem(f"a{number}", code=f"CODE{number}"))
        codes = [f"CODE{size + number}" for number in range(size)]
        units("hold and confirm", lambda number: _hold_and_confirm(process, f"b{number}", codes[number]))
        units(
            "hold and confirm, of many uses", lambda number: _hold_and_confirm(process, f"m{number}", f"MANY{number}")
        )
        units("release", lambda number: process.release(redemptions[number].redemption_id, 1, f"c{number}"))
    return used


def _hold_and_confirm(process: Any, order_id: str, code: str) -> None:
    process.confirm(process.redeem(order_id, code=code, hold_seconds=600).redemption_id)


BENCHES = (
    Bench(
        row=13,
        name="one shared code, on the model",
        contestants={f"{offered}": partial(rushed, offered=offered) for offered in (*_STEADY, _TOO_MANY)},
        goals=(
            *(
                Goal(name=f"done of {offered:,} a second offered", value=figure(f"{offered}", "share"), at_least=0.95)
                for offered in _STEADY
            ),
            Goal(name="done a second of 5,000 offered", value=figure(f"{_TOO_MANY}", "done a second"), at_least=2_000),
            Goal(name="slowest refusal, seconds", value=figure(f"{_TOO_MANY}", "slowest refusal"), at_most=2),
            Goal(
                name="slowest of 50 calls 5 s later, seconds",
                value=figure(f"{_TOO_MANY}", "after: slowest"),
                at_most=0.5,
            ),
            Goal(name="largest counter, bytes", value=figure(f"{_TOO_MANY}", "largest counter"), at_most=1024),
        ),
        size=3,
        quick_size=1,
        rounds=1,
        quick_rounds=1,
    ),
    Bench(
        row=14,
        name="write units of a call, on the model",
        contestants={"model": units_of_calls},
        goals=tuple(
            goal
            for name, most in _WRITES.items()
            for goal in (
                Goal(name=f"{name}, with indexes", value=figure("model", name), at_most=most),
                Goal(name=f"{name}: of these in indexes", value=figure("model", f"{name}, indexes")),
            )
        ),
        size=20,
        quick_size=5,
        rounds=1,
        quick_rounds=1,
    ),
    Bench(
        row=17,
        name="orders of one event, on the model",
        contestants={"model": ordered},
        goals=(
            Goal(name="orders done a second", value=figure("model", "done a second"), at_least=1_000),
            Goal(name="places miscounted", value=figure("model", "miscounted"), at_most=0),
        ),
        size=5,
        quick_size=1,
        rounds=1,
        quick_rounds=1,
    ),
)
