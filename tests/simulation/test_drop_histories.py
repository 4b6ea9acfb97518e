"""Histories of dropped files on the model: each is imported once, whatever its messages and workers do."""

import pytest

from chalicelib.events import uploads
from guestlist.aws.table import Write
from guestlist.groups.index import Version
from guestlist.groups.index_store import GroupIndexes
from guestlist.imports import lease, store
from guestlist.imports.model import Status
from guestlist.imports.store import Imports
from guestlist.lists.importing import service
from guestlist.lists.packed_list import Header
from guestlist.lists.store import PackedListStore
from guestlist.model.errors import ConcurrentModification
from tests.simulation.drop_histories import DropHistory
from tests.simulation.laws import broken_laws, broken_laws_by_seed
from tests.simulation.network import Model
from tests.unit.imports.builders import an_import

ONCE = "a dropped file is imported once"


def test_storing_a_step_again_after_a_lost_response_is_no_conflict() -> None:
    model = Model()
    with model.running():
        imports = store.Imports(model.table(), GroupIndexes(model.table()))
        imports.add_import(an_import())
        begun = imports.save_import(an_import(worker="w1"))
        assert imports.save_import(an_import(worker="w1")) == begun
        with pytest.raises(ConcurrentModification):
            imports.save_import(an_import(worker="w2"))


def test_a_late_copy_of_the_first_header_leaves_a_version_sealed() -> None:
    model, version = Model(), Version("v1", 7, 7)
    with model.running():
        list_store = PackedListStore(model.table(), "demo", "list")
        for header in (Header(version), Header(version, live_entries=7, sealed=True), Header(version)):
            list_store.put_header(header)
        assert list_store.header("v1") == Header(version, live_entries=7, sealed=True)
    assert broken_laws_by_seed(DropHistory, range(7030, 7031)) == {}


def test_a_late_deletion_by_an_earlier_start_spares_the_version_of_a_later_one() -> None:
    assert broken_laws_by_seed(DropHistory, range(54, 55)) == {}


SEEDS = range(3)
"""The seeds of histories in which a planted fault must be found."""


def test_no_history_of_dropped_files_breaks_a_law() -> None:
    assert broken_laws_by_seed(DropHistory, range(5)) == {}


def test_a_second_message_that_restarts_an_import_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (uploads, lease):
        monkeypatch.setattr(module, "is_claimable", lambda record, *_of: record.status is not Status.FAILED)
    monkeypatch.setattr(
        store, "pending_mail_write", lambda _org, _kind, reference, _at: Write(put={"pk": "mail", "sk": reference})
    )
    assert ONCE in broken_laws(DropHistory, SEEDS)


def test_a_message_that_creates_a_second_import_of_a_file_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Imports, "register_drop", lambda _self, _org, _source, import_id, now: (import_id, now))
    assert ONCE in broken_laws(DropHistory, SEEDS)


def test_a_file_that_overwrites_an_edit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(target: service.Target, fresh: service.Target) -> service.Target:
        return service.Target(fresh.index, target.group, target.mode)

    monkeypatch.setattr(service, "_require_same", same)
    assert "what was imported and what was edited both stay" in broken_laws(DropHistory, SEEDS)


def test_an_import_left_by_a_dead_worker_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "is_leased", lambda record, _now: record.worker is not None)
    assert "an import of a dropped file comes to its end" in broken_laws(DropHistory, SEEDS)
