"""The header and the rows of a sheet."""

import pytest

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Kind, Reason
from guestlist.imports.reading.problems import TooFewCells, TooManyCells
from tests.unit.imports.reading.builders import Reader, cells_of

HEADER = "refused_line,refused_column,refused_code,refused_reason"


@pytest.mark.behaviour(9, 11)
@pytest.mark.parametrize(
    ("content", "options", "header_rows", "cells"),
    [
        ("Code,Quantity\nA,1\n", {}, 1, [["A", "1"]]),
        ("\n,\nCode,Quantity\nA,1\n", {}, 1, [["A", "1"]]),
        ("\n\nCode,Quantity\nA,1\n", {"header_rows": 1}, 1, [["A", "1"]]),
        ("Summer\n\nCode,Quantity\nA,1\n", {"header_rows": 3}, 3, [["A", "1"]]),
        ("Code,Quantity\nthe code,how often\nA,1\n", {"header_rows": 2}, 2, [["A", "1"]]),
        ("sep=,\nCode,Quantity\nA,1\n", {"header_rows": 1}, 1, [["A", "1"]]),
        ("Foo,Bar\nA,1\nB,2\n", {"mapping": {"Code": 0, "Quantity": 1}}, 1, [["A", "1"], ["B", "2"]]),
        ("Foo,Bar\nA,b\n", {"mapping": {"Code": "Foo"}}, 1, [["A", "b"]]),
        ("Summer\n\nCode,Quantity\nA,1\n", {}, 3, [["A", "1"]]),
        ("Gala,,\nOslo,,\nCode,Email,Seat\n-,-,-\nA,a@b.nl,1\n", {}, 3, [["-", "-", "-"], ["A", "a@b.nl", "1"]]),
        ('"Seat\nlabel",Code\nN-1,A\n', {}, 1, [["N-1", "A"]]),
    ],
    ids=[
        "found",
        "behind-blank-rows",
        "asked-behind-blank-rows",
        "titles",
        "two",
        "behind-sep",
        "by-its-looks",
        "by-the-mapping",
        "below-a-title",
        "below-two-lines",
        "over-two-lines",
    ],
)
def test_header_rows_are_not_data(reader: Reader, content, options, header_rows, cells):
    sheet = reader.sheet(content, **options)
    assert (sheet.detected.header_rows, cells_of(sheet), sheet.issue_reason) == (header_rows, cells, None)


@pytest.mark.behaviour(10, 18)
@pytest.mark.parametrize(
    ("content", "options", "cells"),
    [
        ("Code,Quantity\nA,1\n", {"header_rows": 0}, [["Code", "Quantity"], ["A", "1"]]),
        ("Code\nA\n", {"header_rows": 0}, [["Code"], ["A"]]),
        ("A,1\nB,2\n", {"mapping": {"Code": 0, "Quantity": 1}}, [["A", "1"], ["B", "2"]]),
        ("VIP1,2\n1234,1\n", {"mapping": {"Code": 0, "Quantity": 1}}, [["VIP1", "2"], ["1234", "1"]]),
        ("Coder,2\nA,1\n", {"mapping": {"Code": 0, "Quantity": 1}}, [["Coder", "2"], ["A", "1"]]),
        ("A,Seat,9\nB,Seat,8\n", {"mapping": {"Code": 0}}, [["A", "Seat", "9"], ["B", "Seat", "8"]]),
    ],
    ids=["off", "off-one-column", "none", "digits-below-letters", "a-code-near-a-word", "a-word-among-numbers"],
)
def test_a_file_without_header_rows_is_data_from_its_first_row_on(reader: Reader, content, options, cells):
    sheet = reader.sheet(content, **options)
    assert (sheet.detected.header_rows, cells_of(sheet), sheet.issue_reason) == (0, cells, None)


@pytest.mark.parametrize(
    ("content", "mapping"),
    [
        ("A1\nB2\n", {"Code": 0}),
        ("abc\n", {"Code": 0}),
        ("SUMMER\nWINTER1\nSPRING\n", {"Code": 0}),
        ("1\n2\n3\n", {"Code": 0}),
        ("CODE1\nCODE2\n", {"Code": 0}),
        ("a@b.nl\nc@d.nl\n", {"Email": 0}),
        ("a@b.nl\nc@d.nl\nnobody\n", {"Email": 0}),
        ("a@b1\nA1\nB1\n", {"Code": 0}),
    ],
)
def test_one_column_without_a_header_is_codes_or_addresses(reader: Reader, content, mapping):
    assert (reader.sheet(content).detected.mapping, reader.sheet(content).issue_reason) == (mapping, None)


def test_a_first_row_declared_as_data_is_no_header_however_it_looks(reader: Reader):
    sheet = reader.sheet("VIP\nA1\nB2\n", header_rows=0)
    assert (cells_of(sheet), sheet.issue_reason) == ([["VIP"], ["A1"], ["B2"]], None)


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        ("VIP\nA1\nB2\n", Kind.TARGET_GROUP, "may be a header or a code"),
        ("Owner\na@b.nl\n", Kind.TARGET_GROUP, "The file has “Owner”"),
        ("Coode\nA1\n", Kind.TARGET_GROUP, "“Coode” may be Code"),
        ("A1,1\nB2,1\n", Kind.TARGET_GROUP, "The file has no header"),
        ("Foo,Bar\nA,1\n", Kind.TARGET_GROUP, "“Foo”, “Bar”"),
        ("A1\nB2\n", Kind.TICKETS, "No column was recognised as Ticket code"),
        (",".join(f"c{n}x" for n in range(10_000)) + "\nA" + ",1" * 9_999, Kind.TARGET_GROUP, "and 9988 more"),
    ],
    ids=["header-or-code", "unknown-header", "near-miss", "headerless", "unknown-headers", "tickets", "many"],
)
def test_unknown_columns_are_reported_and_not_guessed(reader: Reader, content, kind, expected):
    sheet = reader.sheet(content, kind)
    assert (sheet.issue_reason, sheet.detected.mapping) == (Reason.NO_KNOWN_COLUMN, {})
    assert expected in explanation(sheet.issue_messages)


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("A,b,N-1", ["A", "b", "N-1"]),
        ("A,b,N-1,,", ["A", "b", "N-1", "", ""]),
        ("A,b,N-1, ,x", TooManyCells(2, "Column 4", "x", 5, 3)),
        ("A,b", TooFewCells(2, "Seat", "", 2, 3)),
        ("A", TooFewCells(2, "Seat", "", 1, 3)),
    ],
    ids=["as-many", "empty-beyond", "text-beyond", "ends-early", "one-cell"],
)
def test_a_row_has_as_many_cells_as_the_header(reader: Reader, row, cells):
    (record,) = reader.sheet(f"Code,Note,Seat\n{row}\n").records()
    assert (record.fault or record.cells) == cells


def test_a_row_may_end_before_a_column_that_is_not_read(reader: Reader):
    assert cells_of(reader.sheet("Code,Quantity,Note,Note\nA,1\n")) == [["A", "1", "", ""]]


def excel_rows(short: int, last: str = "") -> str:
    """A header, the rest of its block of sixteen in full, then rows without their last separator."""
    return "Code,Seat\n" + "A,\n" * 15 + "B\n" * short + last


@pytest.mark.parametrize("short", [16, 4], ids=["a-block", "the-last-block"])
def test_excel_leaves_out_separators_for_sixteen_rows_at_a_time(reader: Reader, short):
    assert [record.line for record in reader.sheet(excel_rows(short)).records() if record.fault] == []


@pytest.mark.parametrize(
    ("content", "lines"),
    [("Code,Seat\nA\nB\n", [2, 3]), (excel_rows(3, "C,x\n"), [17, 18, 19]), (excel_rows(0, "C,\n" * 15 + "B\n"), [32])],
    ids=["beside-the-header", "beside-a-longer-row", "alone"],
)
def test_short_rows_beside_longer_ones_are_not_excels(reader: Reader, content, lines):
    assert [record.line for record in reader.sheet(content).records() if record.fault] == lines


def test_a_sheet_can_be_read_again_and_reports_its_progress(reader: Reader):
    sheet = reader.sheet("Code\nA\nB\n\nC\n")
    assert (sheet.total, sheet.progress) == (3, 1.0)
    rows = sheet.records()
    next(rows)
    assert 0 < sheet.progress < 1
    assert [record.line for record in rows] == [3, 5]


def test_the_progress_of_a_sheet_is_estimated_from_its_beginning_and_never_exceeds_one(reader: Reader):
    sheet = reader.sheet("Code,Seat\n" + f"A,{'S' * 100}\n" * 2_000 + "B,1\n" * 10_000)
    rows = iter(sheet.records())
    for _ in range(500):
        next(rows)
    assert 0 < sheet.progress < 0.5
    assert (sheet.total, sheet.progress) == (12_000, 1.0)


@pytest.mark.behaviour(27)
def test_the_preview_shows_the_first_rows_as_they_are_understood(reader: Reader):
    content = 'Code,Note\n\'=12,="05"\n A ,' + "x" * 500 + "\n" + "B,\n" * 50
    preview = reader.sheet(content).preview()
    assert (preview[:2], len(preview)) == ((("=12", "05"), (" A ", "x" * 99 + "…")), 20)


def test_the_preview_says_on_which_line_each_of_its_rows_starts(reader: Reader):
    sheet = reader.sheet('Code,Note\nA,"one\ntwo"\n\nB,x\nC,y\n')
    assert (len(sheet.preview()), sheet.preview_lines()) == (3, (2, 5, 6))


def test_the_preview_and_the_headers_of_very_many_columns_are_short(reader: Reader):
    sheet = reader.sheet("Code" + ",x" * 9_999 + "\n" + "A" + ",y" * 9_999 + "\n")
    assert (len(sheet.detected.headers), len(sheet.preview()[0]), sheet.issue_reason) == (50, 50, None)


@pytest.mark.parametrize(
    ("content", "options", "names"),
    [
        ("barcode,Note\nA,b\n", {}, ("barcode", "Note", "Seat")),
        ("A,b\n", {"mapping": {"Code": 0}}, ("Code", "Column 2", "Seat")),
        ("barcode,\nA,b\n", {}, ("barcode", "Column 2", "Seat")),
    ],
    ids=["headers", "no-header", "blank-header"],
)
def test_columns_are_named_by_the_organisers_headers(reader: Reader, content, options, names):
    sheet = reader.sheet(content, **options)
    assert (sheet.label("Code"), sheet.name(1), sheet.label("Seat")) == names


@pytest.mark.parametrize(
    "options",
    [{}, {"header_rows": 0}, {"header_rows": 3}, {"delimiter": ";"}, {"encoding": "cp1252"}, {"encoding": "utf-16"}],
    ids=str,
)
def test_a_file_of_refused_rows_is_read_in_its_own_way_whatever_the_options_of_the_first(reader: Reader, options):
    sheet = reader.sheet(f"Code,Seat,{HEADER}\nA,é,2,Code,x,y\n", **options)
    assert [record.cells[:2] for record in sheet.records()] == [["A", "é"]]


@pytest.mark.parametrize(
    ("row", "fine"),
    [("A,b,2,Code,x,y", True), ("A,b,c,2,Code,x,y", False), ("A,b,,2,Code,x,y", True), ("A,b,c,d,2,Code,x,y", False)],
    ids=["as-it-was", "too-long-still", "emptied", "much-too-long"],
)
def test_an_overlong_refused_row_is_corrected_by_emptying_the_cell(reader: Reader, row, fine):
    (record,) = reader.sheet(f"Code,Seat,{HEADER}\n{row}\n").records()
    assert (record.fault is None) == fine


@pytest.mark.parametrize("mapping", [{"Code": "Ticket"}, {"Code": 0}, {"Code": "Code"}, None], ids=str)
def test_a_file_of_refused_rows_imports_with_the_mapping_of_the_first_and_without(reader: Reader, mapping):
    sheet = reader.sheet(f"Code,Seat,{HEADER}\nA,b,2,Code,x,y\n", mapping=mapping)
    assert (sheet.mapping["Code"], sheet.issue_reason) == (0, None)


def test_a_second_table_with_headers_of_its_own_is_not_taken_for_rows(reader: Reader):
    sheet = reader.sheet("Code,Uses left\nAAA-1,5\n\nEmail,Tickets\na@x.nl,2\n")
    assert (sheet.issue_reason, "line 4" in explanation(sheet.issue_messages)) == (Reason.AMBIGUOUS_MAPPING, True)
    assert reader.sheet("Code,Seat\nAAA-1,5\n\nBBB-1,6\n").issue_reason is None


def test_two_tables_side_by_side_are_refused_with_what_to_do(reader: Reader):
    sheet = reader.sheet("Email,Name,,Email,Name\na@x.nl,Ada,,b@x.nl,Bo\nc@x.nl,Cy,,d@x.nl,Di\n", Kind.CUSTOMERS)
    assert (
        explanation(sheet.issue_messages)
        == "Two tables are side by side, both with “Email”. Send each as a file of its own."
    )
