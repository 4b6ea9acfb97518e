"""How benchmarks are run: contestants in turns, each to its end, and nobody ahead by doing less."""

from subprocess import CalledProcessError

import pytest

from tests.benchmarks.__main__ import NotTheSameWork, measured
from tests.benchmarks.bench import Outcome
from tests.fakes import benches


def run(name: str) -> Outcome:
    return measured(benches.__name__, next(one for one in benches.BENCHES if one.name == name), quick=True)


@pytest.mark.parametrize("name", ["in turns", "alone"])
def test_each_round_has_the_figures_of_every_contestant(name: str) -> None:
    outcome = run(name)
    assert [sorted(one) for one in outcome.rounds] == [["one", "two"]] * 2
    assert all(figures["cpu"] > 0 for one in outcome.rounds for figures in one.values())
    assert outcome.spread(benches.GOALS[0].value)[0] > 0


def test_contestants_that_did_other_work_are_not_compared() -> None:
    with pytest.raises(NotTheSameWork):
        run("other work")


def test_a_contestant_that_fails_ends_the_run_and_the_others() -> None:
    with pytest.raises(CalledProcessError):
        run("no end")
