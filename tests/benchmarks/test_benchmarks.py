"""How benchmarks are run: contestants in turns, each to its end, and nobody ahead by doing less."""

from dataclasses import replace
from subprocess import CalledProcessError

import pytest

from tests.benchmarks.__main__ import NotTheSameWork, measured, select_benches
from tests.benchmarks.bench import Bench, Outcome
from tests.fakes import benches

FEW = 2_000
PLAYED_ELSEWHERE = {13, 15, 16, 17, 23}
"""Rows that cannot be made small by their size; other tests play what they measure."""


def run(name: str) -> Outcome:
    return measured(benches.__name__, next(one for one in benches.BENCHES if one.name == name), quick=True)


@pytest.mark.parametrize("name", ["in turns", "alone"])
def test_each_round_has_the_figures_of_every_contestant(name: str) -> None:
    outcome = run(name)
    assert [sorted(one) for one in outcome.rounds] == [["one", "two"]] * 2
    assert all(figures["cpu"] > 0 for one in outcome.rounds for figures in one.values())
    assert outcome.spread(benches.GOALS[0].value)[0] > 0


def test_contestants_whose_work_differs_are_not_compared() -> None:
    with pytest.raises(NotTheSameWork):
        run("other work")


def test_a_contestant_that_fails_ends_the_run_and_the_others() -> None:
    with pytest.raises(CalledProcessError):
        run("no end")


@pytest.mark.parametrize(
    ("module", "bench"),
    [pytest.param(*one, id=one[1].name) for one in select_benches([]) if one[1].row not in PLAYED_ELSEWHERE],
)
def test_every_contestant_of_guestlist_does_its_work_on_few_rows(module: str, bench: Bench) -> None:
    contestants = {name: one for name, one in bench.contestants.items() if name not in bench.peers}
    few = replace(bench, contestants=contestants, quick_size=min(FEW, bench.quick_size // 10 or 1), quick_rounds=1)
    (figures,) = measured(module, few, quick=True).rounds
    assert sorted(figures) == sorted(contestants)
