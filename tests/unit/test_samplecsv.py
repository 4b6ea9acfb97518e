"""Each sample file gives what its name promises."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Kind, Options, Reason
from guestlist.imports.problem_record import problem_text
from guestlist.imports.reading.customer_rows import read_customers
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.purchase_rows import read_purchases
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import Sheet, Unreadable, open_sheet
from guestlist.imports.reading.ticket_rows import read_tickets
from guestlist.lists.entry import Entry
from guestlist.lists.importing.row_sorter import RowSorter
from tests.fakes.entries import read_entries

FOLDER = Path(__file__).parents[2] / "samplecsv"
ZONE = ZoneInfo("Europe/Amsterdam")
ROW_NOTES = RowNotes()
NOTHING, CONTROL, ROUNDED, CELLS = "no_code_or_email", "control_character", "excel_scientific", "wrong_column_count"
QUANTITY, EMAIL, DATE, LONG, TWICE = "bad_quantity", "bad_email", "bad_date", "too_long", "duplicate_in_file"

RESULTS: dict[str, Reason | tuple[int, list[tuple[int, str]]]] = {
    "bad-emails": (1, [(2, EMAIL), (3, EMAIL), (4, EMAIL), (5, EMAIL)]),
    "bad-quantities": (1, [(line, QUANTITY) for line in range(2, 9)]),
    "barcodes-with-categories": (2, []),
    "bars": (2, []),
    "binary": Reason.NOT_CSV,
    "blank-lines-only": Reason.EMPTY_FILE,
    "blank-quantities": (3, []),
    "blank-rows": (2, []),
    "codes": (1, []),
    "columns-in-any-order": (1, []),
    "commas-in-quotes": (2, []),
    "control-characters": (1, [(2, CONTROL), (3, CONTROL), (4, CONTROL)]),
    "customers": (3, []),
    "customers-groups-in-a-semicolon-file": (2, []),
    "customers-with-bad-rows": (2, [(2, NOTHING), (3, EMAIL), (5, DATE)]),
    "customers-without-groups": (1, []),
    "danish-headers": (1, []),
    "decimal-commas": (2, []),
    "duplicates": (3, [(4, TWICE), (6, TWICE)]),
    "dutch-headers": (2, []),
    "emails-with-seats": (1, [(2, NOTHING)]),
    "empty": Reason.EMPTY_FILE,
    "excel-apostrophes": (5, []),
    "excel-protected-text": (2, []),
    "excel-rounded-numbers": (2, [(2, ROUNDED), (3, ROUNDED)]),
    "excel-rounded-numbers-with-commas": (1, [(2, ROUNDED)]),
    "excel-trimmed-rows": (32, []),
    "excel-workbook": Reason.NOT_CSV,
    "formulas": (3, []),
    "german-headers": (1, []),
    "gzip-archive": Reason.NOT_CSV,
    "header-only": Reason.EMPTY_FILE,
    "invisible-characters": (2, []),
    "iso-8859-15": (2, []),
    "json": Reason.NOT_CSV,
    "line-breaks-in-quotes": (2, [(4, QUANTITY)]),
    "line-ends-of-old-macs": (2, []),
    "mac-roman": (3, []),
    "near-miss-header": Reason.NO_KNOWN_COLUMN,
    "neither-code-nor-email": (1, [(2, NOTHING), (3, NOTHING)]),
    "no-code-or-email-column": Reason.NO_KNOWN_COLUMN,
    "no-encoding-at-all": Reason.BAD_ENCODING,
    "no-known-column": Reason.NO_KNOWN_COLUMN,
    "nul-bytes": (2, [(3, CONTROL)]),
    "one-column": (3, []),
    "one-column-header-or-code": Reason.NO_KNOWN_COLUMN,
    "one-column-of-emails": (2, []),
    "one-column-without-header": (3, []),
    "other-columns-are-ignored": (2, []),
    "pdf-document": Reason.NOT_CSV,
    "personal-codes": (2, []),
    "purchases": (3, []),
    "purchases-dates-of-every-kind": (7, []),
    "purchases-with-bad-rows": (1, [(2, NOTHING), (3, NOTHING), (4, EMAIL), (5, "unknown_item"), (6, QUANTITY)]),
    "purchases-with-unclear-dates": (2, [(4, DATE), (5, DATE)]),
    "quote-never-closed": (2, [(2, CELLS)]),
    "quote-never-closed-in-one-column": (3, [(3, CELLS)]),
    "quotes-in-the-middle": (2, []),
    "refused-rows-mended": (1, []),
    "semicolons": (2, []),
    "sep-line": (1, []),
    "separated-by-colons": Reason.NO_KNOWN_COLUMN,
    "separated-by-spaces": Reason.NO_KNOWN_COLUMN,
    "several-columns-without-header": Reason.NO_KNOWN_COLUMN,
    "several-seats-of-one-code": (3, []),
    "sixteen-digits": (2, []),
    "spaces-kept": (3, []),
    "swedish-headers": (1, []),
    "tabs": (2, []),
    "target_group": (4, []),
    "tickets": (3, []),
    "tickets-barcodes-letter-for-letter": (12, []),
    "tickets-of-last-year": (3, []),
    "tickets-with-bad-rows": (2, [(2, NOTHING), (3, EMAIL), (5, ROUNDED)]),
    "tickets-without-code-column": Reason.NO_KNOWN_COLUMN,
    "title-above-the-header": (1, []),
    "too-few-cells": (1, [(2, CELLS), (3, CELLS)]),
    "too-long-a-code": (1, [(2, LONG)]),
    "too-long-a-row": (1, [(2, LONG)]),
    "too-many-cells": (2, [(2, CELLS)]),
    "two-code-columns": Reason.AMBIGUOUS_MAPPING,
    "utf-16-big-endian-without-mark": (3, []),
    "utf-16-cut-off": Reason.BAD_ENCODING,
    "utf-16-with-mark": (3, []),
    "utf-16-without-mark": (3, []),
    "utf-8-damaged": Reason.BAD_ENCODING,
    "utf-8-with-mark": (3, []),
    "web-page": Reason.NOT_CSV,
    "windows-1252": (3, []),
    "zeros-lost": (5, []),
}
ENCODED = [name for name in RESULTS if name.startswith(("utf-", "windows", "mac")) and isinstance(RESULTS[name], tuple)]


@pytest.mark.behaviour(2, 6, 7, 8, 25, 41, 43)
@pytest.mark.parametrize(("name", "result"), RESULTS.items(), ids=RESULTS)
def test_each_sample_has_the_result_of_its_name(tmp_path: Path, name, result):
    assert outcome_of(FOLDER / f"{name}.csv", tmp_path) == result


def test_every_sample_is_tested_here():
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(RESULTS)


@pytest.mark.parametrize("name", ENCODED)
def test_samples_in_every_encoding_have_the_same_content(name):
    sheet = open_sheet(FOLDER / f"{name}.csv", SCHEMAS[Kind.TARGET_GROUP], Options())
    rows = [["ÆRØ-1", "Første sal"], ["CAFÉ-2", "coördinatie"], ["GRÜN-3", "Straße"]]
    assert [record.cells for record in sheet.records()] == rows


@pytest.mark.behaviour(40, 41)
def test_the_garbled_example_has_one_person_with_a_seat_and_one_row_without_anybody():
    sheet = open_sheet(FOLDER / "emails-with-seats.csv", SCHEMAS[Kind.TARGET_GROUP], Options())
    nobody, person = read_entries(sheet, Options(), ROW_NOTES)
    assert isinstance(nobody, Problem)
    assert problem_text(nobody.record()).startswith(
        "Line 2, column “Email”: the row has no code and no e-mail address."
    )
    assert person == (3, Entry(email="Mail@Company.Net", seat="South-3"))


@pytest.mark.parametrize("name", ["customers-with-bad-rows", "purchases-with-unclear-dates", "tickets-with-bad-rows"])
def test_a_sample_with_ambiguous_dates_waits_with_a_question(name):
    kind = next(kind for kind in Kind if name.startswith(kind))
    assert "which number is the day" in explanation(
        open_sheet(FOLDER / f"{name}.csv", SCHEMAS[kind], Options()).question_messages
    )


@pytest.mark.behaviour(24)
def test_the_samples_of_the_four_kinds_have_every_column():
    samples = {kind: (FOLDER / f"{kind}.csv").read_text(encoding="utf-8").splitlines()[0] for kind in Kind}
    assert samples == {kind: ",".join(schema.fields) for kind, schema in SCHEMAS.items()}


def outcome_of(path: Path, folder: Path) -> Reason | tuple[int, list[tuple[int, str]]]:
    """Why the file as a whole is not imported; else how many rows are, and line and code word of the others."""
    kind = next((kind for kind in Kind if path.name.startswith(kind)), Kind.TARGET_GROUP)
    try:
        sheet = open_sheet(path, SCHEMAS[kind], Options())
    except Unreadable as refusal:
        return refusal.reason
    if sheet.issue_reason:
        return sheet.issue_reason
    problems: list[Problem] = []
    imported = entries(sheet, folder, problems) if kind is Kind.TARGET_GROUP else rows(sheet, kind, problems)
    return imported, sorted((problem.line, problem.code) for problem in problems)


def entries(sheet: Sheet, folder: Path, problems: list[Problem]) -> int:
    """Put the entries into a list, in which each is once."""
    sorter = RowSorter(folder, sheet.path.stat().st_size)
    for row in read_entries(sheet, Options(), ROW_NOTES):
        if isinstance(row, Problem):
            problems.append(row)
        else:
            sorter.add(*row)
    return sum(map(len, sorter.records(problems.append)))


def rows(sheet: Sheet, kind: Kind, problems: list[Problem]) -> int:
    """Read the rows of another kind."""
    read = {Kind.CUSTOMERS: read_customers, Kind.TICKETS: read_tickets, Kind.PURCHASES: read_purchases}[kind]
    parsed_rows = list(read(sheet, Options(), ROW_NOTES, ZONE))
    problems += [row for row in parsed_rows if isinstance(row, Problem)]
    return len(parsed_rows) - len(problems)
