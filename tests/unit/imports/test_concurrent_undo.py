"""Several calls that undo the same small import at the same time."""

from dataclasses import replace
from datetime import datetime

import pytest

from guestlist.imports.model import Import, Kind, Status
from guestlist.imports.notes import UndoResult
from guestlist.imports.undo import MAX_TRIES, request_undo
from guestlist.model.errors import ConcurrentModification, Conflict
from tests.fakes.imports import START, FakeImports, FakeQueue
from tests.unit.imports.builders import an_import

UNDONE = UndoResult(at=START, kept=())


def undo_despite(imports: FakeImports, errors: list[Exception], *, other_wins: bool) -> Import:
    """The response of a call whose first attempts end like that; with `other_wins` another call undoes it meanwhile."""
    record = replace(an_import(), status=Status.COMPLETE)
    imports.add_import(record)

    def undo(record: Import, _now: datetime) -> Import:
        if not errors:
            return imports.save_import(replace(record, undone=UNDONE))
        if other_wins:
            imports.save_import(replace(imports.get_import("demo", record.import_id), undone=UNDONE, undone_by="other"))
        raise errors.pop()

    undos = dict.fromkeys(Kind, undo)
    return request_undo(record, START, "me", undos, lambda _record, _now: None, imports, FakeQueue())


@pytest.mark.parametrize("error", [ConcurrentModification(), Conflict("superseded")])
def test_who_comes_second_is_answered_with_what_the_first_took_back(error: Exception) -> None:
    assert undo_despite(FakeImports(), [error], other_wins=True).undone_by == "other"


def test_who_was_raced_by_another_change_takes_it_back_all_the_same() -> None:
    assert (
        undo_despite(FakeImports(), [ConcurrentModification(), ConcurrentModification()], other_wins=False).undone_by
        == "me"
    )


def test_a_lasting_conflict_is_raised() -> None:
    with pytest.raises(Conflict) as caught:
        undo_despite(FakeImports(), [Conflict("superseded")], other_wins=False)
    assert caught.value.code == "superseded"


def test_who_is_raced_all_the_time_is_asked_to_look_again() -> None:
    with pytest.raises(Conflict) as caught:
        undo_despite(FakeImports(), [ConcurrentModification() for _ in range(MAX_TRIES)], other_wins=False)
    assert caught.value.code == "raced"
