"""What a million calls of a checkout cost, and a million rows of people's files, by units on the model.

Dollars are those of `infra/cost.toml`: its prices, and how long a function takes for a call. Rows of files are told by
what they write and read alone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure
from tests.benchmarks.rows.people_files import WRITE_UNITS, Reset, imported
from tests.benchmarks.rows.rushing import NEW_LIST

LISTS = 200
CALLS = {f"checks with {LISTS} lists": 5, "redemptions": 7, "holds with their confirmations": 9}
_WRONG = "such checks of wrong codes, with what counts them"
_WARM_AFTER = 2 + LISTS // 25


def costs(meter: Meter, folder: Path, size: int) -> Figures:
    """Dollars a million of each."""
    with meter:
        return {**_checks(folder, size), **_calls(size), **_files(10 * size)}


def _checks(folder: Path, size: int) -> dict[str, float]:
    from tests.engines.servers import dynalite
    from tests.engines.tables import new_table
    from tests.fakes.many_lists import ManyLists, packed_lists

    with dynalite(folder) as address:
        organiser = ManyLists(new_table(address), packed_lists(), LISTS)
        for _ in range(_WARM_AFTER):
            organiser.unknown()
        used = {"read": sum(organiser.unknown() for _ in range(size)) / size, "write": 0.0, "index": 0.0}
    # A wrong try of a session and of an address is counted with either, which a right one is not.
    wrong = {**used, "write": 2.0}
    return {f"checks with {LISTS} lists": _dollars(used, "check", 1), _WRONG: _dollars(wrong, "check", 1)}


def _calls(size: int) -> dict[str, float]:
    from guestlist.lists.entry import Entry
    from tests.simulation.capacity import Capacity
    from tests.simulation.fleet import Process, opened
    from tests.simulation.network import Model
    from tests.unit.checkout.builders import group

    dollars = {}
    with Model(capacity=Capacity(1e6, 1e6)).running() as model:
        opened(model).lists(*(Entry(f"CODE{number}") for number in range(2 * size + 1)), of=group(NEW_LIST))
        process, spent = Process(model), model.engine.capacity.used
        process.redeem("first", code=f"CODE{2 * size}")

        def hold(number: int) -> None:
            redemption = process.redeem(f"b{number}", code=f"CODE{size + number}", hold_seconds=600)
            process.confirm(redemption.redemption_id)

        used = _used(spent, size, lambda number: process.redeem(f"a{number}", code=f"CODE{number}"))
        dollars["redemptions"] = _dollars(used, "redemption", 1)
        dollars["holds with their confirmations"] = _dollars(_used(spent, size, hold), "redemption", 2)
    return dollars


def _files(rows: int) -> dict[str, float]:
    from tests.simulation.capacity import Capacity
    from tests.simulation.network import Model

    dollars = {}
    for kind in WRITE_UNITS:
        with Model(capacity=Capacity(1e6, 1e6)).running() as model:
            imported(kind, model.table(), rows, Reset(model.engine.capacity.used))
            used = {name: some / rows for name, some in model.engine.capacity.used.items()}
        dollars[f"rows of {kind}"] = _dollars(used, "check", 0)
    return dollars


def _used(used: dict[str, float], size: int, act: Callable[[int], Any]) -> dict[str, float]:
    used.update(dict.fromkeys(used, 0.0))
    for number in range(size):
        act(number)
    return {name: some / size for name, some in used.items()}


def _dollars(used: dict[str, float], kind: str, calls: int) -> float:
    """Of a million, of which each takes so many calls."""
    from infra.cost import MILLION, Units, assumptions

    cost_assumptions = assumptions()
    return Units(
        table_write_units=(used["write"] + used["index"]) * MILLION,
        table_read_units=used["read"] * MILLION,
        function_requests=calls * MILLION,
        function_gigabyte_seconds=calls
        * cost_assumptions[kind]["gigabytes"]
        * cost_assumptions[kind]["seconds"]
        * MILLION,
        api_requests=calls * MILLION,
    ).dollars(cost_assumptions["prices"])


BENCHES = (
    Bench(
        row=22,
        name="cost of a million, on the model",
        contestants={"model": costs},
        goals=(
            Goal(name=f"$ a million {_WRONG}", value=figure("model", _WRONG)),
            *(
                Goal(name=f"$ a million {what}", value=figure("model", what), at_most=most)
                for what, most in CALLS.items()
            ),
            *(
                Goal(name=f"$ a million rows of {what}", value=figure("model", f"rows of {what}"))
                for what in WRITE_UNITS
            ),
        ),
        size=50,
        quick_size=20,
        rounds=1,
        quick_rounds=1,
    ),
)
