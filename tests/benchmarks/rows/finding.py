"""Finding entries of a long list by the beginning of a code: what is read for it, and what its index costs."""

from pathlib import Path
from typing import Any

from tests.benchmarks.bench import Bench, Figures, Goal, Meter, figure

_SEARCHES = 200


def search_codes(meter: Meter, folder: Path, size: int) -> Figures:
    """An index is made of so many codes, and searched by prefixes of one letter to ten."""
    from tests.engines.servers import dynalite
    from tests.engines.tables import new_table
    from tests.fakes.entry_search import LongList

    with dynalite(folder) as address:
        codes = LongList(new_table(address), folder, size)
        with meter:
            codes.index()
        index_cpu = meter.cpu
        checked = codes.check()
        with meter:
            most = max(codes.search() for _ in range(_SEARCHES))
    return {**_index_figures(codes, index_cpu), "more": most - checked, "ms": (meter.cpu - index_cpu) / _SEARCHES * 1e3}


def _index_figures(codes: Any, index_cpu: float) -> Figures:
    return {"seconds": index_cpu, "mb": codes.bytes / 1e6, "buckets": codes.partitions}


BENCHES = (
    Bench(
        row=23,
        name="finding a code by its beginning",
        contestants={"guestlist": search_codes},
        goals=(
            Goal(
                name="reads of table or bucket more than a check, at most", value=figure("guestlist", "more"), at_most=2
            ),
            Goal(name="ms of CPU a search", value=figure("guestlist", "ms")),
            Goal(name="seconds of CPU for the index", value=figure("guestlist", "seconds")),
            Goal(name="MB of the index", value=figure("guestlist", "mb")),
            Goal(name="read units for the index", value=figure("guestlist", "buckets")),
        ),
        size=1_000_000,
        quick_size=120_000,
        rounds=1,
        quick_rounds=1,
        in_turns=False,
    ),
)
