"""A file's rows in the order of partitions, each identity once."""

from collections.abc import Iterable
from unittest.mock import patch

import pytest

from guestlist.imports.problem_record import problem_text
from guestlist.imports.reading.problems import DuplicateInFile, Problem
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import HEAD, entry
from guestlist.lists.importing import row_sorter
from guestlist.lists.importing.row_sorter import TooManyRows, line_number, line_of
from tests.unit.lists.builders import sorted_rows, tiny_limits

HINTS = [0, 600_000, 10**7, 10**12]


def sorted_out(entries: Iterable[Entry], size_hint: int = 0) -> tuple[list[str], list[Problem]]:
    """The sorted records and the refused rows."""
    problems: list[Problem] = []
    with sorted_rows(entries, size_hint) as rows:
        return [record for records in rows.records(problems.append) for record in records], problems


@pytest.mark.parametrize("size_hint", HINTS)
def test_rows_come_in_the_order_of_hashes_whatever_the_size_of_the_file(size_hint: int) -> None:
    entries = [Entry(f"C{number}", "", "Floor") for number in range(3_000)]
    records, problems = sorted_out(entries, size_hint)
    assert [record[:HEAD] for record in records] == sorted(record[:HEAD] for record in records)
    assert {line_number(record): entry(line_of(record)) for record in records} == dict(enumerate(entries, 2))
    assert problems == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(Entry("A1"), Entry(" a1"), id="codes that fold alike"),
        pytest.param(Entry("A1", "", "Floor"), Entry("A1", "", "floor "), id="categories that fold alike"),
        pytest.param(Entry("A1", "", "", "7"), Entry("A1", "", "", " 7"), id="seats that are trimmed alike"),
        pytest.param(Entry("", "Ann@Host.nl"), Entry("", "ann@host.nl", quantity=2), id="e-mails that fold alike"),
        pytest.param(Entry("A1", "ann@host.nl"), Entry("A1", "ann@host.nl"), id="a personal code"),
        pytest.param(Entry("A1", quantity=1), Entry("A1", quantity=5), id="another quantity"),
    ],
)
def test_the_second_of_two_equal_rows_is_refused_with_the_first_line(first: Entry, second: Entry) -> None:
    records, problems = sorted_out([Entry("X"), first, Entry("Y"), second])
    column, value = ("Code", second.code) if second.code else ("Email", second.email)
    assert problems == [DuplicateInFile(5, column, value, 3)]
    assert len(records) == 3


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(Entry("A1", "", "Floor", "a-1"), id="another seat"),
        pytest.param(Entry("A1", "", "Balcony", "A-1"), id="another category"),
        pytest.param(Entry("A1", "ann@host.nl", "Floor", "A-1"), id="an e-mail"),
        pytest.param(Entry("", "A1", "Floor", "A-1"), id="the same as an e-mail"),
    ],
)
def test_rows_that_differ_in_more_than_quantity_are_both_kept(second: Entry) -> None:
    records, problems = sorted_out([Entry("A1", "", "Floor", "A-1"), second])
    assert (len(records), problems) == (2, [])


def test_every_repeated_row_names_the_first_line() -> None:
    _, problems = sorted_out([Entry("A"), Entry("B"), *[Entry("A")] * 4])
    assert [(problem.line, problem.first_line) for problem in problems] == [(4, 2), (5, 2), (6, 2), (7, 2)]


def test_a_problem_names_the_column_by_the_organisers_header(tmp_path) -> None:
    rows = row_sorter.RowSorter(tmp_path, 0, code="Barcode", email="E-mailadres")
    for line, row in enumerate([Entry("A"), Entry("", "a@b"), Entry("A"), Entry("", "a@b", quantity=2)], 2):
        rows.add(line, row)
    problems: list[Problem] = []
    list(rows.records(problems.append))
    assert {problem.column for problem in problems} == {"Barcode", "E-mailadres"}


@pytest.mark.parametrize("size_hint", HINTS)
def test_equal_rows_are_found_although_a_part_is_far_too_large(size_hint: int) -> None:
    with tiny_limits():
        entries = [Entry("VIP", "", "", str(number % 40)) for number in range(100)]
        records, problems = sorted_out([*entries, Entry("B"), Entry("C")], size_hint)
    assert len(records) == 42
    assert [(problem.line, problem.first_line) for problem in problems] == [
        (number + 2, number % 40 + 2) for number in range(40, 100)
    ]


def test_sorted_rows_can_be_read_again() -> None:
    with tiny_limits(), sorted_rows([Entry("VIP", "", "", str(number)) for number in range(50)]) as rows:
        assert list(rows.records(list.append)) == list(rows.records(list.append))


@pytest.mark.parametrize("most_rows", [10, 1000])
def test_rows_of_a_code_beyond_the_maximum_are_refused(most_rows: int) -> None:
    entries = [Entry("VIP", "", "", str(number)) for number in range(24)]
    with patch.object(row_sorter, "MAX_ROWS_PER_KEY", 20), patch.object(row_sorter, "_MAX_ROWS_SORTED", most_rows):
        records, problems = sorted_out([*entries, Entry("VIP", "", "", "3"), Entry("OTHER")])
    assert len(records) == 21
    assert [type(problem) for problem in problems] == [TooManyRows] * 4 + [DuplicateInFile]
    assert [problem.line for problem in problems] == [22, 23, 24, 25, 26]
    assert "200,000 rows with “VIP”" in problem_text(problems[0].record())


@pytest.mark.parametrize("size_hint", HINTS)
def test_an_address_that_is_repeated_as_it_was_is_counted_and_not_refused(tmp_path, size_hint: int) -> None:
    rows = row_sorter.RowSorter(tmp_path, size_hint)
    people = [
        Entry("", "ann@host.nl", "Floor", quantity=2),
        Entry("", "bo@host.nl"),
        Entry("", "Ann@host.nl", "floor", "", 2),
    ]
    for line, row in enumerate([*people, people[0], Entry("", "ann@host.nl", "Floor", quantity=3)], 2):
        rows.add(line, row)
    for _ in range(2):
        problems: list[Problem] = []
        assert sum(map(len, rows.records(problems.append))) == 2
        assert (rows.repeated, [(problem.line, problem.code) for problem in problems]) == (
            2,
            [(6, "duplicate_in_file")],
        )
