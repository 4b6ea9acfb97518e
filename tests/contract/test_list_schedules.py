"""Lists that become current at an instant, in a table: decided when they are read, whether or not a timer ran."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guestlist.aws.table import Table
from guestlist.imports.model import Mode, Reason, Status
from guestlist.lists.importing.cleanup import RETENTION
from guestlist.model.errors import Conflict, Unknown
from guestlist.webhooks.images import events_of
from tests.engines.tables import contents
from tests.fakes.imports import START
from tests.fakes.list_versions import TableHarness, table_harness
from tests.fakes.shop import Shop
from tests.unit.imports.harness import options

AT = START + timedelta(days=2)
TICK = timedelta(microseconds=1)
CLOCKS_GO_BACK = datetime(2027, 10, 31, 1, tzinfo=UTC)


@pytest.fixture
def harness(tmp_path: Path, ministack_table: Table) -> TableHarness:
    return table_harness(tmp_path, ministack_table)


@pytest.fixture
def staged(harness: TableHarness) -> TableHarness:
    """A list of A and B, and one of B and C that is to come."""
    harness.sends("A\nB", "imp-1")
    harness.schedules("B\nC", "imp-2", AT, mode=Mode.REPLACE)
    return harness


def test_an_import_ends_when_its_version_is_staged_and_says_when_it_is_published(staged: TableHarness) -> None:
    record = staged.imports.get_import("demo", "imp-2")
    assert (record.status, record.effect) == (Status.COMPLETE, {"added": 1, "changed": 0, "revoked": 1})
    assert "publish_at" in [note.code for note in record.detected.messages]
    scheduled, current = staged.listed()
    assert (scheduled.state, scheduled.publish_at, scheduled.published_at) == ("scheduled", AT, None)
    assert (scheduled.entries, scheduled.added, scheduled.removed) == (2, 1, 1)
    assert (current.state, current.import_id, staged.codes()) == ("current", "imp-1", ["A", "B"])


@pytest.mark.parametrize("timer", [False, True], ids=["before-a-timer", "after-a-timer"])
def test_a_list_becomes_current_at_its_instant_exactly(staged: TableHarness, *, timer: bool) -> None:
    staged.clock.instant = AT - TICK
    staged.tidied()
    assert (staged.codes(), staged.states()) == (["A", "B"], {"imp-1": "current", "imp-2": "scheduled"})
    staged.clock.instant = AT
    if timer:
        staged.tidied()
    assert (staged.codes(), staged.states()) == (["B", "C"], {"imp-2": "current", "imp-1": "former"})
    assert [one.published_at for one in staged.listed()] == [AT, START]


@pytest.mark.parametrize("at", [CLOCKS_GO_BACK - timedelta(minutes=30), CLOCKS_GO_BACK + timedelta(minutes=30)])
def test_a_checkout_sees_all_old_or_all_new_on_both_sides_of_a_change_of_clocks(
    harness: TableHarness, at: datetime
) -> None:
    harness.clock.instant = at - timedelta(days=1)
    harness.sends("A\nB", "imp-1")
    harness.schedules("B\nC", "imp-2", at, mode=Mode.REPLACE)
    shop = Shop(harness.table)
    seen = []
    for now in (at - TICK, at, at - TICK, at + TICK):
        shop.now = now
        answers = [shop.ask(code=code).code for code in ("A", "B", "C")]
        seen.append([answer is not None and answer.valid for answer in answers])
    assert seen == [[True, True, False], [False, True, True], [True, True, False], [False, True, True]]


def test_uses_survive_the_instant(staged: TableHarness) -> None:
    shop = Shop(staged.table)
    shop.now = AT - TICK
    shop.take(code="B")
    shop.now = AT
    answer = shop.ask(code="B").code
    assert answer is not None
    assert answer.reasons == ("used_up",)


def test_what_is_replaced_at_an_instant_comes_back_for_thirty_days(staged: TableHarness) -> None:
    staged.clock.instant = AT
    staged.tidied()
    before = staged.listed()[1].version_id
    staged.clock.instant = AT + RETENTION - TICK
    staged.tidied()
    staged.publish(before)
    assert staged.codes() == ["A", "B"]
    staged.publish(next(one.version_id for one in staged.listed() if one.import_id == "imp-2"))
    staged.clock.instant = AT + 2 * RETENTION
    for _ in range(2):
        assert staged.states() == {"imp-2": "current"}
        with pytest.raises(Conflict) as caught:
            staged.publish(before)
        assert caught.value.code == "version_expired"
        staged.tidied()


def test_changes_made_before_the_instant_are_not_in_the_list_that_comes(staged: TableHarness) -> None:
    staged.sends("X", "imp-3", mode=Mode.APPEND)
    assert staged.codes() == ["A", "B", "X"]
    staged.clock.instant = AT
    assert staged.codes() == ["B", "C"]


def test_a_file_that_comes_after_the_instant_changes_the_list_that_came(staged: TableHarness) -> None:
    staged.clock.instant = AT + TICK
    staged.sends("X", "imp-3", mode=Mode.APPEND)
    assert staged.codes() == ["B", "C", "X"]
    staged.tidied()
    assert staged.states() == {"imp-3": "current", "imp-2": "former", "imp-1": "former"}


def test_a_scheduled_list_is_published_at_once(staged: TableHarness) -> None:
    version_id = staged.listed()[0].version_id
    staged.clock.advance(timedelta(hours=1))
    assert staged.publish(version_id).published_at == START + timedelta(hours=1)
    for staged.clock.instant in (START + timedelta(hours=1), AT + TICK):
        staged.tidied()
        assert (staged.codes(), staged.states()) == (["B", "C"], {"imp-2": "current", "imp-1": "former"})


def test_a_scheduled_list_is_taken_away(staged: TableHarness) -> None:
    scheduled, current = (one.version_id for one in staged.listed())
    with pytest.raises(Conflict) as caught:
        staged.unschedule(current)
    assert caught.value.code == "not_scheduled"
    staged.unschedule(scheduled)
    staged.clock.instant = AT
    assert (staged.codes(), staged.states()) == (["A", "B"], {"imp-1": "current"})
    with pytest.raises(Unknown):
        staged.unschedule(scheduled)


def test_an_import_whose_scheduled_list_was_taken_away_has_nothing_left_to_undo(staged: TableHarness) -> None:
    staged.unschedule(staged.listed()[0].version_id)
    staged.clock.advance(timedelta(hours=1))
    assert staged.undone("imp-2").undone
    assert (staged.codes(), staged.states()) == (["A", "B"], {"imp-1": "current"})
    assert staged.undone("imp-1").undone


def test_undo_takes_a_scheduled_list_away_and_a_group_that_had_no_other(staged: TableHarness) -> None:
    assert staged.undone("imp-2").undone
    staged.clock.instant = AT
    assert (staged.codes(), staged.states()) == (["A", "B"], {"imp-1": "current"})
    staged.imported(
        "Code\nN\n", "imp-4", options=options(group="New", publish_at=AT + RETENTION), expires_at=AT + RETENTION
    )
    assert staged.indexes.read_group_index("demo").named("New")
    staged.undone("imp-4")
    assert staged.indexes.read_group_index("demo").named("New") is None


def test_undo_after_the_instant_brings_back_what_was_replaced(staged: TableHarness) -> None:
    staged.sends("X", "imp-3", mode=Mode.APPEND)
    staged.clock.instant = AT
    staged.undone("imp-2")
    assert staged.codes() == ["A", "B", "X"]
    staged.tidied()
    assert staged.states() == {"imp-3": "current", "imp-2": "former", "imp-1": "former"}


def test_a_new_list_grants_nothing_before_its_instant(harness: TableHarness) -> None:
    harness.schedules("A", "imp-1", AT)
    assert (harness.codes(), harness.states()) == ([], {"imp-1": "scheduled"})
    harness.clock.instant = AT
    assert harness.codes() == ["A"]


def test_an_instant_that_passes_while_the_file_waits_is_now(harness: TableHarness) -> None:
    source = harness.upload("Code\nA\n", "imp-1", options=options(publish_at=START + TICK))
    harness.clock.instant = START + timedelta(minutes=1)
    assert harness.run(source).status is Status.COMPLETE
    assert (harness.codes(), harness.states()) == (["A"], {"imp-1": "current"})


@pytest.mark.parametrize("options", [{"publish_at": START}, {"publish_at": AT, "mode": Mode.APPEND}])
def test_an_instant_that_a_request_could_not_have_fails(harness: TableHarness, options: dict) -> None:
    assert harness.sends("A", "imp-1", **options).reason is Reason.BAD_OPTION


def test_webhooks_are_told_once_of_a_list_that_became_current(staged: TableHarness) -> None:
    def published_events() -> list[tuple[str, datetime]]:
        events = [one for item in contents(staged.table) for one in events_of(item, staged.clock.now(), b"")]
        return [(one.ids["import_id"], one.at) for one in events if one.type == "list.published"]

    assert published_events() == [("imp-1", START)]
    staged.clock.instant = AT + timedelta(minutes=5)
    staged.tidied()
    assert sorted(published_events()) == [("imp-1", START), ("imp-2", AT)]
    assert list(staged.store.due_to_publish(staged.clock.now())) == []


def test_the_same_index_is_answered_until_the_next_list_becomes_current(staged: TableHarness) -> None:
    item = staged.table.get(staged.indexes.pointer("demo"))
    indexes = staged.indexes
    early = [indexes.resolve("demo", item, now) for now in (START, AT - TICK)]
    late = [indexes.resolve("demo", item, now) for now in (AT, AT + RETENTION)]
    assert early[0] is early[1]
    assert late[0] is late[1] is not early[0]
