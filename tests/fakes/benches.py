"""Trivial benchmarks, for tests of how benchmarks are run."""

from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import Bench, Contestant, Figures, Goal, Meter, ratio


def prepared(folder: Path, size: int) -> None:
    """Prepare a file for the contestants."""
    (folder / "size").write_text(str(size), encoding="ascii")


def adding(meter: Meter, folder: Path, size: int, *, more: int = 0) -> Figures:
    """Add numbers up."""
    assert (folder / "size").read_text(encoding="ascii") == str(size)
    with meter:
        total = sum(range(size * 100)) + more
    return {"done": total}


def failing(_meter: Meter, _folder: Path, _size: int) -> Figures:
    """Run for ever."""
    raise ValueError


GOALS = (Goal(name="as dear", value=ratio("one", "two"), at_most=1_000),)


def _bench(name: str, two: Contestant = adding, **more: Any) -> Bench:
    contestants = {"one": adding, "two": two}
    small: Any = {"row": 1, "size": 50_000, "quick_size": 5_000, "quick_rounds": 2}
    return Bench(name=name, prepare=prepared, contestants=contestants, goals=GOALS, **small, **more)


BENCHES = (
    _bench("in turns", same=("done",)),
    _bench("alone", in_turns=False),
    _bench("other work", partial(adding, more=1), same=("done",)),
    _bench("no end", failing),
)
