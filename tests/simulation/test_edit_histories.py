"""Histories of one list on the model: edits by several people, and another list at an instant."""

from typing import Any

import pytest

from guestlist.erasure import lists
from guestlist.groups.index import GroupIndex
from guestlist.imports.store import Imports
from guestlist.lists import editing
from tests.simulation.edit_histories import EditHistory
from tests.simulation.laws import broken_laws, broken_laws_by_seed

SEEDS = range(8)
"""The seeds of histories in which a planted fault must be found."""


def test_no_history_of_a_list_breaks_a_law() -> None:
    assert broken_laws_by_seed(EditHistory, range(12)) == {}


def test_an_edit_that_overwrites_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    publish = Imports.publish_edit

    def publish_whatever_stands(self: Imports, record: Any, publication: Any, entry: Any) -> None:
        index = self._indexes.read_group_index("demo")
        publish(self, record, editing.publication(index, index.groups["list"], publication.group), entry)

    monkeypatch.setattr(Imports, "publish_edit", publish_whatever_stands)
    assert "an edit that was answered stands, whoever else edits" in broken_laws(EditHistory, SEEDS)


def test_a_version_that_an_erasure_misses_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "clean", lambda *_of: None)
    assert "who was erased stands in no version of a list" in broken_laws(EditHistory, SEEDS)


def test_a_list_that_does_not_become_current_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GroupIndex, "at", lambda self, _now: self)
    assert "a list becomes current at its instant, but for what clocks differ" in broken_laws(EditHistory, SEEDS)
