"""The journals of imports: the fakes and the table of both engines behave the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from guestlist.aws import keys
from guestlist.customers.importing import journal as journal_store
from guestlist.customers.importing.journal import Journal
from guestlist.customers.importing.names import NameChange
from guestlist.groups.membership import Change, Membership, Source
from guestlist.purchases.importing.journal import OrderJournal
from tests.engines.tables import all_items, new_table
from tests.fakes.journal import FakeJournal, FakeOrderJournal

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
def order_journal(request: pytest.FixtureRequest) -> FakeOrderJournal | OrderJournal:
    if request.param == "memory":
        return FakeOrderJournal()
    return OrderJournal(new_table(request.getfixturevalue(request.param)))


def changes_in(journal: FakeJournal | Journal, org: str = "demo", import_id: str = "imp-1") -> list[Change]:
    return sorted(journal.changes(org, import_id), key=lambda change: change.subject.group_id)


def test_changes_are_returned_as_they_were_added(journal: FakeJournal | Journal) -> None:
    journal.append_changes("demo", "imp-1", [JOINS, LEAVES])
    assert changes_in(journal) == [JOINS, LEAVES]


def test_the_last_entry_of_a_membership_counts(journal: FakeJournal | Journal) -> None:
    journal.append_changes("demo", "imp-1", [JOINS])
    second = replace(JOINS, before=replace(ANN, added_at=NOW - timedelta(days=1)))
    journal.append_changes("demo", "imp-1", [second])
    assert changes_in(journal) == [second]


def test_each_import_of_each_organiser_has_a_journal_of_its_own(journal: FakeJournal | Journal) -> None:
    journal.append_changes("demo", "imp-1", [JOINS])
    assert (changes_in(journal, "other"), changes_in(journal, import_id="imp-2")) == ([], [])


def test_more_changes_than_fit_in_one_request_are_all_added(journal: FakeJournal | Journal) -> None:
    many = [replace(JOINS, after=replace(ANN, email=f"p{number:02}@example.com")) for number in range(60)]
    journal.append_changes("demo", "imp-1", many)
    assert len(changes_in(journal)) == 60


def test_changes_that_were_not_made_are_removed(journal: FakeJournal | Journal) -> None:
    journal.append_changes("demo", "imp-1", [JOINS, LEAVES])
    for _ in range(2):
        journal.remove_changes("demo", "imp-1", [JOINS])
    assert changes_in(journal) == [LEAVES]


def test_the_journal_holds_names_and_memberships_and_the_last_entry_of_a_name_counts(
    journal: FakeJournal | Journal,
) -> None:
    journal.append_changes("demo", "imp-1", [JOINS])
    first, last = (NameChange(email=ANN.email, before=before, after="Anna") for before in ("Ann", ""))
    for name_change in (first, last):
        journal.append_names("demo", "imp-1", [name_change])
    assert list(journal.name_changes("demo", "imp-1")) == [last]
    assert changes_in(journal) == [JOINS]
    assert list(journal.name_changes("demo", "imp-2")) == []


def test_adding_no_changes_is_no_error(journal: FakeJournal | Journal) -> None:
    journal.append_changes("demo", "imp-1", [])
    assert changes_in(journal) == []


def lines(number: int) -> list[Change]:
    """The changes that so many lines of a file request."""
    members = [replace(ANN, email=f"p{line:03}@example.com") for line in range(number)]
    return [replace(JOINS, after=member, line=line) for line, member in enumerate(members)]


def test_changes_of_adjacent_lines_share_a_small_item_and_can_be_deleted_one_by_one(ministack: str) -> None:
    table, changes = new_table(ministack), lines(100)
    journal = Journal(table)
    for some in (changes[:70], changes[60:]):
        journal.append_changes("demo", "imp-1", some)
    assert [len(item["changes"]) < 1_024 for item in all_items(table)] == [True, True]
    journal.erase_person("demo", "imp-1", "P060@example.com", ["g1", "g2"])
    assert list(journal.changes("demo", "imp-1")) == [*changes[:60], *changes[61:]]


def test_changes_too_long_for_one_item_are_stored_one_by_one_from_then_on(
    ministack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_store, "_MAX_BYTES", 400)
    table, changes = new_table(ministack), lines(40)
    journal = Journal(table)
    journal.append_changes("demo", "imp-1", changes[:1])
    journal.append_changes("demo", "imp-1", changes)
    assert len(all_items(table)) == 41
    second = replace(changes[0], before=replace(ANN, email=changes[0].subject.email))
    journal.append_changes("demo", "imp-1", [second])
    assert list(journal.changes("demo", "imp-1")) == [second, *changes[1:]]
    journal.remove_changes("demo", "imp-1", [second])
    journal.erase_person("demo", "imp-1", changes[1].subject.email, ["g1"])
    assert list(journal.changes("demo", "imp-1")) == changes[2:]


def test_a_change_journalled_by_an_earlier_version_is_returned_and_removed(ministack: str) -> None:
    table = new_table(ministack)
    key = keys.journal_change("demo", "imp-1", ANN.email, ANN.group_id)
    table.put({**key._asdict(), "change": TypeAdapter(Change).dump_json(JOINS).decode()})
    journal = Journal(table)
    journal.append_changes("demo", "imp-1", [LEAVES])
    assert changes_in(journal) == [JOINS, LEAVES]
    journal.remove_changes("demo", "imp-1", [JOINS])
    assert changes_in(journal) == [LEAVES]


def test_an_order_is_added_to_an_imports_journal_once(order_journal: FakeOrderJournal | OrderJournal) -> None:
    for order_ids in (["o-2", "o-1"], ["o-2"], []):
        order_journal.append_orders("demo", "imp-1", 2, order_ids)
    order_journal.append_orders("demo", "imp-2", 2, ["o-3"])
    assert list(order_journal.order_ids("demo", "imp-1")) == ["o-1", "o-2"]
    assert list(order_journal.order_ids("other", "imp-1")) == []


def test_an_order_of_another_import_is_removed_from_the_journal(order_journal: FakeOrderJournal | OrderJournal) -> None:
    order_journal.append_orders("demo", "imp-1", 2, ["o-1"])
    for order_ids in ({"o-1"}, {"o-1", "never-noted"}, set[str]()):
        order_journal.remove_orders("demo", "imp-1", 2, order_ids)
    assert list(order_journal.order_ids("demo", "imp-1")) == []


def test_orders_of_several_parts_and_of_an_earlier_version_are_returned_and_removed(ministack: str) -> None:
    table = new_table(ministack)
    order_journal = OrderJournal(table)
    table.put({"pk": keys.journal_orders("demo", "imp-1"), "sk": "o-0"})
    for place, order_ids in ((2, ["o-1", "o-2"]), (52, ["o-3"])):
        order_journal.append_orders("demo", "imp-1", place, order_ids)
    assert sorted(order_journal.order_ids("demo", "imp-1")) == ["o-0", "o-1", "o-2", "o-3"]
    order_journal.remove_orders("demo", "imp-1", 2, {"o-0", "o-2"})
    assert sorted(order_journal.order_ids("demo", "imp-1")) == ["o-1", "o-3"]
