"""Speed, write units and memory of ticket imports: `python -m tests.benchmarks.tickets [rows …]`.

Each measurement is a process of its own, against a ministack of its own: what the engine takes is its own
affair, so the processor time of the worker stands beside the time on the clock. A write of up to a kilobyte
is a unit, and a second one where the item stands in an index.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guestlist.customers.store import Customers
from guestlist.tickets.contact_store import Contacts
from guestlist.tickets.importing.blocks import Row
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.rows import import_tickets
from guestlist.tickets.importing.tally import Tally
from guestlist.tickets.sales_store import EventSales
from guestlist.tickets.store import Tickets
from tests.engines.servers import ministack
from tests.engines.tables import new_table, on_requests
from tests.fakes.tickets import FILE, ARow

MILLION, WORKER_SECONDS = 1_000_000, 840
SHAPES = {"codes alone": 0, "two tickets a buyer": 2}


class Units:
    """Counts requests, and the units of what they write."""

    def __init__(self) -> None:
        self.requests = 0
        self.written = 0

    def count(self, operation: str, body: dict[str, Any]) -> None:
        """Count one request about to be sent."""
        self.requests += 1
        match operation:
            case "BatchExecuteStatement":
                writes = [statement["Statement"] for statement in body["Statements"]]
            case "BatchWriteItem":
                writes = [json.dumps(write) for writes in body["RequestItems"].values() for write in writes]
            case "UpdateItem" | "PutItem":
                writes = [json.dumps(body)]
            case _:
                writes = []
        self.written += sum(1 + ("g1pk" in write) + ("due_pk" in write) for write in writes)


def rows_of(shape: str, count: int) -> Iterator[Row]:
    """Rows with codes of twelve characters, and buyers if the shape has any."""
    each = SHAPES[shape]
    for number in range(count):
        buyer = number // each if each else 0
        email = f"buyer{buyer}@example.org" if each else ""
        yield number + 2, ARow(f"T{number:011d}", f"Buyer {buyer}" if each else "", email)


def measure(shape: str, count: int) -> dict[str, Any]:
    """The figures of one import."""
    units, outcomes = Units(), Counter[str]()
    with TemporaryDirectory() as state, ministack(Path(state)) as address:
        table = new_table(address)
        on_requests(table, "before-call", units.count)
        ports = TicketPorts(
            tickets=Tickets(table),
            sales=EventSales(table),
            contacts=Contacts(table),
            customers=Customers(table, table.insert_many),
            digest_key=b"",
        )

        def run() -> tuple[Tally, float, float]:
            clock, cpu = time.perf_counter(), time.process_time()
            tally = import_tickets(
                rows_of(shape, count),
                FILE,
                ports,
                lambda: count,
                lambda _line: None,
                lambda problem: outcomes.update([problem.code]),
            )
            return tally, time.perf_counter() - clock, time.process_time() - cpu

        tally, clock, cpu = run()
        requests, units_written = units.requests, units.written
        _, _, second = run()
    return {
        "shape": shape,
        "imported": tally.tickets.imported,
        "refused": dict(outcomes),
        "rows a second": round(count / clock),
        "us of processor a row": round(cpu * 1e6 / count),
        "and when gone on with": round(second * 1e6 / count),
        "workers for a million": workers(cpu / count, second / count),
        "rows a request": round(count / requests, 1),
        "units a row": round(units_written / count, 2),
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def workers(store: float, look: float) -> int:
    """The number of workers for a file of a million rows, from the CPU seconds to store a row and to skip it.

    Each has the fifteen minutes of a Lambda but the last, and looks again at what the others stored.
    """
    rows, turns = 0.0, 0
    while rows < MILLION:
        rows += (WORKER_SECONDS - rows * look) / store
        turns += 1
    return turns


def main(arguments: list[str]) -> None:
    """Measure every shape at every number of rows, and print a line each."""
    if len(arguments) == 2 and arguments[0] in SHAPES:
        sys.stdout.write(f"{json.dumps(measure(arguments[0], int(arguments[1])))}\n")
        return
    for count in [int(argument) for argument in arguments] or [5_000, 20_000]:
        for shape in SHAPES:
            command = [sys.executable, "-m", "tests.benchmarks.tickets", shape, str(count)]
            subprocess.run(command, check=True, env={**os.environ, "AWS_EC2_METADATA_DISABLED": "true"})


if __name__ == "__main__":
    main(sys.argv[1:])
