"""Rows of a target-group file as entries and problems."""

import pytest

from guestlist.imports.problem_record import problem_text
from guestlist.imports.reading.problems import BadEmail
from guestlist.imports.reading.quantities import MAX_QUANTITY
from guestlist.lists.entry import Entry
from tests.unit.imports.reading.builders import Reader

ALL = "Code,Email,Category,Seat,Quantity"


@pytest.mark.behaviour(36, 40)
@pytest.mark.parametrize(
    ("content", "entries"),
    [
        ("Code,Quantity\ntesting1,1\n", [Entry("testing1", quantity=1)]),
        (
            "Barcode,Quantity,Category\n1231245,1,Section2\n1231246,1,Section3\n",
            [Entry("1231245", category="Section2"), Entry("1231246", category="Section3")],
        ),
        ("Email,quantity,Seat Label\nMail@Company.Net,1,South-3\n", [Entry(email="Mail@Company.Net", seat="South-3")]),
        ("Code,Seat\nA,North-1\nA,North-2\n", [Entry("A", seat="North-1"), Entry("A", seat="North-2")]),
        ("Code,Email\nA,a@b.nl\n", [Entry("A", "a@b.nl")]),
        ("Quantity,Code\n12,A\n", [Entry("A", quantity=12)]),
    ],
    ids=["code", "category", "email-and-seat", "several-seats", "personal-code", "any-order"],
)
def test_a_row_is_an_entry(reader: Reader, content, entries):
    read = reader.read(content)
    assert (list(read.entries.values()), read.problems) == (entries, [])


@pytest.mark.behaviour(101, 102, 106, 107, 108, 109, 110, 111)
@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("A 1", "A 1"),
        (" A1", " A1"),
        ("A1 ", "A1 "),
        ("+12", "+12"),
        ("-12", "-12"),
        ("=12", "=12"),
        ("'=12", "=12"),
        ("'+12", "+12"),
        ("'-12", "-12"),
        ("'abc", "'abc"),
        ("o'neil", "o'neil"),
        ("''=1", "''=1"),
        ("'", "'"),
        ("'@x", "'@x"),
        ('="0503E000"', "0503E000"),
        ('"=""0503E000"""', "0503E000"),
        ('="a"b"', '="a"b"'),
        ("*123*", "*123*"),
        ("0012", "0012"),
        ("12e456", "12e456"),
        ("1231245", "1231245"),
        ('"a,b"', "a,b"),
        ("1.5", "1.5"),
        ("e5", "e5"),
        ("12E5", "12E5"),
        ("12E-5", "12E-5"),
        ('="1E+12"', "1E+12"),
    ],
)
def test_a_code_is_kept_as_written_without_what_excel_put_before_it(reader: Reader, cell, code):
    assert reader.read(f"Code,Seat\n{cell},x\n").only.code == code


@pytest.mark.parametrize("cell", ["'=12", '="0503E000"'])
def test_a_raw_file_is_read_unchanged(reader: Reader, cell):
    assert reader.read(f"Code\n{cell}\n", raw=True).only.code == cell


@pytest.mark.behaviour(43)
@pytest.mark.parametrize(
    ("cell", "quantity"),
    [("1", 1), ("10", 10), (" 7 ", 7), ("007", 7), ("1000000000", 10**9), ("", 1), (" ", 1), ('="5"', 5)],
)
def test_a_quantity_is_a_whole_number(reader: Reader, cell, quantity):
    assert reader.read(f"Code,Quantity\nA,{cell}\n").only.quantity == quantity


@pytest.mark.behaviour(43)
@pytest.mark.parametrize(
    "cell",
    ["0", "-1", "1.5", '"1,5"', "1.0", "one", "1e3", "+1", "1000000001", "9" * 5000, "٣", "²", "1 000", "000", "NaN"],
)
def test_any_other_quantity_is_refused(reader: Reader, cell):
    read = reader.read(f"Code,Quantity\nA,{cell}\n")
    assert (read.entries, read.problem_codes) in (({}, [(2, "bad_quantity")]), ({}, [(2, "too_long")]))


@pytest.mark.parametrize(
    ("cell", "email"),
    [
        ("a@b.nl", "a@b.nl"),
        (" Mail@Company.Net ", "Mail@Company.Net"),
        ("jose\u0301@b.nl", "jos\u00e9@b.nl"),
        ("x+y@b.co.uk", "x+y@b.co.uk"),
    ],
)
def test_an_address_is_kept_as_written_but_for_the_spaces_around_it(reader: Reader, cell, email):
    assert reader.read(f"Email,Seat\n{cell},x\n").only.email == email


@pytest.mark.parametrize(
    "cell", ["nobody", "a@b", "@b.nl", "a b@c.nl", "a@b.nl;c@d.nl", "a%b@c.nl", "a/b@c.nl", '"a@\nb.nl"']
)
def test_an_invalid_address_is_refused(reader: Reader, cell):
    assert reader.read(f"Email,Seat\n{cell},x\n").problem_codes == [(2, "bad_email")]


@pytest.mark.behaviour(41)
@pytest.mark.parametrize("row", [",,Balcony,N-1,2", '" ",,,,2', ",  ,x,,", "\xa0,,x,,"])
def test_a_row_without_a_code_and_an_address_is_refused(reader: Reader, row):
    read = reader.read(f"{ALL}\nA,,,,\n{row}\n")
    assert (read.problem_codes, read.problems[0].column) == ([(3, "no_code_or_email")], "Code")


@pytest.mark.parametrize("code", ["1.23457E+12", "1,23457E+12", "1E+12", "12e+4", " 1.2E+05 ", "-1.5E-7", "1.E+3"])
def test_a_code_that_a_spreadsheet_rounded_is_refused(reader: Reader, code):
    assert reader.read(f"Code;Seat\n{code};x\n").problem_codes == [(2, "excel_scientific")]


def test_a_seat_like_a_rounded_number_is_a_seat(reader: Reader):
    assert reader.read("Code,Seat\nA,1.2E+05\n").only.seat == "1.2E+05"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("A\0,,,,", "Code"),
        ('"A\nB",,,,', "Code"),
        ('"A\tB",,,,', "Code"),
        ("A,,\x0b,,", "Category"),
        ("A,,,\x85,", "Seat"),
        ("A,,,\x7f,", "Seat"),
    ],
)
def test_a_control_character_refuses_the_row(reader: Reader, row, column):
    read = reader.read(f"{ALL}\n{row}\n")
    assert [(problem.code, problem.column) for problem in read.problems] == [("control_character", column)]


def test_a_control_character_in_an_ignored_column_is_accepted(reader: Reader):
    assert reader.read("Code,Note\nA,x\0y\n").codes == ["A"]


def test_a_label_may_run_over_lines(reader: Reader):
    read = reader.read('Code,Seat\nA,"North\r\n1"\nB,0\nC,"x\ny\n"\nD,1\n')
    assert {line: entry.seat for line, entry in read.entries.items()} == {2: "North\r\n1", 4: "0", 5: "x\ny\n", 8: "1"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x" * 201 + ",,,,", "Code"),
        (",a@" + "b" * 250 + ".nl,,,", "Email"),
        ("A,," + "x" * 201 + ",,", "Category"),
        ("A,,," + "x" * 201 + ",", "Seat"),
    ],
    ids=["code", "email", "category", "seat"],
)
def test_a_cell_that_is_too_long_refuses_the_row(reader: Reader, row, column):
    (problem,) = reader.read(f"{ALL}\n{row}\n").problems
    assert (problem.code, problem.column, len(problem.value)) == ("too_long", column, 100)


def test_cells_may_be_as_long_as_the_limit(reader: Reader):
    assert reader.read(f"Code,Seat\n{'x' * 200},{'y' * 200}\n").only == Entry("x" * 200, seat="y" * 200)


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\r\n\x1a\r\n", "\r\n\x1a\x1a\x1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_ctrl_z_after_the_last_line_is_no_row(reader: Reader, end, encoding):
    read = reader.read(f"Code,Quantity\r\nÅ,1\r\nB,2{end}".encode(encoding))
    assert (read.codes, read.problem_codes) == (["Å", "B"], [])
    assert reader.read(f"Code\r\nA\r\nB{end}").codes == ["A", "B"]


def test_a_cell_that_is_padded_is_measured_without_its_spaces(reader: Reader):
    quantity, email = f"{'':200}3{'':200}", f"{'':200}a@example.com{'':200}"
    assert reader.read(f"{ALL}\nA,{email},,,{quantity}\n").only == Entry("A", "a@example.com", quantity=3)


def test_a_code_is_measured_with_its_spaces(reader: Reader):
    assert reader.read(f"Code,Seat\n{'A':201},\nA,{'1':201}\n").problem_codes == [(2, "too_long"), (3, "too_long")]


def test_ten_megabytes_in_one_cell_refuse_one_row(reader: Reader):
    read = reader.read("Code\nA\n" + "x" * 10_000_000 + "\nB\n")
    assert (read.codes, read.problem_codes) == (["A", "B"], [(3, "too_long")])


@pytest.mark.behaviour(41, 43)
def test_every_problem_has_its_physical_line_column_value_and_a_sentence(reader: Reader):
    read = reader.read(
        'Code,Email,Quantity,Seat\r\nA,,1,"x\r\ny"\r\n\r\nB,,zero,\r\nC,nobody,1,\r\n,,3,\r\nD,,1,x,y\r\n'
    )
    assert [(problem.line, problem.column, problem.value, problem.code) for problem in read.problems] == [
        (5, "Quantity", "zero", "bad_quantity"),
        (6, "Email", "nobody", "bad_email"),
        (7, "Code", "", "no_code_or_email"),
        (8, "Column 5", "y", "wrong_column_count"),
    ]
    for problem in read.problems:
        assert problem_text(problem.record()).startswith(f"Line {problem.line}, column “{problem.column}”: ")
        assert problem_text(problem.record()).endswith(".")


def test_a_problem_is_stored_as_a_message_with_its_value_shortened():
    shown = "x" * 99 + "…"
    problem = BadEmail(3, "Email", "x" * 200).record()
    assert problem == {
        "line": 3,
        "column": "Email",
        "value": shown,
        "code": "bad_email",
        "params": {"value": shown},
        "detail": "",
    }
    assert problem_text(problem, "en") == (
        f"Line 3, column “Email”: “{shown}” is not an e-mail address. Write one address, such as name@example.org."
    )
    assert problem_text(problem, "nl").startswith(f"Regel 3, kolom “Email”: “{shown}” is geen e-mailadres.")
    assert problem_text({**problem, "line": 12_345}).startswith("Line 12345, ")


ROW_NOTES = {
    "blank-quantity": (
        "Code,Quantity\nA,\nB,1\nC, \n",
        "2 rows (lines 2, 4): the quantity is empty and was read as 1.",
    ),
    "rounded": ("Code\n1234567890123450\n123456789012345\n", "1 row (line 2): the code has more than 15 digits"),
    "zero-lost": ("Code\n123456\n234567\n34567\n456789\n", "1 row (line 4): the code has 5 digits where most have 6."),
    "no-break-space": ("Code\nA\xa01\nB\n", "1 row (line 2): the code has an invisible character"),
    "zero-width": ("Code,Seat\nA,x\nB\u200b,x\n", "1 row (line 3): the code has an invisible character"),
    "many": ("Code,Quantity\n" + "A,\n" * 1234, "1,234 rows (lines 2, 3, 4, 5, 6, …): the quantity is empty"),
}


@pytest.mark.parametrize(("content", "begins"), ROW_NOTES.values(), ids=ROW_NOTES)
def test_a_doubtful_value_is_imported_with_a_notice_of_its_lines(reader: Reader, content, begins):
    read = reader.read(content)
    assert (read.problems, [notice.startswith(begins) for notice in read.row_notes]) == ([], [True])


@pytest.mark.parametrize(
    "content",
    [
        "Code\nA\n 'x\n",
        "Code\n1\n2\n10\n11\n12\n",
        "Code\n12345\n123456\n",
        "Code\nA1234\nB1234\n12345\n1234\n",
        "Code,Seat\nA,x\xa0y\n",
    ],
    ids=["plain", "counted-codes", "as-many", "mostly-letters", "seats"],
)
def test_an_ordinary_value_causes_no_notice(reader: Reader, content):
    assert reader.read(content).row_notes == ()


def test_a_missing_quantity_column_is_reported_once(reader: Reader):
    assert "every row counts for 1" in reader.sheet("Code\nA\nB\n").detected.texts()[0]
    assert reader.read("Code\nA\nB\n").row_notes == ()


@pytest.mark.parametrize("header", ["Uses", "Redeemed", "Gebruikt", "Times used"])
def test_a_number_of_uses_is_the_quantity(reader: Reader, header):
    read = reader.read(f"Code,{header}\nA1,3 / 100\nA2,0 of 8\nA3,14 / ∞\n")
    assert [entry.quantity for entry in read.entries.values()] == [100, 8, MAX_QUANTITY]


def test_a_count_of_past_uses_is_no_quantity(reader: Reader):
    read = reader.read("Code,Uses\nA1,3\nA2,0 / 8\n")
    assert [entry.quantity for entry in read.entries.values()] == [1, 1]
