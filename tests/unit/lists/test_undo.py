from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from guestlist.imports.model import Import, Kind, Mode
from guestlist.imports.undo import undo
from guestlist.lists.entry import Entry
from guestlist.lists.entry_line import Identity
from guestlist.lists.importing.cleanup import RETENTION
from guestlist.lists.importing.undo import ListUndo
from guestlist.model.errors import Conflict
from tests.fakes.imports import START
from tests.unit.imports.builders import TOKEN
from tests.unit.imports.harness import Harness, options


class InUse:
    """The codes with redemptions."""

    def __init__(self, *codes: str) -> None:
        self._codes = codes

    def used_identities(self, _org: str, _group_id: str, entries: Sequence[Entry]) -> set[Identity]:
        return {entry.identity for entry in entries if entry.code in self._codes}


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(tmp_path)


def undone(harness: Harness, *used: str, import_id: str = "imp-1", now: datetime = START) -> Import:
    groups = harness.imports.groups

    def delete_group(org: str, group_id: str, _now: datetime, by: str) -> None:
        assert by == TOKEN.name
        groups.write_group_index(org, groups.read_group_index(org).without(group_id))

    lists = ListUndo(
        imports=harness.imports,
        groups=groups,
        list_store=harness.list_store,
        expired_versions=harness.expired_versions,
        uses=InUse(*used),
        delete_group=delete_group,
        find_replaced_version=lambda _org, _group_id, _version_id: None,
        list_versions=lambda _org, _group_id: (),
        folder=harness.folder,
    )
    return undo(harness.imports.get_import("demo", import_id), now, {Kind.TARGET_GROUP: lists.undo})


def test_undoing_an_import_deletes_the_list_that_it_created(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    assert undone(harness).undone
    assert harness.imports.groups.read_group_index("demo").find_by_name("Friends") is None


def test_an_undo_keeps_and_names_codes_in_use(harness: Harness) -> None:
    harness.imported("Code\nA\nB\n")
    record = undone(harness, "B")
    assert harness.entries() == [Entry("B")]
    assert record.undone
    assert record.undone.texts() == ("“B” is in use, and stays.",)


def test_undoing_a_replacement_restores_the_list_with_the_used_codes_of_the_new_one(harness: Harness) -> None:
    harness.imported("Code,Quantity\nA,1\nB,2\n")
    harness.imported("Code,Quantity\nB,9\nC,3\nD,4\n", "imp-2", options=options(mode=Mode.REPLACE))
    undone(harness, "C", "B", import_id="imp-2")
    assert harness.entries() == [Entry("A"), Entry("B", quantity=2), Entry("C", quantity=3)]


def test_undoing_an_append_removes_its_rows(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    harness.imported("Code\nB\nC\n", "imp-2", options=options(mode=Mode.APPEND))
    undone(harness, "C", import_id="imp-2")
    assert harness.entries() == [Entry("A"), Entry("C")]


def test_undoing_a_removal_restores_its_rows(harness: Harness) -> None:
    harness.imported("Code\nA\nB\n")
    harness.imported("Code\nA\n", "imp-2", options=options(mode=Mode.REMOVE))
    undone(harness, import_id="imp-2")
    assert harness.entries() == [Entry("A"), Entry("B")]
    group = harness.imports.groups.read_group_index("demo").find_by_name("Friends")
    assert group
    assert group.entries == 2


def test_undoing_twice_changes_nothing(harness: Harness) -> None:
    harness.imported("Code\nA\nB\n")
    once = undone(harness, "B")
    assert undone(harness, now=START + timedelta(days=1)) == once


def test_an_import_is_not_undone_if_its_list_has_changed_since(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    harness.imported("Code\nB\n", "imp-2", options=options(mode=Mode.APPEND))
    with pytest.raises(Conflict) as caught:
        undone(harness)
    assert caught.value.code == "superseded"


def test_a_failed_import_cannot_be_undone(harness: Harness) -> None:
    harness.imported("Code\n")
    with pytest.raises(Conflict, match="nothing_stored"):
        undone(harness)


def test_an_import_cannot_be_undone_after_thirty_days(harness: Harness) -> None:
    harness.imported("Code\nA\n")
    with pytest.raises(Conflict) as caught:
        undone(harness, now=START + RETENTION)
    assert caught.value.code == "too_late"
