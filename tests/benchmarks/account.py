"""Where write units go: what a call or a row of a file writes on the model (`python -m tests.benchmarks.account`).

Bytes are of the larger of an item before and after. A transaction counts twice in the table, and once in indexes.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guestlist.lists.entry import Entry
from tests.benchmarks.bench import Meter
from tests.benchmarks.rows.people_files import WRITE_UNITS, imported
from tests.simulation.capacity import Capacity, index_writes, size, write_units
from tests.simulation.engine import Engine
from tests.simulation.fleet import Process, opened
from tests.simulation.network import Model
from tests.unit.checkout.builders import group

CALLS, ROWS = 20, 1_000
_KINDS = (
    (r"#U#.* C#", "counter"),
    (r"#U#.* H#", "note of a hold"),
    (r" REDEMPTION", "redemption"),
    (r" PROFILE$", "profile"),
    (r" M#", "membership"),
    (r" D#", "audit entry"),
    (r"#AUDIT#", "audit entries in a block"),
    (r"#MAIL#welcome#", "welcome mail"),
    (r" MEMBERS#", "number of members"),
    (r"#NAMES ", "names"),
    (r"#I#.*#CHANGES", "undo notes"),
    (r"#T#.* TICKET$", "ticket"),
    (r" T#", "note of tickets"),
    (r" CONTACT#", "contact"),
    (r" BUY#", "order line"),
    (r" PURCHASE$", "order"),
)


@dataclass(slots=True)
class Line:
    """The writes of one kind of item."""

    writes: int = 0
    bytes: int = 0
    table: float = 0.0
    index: float = 0.0


class Account(Meter):
    """Counts writes by kind of item, once it is ready."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.lines: dict[str, Line] = {}
        self._counts = False
        self._engine, units = engine, engine._units  # noqa: SLF001 - every write goes through it, nothing else does

        def watched(before: Any, after: Any, pk: str, times: int = 1) -> dict[tuple[str, str], float]:
            if self._counts:
                self._add(before, after, times)
            return units(before, after, pk, times)

        vars(engine)["_units"] = watched

    def ready(self) -> None:
        """Start counting."""
        self._counts = True

    def stop(self) -> None:
        """Stop counting."""
        del vars(self._engine)["_units"]

    def _add(self, before: Any, after: Any, times: int) -> None:
        key = after or before
        name = f"{key['pk']['S']} {key['sk']['S']}" if key else ""
        kind = next((kind for pattern, kind in _KINDS if re.search(pattern, name)), "other")
        line = self.lines.setdefault(f"{kind}, in a transaction" if times == 2 else kind, Line())
        line.writes += 1
        line.bytes += max(size(before or {}), size(after or {}))
        line.table += times * write_units(before, after)
        line.index += sum(index_writes(before, after).values())


def calls() -> None:
    """Print the account of each call about a code with one use, in a new list."""
    with Model(capacity=Capacity(1e6, 1e6)).running() as model:
        opened(model).lists(*(Entry(f"CODE{number}") for number in range(2 * CALLS)), of=group("list-k"))
        process = Process(model)

        def account(what: str, act: Callable[[int], Any]) -> list[Any]:
            counted = Account(model.engine)
            counted.ready()
            answers = [act(number) for number in range(CALLS)]
            counted.stop()
            _print(what, counted.lines, CALLS)
            return answers

        def hold(number: int) -> Any:
            return process.redeem(f"b{number}", code=f"CODE{CALLS + number}", hold_seconds=600)

        redemptions = account("redemption", lambda number: process.redeem(f"a{number}", code=f"CODE{number}"))
        holds = account("hold", hold)
        account("confirmation", lambda number: process.confirm(holds[number].redemption_id))
        account("release", lambda number: process.release(redemptions[number].redemption_id, 1, f"c{number}"))


def rows() -> None:
    """Print the account of a row of each kind of file, as row 20 of the benchmarks imports them."""
    for kind in WRITE_UNITS:
        with Model(capacity=Capacity(1e6, 1e6)).running() as model:
            counted = Account(model.engine)
            imported(kind, model.table(), ROWS, counted)
        _print(f"row of {kind}", counted.lines, ROWS)


def _print(what: str, lines: Mapping[str, Line], count: int) -> None:
    """A row of a table for each kind of item: writes of one call or row, bytes, units of the table and of indexes."""
    for kind, line in sorted(lines.items(), key=lambda one: -one[1].table - one[1].index):
        figures = f"{line.writes / count:.3g} | {line.bytes / line.writes:.0f}"
        units = f"{line.table / count:.3g} | {line.index / count:.3g}"
        sys.stdout.write(f"| {what} | {kind} | {figures} | {units} |\n")
    table, index = (sum(getattr(line, name) for line in lines.values()) / count for name in ("table", "index"))
    sys.stdout.write(f"| {what} | all | | | {table:.4g} | {index:.4g} |\n")


if __name__ == "__main__":
    calls()
    rows()
