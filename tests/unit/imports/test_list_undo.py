from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from guestlist.imports.model import Import, Kind, Mode
from guestlist.imports.undo import undo
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import Identity
from guestlist.lists.importing.cleanup import KEPT
from guestlist.lists.importing.undo import ListUndo
from guestlist.model.errors import Conflict
from tests.fakes.imports import START
from tests.unit.imports.builders import TOKEN
from tests.unit.imports.floor import Floor, options


class InUse:
    """The codes of which something is taken."""

    def __init__(self, *codes: str) -> None:
        self._codes = codes

    def used(self, _org: str, _group_id: str, entries: Sequence[Entry]) -> set[Identity]:
        return {entry.identity for entry in entries if entry.code in self._codes}


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


def undone(floor: Floor, *used: str, import_id: str = "imp-1", now: datetime = START) -> Import:
    groups = floor.imports.groups

    def delete_group(org: str, group_id: str, _now: datetime, by: str) -> None:
        assert by == TOKEN.name
        groups.write(org, groups.read(org).without(group_id))

    lists = ListUndo(
        imports=floor.imports,
        groups=groups,
        list_store=floor.list_store,
        expired_versions=floor.expired_versions,
        uses=InUse(*used),
        delete_group=delete_group,
        before=lambda _org, _group_id, _version_id: None,
        folder=floor.folder,
    )
    return undo(floor.imports.get("demo", import_id), now, {Kind.TARGET_GROUP: lists.undo})


def test_a_list_that_an_import_created_goes_with_it(floor: Floor) -> None:
    floor.imported("Code\nA\n")
    assert undone(floor).undone
    assert floor.imports.groups.read("demo").named("Friends") is None


def test_codes_in_use_stay_and_are_named(floor: Floor) -> None:
    floor.imported("Code\nA\nB\n")
    record = undone(floor, "B")
    assert floor.entries() == [Entry("B")]
    assert record.undone
    assert record.undone.kept == ("“B” is in use, and stays.",)


def test_a_replaced_list_returns_with_what_was_used_of_the_new_one(floor: Floor) -> None:
    floor.imported("Code,Quantity\nA,1\nB,2\n")
    floor.imported("Code,Quantity\nB,9\nC,3\nD,4\n", "imp-2", options=options(mode=Mode.REPLACE))
    undone(floor, "C", "B", import_id="imp-2")
    assert floor.entries() == [Entry("A"), Entry("B", quantity=2), Entry("C", quantity=3)]


def test_appended_rows_leave_again(floor: Floor) -> None:
    floor.imported("Code\nA\n")
    floor.imported("Code\nB\nC\n", "imp-2", options=options(mode=Mode.APPEND))
    undone(floor, "C", import_id="imp-2")
    assert floor.entries() == [Entry("A"), Entry("C")]


def test_removed_rows_return(floor: Floor) -> None:
    floor.imported("Code\nA\nB\n")
    floor.imported("Code\nA\n", "imp-2", options=options(mode=Mode.REMOVE))
    undone(floor, import_id="imp-2")
    assert floor.entries() == [Entry("A"), Entry("B")]
    group = floor.imports.groups.read("demo").named("Friends")
    assert group
    assert group.entries == 2


def test_undoing_twice_changes_nothing(floor: Floor) -> None:
    floor.imported("Code\nA\nB\n")
    once = undone(floor, "B")
    assert undone(floor, now=START + timedelta(days=1)) == once


def test_a_list_that_was_changed_since_is_not_taken_back(floor: Floor) -> None:
    floor.imported("Code\nA\n")
    floor.imported("Code\nB\n", "imp-2", options=options(mode=Mode.APPEND))
    with pytest.raises(Conflict) as caught:
        undone(floor)
    assert caught.value.code == "superseded"


def test_an_import_that_failed_has_nothing_to_take_back(floor: Floor) -> None:
    floor.imported("Code\n")
    with pytest.raises(Conflict, match="nothing to take back"):
        undone(floor)


def test_after_thirty_days_the_former_list_is_gone(floor: Floor) -> None:
    floor.imported("Code\nA\n")
    with pytest.raises(Conflict) as caught:
        undone(floor, now=START + KEPT)
    assert caught.value.code == "too_late"
