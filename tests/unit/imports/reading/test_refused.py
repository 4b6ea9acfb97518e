"""The file of refused rows."""

import csv
from pathlib import Path
from typing import Any

import pytest

from guestlist.imports.model import Options
from guestlist.imports.reading import refused_rows
from guestlist.imports.reading.bulk.reading import read_rows
from guestlist.imports.reading.problems import BadQuantity, DuplicateInFile, NoCodeOrEmail, Problem
from guestlist.imports.reading.refused_rows import Refusals
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.sheet import Sheet
from guestlist.messages.language import Language
from tests.unit.imports.reading.builders import Reader

ADDED = ["refused_line", "refused_column", "refused_code", "refused_reason"]


def given_back(reader: Reader, content: str | bytes, language: Language = "en", **options: Any) -> str:
    """The file of refused rows."""
    refusals = Refusals(reader.folder)
    for problem in reader.read(content, **options).problems:
        refusals.add(problem)
    to = reader.folder / "refused.csv"
    refusals.write_csv(reader.sheet(content, **options), to, language)
    return to.read_bytes().decode()


def rows(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True), delimiter=delimiter))


def test_refused_rows_are_written_unchanged_with_line_column_code_and_reason(reader: Reader):
    header, *below = rows(given_back(reader, 'Seat,Code,Note,Quantity\nN-1,A,x,1\nN-2,\'=B,"a\nb",zero\n,,,2\n'))
    assert header == ["Seat", "Code", "Note", "Quantity", *ADDED]
    assert [row[:7] for row in below] == [
        ["N-2", "'=B", "a\nb", "zero", "3", "Quantity", "bad_quantity"],
        ["", "", "", "2", "5", "Code", "no_code_or_email"],
    ]
    assert below[0][7].startswith("Line 3, column “Quantity”: “zero” is not a whole number")


def test_the_reasons_are_in_the_language_of_the_organiser(reader: Reader):
    _, row = rows(given_back(reader, "Code,Quantity\nA,zero\n", language="da"))
    assert row[2:5] == ["2", "Quantity", "bad_quantity"]
    assert row[5].startswith("Linje 2, kolonne “Quantity”: “zero” er ikke et helt tal")


@pytest.mark.parametrize(
    ("content", "options", "begins"),
    [
        ("Code;Seat\n;x,y\n", {}, ";x,y;2;"),
        ("Code\tSeat\n\tx,y\n", {}, "\tx,y\t2\t"),
        ("Code\n'\n1E+5\n", {}, "1E+5,3,"),
        ("Code^Seat\n^x\n", {"delimiter": "^"}, "^x^2^"),
        ("sep=;\nCode;Seat\n;x\n", {}, ";x;3;"),
        ("Kode;Sæde\n;Ø1\n".encode("cp1252"), {}, ";Ø1;2;"),
        ("Kode;Sæde\n;Ø1\n".encode("utf-16"), {}, ";Ø1;2;"),
    ],
    ids=["semicolon", "tab", "one-column", "another", "sep-line", "cp1252", "utf-16"],
)
def test_the_file_has_the_delimiter_of_the_first_and_is_marked_as_utf_8(reader: Reader, content, options, begins):
    text = given_back(reader, content, **options)
    assert (text.splitlines()[1].startswith(begins), text.endswith("\n")) == (True, True)
    assert text.startswith("\ufeff")


@pytest.mark.parametrize(
    ("content", "options", "header"),
    [
        ("Code,Note\n,x\n", {}, ["Code", "Note"]),
        ("A,0\n", {"mapping": {"Code": 0, "Quantity": 1}}, ["Code", "Quantity"]),
        ("A,x,0\n", {"mapping": {"Code": 0, "Quantity": 2}}, ["Code", "Column 2", "Quantity"]),
        ("1E+5\nA\n", {}, ["Code"]),
        ("Title\n\nKode;Antal\nA;0\n", {"header_rows": 3}, ["Kode", "Antal"]),
        ("Foo,Bar\nA,0\n", {"mapping": {"Code": "Foo", "Quantity": "Bar"}}, ["Code", "Quantity"]),
        ("Code,Barcode\n,A\nx,\n", {"mapping": {"Code": "Barcode"}}, ["Column 1", "Barcode"]),
        (f"Code,Quantity,{','.join(ADDED)}\nA,0,9,x,y,z\n", {}, ["Code", "Quantity"]),
    ],
    ids=[
        "own",
        "headerless",
        "headerless-with-another",
        "codes-alone",
        "titles",
        "mapped",
        "mapped-otherwise",
        "again",
    ],
)
def test_the_header_of_refused_rows_names_every_column(reader: Reader, content, options, header):
    text = given_back(reader, content, **options)
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    assert rows(text, delimiter)[0] == [*header, *ADDED]


MENDED: dict[str, tuple[str | bytes, dict[str, Any], str, str]] = {
    "quantity": ("Code,Quantity\nA,0\n", {}, ",0,", ",3,"),
    "position": ("A,0\n", {"mapping": {"Code": 0, "Quantity": 1}}, ",0,", ",3,"),
    "no-header-rows": ("A,0\n", {"mapping": {"Code": 0, "Quantity": 1}, "header_rows": 0}, ",0,", ",3,"),
    "title": ("T\nCode,Quantity\nA,0\n", {"header_rows": 2}, ",0,", ",3,"),
    "mapping": ("Foo,Bar\nA,0\n", {"mapping": {"Code": "Foo", "Quantity": "Bar"}}, ",0,", ",3,"),
    "encoding": ("Code,Quantity\nÆ,0\n".encode("cp1252"), {"encoding": "cp1252"}, ",0,", ",3,"),
    "delimiter": ("Code;Quantity\nA;0\n", {"delimiter": ";"}, ";0;", ";3;"),
    "too-many-cells": ("Code,Quantity\nA,3,x\n", {}, ",x,", ",,"),
    "too-few-cells": ("Code,Quantity\nA\nB,3,\n", {}, "A,,", "A,3,"),
    "quote": ('Code,Quantity\n"A,3\n', {}, '"""A,3"', "A,3"),
    "one-column": ("Code\n1E+5\n", {}, "1E+5", "A"),
    "blank-cells-beyond": ("Code,Quantity\nA,0,,\n", {}, ",0,", ",3,"),
}


@pytest.mark.parametrize(("content", "options", "fault", "mended"), MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("second", ["with-the-same-options", "without-options"])
def test_corrected_refused_rows_are_imported(reader: Reader, content, options, fault, mended, second):
    text = given_back(reader, content, **options)
    read = reader.read(text.replace(fault, mended), **(options if second == "with-the-same-options" else {}))
    assert read.problem_codes == []
    assert {entry.quantity for entry in read.entries.values()} <= {1, 3}
    assert len(read.entries) == 1


@pytest.mark.parametrize(
    "content",
    [
        "Code,Quantity\nA,0\n",
        "Code,Quantity\nA,3,x\n",
        "Code,Quantity\n1E+5,1\n",
        "Code\n\0\n",
        "Code,Seat\n,x\n,y\n",
        "Code\n" + "x" * 300,
    ],
    ids=["quantity", "too-many-cells", "rounded", "control", "nothing", "long"],
)
def test_uncorrected_refused_rows_are_refused_for_the_same_reasons(reader: Reader, content):
    codes = [problem.code for problem in reader.read(content).problems]
    second = reader.read(given_back(reader, content))
    assert ([problem.code for problem in second.problems], second.entries) == (codes, {})


def problem_on(line: int) -> Problem:
    return BadQuantity(line, "Quantity", "0")


@pytest.mark.parametrize("order", [1, -1, 7], ids=["as-read", "backwards", "mixed"])
def test_problems_come_in_any_order_and_more_than_fit_in_memory(monkeypatch, tmp_path: Path, reader: Reader, order):
    monkeypatch.setattr(refused_rows, "_RUN", 3)
    monkeypatch.setattr(refused_rows, "_MAX_RUNS", 4)
    refusals = Refusals(tmp_path)
    lines = [2 + at * order % 211 for at in range(211)]
    for line in lines:
        refusals.add(problem_on(line))
    sheet = reader.sheet("Code,Quantity\n" + "A,0\n" * 211)
    refusals.write_csv(sheet, tmp_path / "refused.csv")
    report_rows = rows((tmp_path / "refused.csv").read_text())[1:]
    assert [int(row[2]) for row in report_rows] == sorted(lines)
    assert (refusals.count, [problem.line for problem in refusals.first()]) == (211, list(range(2, 102)))
    assert len(list((tmp_path / "refused").iterdir())) <= 5


def test_a_row_with_two_problems_is_listed_once(tmp_path: Path, reader: Reader):
    refusals = Refusals(tmp_path)
    for problem in (problem_on(2), NoCodeOrEmail(2, "Code", "")):
        refusals.add(problem)
    refusals.write_csv(reader.sheet("Code,Quantity\nA,0\nB,1\n"), tmp_path / "refused.csv")
    assert len(rows((tmp_path / "refused.csv").read_text())) == 2


def test_as_many_first_problems_are_returned_as_requested(tmp_path: Path):
    refusals = Refusals(tmp_path)
    for line in (5, 3, 9):
        refusals.add(problem_on(line))
    assert [problem.line for problem in refusals.first(2)] == [3, 5]


BAD = 'Seat,Code,Note,Quantity\nN-1,A,x,1\nN-2,B,"a\nb",0\n,,,2\nN-3,C,y,1,more\n"N-4,D,z,1\nN-5,E,é,two\n'


def read_with_refusals(reader: Reader, refusals: Refusals) -> Sheet:
    """The sheet that was read, its refused rows kept."""
    sheet = reader.sheet(BAD)
    for row in read_rows(sheet, Options(), RowNotes(), fast=reader.fast, on_problem=refusals.cache_cells):
        if isinstance(row, Problem):
            refusals.add(row)
    return sheet


def test_cached_refused_rows_are_written_without_reading_the_file_again(reader: Reader):
    looked_for = given_back(reader, BAD)
    refusals = Refusals(reader.folder)
    sheet = read_with_refusals(reader, refusals)
    sheet.path.unlink()
    refusals.write_csv(sheet, reader.folder / "refused.csv")
    assert (reader.folder / "refused.csv").read_text() == looked_for


@pytest.mark.parametrize(
    ("bound", "least"), [("_MAX_VALUE_LENGTH", 5), ("_MAX_STORED_BYTES", 0), ("_MAX_STORED_BYTES", 12)]
)
def test_refused_rows_beyond_the_cache_are_read_from_the_file(monkeypatch, reader: Reader, bound, least):
    looked_for = given_back(reader, BAD)
    monkeypatch.setattr(refused_rows, bound, least)
    refusals = Refusals(reader.folder)
    refusals.write_csv(read_with_refusals(reader, refusals), reader.folder / "refused.csv", fast=reader.fast)
    assert (reader.folder / "refused.csv").read_text() == looked_for


def test_a_row_refused_later_is_listed_among_the_first_problems(reader: Reader):
    refusals = Refusals(reader.folder)
    sheet = read_with_refusals(reader, refusals)
    refusals.add(DuplicateInFile(2, "Code", "A", 1))
    refusals.write_csv(sheet, reader.folder / "refused.csv", fast=reader.fast)
    _, first, *others = rows((reader.folder / "refused.csv").read_text())
    assert (first[:4], len(others)) == (["N-1", "A", "x", "1"], 5)
