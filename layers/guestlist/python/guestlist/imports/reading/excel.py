"""What spreadsheets do to a cell, and how it is undone where it can be."""

import re

_PROTECTED = re.compile(r'="([^"]*)"')
_DIGITS_KEPT = 15


def unwrapped(cell: str) -> str:
    """The text that was meant: without `="…"` around it, and without an apostrophe directly before `+`, `-` or `=`."""
    if cell[:1] == "'" and cell[1:2] in {"+", "-", "="}:
        return cell[1:]
    protected = _PROTECTED.fullmatch(cell)
    return protected[1] if protected else cell


def is_rounded(number: str) -> bool:
    """Whether a code of digits alone has nothing but zeros after the fifteenth, the last one a spreadsheet keeps."""
    return len(number) > _DIGITS_KEPT and not number[_DIGITS_KEPT:].strip("0")
