"""What a million of each costs, by the script of `make cost` and its measured units."""

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, Round

RECKONED = "infra.cost"
_WHAT = {
    "rows imported: codes": 0.05,
    "rows imported: code, quantity, category": 0.05,
    "rows imported: e-mail, seat": 0.05,
    "rows imported: code, e-mail, seat, category, quantity": 0.05,
    "checks": None,
    "members resynced": None,
}


def reckoned(meter: Meter, _folder: Path, _size: int) -> Figures:
    """Dollars a million, and as many with one item a row or a query a person."""
    from infra.cost import assumptions, rows

    with meter:
        cost_assumptions = assumptions()
        prices = cost_assumptions["prices"]
        dollars = {row.what: (row.packed.dollars(prices), row.plain.dollars(prices)) for row in rows(cost_assumptions)}
    return {"dollars": dollars}


def _dollars(what: str) -> Callable[[Round], float]:
    return lambda results: float(results[RECKONED]["dollars"][what][0])


def _times(what: str) -> Callable[[Round], float]:
    return lambda results: float(results[RECKONED]["dollars"][what][1] / results[RECKONED]["dollars"][what][0])


BENCHES = (
    Bench(
        row=12,
        name="cost of a million",
        contestants={RECKONED: reckoned},
        goals=(
            *(Goal(name=f"$ a million {what}", value=_dollars(what), at_most=most) for what, most in _WHAT.items()),
            Goal(
                name="full rows, times less than one item a row",
                value=_times("rows imported: code, e-mail, seat, category, quantity"),
            ),
        ),
        size=1_000_000,
        quick_size=1_000_000,
        rounds=1,
        quick_rounds=1,
    ),
)
