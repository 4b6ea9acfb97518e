"""What is exported is never run, and comes back as what it was."""

import csv
from io import StringIO

from hypothesis import example, given, settings
from hypothesis import strategies as st

from guestlist.model.csv_lines import csv_lines, defused, is_scientific, unspaced

# Signs that spreadsheets run, apostrophes and quotes often stand at the beginning.
cells = st.builds(
    "{}{}".format, st.text("+-=@'\" \t", max_size=3), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
)


@settings(max_examples=500)
@given(cells)
@example("1.2E+5")
@example("-1.2E+5")
def test_a_defused_cell_is_not_run(cell: str) -> None:
    itself = f'="{cell}"' if is_scientific(cell) else None
    assert defused(cell) == itself or not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@settings(max_examples=500)
@given(cells)
def test_a_space_that_was_put_before_a_cell_is_taken_off_again(cell: str) -> None:
    spaced = defused(cell)
    if not spaced.startswith(("'", '="')):
        assert unspaced(spaced) == cell


@settings(max_examples=200)
@given(st.lists(st.lists(cells, min_size=2, max_size=4), max_size=4))
def test_rows_come_back_as_they_were_written(rows: list[list[str]]) -> None:
    lines = list(csv_lines(rows))
    assert all(line.endswith("\n") for line in lines)
    read = csv.reader(StringIO("".join(lines), newline=""))
    assert list(read) == [[defused(cell) for cell in row] for row in rows]
