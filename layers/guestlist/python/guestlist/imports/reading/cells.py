"""The cells of a row that are read, as they were meant, or what is wrong with one of them.

What a spreadsheet put around a cell is taken off. Nothing else is changed: spaces stay where they are.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import itemgetter

from guestlist.imports.model import Options
from guestlist.imports.reading import words
from guestlist.imports.reading.excel import is_error, is_rounded
from guestlist.imports.reading.notices import Notice, Notices
from guestlist.imports.reading.problems import (
    ControlCharacter,
    ExcelScientific,
    NothingToFindItBy,
    Problem,
    TooLong,
)
from guestlist.imports.reading.sheet import Record, Sheet
from guestlist.model import normal_form
from guestlist.model.csv_lines import is_scientific
from guestlist.model.email_address import clean_email, is_email, normal_email
from guestlist.tickets.model import scanned

Cells = tuple[str, ...]
"""One cell for each field of the schema and each part of a name, in its order; empty where no column is that field."""

MOST_LETTERS = 200
_MOST: Mapping[str, int] = {words.EMAIL: 254, words.ORDER: 200, words.SALE_ITEM: 200, words.CUSTOMER_GROUPS: 20_000}
_LEAST = min(MOST_LETTERS, *_MOST.values())
_CODES = (words.CODE, words.TICKET_CODE)
_AS_WRITTEN = (*_CODES, words.CATEGORY, words.SEAT)
_BETWEEN_ADDRESSES = re.compile(
    r"(?:[\s;,|:/]|(?<=\s)(?:[&+]|en|and|und|og|och|ja|et|e|y|of|or|oder|eller|ou|o)(?=\s))+", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_cells(
    sheet: Sheet, options: Options, notices: Notices, spoil: Callable[[Cells], None] = lambda _cells: None
) -> Iterator[tuple[int, Cells] | Problem]:
    """Each row's line and cells, or the first thing that is wrong with it.

    `spoil` is told the cells of a row with something wrong, as far as they could be made out, before its problem comes.
    """
    reader = CellReader(sheet, options, notices)
    for record in sheet.records():
        row = reader.read(record)
        if isinstance(row, Problem):
            spoil(reader.made_out(record))
        yield row


def full_name(name: str, *parts: str) -> str:
    """The name as one column says it, or else first name, infix and last name joined."""
    return normal(name) or " ".join(filter(None, map(normal, parts)))


def first_address(cell: str) -> str | None:
    """The first of several addresses in one cell; None where it holds anything else."""
    parts = [part for part in _BETWEEN_ADDRESSES.split(cell.strip()) if part]
    clean = list(map(clean_email, parts))
    return clean[0] if len(clean) > 1 and all(map(is_email, clean)) else None


def address(cell: str, line: int, notices: Notices) -> str:
    """The address in a cell in its normal form; of several the first, which is noticed."""
    email = one_address(cell, line, notices)
    if email and not is_email(email) and (first := first_address(email)):
        notices.add(Notice.SEVERAL_ADDRESSES, line)
        return first
    return email


def one_address(cell: str, line: int, notices: Notices) -> str:
    """The address in a cell in its normal form; what a mail program left around it is taken off and noticed."""
    email = normal_email(cell)
    if not email or is_email(email):
        return email
    if "@" not in email or not is_email(clean := clean_email(email)):
        return normal(cell)
    notices.add(Notice.AROUND_ADDRESS, line)
    return clean


def normal(text: str) -> str:
    """A name without spaces around it, in its normal form."""
    return normal_form.normal(text).strip()


def composed(cell: str) -> str:
    """A code, category or seat in its normal form; a blank one is none."""
    text = cell if cell.isascii() else normal_form.normal(cell)
    return text if text.strip() else ""


def _length(field: str, cell: str) -> int:
    """How many letters of the cell are kept; the spaces around most fields are not."""
    return len(cell) if field in _AS_WRITTEN else len(cell.strip())


def one_line_cell(cell: str) -> str:
    """A cell that decides nothing, as it is shown: in one line, and not longer than others may be."""
    return normal(_CONTROL.sub(" ", cell))[:MOST_LETTERS]


class CellReader:
    """Reads the cells of the rows of one sheet."""

    def __init__(self, sheet: Sheet, options: Options, notices: Notices) -> None:
        self._sheet = sheet
        self._label = cache(sheet.label)
        self._notices = notices
        self._raw = options.raw
        self._exported = sheet.layout.columns.exported
        self._fields = sheet.schema.read
        self._all = sheet.mapping.keys() >= set(self._fields)
        self._pick = itemgetter(*(sheet.mapping.get(field, -1) for field in self._fields))
        self._barcodes = sheet.schema.fields[0] == words.TICKET_CODE
        self._has_code = sheet.schema.fields[0] in _CODES

    def read(self, record: Record) -> tuple[int, Cells] | Problem:
        """The row's line and cells, or the first thing that is wrong with it."""
        line, _, row, fault = record
        if fault:
            return fault
        values: Cells = self._pick(row if self._all else [*row, ""])
        if self._barcodes and values[0].endswith(("\r", "\n", "\t")):
            values = (scanned(values[0]), *values[1:])
        text = "".join(values)
        wrapped = "'" in text or '="' in text or "#" in text or (self._exported and " " in text)
        cells = self._unwrapped(values) if wrapped else values
        if cells is not values or len(text) > _LEAST or not text.isprintable():
            fault = self._fault(line, cells)
        if fault:
            return fault
        if not self._has_code:
            return line, cells
        code = cells[0]
        if code.isalnum() and code.isascii() and not code.isdecimal():
            self._notices.add_code(0, line)
            return line, cells
        return self._code_fault(line, values[0], code) or (line, cells)

    def made_out(self, record: Record) -> Cells:
        """The row's cells as far as they are there, whatever is wrong with it."""
        missing = self._sheet.layout.columns.width - len(record.cells)
        return self._unwrapped(self._pick([*record.cells, *[""] * missing, ""]))

    def _unwrapped(self, cells: Cells) -> Cells:
        return cells if self._raw else tuple(map(self._sheet.bare_cell, cells))

    def _fault(self, line: int, cells: Cells) -> Problem | None:
        for field, cell in zip(self._fields, cells, strict=True):
            if (len(cell) <= _LEAST and cell.isprintable()) or field in self._sheet.schema.kept:
                continue
            if len(cell) > _LEAST and _length(field, cell) > (most := _MOST.get(field, MOST_LETTERS)):
                return TooLong(line, self._label(field), cell, most)
            if not cell.isprintable() and (_CONTROL if field in _CODES else _CONTROL_IN_TEXT).search(cell):
                return ControlCharacter(line, self._label(field), cell)
        return None

    def _code_fault(self, line: int, cell: str, code: str) -> Problem | None:
        """What is wrong with a code; what could be is noticed."""
        if cell and not code and is_error(cell):
            return NothingToFindItBy(line, self._label(self._sheet.schema.fields[0]), cell)
        if not self._barcodes and not code.isascii():
            if normal_form.has_unseen(code):
                self._notices.add(Notice.UNSEEN, line)
            cell, code = normal_form.normal(cell), normal_form.normal(code)
        if code.isdecimal():
            self._notices.add_code(len(code), line)
            if is_rounded(code):
                self._notices.add(Notice.ROUNDED, line)
            return None
        if not code.isalnum():
            if code and cell == code and is_scientific(code):
                return ExcelScientific(line, self._label(self._sheet.schema.fields[0]), code)
            if not code.isprintable():
                self._notices.add(Notice.INVISIBLE, line)
        self._notices.add_code(0, line)
        return None
