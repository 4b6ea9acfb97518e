"""Rows as the lines of a CSV file that a spreadsheet opens without running anything in it.

What would be run as a formula is defused in a way that the importer takes off again, so that a file that
was exported is read as what it was made of.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

_SIGNS = ("+", "-", "=")
_OTHERS = ("@", "\t", "\r", "\n", *(f"'{sign}" for sign in _SIGNS))


def defused(cell: str) -> str:
    """The cell, behind an apostrophe where it begins with a sign that the importer expects one before.

    Behind a space where it begins with anything else that would be run, or would lose an apostrophe of its
    own; spaces around a cell mean nothing.
    """
    if cell.startswith(_SIGNS):
        return f"'{cell}"
    return f" {cell}" if cell.startswith(_OTHERS) else cell


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Each row as a line, with commas between its cells."""
    line = StringIO(newline="")
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
