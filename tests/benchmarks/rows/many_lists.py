"""Read units of a check of a code that no list has, for an organiser with many lists, half of them ended."""

from functools import partial
from pathlib import Path

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure

GOALS = {1: 8, 50: 8, 200: 10, 1_000: 12}
_LISTS_AT_ONCE = 25


def checked(meter: Meter, folder: Path, size: int, *, lists: int) -> Figures:
    """The first check of a process, those until it knows all fingerprints, and so many more."""
    from tests.engines.servers import dynalite
    from tests.engines.tables import new_table
    from tests.fakes.many_lists import CODES, ManyLists, packed_lists

    with dynalite(folder) as address:
        organiser = ManyLists(new_table(address), packed_lists(), lists)
        cold = organiser.unknown()
        between = sum(organiser.unknown() for _ in range(2 + lists // _LISTS_AT_ONCE))
        with meter:
            warm = sum(organiser.unknown() for _ in range(size)) / size
    return {
        "cold": cold,
        "between": between,
        "warm": warm,
        "bytes": organiser.fingerprint_bytes() / CODES / lists,
        "ms": meter.cpu / size * 1e3,
    }


BENCHES = (
    Bench(
        row=15,
        name="check of an unknown code",
        contestants={str(lists): partial(checked, lists=lists) for lists in GOALS},
        goals=tuple(
            goal
            for lists, most in GOALS.items()
            for goal in (
                Goal(name=f"read units, {lists:,} lists", value=figure(str(lists), "warm"), at_most=most),
                Goal(name=f"read units, {lists:,} lists, the first of a process", value=figure(str(lists), "cold")),
                Goal(name=f"bytes of memory a code, {lists:,} lists", value=figure(str(lists), "bytes"), at_most=3),
            )
        ),
        size=200,
        quick_size=60,
        rounds=1,
        quick_rounds=1,
        in_turns=False,
    ),
)
