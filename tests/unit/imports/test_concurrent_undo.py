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
def test_the_second_of_two_concurrent_undos_gets_the_result_of_the_first(error: Exception) -> None:
    assert undo_despite(FakeImports(), [error], other_wins=True).undone_by == "other"


def test_an_undo_that_loses_a_race_is_repeated() -> None:
    assert (
        undo_despite(FakeImports(), [ConcurrentModification(), ConcurrentModification()], other_wins=False).undone_by
        == "me"
    )


def test_a_lasting_conflict_is_raised() -> None:
    with pytest.raises(Conflict) as caught:
        undo_despite(FakeImports(), [Conflict("superseded")], other_wins=False)
    assert caught.value.code == "superseded"


def test_an_undo_that_loses_every_race_is_a_conflict() -> None:
    with pytest.raises(Conflict) as caught:
        undo_despite(FakeImports(), [ConcurrentModification() for _ in range(MAX_TRIES)], other_wins=False)
    assert caught.value.code == "raced"
