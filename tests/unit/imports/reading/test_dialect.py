"""Detection of the delimiter."""

import pytest

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Kind, Reason
from guestlist.imports.reading.sheet import Unreadable
from tests.unit.imports.reading.builders import Reader, cells_of

CASES = {
    "comma": ("Code,Quantity\nA,1\n", ",", [["A", "1"]]),
    "semicolon": ("Code;Quantity\nA;1\n", ";", [["A", "1"]]),
    "tab": ("Code\tQuantity\nA\t1\n", "\t", [["A", "1"]]),
    "bar": ("Code|Quantity\nA|1\n", "|", [["A", "1"]]),
    "comma-in-a-semicolon-file": ("Code;Seat\nA;1,5\nB;2,5\n", ";", [["A", "1,5"], ["B", "2,5"]]),
    "semicolons-in-a-comma-file": ("Code,Seat\nA,x;y;z\nB,x;y;z\n", ",", [["A", "x;y;z"], ["B", "x;y;z"]]),
    "delimiter-in-quotes": ('Code;Seat\n"A;B";"x,y,z"\n', ";", [["A;B", "x,y,z"]]),
    "one-column": ("Code\nA\nB\n", None, [["A"], ["B"]]),
    "one-column-quoted": ('"Code"\n"A,1"\n"B"\n', None, [["A,1"], ["B"]]),
    "one-column-with-a-few-commas": ("Code\nA,1\nB\nC;2\nD\n", None, [["A,1"], ["B"], ["C;2"], ["D"]]),
    "one-column-of-digits": ("Code\n12345\n67890\n", None, [["12345"], ["67890"]]),
    "one-row": ("Code,Seat\nA,B\n", ",", [["A", "B"]]),
    "tab-beats-commas-in-names": ("Code\tSeat\nA\tx, y\nB\tx, y\n", "\t", [["A", "x, y"], ["B", "x, y"]]),
    "told-by-the-first-line": ("sep=;\nCode;Seat\nA;x,y\n", ";", [["A", "x,y"]]),
    "told-in-quotes": ('"sep=|"\r\nCode|Seat\r\nA|x\r\n', "|", [["A", "x"]]),
    "told-a-tab": ("SEP=\t\nCode\tSeat\nA\tx\n", "\t", [["A", "x"]]),
    "told-an-odd-one": ("sep=:\nCode:Seat\nA:x\n", ":", [["A", "x"]]),
}


@pytest.mark.behaviour(6, 7)
@pytest.mark.parametrize(("content", "delimiter", "cells"), CASES.values(), ids=CASES)
def test_the_delimiter_is_found(reader: Reader, content, delimiter, cells):
    sheet = reader.sheet(content)
    assert (sheet.detected.delimiter, cells_of(sheet), sheet.issue_reason) == (delimiter, cells, None)


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("A1,1\nB2,2\n", ","),
        ("A1;1,5\nB2;2,5\n", ";"),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("123,1\n456,2\n", ","),
        ("A;x\nB;y\nC\n", ";"),
        ("a@b.nl\tJansen, Jan\nc@d.nl\tSmit, Piet\n", "\t"),
        ("a@b.nl,Jan,A;B\nc@d.nl,Piet,A;B\n", ","),
    ],
    ids=["comma", "decimals", "decimals-alone", "digits", "most-rows", "names", "more-cells"],
)
def test_without_a_header_most_rows_decide(reader: Reader, content, delimiter):
    assert reader.sheet(content, mapping={"Code": 0}).detected.delimiter == delimiter


@pytest.mark.parametrize("requested", ["tab", "\\t", "\t", "TAB"])
def test_a_tab_can_be_requested_by_name(reader: Reader, requested):
    assert cells_of(reader.sheet("Code\tSeat\nA\tx\n", delimiter=requested)) == [["A", "x"]]


def test_an_explicit_delimiter_is_used(reader: Reader):
    assert cells_of(reader.sheet("Code^Seat\nA,1^x\n", delimiter="^")) == [["A,1", "x"]]


@pytest.mark.parametrize("requested", [",,", '"', "\n", "a", "7", "\0", "semi"])
def test_an_invalid_delimiter_is_refused(reader: Reader, requested):
    with pytest.raises(Unreadable) as refusal:
        reader.sheet("Code\nA\n", delimiter=requested)
    assert refusal.value.reason is Reason.BAD_OPTION


@pytest.mark.behaviour(7)
@pytest.mark.parametrize(
    ("content", "options", "separator"),
    [
        ("Code,Quantity\nA,1\n", {"delimiter": ";"}, "a comma"),
        ("A,1\nB,2\n", {"delimiter": ";", "mapping": {"Code": 0}}, "a comma"),
        ("sep=;\nCode,Quantity\nA,1\n", {}, "a comma"),
        ("Code:Quantity\nA:1\n", {}, "“:”"),
        ("Email quantity Seat Label\n1 North-1\n", {}, "a space"),
        ("Code^Quantity\nA^1\n", {"delimiter": ","}, "“^”"),
    ],
    ids=["said", "said-for-one-column", "told-wrongly", "colon", "spaces", "caret"],
)
def test_a_wrong_delimiter_is_reported_instead_of_making_one_column(reader: Reader, content, options, separator):
    sheet = reader.sheet(content, **options)
    assert (sheet.issue_reason, separator in explanation(sheet.issue_messages)) == (Reason.NO_KNOWN_COLUMN, True)


def test_a_header_of_one_column_over_rows_of_two_refuses_the_rows(reader: Reader):
    assert reader.read("Code\nA,1\nB,2\n").problem_codes == [(2, "wrong_column_count"), (3, "wrong_column_count")]


def test_groups_in_one_cell_do_not_make_a_delimiter(reader: Reader):
    sheet = reader.sheet("Email,Customer groups\na@b.nl,A;B\nc@d.nl,C;D\n", Kind.CUSTOMERS)
    assert cells_of(sheet) == [["a@b.nl", "A;B"], ["c@d.nl", "C;D"]]


def test_comments_above_the_rows_are_no_rows_of_one_cell(reader: Reader):
    content = "# -----\n# Campaigns\n# May\n# -----\nCampaign,Sessions,Revenue\nspring,12,4.00\nretarget,8,2.00\n"
    sheet = reader.sheet(content)
    assert (sheet.text.delimiter, sheet.issue_reason) == (",", Reason.NO_KNOWN_COLUMN)
