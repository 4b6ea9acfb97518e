"""Rows as a table of text, for commands that print one."""

from collections.abc import Sequence


def grid(rows: Sequence[Sequence[str]]) -> str:
    """The rows under each other, every column as wide as its widest cell, two spaces between."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
