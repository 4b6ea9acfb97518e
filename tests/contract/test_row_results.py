"""Results of rows during an import: the fake and the table of both engines behave the same."""

from datetime import UTC, datetime

import pytest

from guestlist.imports.row_results import RowResults
from tests.engines.tables import new_table
from tests.fakes.journal import FakeRowResults

UNTIL = datetime(2027, 11, 21, 12, tzinfo=UTC)
IMPORT = ("demo", "imp-1")


@pytest.fixture(params=["memory", "ministack", "dynalite"])
def row_results(request: pytest.FixtureRequest) -> FakeRowResults | RowResults:
    if request.param == "memory":
        return FakeRowResults()
    return RowResults(new_table(request.getfixturevalue(request.param)))


def test_results_are_read_back_by_place(row_results: FakeRowResults | RowResults) -> None:
    row_results.save_results(*IMPORT, "stored", 1_000, {999: "unknown_item"}, UNTIL)
    row_results.save_results(*IMPORT, "stored", 200, {2: "unknown_group:Über|1", 7: "bad_date"}, UNTIL)
    results = [(2, "unknown_group:Über|1"), (7, "bad_date"), (999, "unknown_item")]
    assert list(row_results.load_results(*IMPORT, "stored")) == results


def test_a_second_result_of_a_place_replaces_the_first(row_results: FakeRowResults | RowResults) -> None:
    row_results.save_results(*IMPORT, "stored", 5, {2: "a", 3: "b"}, UNTIL)
    row_results.save_results(*IMPORT, "stored", 5, {4: "c"}, UNTIL)
    assert list(row_results.load_results(*IMPORT, "stored")) == [(4, "c")]


def test_each_pass_over_each_file_of_each_organiser_has_its_own_results(
    row_results: FakeRowResults | RowResults,
) -> None:
    row_results.save_results(*IMPORT, "stored", 5, {2: "a"}, UNTIL)
    others = [("other", "imp-1", "stored"), ("demo", "imp-2", "stored"), ("demo", "imp-1", "foreseen")]
    assert [list(row_results.load_results(*other)) for other in others] == [[], [], []]


def test_only_the_results_after_a_place_are_deleted(row_results: FakeRowResults | RowResults) -> None:
    for place in (5, 6, 70):
        row_results.save_results(*IMPORT, "stored", place, {place: "a"}, UNTIL)
    row_results.save_results(*IMPORT, "foreseen", 70, {70: "b"}, UNTIL)
    for _ in range(2):
        row_results.delete_results(*IMPORT, "stored", 5)
    assert list(row_results.load_results(*IMPORT, "stored")) == [(5, "a")]
    assert list(row_results.load_results(*IMPORT, "foreseen")) == [(70, "b")]
