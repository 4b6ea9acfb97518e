"""A list that is exported is imported as what it was, letter for letter."""

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from guestlist.exports.rows import HEADERS, entry_rows
from guestlist.groups.index import GroupType
from guestlist.lists.entry import Entry
from guestlist.model.csv_lines import csv_lines
from tests.unit.reading.builders import Desk

# Signs that spreadsheets run, apostrophes, quotes and what separates cells often stand at the beginning.
BEGINNINGS = st.text("+-=@'\" ,;|", max_size=3)
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029")
KEPT = st.builds("{}{}".format, BEGINNINGS, st.text(LETTERS, min_size=1, max_size=6)).filter(str.strip)
ROUNDED = st.from_regex(r"[0-9]{1,3}([.,][0-9]{0,3}E[+-]?|e\+)[0-9]{1,3}", fullmatch=True)
EMAILS = st.builds(
    "{}{}@example.com".format, st.sampled_from(["", "+", "-", "=", "'"]), st.text("abcXYZ01", min_size=1)
)
ENTRIES = st.builds(
    Entry,
    st.just("") | KEPT | ROUNDED,
    EMAILS,
    st.just("") | KEPT | ROUNDED,
    st.just("") | KEPT,
    st.integers(1, 1_000_000_000),
)


def read_back(entries: list[Entry]) -> list[Entry]:
    rows = [HEADERS[GroupType.TARGET], *(row for _, row in entry_rows([({}, entry, 2, 1) for entry in entries]))]
    with tempfile.TemporaryDirectory() as folder:
        read = Desk(Path(folder)).read("".join(csv_lines(rows)))
    assert read.problems == []
    return list(read.entries.values())


@settings(deadline=None, max_examples=300)
@given(st.lists(ENTRIES, min_size=1, max_size=5))
@example([Entry(code="=SUM(1)"), Entry(code="@x"), Entry(code=" @x"), Entry(code="'=x"), Entry(code="'x", seat="\t=1")])
@example([Entry(code='="007"', category="+1", email="=a@example.com", seat="-2")])
@example([Entry(code="1.23E+12"), Entry(code="1,23E+12"), Entry(code="12e+4"), Entry(code="-1.2E+5", seat="1.2E+5")])
def test_entries_come_back_letter_for_letter(entries: list[Entry]) -> None:
    assert read_back(entries) == entries
