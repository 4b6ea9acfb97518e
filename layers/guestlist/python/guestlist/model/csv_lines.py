"""Rows as the lines of a CSV file that a spreadsheet opens without running anything in it.

What would be run as a formula is defused in a way that the importer takes off again, so that a file that
was exported is read as what it was made of.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

_SIGNS = ("+", "-", "=")
_OTHERS = ("@", "\t", "\r", "\n", *(f"'{sign}" for sign in _SIGNS))
_SCIENTIFIC = re.compile(r"\s*(?:[+-]?\d+[.,]\d*[Ee][+-]?\d+|\d+[Ee]\+\d+)\s*", re.ASCII)


def defused(cell: str) -> str:
    """The cell, behind an apostrophe where it begins with a sign that the importer expects one before.

    Behind a space, or one more, where it begins with anything else that would be run, or would lose an
    apostrophe of its own. And as a formula of nothing but itself where it looks like a rounded number, which
    would be refused.
    """
    if cell.startswith(_SIGNS):
        return f"'{cell}"
    if is_scientific(cell):
        return f'="{cell}"'
    return f" {cell}" if _spaced(cell) else cell


def unspaced(cell: str) -> str:
    """The cell without the space that `defused` put before it."""
    return cell[1:] if cell.startswith(" ") and _spaced(cell) else cell


def is_scientific(cell: str) -> bool:
    """Whether a spreadsheet may have made this rounded number, such as `1.23457E+12`, of a code; not `12e456`."""
    return _SCIENTIFIC.fullmatch(cell) is not None


def _spaced(cell: str) -> bool:
    return cell.lstrip(" ").startswith(_OTHERS)


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Each row as a line, with commas between its cells."""
    line = StringIO(newline="")
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
