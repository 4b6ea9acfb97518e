"""Random rows are read unchanged, each with the line on which it starts."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.layout import is_known_header
from guestlist.imports.reading.records import Record
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import open_sheet

DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\r\n\",;'="), max_size=12)
WESTERN = st.text(st.sampled_from("abcABC 019,;|\t\"'=+-\r\n.éèëüöäåøæßÆØÅÉ"), max_size=12)


def rows_of(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    row = st.lists(cells, min_size=3, max_size=3).filter(lambda row: bool("".join(row).strip()))
    row = row.filter(lambda row: len({cell for cell in row if is_known_header(cell)}) < 2)  # not a second header
    return st.lists(row, min_size=1, max_size=8)


def csv_text(rows: list[list[str]], delimiter: str, line_end: str, *, all_quoted: bool) -> str:
    """The rows as any program writes them, below a header."""
    content = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(content, delimiter=delimiter, lineterminator="\r\n", quoting=quoting)
    writer.writerows([["Code", "Seat", "Note"], *rows])
    outside_and_within = content.getvalue().split('"')
    outside_and_within[::2] = [part.replace("\r\n", line_end) for part in outside_and_within[::2]]
    return '"'.join(outside_and_within)


def starts(text: str) -> list[int]:
    """The line on which each row starts, letter by letter: what a patient person would count."""
    start_lines, line, quoted, fresh = [], 1, False, True
    for at, letter in enumerate(text):
        if fresh:
            start_lines.append(line)
            fresh = False
        quoted ^= letter == '"'
        if letter == "\n" or (letter == "\r" and text[at + 1 : at + 2] != "\n"):
            line += 1
            fresh = not quoted
    return start_lines


def read(content: bytes, **options: str) -> list[Record]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_bytes(content)
        return list(open_sheet(path, SCHEMAS[Kind.TARGET_GROUP], Options(**options)).records())


@pytest.mark.behaviour(6, 8)
@settings(deadline=None)
@given(rows_of(ANY), DELIMITERS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), LINE_ENDS, st.booleans())
def test_rows_in_any_script_are_read_unchanged(rows, delimiter, encoding, line_end, all_quoted):
    text = csv_text(rows, delimiter, line_end, all_quoted=all_quoted)
    records = read(text.encode(encoding))
    assert [record.cells for record in records] == rows
    assert [record.line for record in records] == starts(text)[1:]


@pytest.mark.parametrize("row", [["", "MAIL", "MAIL"], ["Seat", "", "seat"]])
def test_one_header_word_twice_in_a_row_does_not_make_it_a_header(row):
    rows = [row, ["A1", "3", ""]]
    assert [record.cells for record in read(csv_text(rows, ",", "\n", all_quoted=False).encode())] == rows


@settings(deadline=None)
@given(
    rows_of(WESTERN),
    DELIMITERS,
    st.sampled_from(["cp1252", "iso-8859-15", "latin-1", "mac-roman", "utf-16-le", "utf-16-be"]),
)
def test_rows_in_a_declared_encoding_are_read_unchanged(rows, delimiter, encoding):
    text = csv_text(rows, delimiter, "\r\n", all_quoted=False)
    assert [record.cells for record in read(text.encode(encoding), encoding=encoding)] == rows


@settings(deadline=None)
@given(rows_of(WESTERN), DELIMITERS, st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf_16_needs_no_byte_order_mark(rows, delimiter, encoding):
    text = csv_text(rows, delimiter, "\n", all_quoted=True)
    assert [record.cells for record in read(text.encode(encoding))] == rows
