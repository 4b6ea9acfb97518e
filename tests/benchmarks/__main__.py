"""Measure Guestlist beside its peers and the physical floor: `python -m tests.benchmarks [--quick] [row …]`.

Contestants of one benchmark run in fresh processes, round after round, and within a round take turns: one goes on for
a moment while the others are stopped. Ratios are taken within a round. So a machine whose speed drifts, even from one
second to the next, does not decide. The table is printed and kept in `build/bench.md`; everything else goes to
`build/bench.json`.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory

from tests.benchmarks import report
from tests.benchmarks.bench import WAITS, Bench, Figures, Outcome, Round

ROOT = Path(__file__).parents[2]
ROWS = "tests.benchmarks.rows"
PEERS = ROOT / ".venv-bench" / "bin" / "python"
_AT_MOST = 900
_TURN = 0.03
_AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


Process = subprocess.Popen[bytes]


class NotTheSameWork(Exception):
    """Contestants did different work."""


def select_benches(rows: list[int]) -> Iterator[tuple[str, Bench]]:
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
        if bench.prepare:
            _run(module, bench, folder, size, [""])
        for number in range(rounds):
            names = list(bench.contestants)
            outcome.rounds.append(_round(module, bench, folder, size, names[:: -1 if number % 2 else 1]))
    return outcome


def _round(module: str, bench: Bench, folder: str, size: int, names: Sequence[str]) -> Round:
    figures = _run(module, bench, folder, size, names)
    for name, one in figures.items():
        _say(f"     {name}: {one['cpu']:.3g} s CPU, {one['peak_mb']:.0f} MB")
    for name in bench.same:
        if len({one[name] for one in figures.values()}) > 1:
            raise NotTheSameWork(f"{bench.name}: {name} is { ({each: one[name] for each, one in figures.items()}) }")
    return {name: figures[name] for name in bench.contestants}


def _run(module: str, bench: Bench, folder: str, size: int, names: Sequence[str]) -> dict[str, Figures]:
    started: list[Process] = []
    in_turns = bench.in_turns and len(names) > 1
    try:
        started += (_started(module, bench, name, folder, size, in_turns=in_turns) for name in names)
        _let_run(started, in_turns=in_turns)
        return {name: _figures(process) for name, process in zip(names, started, strict=True)}
    finally:
        _end(started)


def _started(module: str, bench: Bench, name: str, folder: str, size: int, *, in_turns: bool) -> Process:
    """A contestant's process, stopped before it does anything; it leads a group with whatever it starts."""
    python = str(PEERS) if name in bench.peers else sys.executable
    command = [python, "-m", "tests.benchmarks.contestant", module, bench.name, name, folder, str(size)]
    path = os.pathsep.join(map(str, (ROOT / "layers/guestlist/python", ROOT / "functions", ROOT)))
    environment = {"AWS_DEFAULT_REGION": "eu-west-1", **os.environ, **_AWS, "PYTHONPATH": path, "TMPDIR": folder}
    environment |= {WAITS: "1"} if in_turns else {}
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
    os.killpg(process.pid, signal.SIGSTOP)
    return process


def _let_run(started: Sequence[Process], *, in_turns: bool) -> None:
    """Let the processes come to their ends, one of them at a time; in turns from where all are ready."""
    until, pending = time.monotonic() + _AT_MOST, deque(started)
    for process in started if in_turns else ():
        os.killpg(process.pid, signal.SIGCONT)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    while pending:
        process = pending.popleft()
        os.killpg(process.pid, signal.SIGCONT)
        try:
            process.wait(_TURN if in_turns else until - time.monotonic())
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise
            if pending:
                os.killpg(process.pid, signal.SIGSTOP)
            pending.append(process)


def _figures(process: Process) -> Figures:
    """The last line that it printed."""
    printed, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    figures: Figures = json.loads(printed.splitlines()[-1])
    return figures


def _end(started: Sequence[Process]) -> None:
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {text}\n")


def main() -> None:
    """Measure, print the table and write the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="row", help="only these rows of the table")
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "bench.json", help="where the JSON goes")
    arguments = parser.parse_args()
    outcomes = [measured(module, bench, quick=arguments.quick) for module, bench in select_benches(arguments.rows)]
    data = report.as_data(outcomes, quick=arguments.quick)
    report.write(arguments.to, data)
    header = f"{data['measured_at']}, {data['machine']}{', quick' if arguments.quick else ''}"
    table = f"{header}\n\n{report.table(outcomes, quick=arguments.quick)}\n"
    arguments.to.with_suffix(".md").write_text(table, encoding="utf-8")
    sys.stdout.write(table)


if __name__ == "__main__":
    main()
