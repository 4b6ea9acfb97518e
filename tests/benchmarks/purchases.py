"""Speed of purchase imports, and what each row asks of the table: `python -m tests.benchmarks.purchases [rows]`.

Orders of two rows each, bought by half as many people, with an automatic group that follows them. What the
engine takes is its own affair: the processor time of the worker, and its requests, are told beside the clock.
"""

import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guestlist.imports.model import Kind
from tests.engines.servers import ministack
from tests.engines.tables import new_table, on_requests
from tests.faults.test_people_files import Shop


def text_of(rows: int) -> str:
    """A file of orders of two rows each."""
    lines = [f"o{row // 2},p{row // 4}@example.org,P {row // 4},ticket,{row % 2 + 1}" for row in range(rows)]
    return "\n".join(["Order,Email,Name,Sale item,Quantity", *lines])


def main(rows: int) -> None:
    """Print the figures."""
    operation_counts: Counter[str] = Counter()

    def count(operation: str, _more: dict[str, Any]) -> None:
        operation_counts[operation] += 1

    with TemporaryDirectory() as state, TemporaryDirectory() as folder, ministack(Path(state)) as address:
        shop = Shop(new_table(address), Path(folder))
        shop.furnish()
        source = shop.upload(Kind.PURCHASES, text_of(rows))
        on_requests(shop.table, "before-call", count)
        clock, cpu = time.perf_counter(), time.process_time()
        shop.run(source)
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        record = shop.imports.get_import("demo", "imp-1")
    each = ", ".join(f"{name} {number / rows:.3f}" for name, number in operation_counts.most_common(7))
    figures = f"{rows / clock:.0f} rows/s, {cpu * 1e6 / rows:.0f} us of processor a row; requests a row: {each}"
    print(f"{record.status.value} {record.counts}: {figures}")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
