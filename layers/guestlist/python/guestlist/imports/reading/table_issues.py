"""Issues with files that are not one table: a second one below the first, or cells that are not separated."""

import re
from collections.abc import Sequence
from itertools import pairwise

from guestlist.imports.model import Reason
from guestlist.imports.reading.columns import ReadingIssue
from guestlist.imports.reading.dialect import delimiter_message, other_separator
from guestlist.imports.reading.layout import Layout, is_known_header
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.schemas import Schema, fold
from guestlist.messages.message import Message

_FEWEST_HEADERS, _MANY_HEADERS = 2, 4
_DATA = re.compile("[0-9@]")


def second_table_issue(first: Sequence[Record], layout: Layout) -> ReadingIssue | None:
    """The issue with a file in which a second table with its own headers begins below a blank row or a title."""
    names = {fold(name) for name in layout.columns.headers}
    for above, record in pairwise(first):
        filled = [cell for cell in record.cells if cell.strip()]
        is_below = record.row > above.row + 1 or sum(map(bool, map(str.strip, above.cells))) == 1
        if not above.row >= layout.header_ends > 0 or not is_below or len(filled) < _FEWEST_HEADERS:
            continue
        if _are_headers(filled) and not {*map(fold, filled)} <= names:
            return ReadingIssue(Reason.AMBIGUOUS_MAPPING, (Message("second_table", {"line": str(record.line)}),))
    return None


def separator_issue(first: Record, schema: Schema, layout: Layout) -> ReadingIssue | None:
    """The issue with a file with one column whose first row has the headers of several."""
    header = first.cells[0]
    if layout.columns.width > 1 or schema.recognise(header) or not (other := other_separator(header, schema)):
        return None
    return ReadingIssue(Reason.NO_KNOWN_COLUMN, (delimiter_message(other), Message("send_delimiter")))


def _are_headers(filled: Sequence[str]) -> bool:
    """Whether all cells of a row are known headers, or many are and none has a digit or an address."""
    known = sum(map(is_known_header, filled))
    return known == len(filled) or (known >= _MANY_HEADERS and not any(map(_DATA.search, filled)))
