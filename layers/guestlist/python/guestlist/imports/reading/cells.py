"""The cells of a row that are read, as they were meant, or what is wrong with one of them.

What a spreadsheet put around a cell is taken off. Nothing else is changed: spaces stay where they are.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from guestlist.imports.reading import words
from guestlist.imports.reading.excel import is_rounded, is_scientific, unwrapped
from guestlist.imports.reading.notices import Notice, Notices
from guestlist.imports.reading.problems import ControlCharacter, ExcelScientific, Problem, TooLong
from guestlist.imports.reading.sheet import Sheet
from guestlist.imports.record import Options

Cells = tuple[str, ...]
"""One cell for each field of the schema, in its order; empty where no column is that field."""

MOST_LETTERS = 200
_MOST: Mapping[str, int] = {words.EMAIL: 254, words.ORDER: 128, words.SALE_ITEM: 128, words.CUSTOMER_GROUPS: 20_000}
_LEAST = min(MOST_LETTERS, *_MOST.values())
_MOST_QUANTITY = 1_000_000_000
_MOST_DIGITS = 10
_CODES = (words.CODE, words.TICKET_CODE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_cells(sheet: Sheet, options: Options, notices: Notices) -> Iterator[tuple[int, Cells] | Problem]:
    """Each row's line and cells, or the first thing that is wrong with it."""
    reader = _Reader(sheet, notices, raw=options.raw)
    pick = itemgetter(*(sheet.mapping.get(meant, -1) for meant in sheet.schema.fields))
    for record in sheet.records():
        if record.fault:
            yield record.fault
        else:
            yield reader.read(record.line, pick([*record.cells, ""]))


def whole(quantity: str) -> int | None:
    """A quantity as a number from 1 to 1,000,000,000; None when it is anything else."""
    digits = quantity.strip().lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_DIGITS:
        return None
    number = int(digits)
    return number if number <= _MOST_QUANTITY else None


def normal(text: str) -> str:
    """A name or an address without spaces around it, its accents composed as keyboards do."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the cells of one sheet."""

    sheet: Sheet
    notices: Notices
    raw: bool

    def read(self, line: int, found: Cells) -> tuple[int, Cells] | Problem:
        text = "".join(found)
        plain = len(text) <= _LEAST and text.isprintable() and "'" not in text and '="' not in text
        cells = found if plain else tuple(unwrapped(cell, raw=self.raw) for cell in found)
        problem = None if plain else self._fault(line, cells)
        if problem is None and self.sheet.schema.fields[0] in _CODES:
            problem = self._code_fault(line, found[0], cells[0])
        return problem or (line, cells)

    def _fault(self, line: int, cells: Cells) -> Problem | None:
        for meant, cell in zip(self.sheet.schema.fields, cells, strict=True):
            most = _MOST.get(meant, MOST_LETTERS)
            if len(cell) > most:
                return TooLong(line, self.sheet.label(meant), cell, most)
            if (_CONTROL if meant in _CODES else _CONTROL_IN_TEXT).search(cell):
                return ControlCharacter(line, self.sheet.label(meant), cell)
        return None

    def _code_fault(self, line: int, found: str, code: str) -> Problem | None:
        """What is wrong with a code; what could be is noticed."""
        if found == code and is_scientific(code):
            return ExcelScientific(line, self.sheet.label(self.sheet.schema.fields[0]), code)
        digits = len(code) if code.isdecimal() else 0
        self.notices.add_code(digits, line)
        if digits and is_rounded(code):
            self.notices.add(Notice.ROUNDED, line)
        elif not code.isprintable():
            self.notices.add(Notice.INVISIBLE, line)
        return None
