"""Entries of a target-group file, read row by row, with which reading in blocks must agree."""

from collections.abc import Iterator

from guestlist.imports.model import Options
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.sheet import Sheet
from guestlist.imports.reading.target_rows import EntryReader
from guestlist.lists.entry import Entry


def read_entries(sheet: Sheet, options: Options, row_notes: RowNotes) -> Iterator[tuple[int, Entry] | Problem]:
    """Each row's line and entry, or its problem, in the order of the file."""
    return map(EntryReader(sheet, options, row_notes).read, sheet.records())
