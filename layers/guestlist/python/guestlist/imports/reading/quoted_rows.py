"""Repair of files in which a spreadsheet made each row one quoted cell, by saving them a second time."""

from collections.abc import Sequence
from dataclasses import replace

from guestlist.imports.reading.dialect import DELIMITERS
from guestlist.imports.reading.header_recognition import person_part
from guestlist.imports.reading.schemas import Schema
from guestlist.imports.reading.text import Text


def unquote_rows(text: Text, sample: Sequence[str], schema: Schema) -> Text:
    """The text with each row unquoted, in a file beside it; a text without such rows is returned unchanged."""
    lines = [line.strip() for line in sample if line.strip()]
    if len(lines) < 2 or not all(map(_is_one_cell, lines)) or not _names_columns(_inner(lines[0]), schema):
        return text
    path = text.path.with_name(f"{text.path.name}.rows")
    with path.open("w", encoding=text.encoding.name, newline="") as file:
        for line in text.lines():
            file.write(f"{_inner(line.strip())}\n")
    return replace(text, path=path, encoding=replace(text.encoding, skip=0), first_line=1)


def _is_one_cell(line: str) -> bool:
    return line[:1] == '"' == line[-1:] and '"' not in line[1:-1].replace('""', "")


def _inner(line: str) -> str:
    return line[1:-1].replace('""', '"') if len(line) > 1 and _is_one_cell(line) else line


def _names_columns(header: str, schema: Schema) -> bool:
    """Whether the row has headers of several columns with a delimiter between them."""
    return any(
        sum(bool(person_part(name) or schema.recognise(name)) for name in header.split(delimiter)) > 1
        for delimiter in DELIMITERS
    )
