"""Tables of text for commands."""

from collections.abc import Sequence


def grid(rows: Sequence[Sequence[str]]) -> str:
    """The rows as text, in columns separated by two spaces."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
