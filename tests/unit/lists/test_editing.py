"""Editing single entries of a list, also with concurrent changes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from guestlist.groups.index import GroupIndex, IndexedGroup
from guestlist.groups.membership import AuditEntry
from guestlist.imports.model import Import, Status
from guestlist.imports.ports import ExpiredVersion, Publication
from guestlist.lists.editing import EditResult, EntryRow, ListEditor
from guestlist.lists.entry import Entry
from guestlist.lists.importing.changes import Edit
from guestlist.lists.packed_list import PackedList, entries_by_partition
from guestlist.messages.message import Message
from guestlist.model.errors import ConcurrentModification, Conflict, Unknown
from tests.fakes.packed_lists import FakePackedListStore
from tests.unit.checkout.builders import NOW, group


class World:
    """A group with one list in memory; `others` edit it just before the next edit is published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list_store = FakePackedListStore()
        self.index = GroupIndex(1, {"list": group(), "members": group("members", "manual")})
        self.records: dict[str, Import] = {}
        self.history: list[AuditEntry] = []
        self.noted: list[ExpiredVersion] = []
        self.others: list[Sequence[EntryRow]] = []

    def get_import(self, _org: str, import_id: str) -> Import:
        if import_id not in self.records:
            raise Unknown("not_found.group", id="none")
        return self.records[import_id]

    def read_group_index(self, _org: str) -> GroupIndex:
        return self.index

    def add_version(self, version: ExpiredVersion, _at: object) -> None:
        self.noted.append(version)

    def publish_edit(self, record: Import, publication: Publication, audit_entry: AuditEntry) -> None:
        if self.others:
            self.edit(*self.others.pop(), import_id=f"other-{len(self.others)}")
        if publication.index.number != self.index.number + 1:
            raise ConcurrentModification
        self.index = publication.index
        self.records[record.import_id] = record
        self.history.append(audit_entry)

    def edit(
        self, *rows: EntryRow, how: Edit = Edit.ADD, group_id: str = "list", import_id: str = "edit"
    ) -> EditResult:
        editor = ListEditor(
            org="demo",
            by="anna",
            now=NOW,
            imports=self,
            indexes=self,
            list_store=lambda _org, _group: self.list_store,
            expired_versions=self,  # type: ignore[arg-type]
            folder=self.folder,
        )
        return editor.edit(group_id, how, rows, import_id)

    @property
    def entries(self) -> set[tuple[str, int]]:
        owner: IndexedGroup = self.index.groups["list"]
        partitions = entries_by_partition(self.list_store.read_texts, PackedList(owner.base, owner.overlay))
        entries: list[Entry] = [entry for _, some in partitions for entry in some]
        assert owner.entries == len(entries)
        return {(entry.code or entry.email, entry.quantity) for entry in entries}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def row(code: str, quantity: int = 1) -> EntryRow:
    return EntryRow(code=code, quantity=quantity)


def test_entries_are_added_to_an_empty_list_and_to_a_full_one(world: World) -> None:
    assert world.edit(row("A", 2), row("B"), import_id="1").number == 2
    assert world.edit(row("C"), import_id="2").number == 1
    assert world.entries == {("A", 2), ("B", 1), ("C", 1)}


def test_an_edit_that_loses_a_race_is_applied_to_the_new_version(world: World) -> None:
    world.edit(row("A"), import_id="1")
    world.others = [[row("B")], [row("C", 5)]]
    result = world.edit(row("C"), row("D"), import_id="2")
    assert (result.number, [one.code for one in result.refused]) == (1, ["duplicate_existing"])
    assert world.entries == {("A", 1), ("B", 1), ("C", 5), ("D", 1)}


def test_an_edit_whose_answer_was_lost_changes_nothing_when_it_is_sent_again(world: World) -> None:
    first = world.edit(row("A"))
    assert world.edit(row("A")) == first
    assert len(world.history) == 1


def test_a_changed_entry_keeps_how_it_is_written(world: World) -> None:
    world.edit(row("Friends", 3), import_id="1")
    assert world.edit(row(" FRIENDS ", 7), row("other"), how=Edit.CHANGE, import_id="2").number == 1
    assert world.entries == {("Friends", 7)}
    assert world.records["2"].effect == {"added": 0, "changed": 1, "revoked": 0}


def test_removing_an_entry_corrects_the_count_of_the_list(world: World) -> None:
    world.edit(row("A"), row("B"), import_id="1")
    world.edit(row("a"), how=Edit.REMOVE, import_id="2")
    assert world.entries == {("B", 1)}


def test_each_refused_entry_is_named_with_its_reason(world: World) -> None:
    world.edit(row("A"), import_id="1")
    rows = [row("a"), EntryRow(), EntryRow(email="nobody"), row("x" * 201), row("a\x07b"), row("N"), row("n")]
    refusals = world.edit(*rows, import_id="2").refused
    assert [(one.index, one.code.value) for one in refusals] == [
        (0, "duplicate_existing"),
        (1, "no_code_or_email"),
        (2, "bad_email"),
        (3, "too_long"),
        (4, "control_character"),
        (6, "duplicate_in_file"),
    ]
    assert Message(refusals[-1].code, refusals[-1].params).text("entry").endswith("entry 5, counted from 0, is used.")
    assert world.records["2"].status is Status.PARTIAL


def test_an_edit_without_a_change_writes_nothing(world: World) -> None:
    assert world.edit(row("A"), how=Edit.REMOVE) == replace(world.edit(row("A"), how=Edit.REMOVE), import_id=None)
    assert (world.records, world.history, world.index.number) == ({}, [], 1)


def test_the_history_says_who_did_what_and_when(world: World) -> None:
    world.edit(row("A"), row("B"))
    (entry,) = world.history
    assert (entry.by, entry.at, entry.import_id, entry.text("en")) == ("anna", NOW, "edit", "2 entries added by hand")


def test_only_an_existing_list_is_edited(world: World) -> None:
    with pytest.raises(Conflict, match="not_target_group"):
        world.edit(row("A"), group_id="members")
    with pytest.raises(Unknown):
        world.edit(row("A"), group_id="gone")
    world.index = world.index.with_group(replace(group(), expires_at=NOW))
    with pytest.raises(Conflict, match="group_expired"):
        world.edit(row("A"))
