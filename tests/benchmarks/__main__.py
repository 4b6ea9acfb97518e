"""Measure Guestlist beside its peers and the physical floor: `python -m tests.benchmarks [--quick] [row …]`.

Contestants of one benchmark run alternately, each time in a fresh process, round after round; ratios are taken
within a round, so that a machine whose speed drifts does not decide. The table is printed, and everything goes to
`build/bench.json`.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks import report
from tests.benchmarks.bench import Bench, Outcome

ROOT = Path(__file__).parents[2]
ROWS = "tests.benchmarks.rows"
PEERS = ROOT / ".venv-bench" / "bin" / "python"
_AT_MOST = 900
_AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


class NotTheSameWork(Exception):
    """Contestants that should have done the same did not."""


def found(rows: list[int]) -> Iterator[tuple[str, Bench]]:
    """Every benchmark with its module, in the order of their rows; all where no row is named."""
    names = [f"{ROWS}.{module.name}" for module in iter_modules([str(Path(__file__).parent / "rows")])]
    benches = [(name, bench) for name in names for bench in import_module(name).BENCHES]
    return (one for one in sorted(benches, key=lambda one: one[1].row) if not rows or one[1].row in rows)


def measured(module: str, bench: Bench, *, quick: bool) -> Outcome:
    """The benchmark, run round after round."""
    size, rounds = (bench.quick_size, bench.quick_rounds) if quick else (bench.size, bench.rounds)
    outcome = Outcome(bench, size)
    with TemporaryDirectory(prefix="bench-") as folder:
        _say(f"{bench.row}. {bench.name} ({size:,})")
        _run(module, bench, "", folder, size)
        for number in range(rounds):
            outcome.rounds.append(_round(module, bench, folder, size, backwards=bool(number % 2)))
    return outcome


def _round(module: str, bench: Bench, folder: str, size: int, *, backwards: bool) -> dict[str, dict[str, Any]]:
    names = sorted(bench.contestants, key=list(bench.contestants).index, reverse=backwards)
    figures = {name: _run(module, bench, name, folder, size) for name in names}
    for name in bench.same:
        if len({one[name] for one in figures.values()}) > 1:
            raise NotTheSameWork(f"{bench.name}: {name} is { ({each: one[name] for each, one in figures.items()}) }")
    return {name: figures[name] for name in bench.contestants}


def _run(module: str, bench: Bench, name: str, folder: str, size: int) -> dict[str, Any]:
    python = str(PEERS) if name in bench.peers else sys.executable
    command = [python, "-m", "tests.benchmarks.contestant", module, bench.name, name, folder, str(size)]
    path = os.pathsep.join(map(str, (ROOT / "layers/guestlist/python", ROOT / "functions", ROOT)))
    environment = {"AWS_DEFAULT_REGION": "eu-west-1", **os.environ, **_AWS, "PYTHONPATH": path, "TMPDIR": folder}
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=_AT_MOST)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if name:
        _say(f"     {name}: {figures['cpu']:.3g} s CPU, {figures['peak_mb']:.0f} MB")
    return figures


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {text}\n")


def main() -> None:
    """Measure, print the table and write the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="row", help="only these rows of the table")
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "bench.json", help="where the JSON goes")
    asked = parser.parse_args()
    outcomes = [measured(module, bench, quick=asked.quick) for module, bench in found(asked.rows)]
    data = report.as_data(outcomes, quick=asked.quick)
    report.write(asked.to, data)
    said = f"{data['measured_at']}, {data['machine']}{', quick' if asked.quick else ''}"
    sys.stdout.write(f"{said}\n\n{report.table(outcomes, quick=asked.quick)}\n")


if __name__ == "__main__":
    main()
