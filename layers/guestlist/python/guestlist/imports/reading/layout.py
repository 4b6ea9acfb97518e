"""Detection of the header rows of a file, and of its columns."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from guestlist.imports.file_options import Mapped
from guestlist.imports.model import Options
from guestlist.imports.reading import fields
from guestlist.imports.reading.column_questions import add_questions
from guestlist.imports.reading.columns import Columns, find_problem_columns, map_columns
from guestlist.imports.reading.companions import is_companions
from guestlist.imports.reading.dialect import is_comment
from guestlist.imports.reading.header_recognition import person_part, rank, role_of_group_header
from guestlist.imports.reading.headerless import is_address, is_number, is_titled_list, stands_out, without_header
from guestlist.imports.reading.headers import Headers
from guestlist.imports.reading.matching import rank_for
from guestlist.imports.reading.purposes import is_promo, is_purchased_quantity, is_use_limit
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.schemas import Schema, fold
from guestlist.model.csv_lines import is_exported
from guestlist.model.email_address import resembles_email

_FORM = re.compile(r"\{\"ImportId\"|(open-ended )?response$", re.IGNORECASE)
"""Cells of the rows that form services write between header and answers."""
_LAST_HEADER_ROW = 10
_MAX_COLUMNS_COMPARED = 100
_MAX_COLUMNS_GUESSED = 500
_FEWEST_LIKELY = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Number of header rows, the 1-based row of the sheet in which they end (0 for no header), and the columns."""

    header_rows: int
    header_ends: int
    columns: Columns


def find_layout(schema: Schema, first: Sequence[Record], options: Options) -> Layout:
    """Detect the layout of a file that begins with these records, at least one.

    A requested number of header rows includes blank rows, as a spreadsheet shows them, and always covers the first
    row with content. If it is 0, the first row is data, but known words in it still map the columns.
    """
    rows = [record.cells for record in first]
    mapping = options.mapping or {}
    header_rows = options.header_rows
    if header_rows is None and is_exported(rows[0][: find_problem_columns(rows[0])]):
        # All rows below an export's header are data, even one with the code “Code”.
        header_rows = 1
    count = header_rows if header_rows is not None else _first_header(schema, first, mapping)
    ends = max(count, first[0].row) if count else 0
    above = [record.cells for record in first if record.row <= ends]
    if not above and _names_fields(schema, rows[0], mapping):
        above = rows[:1]
    headers, nested = _header(schema, above), frozenset[int]()
    if header_rows is None and (second := _second_header(schema, first, headers, ends)):
        headers, nested = _combined(headers, second.cells)
        count = ends = second.row
    elif header_rows is None and ends:
        headers, last_header_row = _repeated_header(schema, first, headers, ends)
        count, ends = (count, ends) if last_header_row == ends else (last_header_row, last_header_row)
    if header_rows is None and not mapping and is_titled_list(schema, rows):
        return Layout(
            1, first[0].row, without_header(schema, rows[1:], Columns(width=1, headers=(rows[0][0],)), sure=True)
        )
    return Layout(count, ends, _columns(schema, first, (headers, nested), ends, options))


def _columns(
    schema: Schema, first: Sequence[Record], header: tuple[list[str], frozenset[int]], ends: int, options: Options
) -> Columns:
    """The columns below this header, which ends in the row `ends`, with the questions about them."""
    headers, nested = header
    rows, mapping = [record.cells for record in first], options.mapping or {}
    width = len(headers) or _usual_width(rows)
    sample = [record.cells for record in first if record.row > ends and record.fault is None]
    columns = map_columns(schema, headers, width, mapping, sample, nested)
    if columns.issue and not mapping and not headers:
        return without_header(schema, rows, columns, sure=options.header_rows is not None)
    if columns.issue or mapping:
        return columns
    names = headers[: columns.problem_columns_at][:_MAX_COLUMNS_GUESSED]
    return add_questions(schema.kind, columns, Headers(names, sample))


def _first_header(schema: Schema, first: Sequence[Record], mapping: Mapping[str, Mapped]) -> int:
    """The row of the header, below a title if there is one; 0 without a header."""
    rows = [record.cells for record in first]
    below_title = None if _has_mapped_header(rows[0], mapping) else _row_below_title(schema, first)
    return below_title or int(_has_header(schema, rows, mapping))


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The most frequent number of cells, apart from comments above them."""
    return Counter(map(len, list(dropwhile(is_comment, rows)) or rows)).most_common(1)[0][0]


def _row_below_title(schema: Schema, first: Sequence[Record]) -> int | None:
    """The row of a header below a title, if any: it names at least two columns and all required ones."""
    for record in first:
        if record.row > _LAST_HEADER_ROW or (
            record is first[0] and _names_fields(schema, record.cells, {}) and _has_required_fields(schema, record)
        ):
            break
        if record is not first[0] and _names_fields(schema, record.cells, {}) and _has_required_fields(schema, record):
            is_sure = _known_columns(schema, record.cells) > 1 or _is_above_addresses(record, first)
            return record.row if is_sure else None
    return _row_of_likely_header(schema, first)


def _row_of_likely_header(schema: Schema, first: Sequence[Record]) -> int | None:
    """The row of a header below a title that names many columns and may name all required ones, if any."""
    top = _known_columns(schema, first[0].cells)
    for record in first[1:]:
        if top > 1 or record.row > _LAST_HEADER_ROW:
            break
        if _known_columns(schema, record.cells) >= _FEWEST_LIKELY and _may_have_required_fields(schema, record):
            return record.row if _names_fields(schema, record.cells, {}) else None
    return None


def _may_have_required_fields(schema: Schema, record: Record) -> bool:
    """Whether the row may name all required fields, if less certain words count too."""

    def may_be(field: str) -> bool:
        return any(
            schema.recognise(cell) == field or rank_for(field, schema.kind, cell) is not None for cell in record.cells
        )

    return all(any(map(may_be, alternatives)) for alternatives in schema.required_fields)


def _is_above_addresses(header: Record, first: Sequence[Record]) -> bool:
    """Whether there are addresses below a header of addresses."""
    below = [record.cells for record in first if record.row > header.row]
    indexes = [
        index for index, cell in enumerate(header.cells) if (part := person_part(cell)) and part[0] == fields.EMAIL
    ]
    return any(index < len(cells) and is_address(cells[index]) for index in indexes for cells in below)


def is_known_header(cell: str) -> bool:
    """Whether a cell is a known header of any kind of file."""
    is_known = person_part(cell) is not None or is_purchased_quantity(cell) or is_use_limit(cell) or is_promo(cell)
    return is_known or any(rank(field, cell) is not None for field in fields.COLUMN_WORDS)


def _known_columns(schema: Schema, cells: Sequence[str]) -> int:
    """Number of distinct fields and parts of names that the cells name."""
    names = {part[0] for part in map(person_part, cells) if part}
    others = {field for field in fields.COLUMN_WORDS for cell in cells if rank(field, cell) is not None}
    known = {*map(schema.recognise, cells), *names, *others} - {None}
    return min(len(known), sum(map(is_known_header, cells)))


def _has_required_fields(schema: Schema, record: Record) -> bool:
    """Whether the row names all required fields of this kind of file."""
    named = set(map(schema.recognise, record.cells))
    return all(named.intersection(alternatives) for alternatives in schema.required_fields)


def _header(schema: Schema, above: Sequence[Sequence[str]]) -> list[str]:
    """The row that names the columns, prefixed with the roles, such as “Buyer”, in the row above it."""
    best = max(reversed(range(len(above))), key=lambda at: schema.count_known(above[at]), default=None)
    if best is None:
        return []
    headers, groups = list(above[best]), above[best - 1] if best else []
    role = ""
    for index, cell in enumerate(headers):
        group = groups[index].strip() if index < len(groups) else ""
        role = group or role
        if role and role_of_group_header(role) and person_part(cell):
            headers[index] = f"{role} {cell}"
    return headers


def _second_header(schema: Schema, first: Sequence[Record], headers: Sequence[str], ends: int) -> Record | None:
    """The row below the header if it names more columns instead of containing data, else None."""
    record = next((record for record in first if record.row > ends), None)
    if record is None or not ends or record.row != ends + 1 or record.row > _LAST_HEADER_ROW:
        return None
    indexes = [index for index, cell in enumerate(record.cells) if schema.recognise(cell) or person_part(cell)]
    blank_above = any(not _is_named(headers, index) for index in indexes)
    return record if len(indexes) > 1 and blank_above and _names_fields(schema, record.cells, {}) else None


def _repeated_header(schema: Schema, first: Sequence[Record], headers: list[str], ends: int) -> tuple[list[str], int]:
    """The header with the most known columns, of those that exports of forms repeat, and the last header row."""
    for record in first:
        if record.row <= ends or record.row > _LAST_HEADER_ROW:
            continue
        if record.row != ends + 1:
            break
        known_columns = _known_headers(schema, record.cells)
        if known_columns > 1 and _names_fields(schema, record.cells, {}):
            headers, ends = (
                (list(record.cells) if known_columns > _known_headers(schema, headers) else headers),
                record.row,
            )
        elif all(_FORM.match(cell) for cell in record.cells if cell.strip()):
            ends = record.row
        else:
            break
    return headers, ends


def _known_headers(schema: Schema, cells: Sequence[str]) -> int:
    """Number of different headers of fields and parts of names."""
    return len({fold(cell) for cell in cells if person_part(cell) or schema.recognise(cell)})


def _is_named(headers: Sequence[str], index: int) -> bool:
    return index < len(headers) and any(map(str.isalnum, headers[index]))


def _combined(upper: Sequence[str], lower: Sequence[str]) -> tuple[list[str], frozenset[int]]:
    """Merge two header rows: unnamed columns take the name of the lower row, and their indexes are returned."""
    width = max(len(upper), len(lower))
    names, nested = list(upper) + [""] * (width - len(upper)), set()
    for index, cell in enumerate(lower):
        if any(map(str.isalnum, cell)) and not _is_named(names, index):
            names[index] = cell
            nested.add(index)
    return names, frozenset(nested)


def _has_header(schema: Schema, rows: Sequence[Sequence[str]], mapping: Mapping[str, Mapped]) -> bool:
    """Whether the first row is a header: by known words, or because its cells differ in type from those below.

    If columns were mapped by position, only the types of the quantity and e-mail columns count, as a
    first row that is wrongly taken for a header is not imported.
    """
    first = rows[0][:_MAX_COLUMNS_COMPARED]
    if _names_fields(schema, rows[0], mapping):
        return True
    if mapping:
        places = {fold(key): column for key, column in mapping.items()}
        typed = ((places.get(fold(fields.QUANTITY)), is_number), (places.get(fold(fields.EMAIL)), resembles_email))
        return any(isinstance(index, int) and stands_out(rows, index, is_like) for index, is_like in typed)
    if any(map(schema.nearest, first)):
        return not any(map(schema.nearest, rows[1][:_MAX_COLUMNS_COMPARED])) if rows[1:] else True
    if any(resembles_email(cell.strip()) for cell in first):
        return False
    return any(stands_out(rows, index, is_like) for index in range(len(first)) for is_like in (is_number, is_address))


def _names_fields(schema: Schema, row: Sequence[str], mapping: Mapping[str, Mapped]) -> bool:
    if find_problem_columns(row) is not None or _has_mapped_header(row, mapping):
        return True
    cells = [cell.strip() for cell in row if cell.strip() and not is_companions(cell)]
    count = schema.count_known(cells)
    is_mostly_unknown = 2 * count < len(cells) and _known_columns(schema, cells) < 2
    has_data = any(map(resembles_email, cells)) or (is_mostly_unknown and any(map(is_number, cells)))
    return count > 0 and not has_data


def _has_mapped_header(row: Sequence[str], mapping: Mapping[str, Mapped]) -> bool:
    """Whether the row has a header that the mapping names."""
    columns_of_fields = (
        part for column in mapping.values() for part in (column if isinstance(column, tuple | list) else [column])
    )
    texts = {fold(column) for column in columns_of_fields if isinstance(column, str)}
    return bool(texts & {fold(cell) for cell in row if cell})
