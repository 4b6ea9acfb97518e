"""How long a list takes from the form to the last mail on the local stack, and what its worker needs.

    python -m tests.benchmarks.stack_import [rows]

Time is the whole way: asking for the import, sending the file, reading, storing, publishing. Memory is the
highest resident size of any process that ran a function. Write units are those of the list's items, by
their size as DynamoDB counts it.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.acceptance.client import Api
from tests.acceptance.stacks import Stack, process_tree, running_stack


def file_of(rows: int) -> bytes:
    """Codes with a category, a seat and a quantity; one row in a hundred is bad."""
    lines = ["Code,Category,Seat,Quantity"]
    lines += [
        f"GL-{number * 7919 % 10**9:09d}-{number},Section {number % 40},Row {number % 90} seat {number % 300},"
        f"{0 if number % 100 == 0 else number % 4 + 1}"
        for number in range(rows)
    ]
    return ("\n".join(lines) + "\n").encode()


def watched(stack: Stack, ending: Event, highest: dict[int, int]) -> None:
    """Note the highest resident size of every process of the stack, in kilobytes, until the end."""
    while not ending.wait(0.1):
        for pid in process_tree(stack.process.pid):
            highest[pid] = max(highest.get(pid, 0), _resident(pid))


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return 0
    if b"infra.local" in command or b"ministack\0" in command or command.endswith(b"ministack\0"):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def write_units(stack: Stack) -> int:
    """Of every bucket in the table."""
    table: Any = stack.local()["table"]
    pages = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=table)
    return sum(ceil(_size(item) / 1024) for page in pages for item in page["Items"] if set(item) == {"pk", "sk", "b"})


def _size(item: dict[str, Any]) -> int:
    return sum(len(name) + len(value["B"] if "B" in value else value["S"].encode()) for name, value in item.items())


def measured(rows: int) -> Iterator[tuple[str, str]]:
    """Each figure with its name."""
    data = file_of(rows)
    ending, highest = Event(), dict[int, int]()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack:
        watcher = Thread(target=watched, args=(stack, ending, highest))
        watcher.start()
        began = time.perf_counter()
        record = Api(stack.address, "demo-organiser").import_file(data, group="Bench")
        took = time.perf_counter() - began
        ending.set()
        watcher.join()
        yield "rows", f"{record['counts']}"
        yield "file", f"{len(data) / 1e6:.1f} MB"
        yield "from request to published", f"{took:.1f} s ({rows / took:,.0f} rows/s)"
        yield "write units of the list", f"{write_units(stack):,}"
        yield "highest memory of a function", f"{max(highest.values(), default=0) / 1024:.0f} MB"


if __name__ == "__main__":
    for name, figure in measured(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
        print(f"{name:32} {figure}")  # noqa: T201
