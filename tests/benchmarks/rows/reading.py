"""Reading: from bytes to checked rows with exact errors, beside a bare csv reader and beside what people write."""

import csv
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks import files
from tests.benchmarks.bench import Bench, Contestant, Figures, Goal, Meter, ratio

FLOOR, OURS, PRECISE, MODEL = "bare csv.reader", "guestlist", "guestlist, row by row", "DictReader + pydantic"
_OF_FLOOR = 0.55 if sys.version_info < (3, 12) else 0.65


def bare(meter: Meter, folder: Path, size: int, **how: Any) -> Figures:
    """Splits the cells and looks at none."""
    encoding, delimiter = how.get("encoding", "utf-8"), how.get("delimiter", ",")
    with meter, (folder / "file.csv").open(encoding=encoding, newline="") as file:
        rows = sum(1 for _ in csv.reader(file, delimiter=delimiter))
    return {"rows": rows - 1, "size": size}


def ours(meter: Meter, folder: Path, size: int, *, fast: bool) -> Figures:
    """Finds out how the file is made, checks each row, and keeps what is wrong with any."""
    from guestlist.imports.model import Kind, Options
    from guestlist.imports.reading.bulk.reading import read_rows
    from guestlist.imports.reading.problems import Problem
    from guestlist.imports.reading.row_notes import RowNotes
    from guestlist.imports.reading.schemas import SCHEMAS
    from guestlist.imports.reading.sheet import open_sheet

    good, problems = 0, []
    with meter:
        sheet = open_sheet(folder / "file.csv", SCHEMAS[Kind.TARGET_GROUP], Options())
        for rows in read_rows(sheet, Options(), RowNotes(), fast=fast):
            if isinstance(rows, Problem):
                problems.append((rows.line, rows.code))
            else:
                good += len(rows)
    return {
        "rows": good + len(problems),
        "refused": len(problems),
        "lines": sum(line for line, _ in problems),
        "size": size,
    }


def model(meter: Meter, folder: Path, size: int) -> Figures:
    """The usual approach: a dictionary for each row, and a model made of it."""
    from pydantic import BaseModel, Field, ValidationError

    class Row(BaseModel):
        code: str = Field("", alias="Code", max_length=200)
        email: str = Field("", alias="Email", max_length=254, pattern=r"^([^\s@]+@[^\s@.]+(\.[^\s@.]+)+)?$")
        category: str = Field("", alias="Category", max_length=200)
        seat: str = Field("", alias="Seat", max_length=200)
        quantity: int = Field(1, alias="Quantity", ge=1, le=1_000_000_000)

    good, problems = 0, []
    with meter, (folder / "file.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                Row(**row)
            except (ValidationError, TypeError) as error:
                problems.append((number, error))
            else:
                good += 1
    return {"rows": good + len(problems), "size": size}


def _write(folder: Path, size: int, **how: Any) -> None:
    files.write(folder / "file.csv", size, **how)


def _bench(name: str, how: dict[str, Any], more: Mapping[str, Contestant], goals: tuple[Goal, ...], row: int) -> Bench:
    read = {name: value for name, value in how.items() if name in {"encoding", "delimiter"}}
    ours_: dict[str, Callable[..., Figures]] = {FLOOR: partial(bare, **read), OURS: partial(ours, fast=True)}
    return Bench(
        row=row,
        name=f"reading, {name}",
        prepare=partial(_write, **how),
        contestants={**ours_, **more},
        same=("rows",),
        goals=goals,
        size=1_000_000 if row == 1 else 500_000,
        quick_size=60_000 if row == 1 else 20_000,
        rounds=5 if row == 1 else 3,
        quick_goals=False,
    )


_FLOOR_GOAL = "rows per CPU second, of a bare csv.reader"
_SLOW = {PRECISE: partial(ours, fast=False)}
_NEVER_SLOWER = Goal(name="rows per CPU second, of our own row loop", value=ratio(PRECISE, OURS), at_least=0.9)


def _kind(name: str, **how: Any) -> Bench:
    goals = (Goal(name=_FLOOR_GOAL, value=ratio(FLOOR, OURS), at_least=0.45), _NEVER_SLOWER)
    return _bench(name, how, _SLOW, goals, 2)


BENCHES = (
    _bench(
        "a few bad rows",
        {},
        {MODEL: model},
        (
            Goal(name=_FLOOR_GOAL, value=ratio(FLOOR, OURS), at_least=_OF_FLOOR),
            Goal(name="rows per CPU second, of DictReader + pydantic", value=ratio(MODEL, OURS), at_least=4),
        ),
        1,
    ),
    _kind("one row in ten bad", bad_in=10),
    _kind("everything quoted", quoted=True),
    _kind("semicolons in cp1252", delimiter=";", encoding="cp1252", accents=True),
    _bench("every row bad", {"bad_in": 1}, _SLOW, (_NEVER_SLOWER,), 2),
)
