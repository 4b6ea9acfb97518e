"""Exported cells are never formulas, however a spreadsheet splits them, and are read back unchanged."""

import csv
import unicodedata
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guestlist.model.csv_lines import csv_lines, defused, undefused

# Signs that spreadsheets run, what they split at, apostrophes, quotes and unseen letters stand together often.
PARTS = st.text("+-=@'\" \t\r\n;,|＝－\u200b\ufeff\xa0\u2028a1", max_size=8)
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
cells = st.builds("{}{}".format, PARTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=6)) | PARTS
ROWS = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=4)


def is_run(cell: str) -> bool:
    """Whether a lenient spreadsheet may run the cell: it skips what is not seen, and knows full-width signs."""
    visible = "".join(letter for letter in cell if unicodedata.category(letter) not in UNSEEN)
    return unicodedata.normalize("NFKC", visible).startswith(("=", "+", "-", "@"))


def shown(lines: str, delimiter: str) -> list[str]:
    return [cell for row in csv.reader(StringIO(lines, newline=""), delimiter=delimiter) for cell in row]


@settings(max_examples=500)
@given(ROWS)
@example([["x;=1+1", "y"]])
@example([['x;"=1+1;"', "y"]])
@example([["x\t=1+1", "x\n＝1+1"], ["\u200b=1", " @SUM(1)"]])
def test_no_cell_is_a_formula_when_split_at_commas_semicolons_or_tabs(rows: list[list[str]]) -> None:
    lines = "".join(csv_lines(rows))
    for delimiter in ",;\t":
        assert not any(map(is_run, shown(lines, delimiter)))
    assert not any(is_run(line) for cell in shown(lines, ",") for line in cell.splitlines())


@settings(max_examples=1000)
@given(cells)
@example("''=1;'x;''\t'")
@example("1.2E+5")
@example("\t\r\n=")
def test_an_exported_cell_is_read_back_unchanged(cell: str) -> None:
    assert undefused(defused(cell)) == cell


@pytest.mark.parametrize("cell", ["", "O'Hara", "a-b", "12e456", "a;b", "Jan\nde Vries", "a, -b"])
def test_a_harmless_cell_is_exported_unchanged(cell: str) -> None:
    assert defused(cell) == cell


@pytest.mark.parametrize(("former", "cell"), [("'=1", "=1"), (" @x", "@x"), ("  '=x", " '=x"), (" \t=1", "\t=1")])
def test_an_export_of_an_earlier_version_is_read_as_intended(former: str, cell: str) -> None:
    assert undefused(former) == cell


@settings(max_examples=200)
@given(ROWS)
def test_every_cell_is_quoted(rows: list[list[str]]) -> None:
    lines = list(csv_lines(rows))
    for line, row in zip(lines, rows, strict=True):
        quoted = (defused(cell).replace('"', '""') for cell in row)
        assert line == ",".join(f'"{cell}"' for cell in quoted) + "\r\n"
