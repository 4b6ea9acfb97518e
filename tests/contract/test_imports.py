"""The records of imports: the fake that flows are tested with, and the table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guestlist.aws.table import Table
from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup, Version
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports.model import Counts, Status
from guestlist.imports.notes import Detected, UndoResult
from guestlist.imports.ports import Publication
from guestlist.imports.store import Imports
from guestlist.model.errors import ConcurrentModification, Unknown
from tests.fakes.imports import START, FakeImports
from tests.unit.imports.builders import SOURCE, a_running_import, an_import

FRIENDS = IndexedGroup(
    group_id="imp-1",
    type=GroupType.TARGET,
    name="Friends",
    created_at=START,
    base=Version("imp-1", 16, 3),
    entries=3,
)
PUBLICATION = Publication(index=GroupIndex().with_group(FRIENDS), group=FRIENDS, created=True)


@pytest.fixture(params=["fake", "ministack"])
def imports(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeImports()
    table: Table = request.getfixturevalue("ministack_table")
    return Imports(table, GroupIndexes(table))


def test_a_stored_record_is_read_back(imports: Any) -> None:
    detection = Detected(encoding="utf-8", delimiter=None, header_rows=1, mapping={"Code": 0}, notes=("a note",))
    record = a_running_import(detected=detection, preview=(("x", "y"),), counts=Counts(3, 2, 1), progress=0.5)
    assert imports.add_import(record)
    assert imports.get_import("demo", "imp-1") == record


def test_an_import_of_another_organiser_is_unknown(imports: Any) -> None:
    imports.add_import(an_import())
    with pytest.raises(Unknown):
        imports.get_import("other", "imp-1")


def test_adding_an_existing_import_changes_nothing(imports: Any) -> None:
    imports.add_import(an_import())
    assert not imports.add_import(an_import(file_name="other.csv"))
    assert imports.get_import("demo", "imp-1").file_name == "friends.csv"


def test_the_mail_of_a_waiting_import_is_added_once_and_together_with_the_record(imports: Any) -> None:
    record = an_import()
    imports.add_import(record)
    waiting = imports.save_waiting(replace(record, told=True), START)
    assert imports.get_import("demo", "imp-1") == waiting
    for record_or_waiting in (record, waiting):
        with pytest.raises(ConcurrentModification):
            imports.save_waiting(record_or_waiting, START)
    assert imports.get_import("demo", "imp-1") == waiting


def test_of_two_changes_to_one_revision_the_second_is_refused(imports: Any) -> None:
    record = an_import()
    imports.add_import(record)
    first = imports.save_import(replace(record, progress=0.1))
    with pytest.raises(ConcurrentModification):
        imports.save_import(replace(record, progress=0.2))
    assert imports.save_import(replace(first, progress=0.3)).revision == 2


@pytest.mark.behaviour(61)
def test_an_import_ends_once(imports: Any) -> None:
    record = a_running_import()
    imports.add_import(record)
    finished_import = replace(record, status=Status.COMPLETE, finished_at=START, due_at=None)
    imports.finish(finished_import, mail=True)
    with pytest.raises(ConcurrentModification):
        imports.finish(finished_import, mail=True)


def test_publishing_ends_the_import_and_switches_the_list_in_one_transaction(imports: Any) -> None:
    record = a_running_import()
    imports.add_import(record)
    imports.publish(replace(record, status=Status.COMPLETE, finished_at=START, due_at=None), PUBLICATION)
    assert imports.get_import("demo", "imp-1").status is Status.COMPLETE


def test_an_import_that_was_cancelled_meanwhile_does_not_publish(ministack_table: Table) -> None:
    indexes = GroupIndexes(ministack_table)
    imports = Imports(ministack_table, indexes)
    record = a_running_import()
    imports.add_import(record)
    imports.save_import(record)
    with pytest.raises(ConcurrentModification):
        imports.publish(replace(record, status=Status.COMPLETE, finished_at=START), PUBLICATION)
    assert indexes.read_group_index("demo") == GroupIndex()


def test_of_two_publications_of_one_index_the_second_is_refused(ministack_table: Table) -> None:
    imports = Imports(ministack_table, GroupIndexes(ministack_table))
    for import_id in ("imp-1", "imp-2"):
        imports.add_import(a_running_import(import_id=import_id))
    end_state = {"status": Status.COMPLETE, "finished_at": START, "due_at": None}
    imports.publish(replace(imports.get_import("demo", "imp-1"), **end_state), PUBLICATION)
    with pytest.raises(ConcurrentModification):
        imports.publish(replace(imports.get_import("demo", "imp-2"), **end_state), PUBLICATION)
    assert imports.get_import("demo", "imp-2").status is Status.READING


def test_an_undo_switches_the_list_back_and_adds_no_second_mail(ministack_table: Table) -> None:
    indexes = GroupIndexes(ministack_table)
    imports = Imports(ministack_table, indexes)
    imports.add_import(a_running_import())
    finished_import = replace(
        imports.get_import("demo", "imp-1"), status=Status.COMPLETE, finished_at=START, due_at=None
    )
    published_import = imports.publish(finished_import, PUBLICATION)
    empty = replace(FRIENDS, base=None, entries=0)
    back = Publication(
        index=indexes.read_group_index("demo").with_group(empty), group=empty, expired_versions=("imp-1",)
    )
    imports.undo(replace(published_import, undone=UndoResult(at=START)), back)
    assert indexes.read_group_index("demo").groups["imp-1"].base is None
    assert imports.get_import("demo", "imp-1").undone == UndoResult(at=START)


def test_an_import_is_due_from_its_due_time_on(imports: Any) -> None:
    imports.add_import(an_import())
    before = START + timedelta(minutes=59)
    assert [list(imports.due(at)) for at in (before, START + timedelta(hours=1))] == [[], [an_import()]]


def test_an_import_that_has_ended_is_never_due(imports: Any) -> None:
    record = a_running_import()
    imports.add_import(record)
    imports.finish(replace(record, status=Status.COMPLETE, finished_at=START, due_at=None), mail=True)
    assert list(imports.due(START + timedelta(days=400))) == []


@pytest.mark.parametrize("second", ["imp-2", "imp-1"])
def test_a_dropped_object_always_has_the_same_import(imports: Any, second: str) -> None:
    first = imports.register_drop("demo", SOURCE, "imp-1", START)
    assert imports.register_drop("demo", SOURCE, second, START + timedelta(hours=1)) == first == ("imp-1", START)


def test_problems_are_stored_in_order(imports: Any) -> None:
    problems = [{"line": 2, "column": "Code", "value": "é", "code": "bad_email", "detail": "…"}, {"line": 9}]
    imports.save_problems(an_import(), problems)
    assert list(imports.problems("demo", "imp-1")) == problems
