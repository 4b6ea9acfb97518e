"""Who waits for whom, on the model: welcomes for their share of SES, automatic groups for the timer."""

from math import inf
from pathlib import Path

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure

_HOUR = 3_600


def welcomed(meter: Meter, _folder: Path, size: int) -> Figures:
    """A run of so many welcome mails; figures are virtual seconds, extrapolated to a million."""
    from tests.simulation.mail_rate import RATE, mails_per_second

    with meter:
        seconds = mails_per_second(size)
    lasted = len(range(min(seconds), max(seconds) + 1))
    return {"minutes": 1e6 * lasted / size / 60, "others": RATE - max(seconds.values())}


def visited(meter: Meter, _folder: Path, size: int) -> Figures:
    """A hundredth of the groups, of the large one's people, of the timer's time and of a visit's share."""
    from tests.simulation.timer_runs import LARGE, PERIOD, visits

    with meter:
        result = visits(size, 5, 500 * size, runs=48, seconds=0.084 * size, share=5 * size, each=0.0001)
    return {
        "hours": result.longest(48 * PERIOD) / _HOUR,
        "others": result.longest(48 * PERIOD, {LARGE}) / _HOUR,
        "passed": result.passed / _HOUR if result.passed else inf,
        "failures": result.failures,
    }


BENCHES = (
    Bench(
        row=18,
        name="welcomes, on the model",
        contestants={"model": welcomed},
        goals=(
            Goal(name="minutes for a million", value=figure("model", "minutes"), at_most=45),
            Goal(name="mails a second left for others", value=figure("model", "others"), at_least=100),
        ),
        size=20_000,
        quick_size=8_000,
        rounds=1,
        quick_rounds=1,
    ),
    Bench(
        row=19,
        name="automatic groups, on the model",
        contestants={"model": visited},
        goals=(
            Goal(name="longest wait of a group for a visit, hours", value=figure("model", "hours"), at_most=24),
            Goal(name="the same, of all but the large one", value=figure("model", "others")),
            Goal(name="first pass over the large group, hours", value=figure("model", "passed"), at_most=24),
            Goal(name="visits that failed", value=figure("model", "failures"), at_most=0),
        ),
        size=100,
        quick_size=10,
        rounds=1,
        quick_rounds=1,
        quick_goals=False,
    ),
)
