"""What is exported is never run, and is imported as what it was."""

import csv
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from guestlist.csv_out import csv_lines, defused
from guestlist.imports.reading.excel import unwrapped

# Signs that spreadsheets run, apostrophes and quotes often stand at the beginning.
cells = st.builds(
    "{}{}".format, st.text("+-=@'\" \t", max_size=3), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
)


@settings(max_examples=500)
@given(cells)
def test_a_defused_cell_is_not_run_and_is_read_as_what_it_was(cell: str) -> None:
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    protected = cell.startswith(" ") and cell.strip() != cell
    if not protected:
        assert unwrapped(defused(cell), raw=False).strip() == cell.strip()


@settings(max_examples=200)
@given(st.lists(st.lists(cells, min_size=2, max_size=4), max_size=4))
def test_rows_come_back_as_they_were_written(rows: list[list[str]]) -> None:
    lines = list(csv_lines(rows))
    assert all(line.endswith("\n") for line in lines)
    read = csv.reader(StringIO("".join(lines), newline=""))
    assert list(read) == [[defused(cell) for cell in row] for row in rows]
