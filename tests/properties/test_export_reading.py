"""An export that is imported has the same data, and is exported again unchanged."""

import csv
import tempfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guestlist.exports.rows import HEADERS, entry_rows
from guestlist.groups.index import GroupType
from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.cells import normal_stripped
from guestlist.imports.reading.customer_rows import CustomerRow, read_customers
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.refused_rows import Refusals
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.lists.entry import Entry
from guestlist.model.csv_lines import csv_lines
from tests.unit.imports.reading.builders import Read, Reader

# Signs that spreadsheets run, apostrophes, quotes and what separates cells stand at the beginning and elsewhere.
SIGNS = st.text("+-=@'\" ,;|＝\u200bx", max_size=5)
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029")
VISIBLE_TEXTS = st.builds("{}{}".format, SIGNS, st.text(LETTERS, min_size=1, max_size=6)).filter(str.strip)
# As entries are stored: composed, and without what nobody sees.
STORED_TEXTS = VISIBLE_TEXTS.map(normal_stripped).filter(str.strip)
LINES = st.builds("{}{}{}".format, STORED_TEXTS, st.sampled_from(["\t", "\n", "\r\n"]), SIGNS.map(normal_stripped))
ROUNDED = st.from_regex(r"[0-9]{1,3}([.,][0-9]{0,3}E[+-]?|e\+)[0-9]{1,3}", fullmatch=True)
EMAILS = st.builds(
    "{}{}@example.com".format, st.sampled_from(["", "+", "-", "=", "'"]), st.text("abcXYZ01", min_size=1)
)
ENTRIES = st.builds(
    Entry,
    st.just("") | STORED_TEXTS | ROUNDED,
    EMAILS,
    st.just("") | STORED_TEXTS | ROUNDED | LINES,
    st.just("") | STORED_TEXTS | LINES,
    st.integers(1, 1_000_000_000),
)
PLAIN_HEADER = "Code,Email,Category,Seat,Quantity\n"


def exported(entries: list[Entry]) -> str:
    rows = [HEADERS[GroupType.TARGET], *(row for _, row in entry_rows([({}, entry, 2, 1) for entry in entries]))]
    return "".join(csv_lines(rows))


def read(text: str, *, fast: bool = True) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        return Reader(Path(folder), fast).read(text)


def saved_by_a_spreadsheet(text: str, delimiter: str) -> str:
    saved = StringIO(newline="")
    csv.writer(saved, delimiter=delimiter).writerows(csv.reader(StringIO(text, newline="")))
    return saved.getvalue()


@settings(deadline=None, max_examples=300)
@given(st.lists(ENTRIES, min_size=1, max_size=5), st.booleans())
@example(
    [Entry(code="=SUM(1)"), Entry(code="@x"), Entry(code=" @x"), Entry(code="'=x"), Entry(code="'x", seat="\t=1")], True
)
@example([Entry(code='="007"', category="+1", email="=a@example.com", seat="-2")], True)
@example(
    [Entry(code="1.23E+12"), Entry(code="1,23E+12"), Entry(code="12e+4"), Entry(code="-1.2E+5", seat="1.2E+5")], True
)
@example([Entry(code="A", seat="x;=1+1"), Entry(code="B;'x", category="''\n'=1")], True)
@example([Entry(code="Code", email="a@example.com", category="Email", seat="Seat")], True)
@example([Entry(code="Email", category="Code"), Entry(code="A")], False)
@example([Entry(code="A"), Entry(code="Total")], True)
@example([Entry(code="A"), Entry(code="Exported by hand")], False)
def test_a_list_that_is_imported_again_is_exported_the_same(entries: list[Entry], fast: bool) -> None:
    text = exported(entries)
    result = read(text, fast=fast)
    assert result.problems == []
    assert list(result.entries.values()) == entries
    assert exported(list(result.entries.values())) == text


@settings(deadline=None, max_examples=100)
@given(st.lists(ENTRIES, min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_an_export_that_a_spreadsheet_saved_again_is_read_the_same(entries: list[Entry], delimiter: str) -> None:
    result = read(saved_by_a_spreadsheet(exported(entries), delimiter))
    assert list(result.entries.values()) == entries


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(st.integers(0, 999), VISIBLE_TEXTS.map(normal_stripped)),
        min_size=1,
        max_size=5,
        unique_by=lambda one: one[0],
    )
)
def test_members_that_are_imported_again_have_the_same_names(people: list[tuple[int, str]]) -> None:
    rows = [(f"a{number}@example.com", name, "", "", "2026-11-21T12:00:00Z", "hand") for number, name in people]
    text = "".join(csv_lines([HEADERS[GroupType.MANUAL], *rows]))
    with tempfile.TemporaryDirectory() as folder:
        sheet = Reader(Path(folder)).sheet(text, Kind.CUSTOMERS)
        zone, now = ZoneInfo("UTC"), datetime(2026, 11, 21, tzinfo=UTC)
        customer_rows = list(read_customers(sheet, Options(), RowNotes(), zone, now))
    assert [one[1] for one in customer_rows if not isinstance(one, Problem)] == [
        CustomerRow(email, name, ()) for email, name, *_ in rows
    ]


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("code", [" @x", "''=1", "x;'=1", "''x"])
def test_cells_of_any_other_file_are_kept_unchanged(code: str, fast: bool) -> None:
    assert read(f"{PLAIN_HEADER}{code},,,,1\n{code},a@example.com,,,\n", fast=fast).codes == [code, code]


def test_refused_rows_of_an_export_are_unchanged_and_still_read_as_exported(tmp_path: Path) -> None:
    text = exported([Entry(code="x;=1", seat="''y"), Entry(code="@z")]).replace('"1"', '"none"')
    reader, refusals = Reader(tmp_path), Refusals(tmp_path)
    for problem in reader.read(text).problems:
        refusals.add(problem)
    refusals.write_csv(reader.sheet(text), tmp_path / "refused.csv")
    report = (tmp_path / "refused.csv").read_text()
    assert "x;'=1,,,'''y,none" in report
    mended = reader.read(report.replace("none", "1"))
    assert list(mended.entries.values()) == [Entry(code="x;=1", seat="''y"), Entry(code="@z")]
