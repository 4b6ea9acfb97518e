"""Where the header of a file ends, and what its columns are."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from guestlist.imports.file_options import Mapped
from guestlist.imports.model import Kind, Options, Reason
from guestlist.imports.reading import words
from guestlist.imports.reading.columns import Columns, Doubt, map_columns, report_at
from guestlist.imports.reading.headers import Headers
from guestlist.imports.reading.problems import shortened
from guestlist.imports.reading.purposes import is_bought, is_limit, is_promo
from guestlist.imports.reading.questions import ask
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.schemas import Schema, fold
from guestlist.imports.reading.vocabulary import person_part, rank, says_role
from guestlist.messages.message import Message
from guestlist.model.csv_lines import is_exported
from guestlist.model.email_address import clean_email, resembles_email

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_FORM = re.compile(r"\{\"ImportId\"|(open-ended )?response$", re.IGNORECASE)
"""What forms write between their headers and the answers."""
_FAR_DOWN = 10
_MOST_TRIED = 100
_FEWEST_TITLED, _WORDS_OF_A_TITLE = 3, 3
_MOST_READ = 500


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
    mapping = options.mapping or {}
    header_rows = options.header_rows
    if header_rows is None and is_exported(rows[0][: report_at(rows[0])]):
        # Whatever stands below it is data, be it a code that is called “Code”.
        header_rows = 1
    below = None if header_rows is not None or _has_mapped_header(rows[0], mapping) else _below_a_title(schema, first)
    count = header_rows if header_rows is not None else below or int(_is_header(schema, rows, mapping))
    ends = max(count, first[0].row) if count else 0
    above = [record.cells for record in first if record.row <= ends]
    if not above and _names(schema, rows[0], mapping):
        above = rows[:1]
    named_by, nested = _header(schema, above)
    if header_rows is None and (second := _second_header(schema, first, named_by, ends)):
        (named_by, nested), ends = _combined(named_by, second.cells), second.row
        count = ends
    elif header_rows is None and ends:
        named_by, whole = _said_again(schema, first, named_by, ends)
        count, ends = (count, ends) if whole == ends else (whole, whole)
    if header_rows is None and not mapping and _is_titled_list(schema, rows):
        return Layout(
            1, first[0].row, _without_header(schema, rows[1:], Columns(width=1, headers=(rows[0][0],)), sure=True)
        )
    width = len(named_by) or Counter(map(len, rows)).most_common(1)[0][0]
    sample = [record.cells for record in first if record.row > ends and record.fault is None]
    columns = map_columns(schema, named_by, width, mapping, sample, nested)
    if columns.doubt and not mapping and not named_by:
        columns = _without_header(schema, rows, columns, sure=header_rows is not None)
    elif not (columns.doubt or mapping):
        columns = ask(schema.kind, columns, Headers(named_by[: columns.report_at][:_MOST_READ], sample))
    return Layout(count, ends, columns)


def _below_a_title(schema: Schema, first: Sequence[Record]) -> int | None:
    """The row of a header below lines that are none: the first row that names all that is needed, and more than one."""
    for record in first:
        if record.row > _FAR_DOWN or (
            record is first[0] and _names(schema, record.cells, {}) and _meets(schema, record)
        ):
            break
        if record is not first[0] and _names(schema, record.cells, {}) and _meets(schema, record):
            return record.row if _known_columns(schema, record.cells) > 1 else None
    return None


def is_header(cell: str) -> bool:
    """Whether a cell is a header of any kind of file."""
    known = person_part(cell) is not None or is_bought(cell) or is_limit(cell) or is_promo(cell)
    return known or any(rank(field, cell) is not None for field in words.COLUMN_WORDS)


def _known_columns(schema: Schema, cells: Sequence[str]) -> int:
    """How many different columns are named: fields of that kind, and names of people."""
    names = {part[0] for part in map(person_part, cells) if part}
    others = {field for field in words.COLUMN_WORDS for cell in cells if rank(field, cell) is not None}
    return len({*map(schema.recognise, cells), *names, *others} - {None})


def _meets(schema: Schema, record: Record) -> bool:
    """Whether the row names all that a file of this kind must have."""
    fields = set(map(schema.recognise, record.cells))
    return all(fields.intersection(need) for need in schema.needs)


def _header(schema: Schema, above: Sequence[Sequence[str]]) -> tuple[list[str], frozenset[int]]:
    """The row that names the columns, with the words for whose they are that stand in the row above it."""
    best = max(reversed(range(len(above))), key=lambda at: schema.known(above[at]), default=None)
    if best is None:
        return [], frozenset()
    named_by, groups = list(above[best]), above[best - 1] if best else []
    whose = ""
    for index, cell in enumerate(named_by):
        group = groups[index].strip() if index < len(groups) else ""
        whose = group or whose
        if whose and says_role(whose) and person_part(cell):
            named_by[index] = f"{whose} {cell}"
    return named_by, frozenset()


def _second_header(schema: Schema, first: Sequence[Record], named_by: Sequence[str], ends: int) -> Record | None:
    """The row below the header, if it names further columns instead of holding data."""
    record = next((record for record in first if record.row > ends), None)
    if record is None or not ends or record.row != ends + 1 or record.row > _FAR_DOWN:
        return None
    indexes = [index for index, cell in enumerate(record.cells) if schema.recognise(cell) or person_part(cell)]
    blank_above = any(not _is_named(named_by, index) for index in indexes)
    return record if len(indexes) > 1 and blank_above and _names(schema, record.cells, {}) else None


def _said_again(schema: Schema, first: Sequence[Record], named_by: list[str], ends: int) -> tuple[list[str], int]:
    """The header that a form writes in full below its technical one, and the row in which all of that ends."""
    for record in first:
        if record.row <= ends or record.row > _FAR_DOWN:
            continue
        if record.row != ends + 1:
            break
        again = _columns_known(schema, record.cells)
        if again > 1 and _names(schema, record.cells, {}):
            named_by, ends = (list(record.cells) if again > _columns_known(schema, named_by) else named_by), record.row
        elif all(_FORM.match(cell) for cell in record.cells if cell.strip()):
            ends = record.row
        else:
            break
    return named_by, ends


def _columns_known(schema: Schema, cells: Sequence[str]) -> int:
    return sum(bool(person_part(cell) or schema.recognise(cell)) for cell in cells)


def _is_named(named_by: Sequence[str], index: int) -> bool:
    return index < len(named_by) and any(map(str.isalnum, named_by[index]))


def _combined(upper: Sequence[str], lower: Sequence[str]) -> tuple[list[str], frozenset[int]]:
    """Each column by the lower row where that says anything, and which columns only the lower row names."""
    width = max(len(upper), len(lower))
    names, nested = list(upper) + [""] * (width - len(upper)), set()
    for index, cell in enumerate(lower):
        if any(map(str.isalnum, cell)) and not _is_named(names, index):
            names[index] = cell
            nested.add(index)
    return names, frozenset(nested)


def _is_header(schema: Schema, rows: Sequence[Sequence[str]], mapping: Mapping[str, Mapped]) -> bool:
    """Whether the first row names columns: by known words, or by not being what stands below it.

    Where the columns were told by their places, only the quantities and addresses count: a first row
    taken for a header is not imported.
    """
    first = rows[0][:_MOST_TRIED]
    if _names(schema, rows[0], mapping):
        return True
    if mapping:
        places = {fold(key): column for key, column in mapping.items()}
        typed = ((places.get(fold(words.QUANTITY)), _is_number), (places.get(fold(words.EMAIL)), resembles_email))
        return any(isinstance(index, int) and _stands_out(rows, index, is_like) for index, is_like in typed)
    if any(map(schema.nearest, first)):
        return not any(map(schema.nearest, rows[1][:_MOST_TRIED])) if rows[1:] else True
    if any(resembles_email(cell.strip()) for cell in first):
        return False
    return any(
        _stands_out(rows, index, is_like) for index in range(len(first)) for is_like in (_is_number, _is_address)
    )


def _names(schema: Schema, row: Sequence[str], mapping: Mapping[str, Mapped]) -> bool:
    if report_at(row) is not None or _has_mapped_header(row, mapping):
        return True
    cells = [cell.strip() for cell in row if cell.strip()]
    count = schema.known(cells)
    is_mostly_unknown = 2 * count < len(cells) and _known_columns(schema, cells) < 2
    has_data = any(map(resembles_email, cells)) or (is_mostly_unknown and any(map(_is_number, cells)))
    return count > 0 and not has_data


def _has_mapped_header(row: Sequence[str], mapping: Mapping[str, Mapped]) -> bool:
    """Whether the row has a header that the columns were mapped by."""
    columns_of_fields = (
        part for column in mapping.values() for part in (column if isinstance(column, tuple | list) else [column])
    )
    texts = {fold(column) for column in columns_of_fields if isinstance(column, str)}
    return bool(texts & {fold(cell) for cell in row if cell})


def _is_address(text: str) -> bool:
    return resembles_email(clean_email(text))


def _is_titled_list(schema: Schema, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a title of several words stands above a list in one column of which each row is one word."""
    if schema.kind is not Kind.TARGET_GROUP or len(rows) < _FEWEST_TITLED or any(len(row) > 1 for row in rows):
        return False
    title, *others = (row[0].strip() for row in rows)
    return len(title.split()) >= _WORDS_OF_A_TITLE and "@" not in title and not any(" " in other for other in others)


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _stands_out(rows: Sequence[Sequence[str]], index: int, is_like: Callable[[str], bool], least: int = 1) -> bool:
    """Whether all cells of a column but the first are alike, at least so many."""
    top, *below = (row[index].strip() if index < len(row) else "" for row in rows)
    filled = [cell for cell in below if cell]
    return bool(top) and not is_like(top) and len(filled) >= least and all(map(is_like, filled))


def _without_header(schema: Schema, rows: Sequence[Sequence[str]], columns: Columns, *, sure: bool) -> Columns:
    """A list of codes or of addresses, one a line, needs no header; any other file does."""
    if schema.kind is not Kind.TARGET_GROUP or columns.width > 1:
        return columns
    if not sure and _stands_out(rows, 0, _has_digit, least=2):
        message = Message("header_or_code", {"cell": shortened(rows[0][0])})
        return replace(columns, doubt=Doubt(Reason.NO_KNOWN_COLUMN, (message,)))
    emails = sum(_is_address(row[0]) for row in rows)
    field = words.EMAIL if 2 * emails > len(rows) else words.CODE
    return replace(columns, mapping={field: 0}, doubt=None)
