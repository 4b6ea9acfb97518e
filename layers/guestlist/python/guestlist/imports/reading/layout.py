"""Where the header of a file ends, and what its columns are."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from guestlist.imports.model import Column, Kind, Options, Reason
from guestlist.imports.reading import words
from guestlist.imports.reading.columns import Columns, Doubt, Schema, fold, map_columns, report_at
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.records import Record
from guestlist.model.email_address import is_email

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_FAR_DOWN = 10
_MOST_TRIED = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """How many header rows there are, the last row of the sheet that is one (0 for none), and the columns."""

    header_rows: int
    header_ends: int
    columns: Columns


def find_layout(schema: Schema, first: Sequence[Record], options: Options) -> Layout:
    """The layout of a file that begins with these records, of which there is at least one.

    Header rows that were asked for are counted as a spreadsheet shows them, blank ones too, but never
    fewer than the first row that holds anything. Asked for none, the first row is data, and its words
    still say what the columns are.
    """
    rows = [record.cells for record in first]
    wanted = options.mapping or {}
    asked = options.header_rows
    count = asked if asked is not None else int(_is_header(schema, rows, wanted))
    ends = max(count, first[0].row) if count else 0
    above = [record.cells for record in first if record.row <= ends]
    if not above and _names(schema, rows[0], wanted):
        above = rows[:1]
    named_by = max(reversed(above), key=schema.known, default=[])
    width = len(named_by) or Counter(map(len, rows)).most_common(1)[0][0]
    columns = map_columns(schema, named_by, width, wanted)
    if columns.doubt and not wanted and not named_by:
        columns = _without_header(schema, rows, columns, sure=asked is not None)
    if columns.doubt and asked is None:
        columns = _look_further(schema, first, columns)
    return Layout(count, ends, columns)


def _is_header(schema: Schema, rows: Sequence[Sequence[str]], wanted: Mapping[str, Column]) -> bool:
    """Whether the first row names columns: by known words, or by not being what stands below it.

    Where the columns were told by their places, only the quantities and addresses count: a first row
    taken for a header is not imported.
    """
    first = rows[0][:_MOST_TRIED]
    if _names(schema, rows[0], wanted):
        return True
    if wanted:
        places = {fold(key): column for key, column in wanted.items()}
        typed = ((places.get(fold(words.QUANTITY)), _is_number), (places.get(fold(words.EMAIL)), is_email))
        return any(isinstance(index, int) and _stands_out(rows, index, is_like) for index, is_like in typed)
    if any(map(schema.nearest, first)):
        return not any(map(schema.nearest, rows[1][:_MOST_TRIED])) if rows[1:] else True
    if any(is_email(cell.strip()) for cell in first):
        return False
    return any(_stands_out(rows, index, is_like) for index in range(len(first)) for is_like in (_is_number, is_email))


def _names(schema: Schema, row: Sequence[str], wanted: Mapping[str, Column]) -> bool:
    texts = {fold(column) for column in wanted.values() if isinstance(column, str)}
    if report_at(row) is not None or texts & {fold(cell) for cell in row if cell}:
        return True
    cells = [cell.strip() for cell in row if cell.strip()]
    known = schema.known(cells)
    has_data = any(map(is_email, cells)) or (2 * known < len(cells) and any(map(_is_number, cells)))
    return known > 0 and not has_data


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _stands_out(rows: Sequence[Sequence[str]], index: int, is_like: Callable[[str], bool], least: int = 1) -> bool:
    """Whether all cells of a column but the first are alike, at least so many."""
    top, *below = (row[index].strip() if index < len(row) else "" for row in rows)
    held = [cell for cell in below if cell]
    return bool(top) and not is_like(top) and len(held) >= least and all(map(is_like, held))


def _without_header(schema: Schema, rows: Sequence[Sequence[str]], columns: Columns, *, sure: bool) -> Columns:
    """A list of codes or of addresses, one a line, needs no header; any other file does."""
    if schema.kind is not Kind.TARGET_GROUP or columns.width > 1:
        return columns
    if not sure and _stands_out(rows, 0, _has_digit, least=2):
        top = f"“{shortened(rows[0][0])}” in the first row may be a header or a code."
        said = f"{top} Write “Code” there, or send `header_rows` as 0 if it is a code."
        return replace(columns, doubt=Doubt(Reason.NO_KNOWN_COLUMN, said))
    emails = sum(is_email(row[0].strip()) for row in rows)
    meant = words.EMAIL if 2 * emails > len(rows) else words.CODE
    return replace(columns, mapping={meant: 0}, doubt=None)


def _look_further(schema: Schema, first: Sequence[Record], columns: Columns) -> Columns:
    """Say so where a header stands below a title."""
    for record in first[1:]:
        if record.row > _FAR_DOWN:
            break
        if schema.known(record.cells) > 1 and columns.doubt:
            said = f"{columns.doubt.detail} Row {record.row} looks like the header: send `header_rows` as {record.row}."
            return replace(columns, doubt=Doubt(columns.doubt.reason, said))
    return columns
