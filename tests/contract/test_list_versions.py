"""The versions of a list in a table: listed, restored and deleted."""

from datetime import timedelta
from pathlib import Path

import pytest

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.groups.index import GroupType
from guestlist.groups.model import Group
from guestlist.imports.model import Mode
from guestlist.lists.importing.cleanup import RETENTION
from guestlist.model.errors import Conflict, Unknown
from guestlist.webhooks.stream_events import events_of
from tests.engines.tables import contents
from tests.fakes.imports import START
from tests.fakes.list_versions import TableHarness, table_harness
from tests.unit.imports.harness import options

HOUR = timedelta(hours=1)


@pytest.fixture
def harness(tmp_path: Path, ministack_table: Table) -> TableHarness:
    return table_harness(tmp_path, ministack_table)


@pytest.fixture
def replaced_list(harness: TableHarness) -> TableHarness:
    """A list of A and B, an hour later of B and C."""
    harness.sends("A\nB", "imp-1")
    harness.clock.advance(HOUR)
    harness.sends("B\nC\nD", "imp-2", mode=Mode.REPLACE)
    return harness


def test_versions_are_listed_newest_first_with_the_changes_of_their_imports(replaced_list: TableHarness) -> None:
    now, before = replaced_list.listed()
    assert (now.state, now.import_id, now.published_at, now.publish_at) == ("current", "imp-2", START + HOUR, None)
    assert (now.entries, now.added, now.changed, now.removed) == (3, 2, 0, 1)
    assert (before.state, before.published_at) == ("former", START)
    assert (before.entries, before.added, before.changed, before.removed) == (2, 2, 0, 0)


def test_a_former_version_is_restored_and_then_the_replaced_one(replaced_list: TableHarness) -> None:
    now, before = replaced_list.listed()
    replaced_list.clock.advance(HOUR)
    assert replaced_list.publish(before.version_id).state == "current"
    assert (replaced_list.codes(), replaced_list.states()) == (["A", "B"], {"imp-1": "current", "imp-2": "former"})
    assert replaced_list.listed()[0].published_at == START + 2 * HOUR
    replaced_list.clock.advance(HOUR)
    replaced_list.publish(now.version_id)
    assert (replaced_list.codes(), replaced_list.states()) == (["B", "C", "D"], {"imp-2": "current", "imp-1": "former"})


def test_a_version_with_an_overlay_is_restored_whole(harness: TableHarness) -> None:
    harness.sends("\n".join(f"C{number}" for number in range(40)), "imp-1")
    harness.sends("X", "imp-2", mode=Mode.APPEND)
    harness.sends("C0", "imp-3", mode=Mode.REMOVE)
    assert [one.entries for one in harness.listed()] == [40, 41, 40]
    sizes = {one.import_id: (one.version_id, one.entries) for one in harness.listed()}
    for import_id in ("imp-1", "imp-2", "imp-3", "imp-2"):
        version_id, entries = sizes[import_id]
        assert harness.publish(version_id).entries == len(harness.codes()) == entries
    assert "X" in harness.codes()


def test_publishing_the_current_version_changes_nothing(replaced_list: TableHarness) -> None:
    before = contents(replaced_list.table)
    assert replaced_list.publish(replaced_list.listed()[0].version_id).published_at == START + HOUR
    assert contents(replaced_list.table) == before


def test_a_former_version_is_kept_for_thirty_days_after_its_replacement(replaced_list: TableHarness) -> None:
    before = replaced_list.listed()[1].version_id
    replaced_list.clock.advance(RETENTION - timedelta(microseconds=1))
    replaced_list.tidied()
    assert replaced_list.states() == {"imp-2": "current", "imp-1": "former"}
    replaced_list.clock.advance(timedelta(microseconds=1))
    for _ in range(2):
        assert replaced_list.states() == {"imp-2": "current"}
        with pytest.raises(Conflict) as error:
            replaced_list.publish(before)
        assert error.value.code == "version_expired"
        replaced_list.tidied()
    assert replaced_list.codes() == ["B", "C", "D"]


def test_a_restored_version_is_not_deleted_at_its_former_expiry(
    replaced_list: TableHarness,
) -> None:
    now, before = (one.version_id for one in replaced_list.listed())
    replaced_list.clock.advance(RETENTION - HOUR)
    replaced_list.publish(before)
    replaced_list.clock.advance(2 * HOUR)
    replaced_list.tidied()
    assert replaced_list.codes() == ["A", "B"]
    assert replaced_list.publish(now).state == "current"
    assert replaced_list.codes() == ["B", "C", "D"]


def test_the_import_of_a_restored_version_cannot_be_undone_over_a_later_one(replaced_list: TableHarness) -> None:
    now, before = replaced_list.listed()
    replaced_list.publish(before.version_id)
    with pytest.raises(Conflict) as error:
        replaced_list.undone("imp-1")
    assert (error.value.code, replaced_list.codes()) == ("superseded", ["A", "B"])
    replaced_list.publish(now.version_id)
    assert replaced_list.undone("imp-2").undone
    assert replaced_list.undone("imp-1").undone


def test_an_undone_version_can_be_restored_for_thirty_days(replaced_list: TableHarness) -> None:
    replaced_list.clock.advance(29 * timedelta(days=1))
    replaced_list.undone("imp-2")
    assert replaced_list.states() == {"imp-1": "current", "imp-2": "former"}
    replaced_list.clock.advance(29 * timedelta(days=1))
    replaced_list.tidied()
    assert replaced_list.codes() == ["A", "B"]
    replaced_list.publish(replaced_list.listed()[1].version_id)
    assert replaced_list.codes() == ["B", "C", "D"]


def test_the_difference_lists_added_changed_and_removed_entries(harness: TableHarness) -> None:
    harness.imported("Code,Quantity\nA,1\nB,2\nC,3\n", "imp-1", options=options())
    harness.imported("Code,Quantity\nB,2\nC,4\nD,5\n", "imp-2", options=options(mode=Mode.REPLACE))
    harness.clock.advance(HOUR / 60)
    harness.sends("E", "imp-3", mode=Mode.APPEND)
    at = harness.clock.now() + HOUR
    harness.schedules("E\nD", "imp-4", at, mode=Mode.REPLACE)
    assert harness.difference("imp-1") == [("added", "A", "1", ""), ("added", "B", "2", ""), ("added", "C", "3", "")]
    assert harness.difference("imp-2") == [
        ("added", "D", "5", ""),
        ("changed", "C", "4", "3"),
        ("removed", "A", "", "1"),
    ]
    assert harness.difference("imp-3") == [("added", "E", "1", "")]
    assert harness.difference("imp-4") == [
        ("changed", "D", "1", "5"),
        ("removed", "B", "", "2"),
        ("removed", "C", "", "4"),
    ]


def test_an_unknown_version_and_one_of_another_list_do_not_exist(replaced_list: TableHarness) -> None:
    with pytest.raises(Unknown) as error:
        replaced_list.publish("imp-9.1")
    assert error.value.code == "unknown_version"


def test_only_target_groups_have_versions(harness: TableHarness) -> None:
    harness.groups.save_group("demo", Group(group_id="m", name="M", type=GroupType.MANUAL, created_at=START), START)
    for ask in (
        lambda: harness.versions.list_versions("demo", "m", START),
        lambda: harness.versions.publish("demo", "m", "imp-1.1", START, "me"),
    ):
        with pytest.raises(Conflict) as error:
            ask()
        assert error.value.code == "not_target_group"


def test_a_list_that_an_earlier_release_published_has_versions_too(replaced_list: TableHarness) -> None:
    for one in replaced_list.listed():
        replaced_list.table.delete(keys.list_version("demo", replaced_list.group_id, one.version_id))
    (now,) = replaced_list.listed()
    assert (now.state, now.entries, now.added, now.published_at) == ("current", 3, 2, START + HOUR)
    replaced_list.sends("Z", "imp-3", mode=Mode.REPLACE)
    assert replaced_list.states() == {"imp-3": "current", "imp-2": "former"}
    replaced_list.publish(now.version_id)
    assert replaced_list.codes() == ["B", "C", "D"]


def test_restoring_a_version_is_in_the_history_and_sends_one_event(
    replaced_list: TableHarness,
) -> None:
    before = replaced_list.listed()[1]
    replaced_list.clock.advance(HOUR)
    assert published_events(replaced_list) == set()
    replaced_list.publish(before.version_id)
    (deed,) = [item for item in contents(replaced_list.table) if item.get("what") == "group_changed"]
    assert (deed["by"], deed["why"]) == ("night shift", "list_version")
    assert published_events(replaced_list) == {(before.version_id, START + 2 * HOUR)}


def published_events(harness: TableHarness) -> set[tuple[str, object]]:
    """The events of lists that were published, but by an import's end."""
    now = harness.clock.now()
    events = [event for item in contents(harness.table) if "pk" in item for event in events_of(item, now, b"")]
    return {(event.ids["version_id"], event.at) for event in events if "version_id" in event.ids}
