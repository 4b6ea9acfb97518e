"""Blank lines, which are skipped many at a time and counted exactly."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.bulk import block_reader
from guestlist.imports.reading.bulk.reading import read_rows
from guestlist.imports.reading.lines import (
    ANY_DELIMITER,
    BlankLines,
    Blanks,
    blank_lines,
    lines_and_blanks,
    physical_lines,
)
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.records import Record, split_records
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import Unreadable, open_sheet

MANY = 1_000_000
FEW = 40
"""How many steps a file of a million blank lines may take at most, and one pass over a file of 64 KB pieces of it."""

BLANK_LINES = ["\n", "\r\n", "\r", ",,\n", " \t\n", '""\n', '"",""\r\n', " ,\n", "\x1a\n", ";\n"]
ROWS = ["A1,2\n", '"B\n\n2",3\n', '"C', "D\r", 'x"",\n', '"",1\n', ',"\n', '""""\n', "E,\n"]


def steps(text: str, blank: BlankLines) -> list[str | Blanks]:
    return list(lines_and_blanks(io.StringIO(text, newline="").read, blank))


def one_by_one(text: str) -> Iterator[str]:
    return physical_lines(io.StringIO(text, newline="").read)


def split(text: str, delimiter: str | None) -> list[Record]:
    return list(split_records(steps(text, blank_lines(delimiter)), delimiter))


@pytest.mark.parametrize("line", [line for line in BLANK_LINES if ";" not in line])
def test_a_million_blank_lines_cost_a_few_steps_and_are_all_counted(line: str) -> None:
    pieces = steps(line * MANY, blank_lines(","))
    assert len(pieces) <= len(line) * FEW
    assert (
        sum(piece.lines for piece in pieces if isinstance(piece, Blanks))
        + sum(isinstance(piece, str) for piece in pieces)
        == MANY
    )


@pytest.mark.parametrize("between", ["\n" * 400, ",\n" * 400, '""\n' * 400], ids=["empty", "commas", "quotes"])
def test_runs_of_blank_lines_between_rows_cost_a_few_steps_each(between: str) -> None:
    pieces = steps(f"A1,2\n{between}" * 1_000, blank_lines(","))
    assert len(pieces) < 1_000 * 5


@given(
    st.lists(
        st.one_of(
            st.sampled_from(ROWS),
            st.tuples(st.sampled_from(BLANK_LINES), st.integers(60, 140)).map(lambda run: run[0] * run[1]),
        ),
        max_size=8,
    ),
    st.sampled_from([",", ";", None]),
)
def test_rows_and_their_lines_are_the_same_as_when_lines_are_read_one_by_one(texts: list[str], delimiter: str) -> None:
    text = "".join(texts)
    assert split(text, delimiter) == list(split_records(one_by_one(text), delimiter))


@pytest.mark.parametrize("delimiter", [",", None])
def test_a_quote_that_is_open_above_blank_lines_takes_them_into_its_cell(delimiter: str | None) -> None:
    record, last = split('"a' + "\n" * 100 + '"\nb\n', delimiter)
    assert record.cells == ["a" + "\n" * 100]
    assert (last.line, last.row, last.cells) == (102, 2, ["b"])


def test_a_quote_without_an_end_above_blank_lines_costs_its_row_alone() -> None:
    record, last = split('"a\n' + "\n" * 70_000 + "b\n", ",")
    assert record.fault
    assert (last.line, last.row) == (70_002, 70_002)


@pytest.fixture
def store_file(tmp_path: Path) -> Callable[[str], Path]:
    def store(text: str) -> Path:
        path = tmp_path / "file.csv"
        path.write_text(text, newline="", encoding="utf-8")
        return path

    return store


@pytest.mark.parametrize("line", ["\n", "\r\n", "  \n", ",,,\n", '"",""\n'])
def test_a_file_of_blank_lines_alone_is_opened_in_a_few_steps(
    store_file: Callable[[str], Path], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[str | Blanks] = []
    monkeypatch.setattr(BlankLines, "split", counted(BlankLines.split, handed))
    with pytest.raises(Unreadable):
        open_sheet(store_file(line * MANY), SCHEMAS[Kind.TARGET_GROUP], Options())
    assert len(handed) <= 3 * len(line) * FEW


def counted(split: Callable[..., Iterator[str | Blanks]], handed: list[str | Blanks]) -> Callable[..., object]:
    def counting(self: BlankLines, text: str) -> Iterator[str | Blanks]:
        for piece in split(self, text):
            handed.append(piece)
            yield piece

    return counting


def test_pieces_without_rows_are_not_split(store_file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    split_block = block_reader.split_block
    monkeypatch.setattr(
        block_reader, "split_block", lambda text, *more: looked.append(text) or split_block(text, *more)
    )
    blank = ",\n" * MANY
    path = store_file(f"Code,Quantity\nA1,2\n{blank}B1,x\n{blank}C1,3\n")
    sheet = open_sheet(path, SCHEMAS[Kind.TARGET_GROUP], Options())
    pieces = list(read_rows(sheet, Options(), RowNotes()))
    assert [piece.line for piece in pieces if isinstance(piece, Problem)] == [MANY + 3]
    assert [line for rows in pieces if not isinstance(rows, Problem) for line in rows.lines] == [2, 2 * MANY + 4]
    assert len(looked) <= 8


@pytest.mark.parametrize("fast", [True, False])
def test_reading_a_file_without_rows_reports_that_it_is_alive(store_file: Callable[[str], Path], *, fast: bool) -> None:
    calls: list[None] = []
    path = store_file("Code,Quantity\nA1,2\n" + "\n" * MANY)
    sheet = open_sheet(path, SCHEMAS[Kind.TARGET_GROUP], Options(), lambda: calls.append(None))
    opening = len(calls)
    list(read_rows(sheet, Options(), RowNotes(), fast=fast))
    assert opening >= MANY >> 16
    assert len(calls) - opening >= MANY >> 16


def test_blank_lines_are_recognised_before_the_delimiter_is_known() -> None:
    assert [type(piece) for piece in steps('"",""\n' * 100, ANY_DELIMITER)] == [Blanks]
