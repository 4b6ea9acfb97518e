"""The outcome of benchmarks: one table for people, one file for programs."""

import json
import os
import platform
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import Goal, Outcome, figure

_MET = {True: "yes", False: "**no**", None: ""}


def table(outcomes: Iterable[Outcome], *, quick: bool) -> str:
    """A Markdown table: a line for each goal, below the contestants' own figures."""
    lines = ["| # | what | median | min … max | goal | met |", "|---|---|---|---|---|---|"]
    for outcome in outcomes:
        lines += [*_contestants(outcome), *(_goal(outcome, goal, quick=quick) for goal in outcome.bench.goals)]
    return "\n".join(lines)


def _contestants(outcome: Outcome) -> Iterator[str]:
    row, name = outcome.bench.row, outcome.bench.name
    for contestant in outcome.bench.contestants:
        cpu, peak = (outcome.spread(figure(contestant, each)) for each in ("cpu", "peak_mb"))
        figures = f"{_number(cpu[0])} s CPU, {peak[0]:.0f} MB"
        yield f"| {row} | {name}: {contestant} | {figures} | {_number(cpu[1])} … {_number(cpu[2])} s | | |"


def _goal(outcome: Outcome, goal: Goal, *, quick: bool) -> str:
    middle, least, most = map(_number, outcome.spread(goal.value))
    spread = f"{least} … {most}" if least != most else ""
    met = _MET[judged(outcome, goal, quick=quick)]
    return f"| {outcome.bench.row} | → {goal.name} | **{middle}** | {spread} | {goal.bound} | {met} |"


def judged(outcome: Outcome, goal: Goal, *, quick: bool) -> bool | None:
    """Whether the goal is met; None if it is not judged."""
    if quick and not outcome.bench.quick_goals:
        return None
    return goal.met(outcome.spread(goal.value)[0])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def machine() -> str:
    """A description of the machine."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"{os.cpu_count()} × {model}, {platform.system()}, Python {platform.python_version()}"


def as_data(outcomes: Iterable[Outcome], *, quick: bool) -> dict[str, Any]:
    """All measurements, for JSON."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "quick": quick,
        "benches": [_bench(outcome, quick=quick) for outcome in outcomes],
    }


def _bench(outcome: Outcome, *, quick: bool) -> dict[str, Any]:
    goals = [
        {
            "name": goal.name,
            **dict(zip(("median", "min", "max"), outcome.spread(goal.value), strict=True)),
            "goal": goal.bound,
            "met": judged(outcome, goal, quick=quick),
        }
        for goal in outcome.bench.goals
    ]
    bench = outcome.bench
    return {"row": bench.row, "name": bench.name, "size": outcome.size, "goals": goals, "rounds": outcome.rounds}


def write(path: Path, data: dict[str, Any]) -> None:
    """Write the measurements as JSON."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
