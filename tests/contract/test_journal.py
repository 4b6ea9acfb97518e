"""What imports note of their own deeds is kept the same way in memory and in the table of both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guestlist.aws import keys
from guestlist.customers.importing.journal import Journal
from guestlist.customers.importing.names import Renaming
from guestlist.groups.membership import Change, Membership, Source
from guestlist.purchases.importing.journal import OrderNotes
from tests.engines.tables import new_table
from tests.fakes.journal import FakeJournal, FakeOrderNotes

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
ANN = Membership(
    email="ann@example.com",
    group_id="g1",
    added_at=NOW,
    source=Source.IMPORT,
    removal_at=NOW + timedelta(days=30),
    reason="line 2 of friends.csv",
)
JOINS = Change(before=None, after=ANN, by="night shift", why="line 2 of friends.csv", welcome=True)
LEAVES = Change(before=replace(ANN, group_id="g2", removal_at=None), after=None, by="night shift")


@pytest.fixture(params=["memory", "ministack", "dynalite"])
def journal(request: pytest.FixtureRequest) -> FakeJournal | Journal:
    if request.param == "memory":
        return FakeJournal()
    return Journal(new_table(request.getfixturevalue(request.param)))


@pytest.fixture(params=["memory", "ministack", "dynalite"])
def order_notes(request: pytest.FixtureRequest) -> FakeOrderNotes | OrderNotes:
    if request.param == "memory":
        return FakeOrderNotes()
    return OrderNotes(new_table(request.getfixturevalue(request.param)))


def noted(journal: FakeJournal | Journal, org: str = "demo", import_id: str = "imp-1") -> list[Change]:
    return sorted(journal.noted(org, import_id), key=lambda change: change.subject.group_id)


def test_changes_come_back_as_they_were_noted(journal: FakeJournal | Journal) -> None:
    journal.note("demo", "imp-1", [JOINS, LEAVES])
    assert noted(journal) == [JOINS, LEAVES]


def test_the_last_note_of_a_membership_is_the_one_that_counts(journal: FakeJournal | Journal) -> None:
    journal.note("demo", "imp-1", [JOINS])
    again = replace(JOINS, before=replace(ANN, added_at=NOW - timedelta(days=1)))
    journal.note("demo", "imp-1", [again])
    assert noted(journal) == [again]


def test_each_import_of_each_organiser_has_a_journal_of_its_own(journal: FakeJournal | Journal) -> None:
    journal.note("demo", "imp-1", [JOINS])
    assert (noted(journal, "other"), noted(journal, import_id="imp-2")) == ([], [])


def test_more_changes_than_one_request_takes_are_all_noted(journal: FakeJournal | Journal) -> None:
    many = [replace(JOINS, after=replace(ANN, email=f"p{number:02}@example.com")) for number in range(60)]
    journal.note("demo", "imp-1", many)
    assert len(noted(journal)) == 60


def test_what_was_not_changed_after_all_is_struck_out(journal: FakeJournal | Journal) -> None:
    journal.note("demo", "imp-1", [JOINS, LEAVES])
    for _ in range(2):
        journal.redact("demo", "imp-1", [JOINS])
    assert noted(journal) == [LEAVES]


def test_names_are_noted_beside_memberships_and_the_last_note_of_a_name_counts(
    journal: FakeJournal | Journal,
) -> None:
    journal.note("demo", "imp-1", [JOINS])
    first, last = (Renaming(email=ANN.email, before=before, after="Anna") for before in ("Ann", ""))
    for renaming in (first, last):
        journal.note_names("demo", "imp-1", [renaming])
    assert list(journal.noted_names("demo", "imp-1")) == [last]
    assert noted(journal) == [JOINS]
    assert list(journal.noted_names("demo", "imp-2")) == []


def test_nothing_to_note_is_no_fault(journal: FakeJournal | Journal) -> None:
    journal.note("demo", "imp-1", [])
    assert noted(journal) == []


def test_orders_are_noted_once_by_import(order_notes: FakeOrderNotes | OrderNotes) -> None:
    for order_ids in (["o-2", "o-1"], ["o-2"], []):
        order_notes.note("demo", "imp-1", 2, order_ids)
    order_notes.note("demo", "imp-2", 2, ["o-3"])
    assert list(order_notes.noted("demo", "imp-1")) == ["o-1", "o-2"]
    assert list(order_notes.noted("other", "imp-1")) == []


def test_an_order_that_is_anothers_is_struck_out(order_notes: FakeOrderNotes | OrderNotes) -> None:
    order_notes.note("demo", "imp-1", 2, ["o-1"])
    for order_ids in ({"o-1"}, {"o-1", "never-noted"}, set[str]()):
        order_notes.redact("demo", "imp-1", 2, order_ids)
    assert list(order_notes.noted("demo", "imp-1")) == []


def test_orders_of_several_places_and_of_an_earlier_version_are_told_and_struck_out(ministack: str) -> None:
    table = new_table(ministack)
    order_notes = OrderNotes(table)
    table.put({"pk": keys.noted_orders("demo", "imp-1"), "sk": "o-0"})
    for place, order_ids in ((2, ["o-1", "o-2"]), (52, ["o-3"])):
        order_notes.note("demo", "imp-1", place, order_ids)
    assert sorted(order_notes.noted("demo", "imp-1")) == ["o-0", "o-1", "o-2", "o-3"]
    order_notes.redact("demo", "imp-1", 2, {"o-0", "o-2"})
    assert sorted(order_notes.noted("demo", "imp-1")) == ["o-1", "o-3"]
