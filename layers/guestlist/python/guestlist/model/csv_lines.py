"""Write rows as CSV that is safe against formula injection in spreadsheets.

A cell that could be run as a formula gets an apostrophe, which the importer removes again if the header
is that of an export. So an exported file is imported again without any change.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

UTF_8_MARK = "\ufeff"
"""The byte order mark by which spreadsheets of every language recognise UTF-8."""
ENTRY_COLUMNS = ("Code", "Email", "Category", "Seat", "Quantity", "Used", "Held")
MEMBER_COLUMNS = ("Email", "Name", "Customer groups", "Removal date", "Added at", "Source")
# The end of a minimum stay is not a removal date, and may have passed; so it has a header that no import reads.
AUTOMATIC_MEMBER_COLUMNS = ("Email", "Name", "Customer groups", "Stays until", "Added at", "Source")
_EXPORTED = {ENTRY_COLUMNS, MEMBER_COLUMNS, AUTOMATIC_MEMBER_COLUMNS}

_SCIENTIFIC = re.compile(r"\s*(?:[+-]?\d+[.,]\d*[Ee][+-]?\d+|\d+[Ee]\+\d+)\s*", re.ASCII)
_SIGNS = "=+\\-@'＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−﬩⩵⩶"
_LINE_BREAKS = "\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029"
# A quote counts as unseen: `x;"=1`, split at its semicolon, becomes a quoted cell that begins with a sign.
_UNSEEN = (
    '"\x00-\x08\x0e-\x1b\x1f \x7f-\x84\x86-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160'
    "\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_RUN = f"[{_UNSEEN}]*+[{_SIGNS}]"
_AT_BEGINNING = rf"{_RUN}|[{_UNSEEN}]*+[{_LINE_BREAKS}]|(?a:{_SCIENTIFIC.pattern})\Z"
_BEHIND = f"(?<=[;{_LINE_BREAKS}])"
_DEFUSE = re.compile(rf"\A(?={_AT_BEGINNING})|{_BEHIND}(?={_RUN})")
_UNDO = re.compile(rf"\A'(?={_AT_BEGINNING})|{_BEHIND}'(?={_RUN})")
_FORMERLY_SPACED = re.compile(r" +(?:[@\t\r\n]|'[+=-])")


def defused(cell: str) -> str:
    """Insert an apostrophe wherever a spreadsheet could start to read a formula.

    That is at the start, and after a semicolon, a tab or a line break, where the cell may be split: before a sign,
    also a full-width one or one after unseen characters; and before an apostrophe, so that none is lost. At the start
    also before a line break, and before what looks like a rounded number, which an import would refuse.
    """
    return _DEFUSE.sub("'", cell)


def undefused(cell: str) -> str:
    """Reverse `defused` for a cell of an exported file, or remove the space that earlier releases put in front."""
    plain = _UNDO.sub("", cell)
    return cell[1:] if plain == cell and _FORMERLY_SPACED.match(cell) else plain


def is_exported(header: Sequence[str]) -> bool:
    """Whether this is the header of an exported file, in which cells are defused."""
    return tuple(header) in _EXPORTED


def is_scientific(cell: str) -> bool:
    """Whether a spreadsheet may have turned a code into this rounded number, such as `1.23457E+12`; not `12e456`."""
    return _SCIENTIFIC.fullmatch(cell) is not None


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Encode rows as CSV lines with commas and quotes around every cell."""
    line = StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
