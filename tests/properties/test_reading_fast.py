"""Reading in blocks equals reading row by row for any bytes: entries, lines, problems and notes."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.bulk.reading import BLOCK_SIZE, find_records, read_rows
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import Unreadable, open_sheet
from guestlist.lists.entry import Entry
from guestlist.messages.message import texts_of
from tests.properties.test_reading_bytes import OPTIONS, SPLICED

Result = tuple[list[tuple[int, Entry]], list[Problem], tuple[str, ...]]

GOOD = st.sampled_from(
    [
        "A1,a@b.nl,North,N-1,2",
        "B2,,,,",
        ",c@d.co.uk,,S 5,1",
        '"C3","c@d.nl","Row 1","Left, up","3"',
        '"D4",,,"N\n1",1',
        'E5,,"a ""b""",,1',
        " G7,,,,1",
        "123456,,,,1",
        "12345,,,,1",
        "1234567890123456,,,,",
        "é,,é,é,9",
    ]
)
ODD = st.sampled_from(
    [
        *["", ",,,,", ";|", "H8", "H8,h@i.nl", "I9,,,,0", "1.5E+12,,,,1", "J1,nobody,,,1", ",,,x,1", "K2,,,,1,more"],
        *['L3,,,"open,1', 'M4,,x"y,"z,1', '"N5', '",,,,1', 'O6",,,,1', "P7\0,,,,1", "Q8,,,,1\rR9,,,,1", "S1,,,,01"],
        *["1000000000000000000,,,,1", "\xa0T2,,,,1", "U3\u200b,,,,1", "V4, v@w.nl ,,,1", " @W5,,,,1", "'X6,,'y,'z,1"],
        *[f"Y7,,{'y' * 200},,1", f"Y8,,{'y' * 201},,1", f"{'Z' * 201},,,,1", '"a\r\nb",,"c\rd",,1', "'=F6,,=B,+1,1"],
        *[
            "a1,<g@h.nl>,,,1",
            "a2,g@h.nl;,,,1",
            "a3,.g@h.nl,,,1",
            "a4,g@-h.nl,,,1",
            "a5,g@b\u00fcch.nl,,,1",
            "a6,g@x_y.nl,,,1",
        ],
        *[
            "a7,,e\u0301,\u200b,1",
            "a8,,\u200b Z,Z\u00ad,1",
            "e\u0301,,\ufeff'x,\u00adx,1",
            "\u200b1,,,,1",
            "\u200b,,x,,1",
        ],
    ]
)
CELLS = st.text(st.sampled_from("aA1 0,;\"'=@.+-E\n\réБ\xa0\x00\x85"), max_size=8)
SOUP = st.lists(CELLS, min_size=1, max_size=6).map(",".join)
LINES = st.lists(GOOD | GOOD | GOOD | ODD | SOUP, min_size=1, max_size=60)
HEADERS = st.sampled_from(
    [
        "Code,Email,Category,Seat,Quantity",
        "Seat,Email,Code,Note,Quantity",
        '"Code","Email","Note","Seat","Quantity"',
        "Email,Category,Code,,",
        "Code;Seat",
        "Email",
        "Code",
        "Code\tEmail\tSeat\tCategory\tQuantity",
        "Title\n\nCode,Email",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def read(content: bytes, options: dict[str, Any], *, fast: bool, block_size: int = BLOCK_SIZE) -> Result | str:
    """The complete result of reading a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_bytes(content)
        try:
            sheet = open_sheet(path, SCHEMAS[Kind.TARGET_GROUP], Options(**options))
        except Unreadable as refusal:
            return refusal.messages
        row_notes = RowNotes()
        read = list(read_rows(sheet, Options(**options), row_notes, fast=fast, block_size=block_size))
    entries = [entry for rows in read if not isinstance(rows, Problem) for entry in rows.entries()]
    return (
        entries,
        [problem for problem in read if isinstance(problem, Problem)],
        texts_of("note", row_notes.messages()),
    )


def assert_equal(content: bytes, options: dict[str, Any], block_size: int) -> None:
    assert read(content, options, fast=True, block_size=block_size) == read(content, options, fast=False)


SIZES = st.sampled_from([BLOCK_SIZE, 300, 40, 3])


@settings(max_examples=400, deadline=None)
@given(SPLICED, OPTIONS, SIZES)
def test_any_bytes_are_read_the_same_in_blocks_as_row_by_row(content, options, block_size):
    assert_equal(content, options, block_size)


@settings(max_examples=600, deadline=None)
@given(HEADERS, LINES, ENDS, OPTIONS | st.just({}), SIZES, st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@example("Code,Seat", ['A,"x', 'B,y","z', "C,1"], "\n", {}, BLOCK_SIZE, "utf-8")
@example("Code,Seat", ['x"y,"z', "B,1", 'C","2"', "D,3"], "\n", {}, BLOCK_SIZE, "utf-8")
@example("Code,Seat", ["A,1", *["B"] * 15, *["C"] * 16, "D,1", *["E"] * 16], "\n", {}, 40, "utf-8")
def test_good_and_odd_rows_are_read_the_same_in_blocks_as_row_by_row(header, lines, end, options, block_size, encoding):
    content = end.join([header, *lines]).encode(encoding, "replace")
    assert_equal(content, options, block_size)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(['A,"x', "B,y", '"C","z\n', '"D,1', 'x","""']), min_size=10, max_size=40), SIZES)
def test_quotes_without_an_end_are_read_the_same_in_blocks_as_row_by_row(rows, block_size):
    assert_equal("\n".join(["Code,Seat", *rows * 60]).encode(), {}, max(block_size, 300))


@settings(max_examples=150, deadline=None)
@given(HEADERS, LINES, ENDS, SIZES, st.data())
def test_any_rows_are_found_again_by_their_lines(header, lines, end, block_size, data):
    content = end.join([header, *lines]).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_bytes(content)
        try:
            sheet = open_sheet(path, SCHEMAS[Kind.TARGET_GROUP], Options())
        except Unreadable:
            return
        records = {record.line: record for record in sheet.records()}
        chosen_lines = sorted(data.draw(st.sets(st.sampled_from(sorted(records)))))
        matches = {record.line: record for record in find_records(sheet, chosen_lines, block_size=block_size)}
    assert [matches.get(line) for line in chosen_lines] == [records[line] for line in chosen_lines]
    assert matches.keys() <= records.keys()
