"""A day of purchases and lapses, followed as they come, counted beside a full pass over everybody.

It is played in memory, so its time says little; what counts is how many people are read to be decided on.
"""

from pathlib import Path

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure

OURS = "guestlist, as it comes"


def day(meter: Meter, _folder: Path, size: int) -> Figures:
    """Purchases, refunds and lapses of one day, with a timer every quarter of an hour; at its end a full pass."""
    from tests.benchmarks.town import Town

    town = Town(size)
    with meter:
        work = town.day()
    after = town.pass_over()
    return {
        "happened": work.touched + work.lapsed,
        "evaluations": work.evaluations,
        "looked_at": after.people_checked,
        "differences": after.people_changed,
    }


BENCHES = (
    Bench(
        row=11,
        name="a day's work",
        contestants={OURS: day},
        goals=(
            Goal(
                name="evaluations for each person touched or lapsed",
                value=lambda results: results[OURS]["evaluations"] / results[OURS]["happened"],
                at_most=1.2,
            ),
            Goal(name="differences that a full pass then finds", value=figure(OURS, "differences"), at_most=0),
            Goal(
                name="people whom that looks at, for each evaluation of the day",
                value=lambda results: results[OURS]["looked_at"] / results[OURS]["evaluations"],
            ),
        ),
        size=10_000,
        quick_size=2_000,
        rounds=1,
        quick_rounds=1,
    ),
)
