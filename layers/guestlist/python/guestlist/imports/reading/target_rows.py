"""Reading of the rows of a target-group file as entries."""

from functools import cache

from guestlist.imports.model import Options
from guestlist.imports.reading import fields
from guestlist.imports.reading.cells import CellReader, normal_stripped, normal_unstripped, parse_single_address
from guestlist.imports.reading.header_recognition import slug
from guestlist.imports.reading.problems import BadEmail, BadQuantity, NoCodeOrEmail, Problem
from guestlist.imports.reading.purposes import NO_LIMIT, UNLIMITED
from guestlist.imports.reading.quantities import MAX_QUANTITY, parse_quantity, total_uses
from guestlist.imports.reading.row_notes import RowNote, RowNotes
from guestlist.imports.reading.sheet import Record, Sheet
from guestlist.lists.entry import Entry
from guestlist.model.email_address import is_email, is_plain

_NO_LIMIT = "unlimited"
_SMALL = {str(number): number for number in range(1, 100)}


class EntryReader:
    """Reads the rows of one sheet one by one; the definition of valid rows and of the problems of others.

    Codes, categories and seats are unchanged but for Unicode composition, addresses are in their normal form. An empty
    quantity counts 1, and an empty limit means unlimited. Whether a row repeats an earlier one is checked elsewhere.
    """

    def __init__(self, sheet: Sheet, options: Options, row_notes: RowNotes) -> None:
        self._label = cache(sheet.label)
        self._has_codes = fields.CODE in sheet.mapping
        self._cells = CellReader(sheet, options, row_notes)
        self._row_notes = row_notes
        self._has_quantities = fields.QUANTITY in sheet.mapping
        self._is_limit = sheet.layout.columns.quantity_is_limit
        self._counts_uses = sheet.layout.columns.counts_uses
        self._count_people = sheet.layout.columns.count_people

    def read(self, record: Record) -> tuple[int, Entry] | Problem:
        """The row's line and entry, or its problem."""
        row = self._cells.read(record)
        if isinstance(row, Problem):
            return row
        line, (code, email, category, seat, quantity) = row
        if self._counts_uses and (total := total_uses(quantity)):
            quantity = total if slug(total) else _NO_LIMIT
        is_usual = not email or is_plain(email)
        if not is_usual:
            email = parse_single_address(email, line, self._row_notes) if "@" in email else normal_stripped(email)
        number: int | None
        if self._count_people:
            number = self._count_people(quantity)
        elif quantity in _SMALL:
            number = _SMALL[quantity]
        else:
            number = parse_quantity(quantity) if quantity and not self._is_empty(quantity) else self._blank(line)
        if not is_usual and email and ("@" not in email or not is_email(email)):
            return BadEmail(line, self._label(fields.EMAIL), email)
        code = normal_unstripped(code)
        if not email and not code:
            column = fields.CODE if self._has_codes else fields.EMAIL
            return NoCodeOrEmail(line, self._label(column), "")
        if number is None and slug(quantity) in NO_LIMIT:
            number = MAX_QUANTITY
        if number is None:
            return BadQuantity(line, self._label(fields.QUANTITY), quantity)
        return line, Entry(code, email, normal_unstripped(category), normal_unstripped(seat), number)

    def _is_empty(self, quantity: str) -> bool:
        return not quantity.strip() or (self._is_limit and slug(quantity) in UNLIMITED)

    def _blank(self, line: int) -> int:
        """The quantity of a row without one; if the file has a column for it, that is noted."""
        if self._has_quantities:
            self._row_notes.add(RowNote.QUANTITY_UNLIMITED if self._is_limit else RowNote.QUANTITY_BLANK, line)
        return MAX_QUANTITY if self._is_limit else 1
