"""Text as rows of cells with their physical lines."""

import io
from collections.abc import Iterable

import pytest

from guestlist.imports.reading import records
from guestlist.imports.reading.lines import MAX_ROW_LENGTH, physical_lines
from guestlist.imports.reading.problems import TooLong, UnclosedQuote
from guestlist.imports.reading.records import Record, split_records

LONG = "x" * MAX_ROW_LENGTH


def lines(text: str) -> list[str]:
    return list(physical_lines(io.StringIO(text, newline="").read))


def split(text: str, delimiter: str | None = ",") -> list[Record]:
    return list(split_records(lines(text), delimiter))


def placed(all_records: Iterable[Record]) -> list[tuple[int, int, list[str]]]:
    return [(record.line, record.row, record.cells) for record in all_records]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\nb\r\nc\rd", ["a\n", "b\r\n", "c\r", "d"]),
        ("\n\r\r\n\n", ["\n", "\r", "\r\n", "\n"]),
        ("a\u2028b\x0bc\x85d\n", ["a\u2028b\x0bc\x85d\n"]),
        (LONG + "yy\nb\n", [LONG, "b\n"]),
        (LONG + "yy\rb\n", [LONG, "b\n"]),
        (LONG + "yy\r\nb\n", [LONG, "b\n"]),
        (LONG[1:] + "\r\nb\n", [LONG[1:] + "\r", "b\n"]),
        (LONG[1:] + "\rb\n", [LONG[1:] + "\r", "b\n"]),
        (LONG[1:] + "\nb\n", [LONG[1:] + "\n", "b\n"]),
        (LONG + LONG[1:] + "\r\nb", [LONG, "b"]),
        (LONG + LONG[1:] + "\r" + LONG + "zz\nb", [LONG, LONG, "b"]),
        (LONG * 3, [LONG]),
        ("a\nb\n\x1a", ["a\n", "b\n"]),
        ("a\nb\x1a\x1a", ["a\n", "b"]),
        ("a\x1a\nb", ["a\x1a\n", "b"]),
    ],
    ids=[
        "none",
        "no-end",
        "three-ends",
        "blank",
        "other-breaks",
        "long",
        "long-cr",
        "long-crlf",
        "split-crlf",
        "just-cr",
        "just-lf",
        "twice-as-long",
        "two-long",
        "long-to-the-end",
        "ctrl-z-behind-the-last-line",
        "ctrl-z-behind-the-last-cell",
        "ctrl-z-within",
    ],
)
def test_a_line_ends_at_lf_crlf_or_cr_and_is_cut_when_it_is_too_long(text, expected):
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\nc,d\n", [(1, 1, ["a", "b"]), (2, 2, ["c", "d"])]),
        ("a\r\n\r\n \t,\r\nb", [(1, 1, ["a"]), (4, 4, ["b"])]),
        ('"a\nb\r\nc",d\ne\n', [(1, 1, ["a\nb\r\nc", "d"]), (4, 2, ["e"])]),
        ('a,"b ""c"" d"\n', [(1, 1, ["a", 'b "c" d'])]),
        ('"a,b",c', [(1, 1, ["a,b", "c"])]),
        (' a , "b"\n', [(1, 1, [" a ", ' "b"'])]),
        ('5" pipe,x"\n', [(1, 1, ['5" pipe', 'x"'])]),
        ('"VIP" north,1\n', [(1, 1, ["VIP north", "1"])]),
        ('"",""\n"","a"\n', [(2, 2, ["", "a"])]),
        ('="0503E000",1\n', [(1, 1, ['="0503E000"', "1"])]),
        ("a\x00b,c\n", [(1, 1, ["a\x00b", "c"])]),
    ],
    ids=[
        "plain",
        "blank-rows",
        "line-ends-in-quotes",
        "doubled",
        "delimiter-in-quotes",
        "spaces-kept",
        "quote-within",
        "text-behind-quote",
        "quoted-nothing",
        "formula",
        "nul",
    ],
)
def test_rows_are_split_as_spreadsheets_do_and_know_their_first_line(text, expected):
    assert placed(split(text)) == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":"])
def test_any_delimiter_splits(delimiter):
    assert placed(split(f'a{delimiter}"b{delimiter}c"\n', delimiter)) == [(1, 1, ["a", f"b{delimiter}c"])]


def test_without_a_delimiter_a_row_is_one_cell():
    assert [cells for *_, cells in placed(split('a,b;c|d\te\n"f,\ng"\n,;|\n', None))] == [["a,b;c|d\te"], ["f,\ng"]]


def test_an_unclosed_quote_costs_its_own_row_and_no_other():
    all_records = split('a,1\nb,"2\nc,3\nd,4\n')
    assert placed(all_records) == [(1, 1, ["a", "1"]), (2, 2, ["b", '"2']), (3, 3, ["c", "3"]), (4, 4, ["d", "4"])]
    assert [record.fault for record in all_records if record.fault] == [UnclosedQuote(2, "Column 2", '"2')]


def test_a_quote_that_opens_rows_later_does_not_close_one_that_never_was():
    all_records = split('a,"1\nb,2\n"c",3\n"d\ne",4\n')
    assert placed(all_records) == [(1, 1, ["a", '"1']), (2, 2, ["b", "2"]), (3, 3, ["c", "3"]), (4, 4, ["d\ne", "4"])]


def test_the_search_for_a_closing_quote_is_limited():
    all_records = split('"a\n' + "b\n" * records.MAX_ROW_LINES + '"\n')
    assert (all_records[0].fault, all_records[1].cells) == (UnclosedQuote(1, "Column 1", '"a'), ["b"])


def test_after_very_many_unclosed_quotes_no_cell_runs_over_its_line(monkeypatch):
    monkeypatch.setattr(records, "MAX_UNCLOSED_QUOTES", 2)
    all_records = split('"a\n"b\n"c\nd"\n"e",1\n')
    assert [(record.line, record.fault is None) for record in all_records] == [
        (1, False),
        (2, False),
        (3, False),
        (4, True),
        (5, True),
    ]


def test_a_row_that_is_too_long_is_refused_and_only_its_beginning_kept():
    all_records = split(f"a,{LONG}{LONG}\nb,1\n")
    assert [record.line for record in all_records] == [1, 2]
    assert isinstance(all_records[0].fault, TooLong)
    assert len("".join(all_records[0].cells)) < MAX_ROW_LENGTH


def test_a_row_of_the_maximum_length_is_read_whole():
    assert split(f'"{LONG[6:]}",b\n')[0].cells == [LONG[6:], "b"]


def test_a_fault_calls_the_column_by_its_name():
    (record,) = split_records(['a,"b'], ",", lambda index: ("Code", "Seat")[index])
    assert record.fault == UnclosedQuote(1, "Seat", '"b')
