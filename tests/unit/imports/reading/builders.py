"""Files of tests, and the results of reading them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.bulk.reading import read_rows
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import Sheet, open_sheet
from guestlist.lists.entry import Entry
from guestlist.messages.message import texts_of


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files that a test writes; when `fast`, in blocks."""

    folder: Path
    fast: bool = True

    def file(self, content: str | bytes, name: str = "file.csv") -> Path:
        """A file with that content; text is written as UTF-8."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def sheet(self, content: str | bytes, kind: Kind = Kind.TARGET_GROUP, **options: Any) -> Sheet:
        """The file as a sheet."""
        return open_sheet(self.file(content), SCHEMAS[kind], Options(**options))

    def read(self, content: str | bytes, **options: Any) -> "Read":
        """The content of a target-group file."""
        row_notes = RowNotes()
        sheet = self.sheet(content, **options)
        rows = list(read_rows(sheet, Options(**options), row_notes, fast=self.fast))
        return Read(
            {line: entry for some in rows if not isinstance(some, Problem) for line, entry in some.entries()},
            [row for row in rows if isinstance(row, Problem)],
            texts_of("note", row_notes.messages()),
        )


@dataclass(frozen=True, slots=True)
class Read:
    """The entries by line, the problems in order, and the notices."""

    entries: dict[int, Entry]
    problems: list[Problem]
    row_notes: tuple[str, ...]

    @property
    def only(self) -> Entry:
        """The one entry of a file without problems."""
        assert not self.problems
        (entry,) = self.entries.values()
        return entry

    @property
    def codes(self) -> list[str]:
        """The codes of the entries, in order."""
        return [entry.code for entry in self.entries.values()]

    @property
    def problem_codes(self) -> list[tuple[int, str]]:
        """Line and code word of each problem."""
        return [(problem.line, problem.code) for problem in self.problems]


def cells_of(sheet: Sheet) -> list[list[str]]:
    """The cells of all rows."""
    return [record.cells for record in sheet.records()]
