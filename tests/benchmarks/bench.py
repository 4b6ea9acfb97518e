"""What a benchmark is: contestants that do the same work, and goals that compare them.

A module of `tests/benchmarks/rows` says `BENCHES`, a tuple of these. Nothing heavy is imported at the top of
such a module: a contestant imports what it needs, so that its process holds nothing of the others.
"""

import signal
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Self

WAITS = "BENCH_WAITS"
"""The environment's name for whether contestants wait for one another."""

Figures = Mapping[str, Any]
"""What one run of a contestant reports: `cpu` in seconds, `peak_mb`, and the counts of the work it did."""

Round = Mapping[str, Figures]
"""The figures of every contestant in one round."""

Value = Callable[[Round], float]


class Meter(AbstractContextManager["Meter"]):
    """Adds up the processor time (user and system, all threads) of what runs inside `with meter:`, in seconds."""

    def __init__(self, *, waits: bool = False) -> None:
        self.cpu = self.wall = 0.0
        self._waits = waits

    def ready(self) -> None:
        """Signal that all is prepared: where contestants take turns, wait until each is. Has an effect once."""
        if self._waits:
            self._waits = False
            signal.raise_signal(signal.SIGSTOP)

    def __enter__(self) -> Self:
        self.ready()
        self._clock, self._began = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu += time.process_time() - self._began
        self.wall += time.perf_counter() - self._clock


Contestant = Callable[[Meter, Path, int], Figures]
"""Does the work in a fresh process, measured by the meter, on what `prepare` left in the folder, at that size.

The answer is the counts of what was done. `cpu` or `peak_mb` in it takes the place of the frame's own figure.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure made of each round, in the end its median, and the bound that it should keep; both None: only told."""

    name: str
    value: Value
    at_least: float | None = None
    at_most: float | None = None

    @property
    def bound(self) -> str:
        """Such as “≥ 0.55”; empty where there is none."""
        if self.at_least is not None:
            return f"≥ {self.at_least:,g}"
        return "" if self.at_most is None else f"≤ {self.at_most:,g}"

    def met(self, value: float) -> bool | None:
        """Whether the median meets the bound; None if there is none."""
        if self.at_least is not None:
            return value >= self.at_least
        return None if self.at_most is None else value <= self.at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One measurement. `row` is its number in the table of goals.

    `prepare` makes what all contestants read, once. Contestants named in `peers` run in the environment of the
    group `bench`. Figures named in `same` must be equal for all contestants: who skips work does not count.
    Contestants take turns of a moment each unless `in_turns` is false, as it must be where the clock is looked at.
    Goals of the full size are not judged when `quick`, where `quick_goals` is false.
    """

    row: int
    name: str
    contestants: Mapping[str, Contestant]
    goals: tuple[Goal, ...]
    size: int
    quick_size: int
    prepare: Callable[[Path, int], None] | None = None
    peers: frozenset[str] = frozenset()
    same: tuple[str, ...] = ()
    in_turns: bool = True
    rounds: int = 5
    quick_rounds: int = 3
    quick_goals: bool = True


@dataclass(slots=True)
class Outcome:
    """The rounds of a benchmark as they were run."""

    bench: Bench
    size: int
    rounds: list[Round] = field(default_factory=list)

    def spread(self, figure_of: Value) -> tuple[float, float, float]:
        """Median, least and most of a figure over the rounds."""
        values = [figure_of(one) for one in self.rounds]
        return median(values), min(values), max(values)


def ratio(over: str, under: str, figure: str = "cpu") -> Value:
    """A figure of one contestant divided by that of another in the same round."""
    return lambda results: results[over][figure] / results[under][figure]


def figure(of: str, name: str) -> Value:
    """A figure of one contestant as it is."""
    return lambda results: results[of][name]
