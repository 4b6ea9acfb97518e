"""One run of one contestant, in a process of its own: the last line it prints is its figures.

    python -m tests.benchmarks.contestant MODULE BENCH CONTESTANT FOLDER SIZE

An empty name of a contestant stands for what prepares the others' input.
"""

import json
import os
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import WAITS, Bench, Meter


def run(bench: Bench, name: str, folder: Path, size: int) -> dict[str, Any]:
    """The figures of the contestant of that name, or none after preparing."""
    if not name:
        if bench.prepare:
            bench.prepare(folder, size)
        return {}
    meter = Meter(waits=WAITS in os.environ)
    figures = bench.contestants[name](meter, folder, size)
    return {"cpu": meter.cpu, "wall": meter.wall, "peak_mb": peak(), **figures}


def peak() -> float:
    """The peak resident size of this process, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not what getrusage says, which begins with the peak of whoever started this process.
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def main(module: str, bench: str, name: str, folder: str, size: str) -> None:
    """Run it and print the figures."""
    benchmark = next(one for one in import_module(module).BENCHES if one.name == bench)
    sys.stdout.write(f"\n{json.dumps(run(benchmark, name, Path(folder), int(size)))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
