"""Removal of a person's rows from a CSV file; the other rows keep their line numbers."""

from collections.abc import Iterator
from dataclasses import replace
from io import TextIOWrapper
from itertools import chain, repeat
from pathlib import Path
from sys import maxsize

from guestlist.erasure.model import AddressMatcher
from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.lines import MAX_ROW_LENGTH
from guestlist.imports.reading.open_text import effective_options, open_text
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.text import Text

_PIECE_LENGTH = 1 << 20
_MAX_ADDRESS_LENGTH = 512


def open_csv(path: Path, kind: Kind, options: Options) -> Text:
    """The file as text, as an import of this kind reads it. Raises `Unreadable`."""
    text, _ = open_text(path, SCHEMAS[kind], effective_options(path, options))
    return text


def contains(text: Text, person: AddressMatcher) -> bool:
    """Whether the file contains the person's address."""
    tail = ""
    with text.path.open("rb") as file:
        file.seek(text.encoding.skip)
        with TextIOWrapper(file, encoding=text.encoding.name, newline="") as file_text:
            while piece := file_text.read(_PIECE_LENGTH):
                if person.matches(tail + piece):
                    return True
                tail = piece[-_MAX_ADDRESS_LENGTH:]
    return False


def rewrite(text: Text, person: AddressMatcher, to: Path) -> int:
    """Write the file with each row that names the person reduced to its line ends, and return their number.

    Encoding and byte order mark stay. Text beyond the longest row that is ever read is left out.
    """
    removed = 0
    with to.open("wb") as file:
        with text.path.open("rb") as former:
            file.write(former.read(text.encoding.skip))
        for row in _rows(text):
            is_removed = person.matches("".join(row))
            removed += is_removed
            lines = map(_line_end, row) if is_removed else row
            file.write("".join(lines).encode(text.encoding.name))
    return removed


def _rows(text: Text) -> Iterator[list[str]]:
    """The lines of each row, with the blank lines after it; lines above the first row one by one."""
    starts = chain((record.line for record in text.records()), repeat(maxsize))
    start, row, has_begun = next(starts), list[str](), False
    for number, line in enumerate(replace(text, first_line=1).lines(), 1):
        if number == start or not has_begun:
            yield row
            row = []
        if number == start:
            start, has_begun = next(starts), True
        row.append(_with_line_end(line))
    yield row


def _with_line_end(line: str) -> str:
    """The line with a line end, even if it was cut because it is longer than any that is read."""
    return line if len(line) < MAX_ROW_LENGTH or _line_end(line) else line + "\n"


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
