"""Cells of the columns that are read, unescaped and validated.

Only what a spreadsheet put around a cell is removed; surrounding spaces stay.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter

from guestlist.imports.model import Options
from guestlist.imports.reading import fields
from guestlist.imports.reading.companions import without_companions
from guestlist.imports.reading.excel import is_error, is_rounded
from guestlist.imports.reading.problems import (
    ControlCharacter,
    ExcelScientific,
    NoIdentifier,
    Problem,
    TooLong,
)
from guestlist.imports.reading.row_notes import RowNote, RowNotes
from guestlist.imports.reading.sheet import Record, Sheet
from guestlist.imports.reading.text_repair import decoded_once, may_need_repair, without_entities
from guestlist.model import normal_form
from guestlist.model.csv_lines import is_scientific
from guestlist.model.email_address import clean_email, is_email, normal_email
from guestlist.tickets.model import clean_scan

Cells = tuple[str, ...]
"""One cell per field and name part, in the order of `Schema.read`; empty for a field without a column."""

MAX_CELL_LENGTH = 200
_LIMITS: Mapping[str, int] = {
    fields.EMAIL: 254,
    fields.ORDER: 200,
    fields.SALE_ITEM: 200,
    fields.CUSTOMER_GROUPS: 20_000,
}
_SHORTEST_LIMIT = min(MAX_CELL_LENGTH, *_LIMITS.values())
_LABELS = (fields.SALE_ITEM, fields.TICKET_TYPE)
_UNSTRIPPED = (*fields.CODES, fields.CATEGORY, fields.SEAT)
_ADDRESS_SEPARATOR = re.compile(
    r"(?:[\s;,|:/]|(?<=\s)(?:[&+]|en|and|und|og|och|ja|et|e|y|of|or|oder|eller|ou|o)(?=\s))+", re.IGNORECASE
)
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_cells(
    sheet: Sheet, options: Options, row_notes: RowNotes, on_problem: Callable[[Cells], None] = lambda _cells: None
) -> Iterator[tuple[int, Cells] | Problem]:
    """Yield each row's line and cells, or its first problem.

    Before a problem is yielded, `on_problem` is called with the cells of its row, as far as they can be read.
    """
    reader = CellReader(sheet, options, row_notes)
    for record in sheet.records():
        row = reader.read(record)
        if isinstance(row, Problem):
            on_problem(reader.readable_cells(record))
        yield row


def full_name(name: str, *parts: str) -> str:
    """The name of the single column, or else first name, infix and last name joined by spaces."""
    return normal_stripped(name) or " ".join(filter(None, map(normal_stripped, parts)))


def first_address(cell: str) -> str | None:
    """The first of several addresses in one cell; None if it holds one address or any other text."""
    parts = [part for part in _ADDRESS_SEPARATOR.split(cell.strip()) if part]
    clean = list(map(clean_email, parts))
    return clean[0] if len(clean) > 1 and all(map(is_email, clean)) else None


def parse_address(cell: str, line: int, row_notes: RowNotes) -> str:
    """The normal form of the address in a cell; of several addresses the first, with a note."""
    email = parse_single_address(cell, line, row_notes)
    if email and not is_email(email) and (first := first_address(email)):
        row_notes.add(RowNote.SEVERAL_ADDRESSES, line)
        return first
    return email


def parse_single_address(cell: str, line: int, row_notes: RowNotes) -> str:
    """The normal form of the address in a cell; text that a mail program added around it is removed, with a note."""
    email = normal_email(cell)
    if not email or is_email(email):
        return email
    if "@" not in email or not is_email(clean := clean_email(email)):
        return normal_stripped(cell)
    row_notes.add(RowNote.AROUND_ADDRESS, line)
    return clean


def normal_stripped(text: str) -> str:
    """Normalise a text and strip the spaces around it."""
    return normal_form.normal(text).strip()


def normal_unstripped(cell: str) -> str:
    """Normalise a code, category or seat without stripping it; a blank one becomes empty."""
    text = cell if cell.isascii() else normal_form.normal(cell)
    return text if text.strip() else ""


def _length(field: str, cell: str) -> int:
    """Number of characters that are stored; spaces around most fields are not."""
    return len(cell) if field in _UNSTRIPPED else len(cell.strip())


def one_line_cell(cell: str) -> str:
    """A cell that is only displayed: on one line and cut to `MAX_CELL_LENGTH` characters."""
    return normal_stripped(normal_form.CONTROL_CHARACTERS.sub(" ", cell))[:MAX_CELL_LENGTH]


class CellReader:
    """Reader of the cells of one sheet's rows."""

    def __init__(self, sheet: Sheet, options: Options, row_notes: RowNotes) -> None:
        self._sheet = sheet
        self._label = cache(sheet.label)
        self._row_notes = row_notes
        self._raw = options.raw
        self._exported = sheet.layout.columns.is_export
        self._fields = sheet.schema.read
        self._has_all_fields = sheet.mapping.keys() >= set(self._fields)
        self._pick = itemgetter(*(sheet.mapping.get(field, -1) for field in self._fields))
        self._barcodes = sheet.schema.fields[0] == fields.TICKET_CODE
        self._has_code = sheet.schema.fields[0] in fields.CODES
        self._email = sheet.schema.fields.index(fields.EMAIL)
        self._other_addresses = sheet.layout.columns.other_addresses
        verbatim = options.raw or sheet.layout.columns.is_export
        self._names = {at for at, field in enumerate(self._fields) if field in (fields.NAME, *fields.NAME_PARTS)}
        labels = {at for at, field in enumerate(self._fields) if field in _LABELS}
        self._texts = [] if verbatim else sorted(self._names | labels)

    def read(self, record: Record) -> tuple[int, Cells] | Problem:
        """The row's line and cells, or its first problem."""
        line, _, row, fault = record
        if fault:
            return fault
        values: Cells = self._pick(row if self._has_all_fields else [*row, ""])
        if self._barcodes and values[0].endswith(("\r", "\n", "\t")):
            values = (clean_scan(values[0]), *values[1:])
        if self._other_addresses and not values[self._email].strip():
            values = self._with_other_address(values, row)
        text = "".join(values)
        may_be_escaped = "'" in text or '="' in text or "#" in text or (self._exported and " " in text)
        cells = self._unescaped(values) if may_be_escaped else values
        if self._texts and may_need_repair(text):
            cells = self._repaired(line, cells)
        if cells is not values or len(text) > _SHORTEST_LIMIT or not text.isprintable():
            fault = self._fault(line, cells)
        if fault:
            return fault
        if not self._has_code:
            return line, cells
        code = cells[0]
        if code.isalnum() and code.isascii() and not code.isdecimal():
            self._row_notes.add_code(0, line)
            return line, cells
        return self._code_fault(line, values[0], code) or (line, cells)

    def _with_other_address(self, values: Cells, row: Sequence[str]) -> Cells:
        """The cells with the first of the person's other addresses, if there is one."""
        address = next((row[index] for index in self._other_addresses if row[index].strip()), "")
        return (*values[: self._email], address, *values[self._email + 1 :])

    def _repaired(self, line: int, cells: Cells) -> Cells:
        """The cells with names and labels as they are meant, with a note on each change."""
        repaired: dict[int, str] = {}
        for at in self._texts:
            cell = cells[at]
            text = without_entities(decoded_once(cell)) if "&" in cell or not cell.isascii() else cell
            name = without_companions(text) if at in self._names else text
            if name == cell:
                continue
            repaired[at] = name
            if name != text:
                self._row_notes.add(RowNote.COMPANIONS, line)
            if decoded_once(cell) != cell:
                self._row_notes.add(RowNote.ENCODED_TWICE, line)
        return tuple(repaired.get(at, cell) for at, cell in enumerate(cells)) if repaired else cells

    def readable_cells(self, record: Record) -> Cells:
        """The cells of a row that may be faulty; missing cells are empty."""
        missing = self._sheet.layout.columns.width - len(record.cells)
        return self._unescaped(self._pick([*record.cells, *[""] * missing, ""]))

    def _unescaped(self, cells: Cells) -> Cells:
        return cells if self._raw else tuple(map(self._sheet.unescaped_cell, cells))

    def _fault(self, line: int, cells: Cells) -> Problem | None:
        for field, cell in zip(self._fields, cells, strict=True):
            if (len(cell) <= _SHORTEST_LIMIT and cell.isprintable()) or field in self._sheet.schema.unvalidated:
                continue
            if len(cell) > _SHORTEST_LIMIT and _length(field, cell) > (most := _LIMITS.get(field, MAX_CELL_LENGTH)):
                return TooLong(line, self._label(field), cell, most)
            if not cell.isprintable() and (
                normal_form.CONTROL_CHARACTERS if field in fields.CODES else _CONTROL_IN_TEXT
            ).search(cell):
                return ControlCharacter(line, self._label(field), cell)
        return None

    def _code_fault(self, line: int, cell: str, code: str) -> Problem | None:
        """The problem of a code, if any; add a note where the code only looks suspicious."""
        if cell and not code and is_error(cell):
            return NoIdentifier(line, self._label(self._sheet.schema.fields[0]), cell)
        if not self._barcodes and not code.isascii():
            if normal_form.has_unseen(code):
                self._row_notes.add(RowNote.UNSEEN, line)
            cell, code = normal_form.normal(cell), normal_form.normal(code)
        if code.isdecimal():
            self._row_notes.add_code(len(code), line)
            if is_rounded(code):
                self._row_notes.add(RowNote.ROUNDED, line)
            return None
        if not code.isalnum():
            if code and cell == code and is_scientific(code):
                return ExcelScientific(line, self._label(self._sheet.schema.fields[0]), code)
            if not code.isprintable():
                self._row_notes.add(RowNote.INVISIBLE, line)
        self._row_notes.add_code(0, line)
        return None
