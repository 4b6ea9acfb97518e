"""Barcodes of any characters are read unchanged."""

import csv
import io
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import open_sheet
from guestlist.imports.reading.ticket_rows import read_tickets

LETTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(" *+-='\"0123456789")
CODES = st.text(LETTERS, min_size=1, max_size=30).filter(lambda code: bool(code.strip()) and "E" not in code.upper())
FILES = st.lists(CODES, min_size=1, max_size=20)


def read(codes: list[str], delimiter: str, *, raw: bool) -> list[str]:
    """The codes of a ticket file as any program writes it; of a refused row its code word."""
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows([["Ticket code", "Name"], *([code, "Jan"] for code in codes)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "tickets.csv")
        path.write_text(content.getvalue(), encoding="utf-8", newline="")
        sheet = open_sheet(path, SCHEMAS[Kind.TICKETS], Options())
        rows = list(read_tickets(sheet, Options(raw=raw), RowNotes(), ZoneInfo("UTC")))
    return [row.code if isinstance(row, Problem) else row[1].code for row in rows]


@pytest.mark.behaviour(85, 101, 102, 104, 106, 107, 108, 111)
@settings(deadline=None)
@given(FILES, st.sampled_from([",", ";", "\t"]))
def test_any_text_is_an_unchanged_barcode_in_a_raw_file(codes, delimiter):
    assert read(codes, delimiter, raw=True) == codes


@pytest.mark.behaviour(85, 101, 102, 104, 109, 110, 111)
@settings(deadline=None)
@given(FILES, st.sampled_from([",", ";", "\t"]))
def test_any_text_but_excels_marks_is_an_unchanged_barcode(codes, delimiter):
    def barcode_of(code: str) -> str:
        if code.startswith(("'+", "'-", "'=")):
            return code[1:]
        protected = code.startswith('="') and code.endswith('"') and code.count('"') == 2
        return code[2:-1] if protected else code

    expected = [barcode_of(code) if barcode_of(code).strip() else "no_code_or_email" for code in codes]
    assert read(codes, delimiter, raw=False) == expected
