"""Lists that become current at an instant, in a table: decided when they are read, whether or not a timer ran."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guestlist.aws.table import Table
from guestlist.imports.model import Mode, Reason, Status
from guestlist.lists.importing.cleanup import RETENTION
from guestlist.model.errors import Conflict, Unknown
from guestlist.webhooks.stream_events import events_of
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
def scheduled_list(harness: TableHarness) -> TableHarness:
    """A list of A and B, and a scheduled one of B and C."""
    harness.sends("A\nB", "imp-1")
    harness.schedules("B\nC", "imp-2", AT, mode=Mode.REPLACE)
    return harness


def test_an_import_ends_when_its_version_is_staged_and_says_when_it_is_published(scheduled_list: TableHarness) -> None:
    record = scheduled_list.imports.get_import("demo", "imp-2")
    assert (record.status, record.effect) == (Status.COMPLETE, {"added": 1, "changed": 0, "revoked": 1})
    assert "publish_at" in [note.code for note in record.detected.messages]
    next_version, current_version = scheduled_list.listed()
    assert (next_version.state, next_version.publish_at, next_version.published_at) == ("scheduled", AT, None)
    assert (next_version.entries, next_version.added, next_version.removed) == (2, 1, 1)
    assert (current_version.state, current_version.import_id, scheduled_list.codes()) == (
        "current",
        "imp-1",
        ["A", "B"],
    )


@pytest.mark.parametrize("timer", [False, True], ids=["before-a-timer", "after-a-timer"])
def test_a_list_becomes_current_exactly_at_its_scheduled_time(scheduled_list: TableHarness, *, timer: bool) -> None:
    scheduled_list.clock.instant = AT - TICK
    scheduled_list.tidied()
    assert (scheduled_list.codes(), scheduled_list.states()) == (["A", "B"], {"imp-1": "current", "imp-2": "scheduled"})
    scheduled_list.clock.instant = AT
    if timer:
        scheduled_list.tidied()
    assert (scheduled_list.codes(), scheduled_list.states()) == (["B", "C"], {"imp-2": "current", "imp-1": "former"})
    assert [one.published_at for one in scheduled_list.listed()] == [AT, START]


@pytest.mark.parametrize("at", [CLOCKS_GO_BACK - timedelta(minutes=30), CLOCKS_GO_BACK + timedelta(minutes=30)])
def test_a_checkout_sees_all_old_or_all_new_on_both_sides_of_a_change_of_clocks(
    harness: TableHarness, at: datetime
) -> None:
    harness.clock.instant = at - timedelta(days=1)
    harness.sends("A\nB", "imp-1")
    harness.schedules("B\nC", "imp-2", at, mode=Mode.REPLACE)
    shop = Shop(harness.table)
    validities = []
    for now in (at - TICK, at, at - TICK, at + TICK):
        shop.now = now
        answers = [shop.ask(code=code).code for code in ("A", "B", "C")]
        validities.append([answer is not None and answer.valid for answer in answers])
    assert validities == [[True, True, False], [False, True, True], [True, True, False], [False, True, True]]


def test_uses_are_kept_when_a_scheduled_list_becomes_current(scheduled_list: TableHarness) -> None:
    shop = Shop(scheduled_list.table)
    shop.now = AT - TICK
    shop.take(code="B")
    shop.now = AT
    answer = shop.ask(code="B").code
    assert answer is not None
    assert answer.reasons == ("used_up",)


def test_a_list_replaced_on_schedule_can_be_restored_for_thirty_days(scheduled_list: TableHarness) -> None:
    scheduled_list.clock.instant = AT
    scheduled_list.tidied()
    before = scheduled_list.listed()[1].version_id
    scheduled_list.clock.instant = AT + RETENTION - TICK
    scheduled_list.tidied()
    scheduled_list.publish(before)
    assert scheduled_list.codes() == ["A", "B"]
    scheduled_list.publish(next(one.version_id for one in scheduled_list.listed() if one.import_id == "imp-2"))
    scheduled_list.clock.instant = AT + 2 * RETENTION
    for _ in range(2):
        assert scheduled_list.states() == {"imp-2": "current"}
        with pytest.raises(Conflict) as error:
            scheduled_list.publish(before)
        assert error.value.code == "version_expired"
        scheduled_list.tidied()


def test_earlier_changes_are_not_in_the_scheduled_list(scheduled_list: TableHarness) -> None:
    scheduled_list.sends("X", "imp-3", mode=Mode.APPEND)
    assert scheduled_list.codes() == ["A", "B", "X"]
    scheduled_list.clock.instant = AT
    assert scheduled_list.codes() == ["B", "C"]


def test_a_file_imported_after_the_scheduled_time_changes_the_new_list(scheduled_list: TableHarness) -> None:
    scheduled_list.clock.instant = AT + TICK
    scheduled_list.sends("X", "imp-3", mode=Mode.APPEND)
    assert scheduled_list.codes() == ["B", "C", "X"]
    scheduled_list.tidied()
    assert scheduled_list.states() == {"imp-3": "current", "imp-2": "former", "imp-1": "former"}


def test_a_scheduled_list_is_published_at_once(scheduled_list: TableHarness) -> None:
    version_id = scheduled_list.listed()[0].version_id
    scheduled_list.clock.advance(timedelta(hours=1))
    assert scheduled_list.publish(version_id).published_at == START + timedelta(hours=1)
    for scheduled_list.clock.instant in (START + timedelta(hours=1), AT + TICK):
        scheduled_list.tidied()
        assert (scheduled_list.codes(), scheduled_list.states()) == (
            ["B", "C"],
            {"imp-2": "current", "imp-1": "former"},
        )


def test_a_scheduled_list_is_cancelled(scheduled_list: TableHarness) -> None:
    scheduled_id, current_id = (one.version_id for one in scheduled_list.listed())
    with pytest.raises(Conflict) as error:
        scheduled_list.unschedule(current_id)
    assert error.value.code == "not_scheduled"
    scheduled_list.unschedule(scheduled_id)
    scheduled_list.clock.instant = AT
    assert (scheduled_list.codes(), scheduled_list.states()) == (["A", "B"], {"imp-1": "current"})
    with pytest.raises(Unknown):
        scheduled_list.unschedule(scheduled_id)


def test_an_import_whose_scheduled_list_was_cancelled_has_nothing_left_to_undo(scheduled_list: TableHarness) -> None:
    scheduled_list.unschedule(scheduled_list.listed()[0].version_id)
    scheduled_list.clock.advance(timedelta(hours=1))
    assert scheduled_list.undone("imp-2").undone
    assert (scheduled_list.codes(), scheduled_list.states()) == (["A", "B"], {"imp-1": "current"})
    assert scheduled_list.undone("imp-1").undone


def test_undo_removes_a_scheduled_list_and_a_group_without_another_list(scheduled_list: TableHarness) -> None:
    assert scheduled_list.undone("imp-2").undone
    scheduled_list.clock.instant = AT
    assert (scheduled_list.codes(), scheduled_list.states()) == (["A", "B"], {"imp-1": "current"})
    scheduled_list.imported(
        "Code\nN\n", "imp-4", options=options(group="New", publish_at=AT + RETENTION), expires_at=AT + RETENTION
    )
    assert scheduled_list.indexes.read_group_index("demo").find_by_name("New")
    scheduled_list.undone("imp-4")
    assert scheduled_list.indexes.read_group_index("demo").find_by_name("New") is None


def test_undo_after_the_scheduled_time_restores_the_replaced_list(scheduled_list: TableHarness) -> None:
    scheduled_list.sends("X", "imp-3", mode=Mode.APPEND)
    scheduled_list.clock.instant = AT
    scheduled_list.undone("imp-2")
    assert scheduled_list.codes() == ["A", "B", "X"]
    scheduled_list.tidied()
    assert scheduled_list.states() == {"imp-3": "current", "imp-2": "former", "imp-1": "former"}


def test_a_new_list_grants_nothing_before_its_scheduled_time(harness: TableHarness) -> None:
    harness.schedules("A", "imp-1", AT)
    assert (harness.codes(), harness.states()) == ([], {"imp-1": "scheduled"})
    harness.clock.instant = AT
    assert harness.codes() == ["A"]


def test_a_list_whose_scheduled_time_passed_while_the_file_waited_is_published_at_once(harness: TableHarness) -> None:
    source = harness.upload("Code\nA\n", "imp-1", options=options(publish_at=START + TICK))
    harness.clock.instant = START + timedelta(minutes=1)
    assert harness.run(source).status is Status.COMPLETE
    assert (harness.codes(), harness.states()) == (["A"], {"imp-1": "current"})


@pytest.mark.parametrize("options", [{"publish_at": START}, {"publish_at": AT, "mode": Mode.APPEND}])
def test_a_scheduled_time_that_a_request_could_not_have_fails_the_import(harness: TableHarness, options: dict) -> None:
    assert harness.sends("A", "imp-1", **options).reason is Reason.BAD_OPTION


def test_one_webhook_event_reports_that_a_list_became_current(scheduled_list: TableHarness) -> None:
    def published_events() -> list[tuple[str, datetime]]:
        events = [
            one for item in contents(scheduled_list.table) for one in events_of(item, scheduled_list.clock.now(), b"")
        ]
        return [(one.ids["import_id"], one.at) for one in events if one.type == "list.published"]

    assert published_events() == [("imp-1", START)]
    scheduled_list.clock.instant = AT + timedelta(minutes=5)
    scheduled_list.tidied()
    assert sorted(published_events()) == [("imp-1", START), ("imp-2", AT)]
    assert list(scheduled_list.store.due_to_publish(scheduled_list.clock.now())) == []


def test_the_cached_index_is_returned_until_the_next_list_becomes_current(scheduled_list: TableHarness) -> None:
    item = scheduled_list.table.get(scheduled_list.indexes.pointer("demo"))
    indexes = scheduled_list.indexes
    early = [indexes.resolve("demo", item, now) for now in (START, AT - TICK)]
    late = [indexes.resolve("demo", item, now) for now in (AT, AT + RETENTION)]
    assert early[0] is early[1]
    assert late[0] is late[1] is not early[0]
