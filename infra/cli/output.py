"""What a command prints: tables for people, JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, ProgressColumn, TextColumn
from rich.table import Table

from .outcome import printable


def _console(*, stderr: bool) -> Console:
    # Cells hold what people wrote: no markup is read in them.
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def line(text: str) -> None:
    """A line of the answer."""
    _console(stderr=False).print(printable(text), soft_wrap=True)


def note(text: str) -> None:
    """A line beside the answer, such as what is going on."""
    _console(stderr=True).print(printable(text), soft_wrap=True)


def table(rows: Iterable[Sequence[Any]], *headers: str, title: str | None = None) -> None:
    """The rows as a table; null is an empty cell."""
    grid = Table(*headers, title=title, title_justify="left", show_header=any(headers))
    for row in rows:
        grid.add_row(*("" if cell is None else printable(cell) for cell in row))
    _console(stderr=False).print(grid)


def as_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """The answer as the API gave it."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def upload_progress() -> Progress:
    """A bar of bytes, which goes when it is full."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return _progress(*columns)


def import_progress() -> Progress:
    """A bar of the part that is done, which goes when the import waits or has ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    return _progress(*columns)


def _progress(*columns: ProgressColumn) -> Progress:
    console = _console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
