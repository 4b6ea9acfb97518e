"""The output of a command: tables for people, JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, ProgressColumn, TextColumn
from rich.table import Table

from .outcome import printable


def _console(*, stderr: bool) -> Console:
    # Cells contain user input: no markup is interpreted.
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def line(text: str) -> None:
    """Print a line of the result."""
    _console(stderr=False).print(printable(text), soft_wrap=True)


def note(text: str) -> None:
    """Print a line about the progress, to standard error."""
    _console(stderr=True).print(printable(text), soft_wrap=True)


def table(rows: Iterable[Sequence[Any]], *headers: str, title: str | None = None) -> None:
    """Print the rows as a table; null is an empty cell."""
    grid = Table(*headers, title=title, title_justify="left", show_header=any(headers))
    for row in rows:
        grid.add_row(*("" if cell is None else printable(cell) for cell in row))
    _console(stderr=False).print(grid)


def as_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print the API's response as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def upload_progress() -> Progress:
    """A progress bar in bytes, which disappears at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return _progress(*columns)


def import_progress() -> Progress:
    """A progress bar of the import, which disappears when the import waits or has ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    return _progress(*columns)


def _progress(*columns: ProgressColumn) -> Progress:
    console = _console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
