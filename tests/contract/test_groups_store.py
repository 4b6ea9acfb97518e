"""The records of groups: the table and the fake behave the same."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from guestlist.aws.table import Table
from guestlist.catalogue.entity_type import EntityType
from guestlist.groups.index import GroupIndex, GroupType, Version
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.membership import AuditEntry, ChangeType
from guestlist.groups.membership_store import Memberships
from guestlist.groups.model import Group, WelcomeEmail
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.groups.store import Groups
from guestlist.groups.sync_store import Syncs
from guestlist.model.duration import Duration, Unit
from guestlist.model.errors import ConcurrentModification, Unknown
from tests.fakes.groups import FakeGroups, FakeSyncs

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
PLAIN = Group(group_id="g1", name="Members", type=GroupType.MANUAL, created_at=NOW)
SEASON = Leaf(type=EntityType.SCHEDULE, id="season", minimum=2, within=Duration(3, Unit.WEEKS), distinct_events=2)
FULL = Group(
    group_id="g2",
    name="Ünïcode",
    type=GroupType.AUTOMATIC,
    created_at=NOW,
    lifetime=Duration(30, Unit.DAYS),
    expires_on=date(2026, 12, 31),
    expires_at=NOW,
    rules=Branch(Operator.ALL, (SEASON, Branch(Operator.ANY, (SEASON,)))),
    welcome=WelcomeEmail(enabled=True, subject="Hi", header="Welcome", greeting="Dear", body="Line\nline"),
    deleted_at=NOW,
    shelved=replace(PLAIN.to_index_entry(), base=Version("i", 3, 4), overlay=Version("j", 1, 1), entries=5),
)

Stores = tuple[Groups | FakeGroups, Syncs | FakeSyncs]


@pytest.fixture(params=["fake", "table"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Groups and their syncs, in memory and in a table; the index and the record change in a transaction."""
    if request.param == "fake":
        groups = FakeGroups()
        return groups, groups.syncs
    table: Table = request.getfixturevalue("ministack_table")
    return Groups(table, GroupIndexes(table)), Syncs(table)


@pytest.mark.parametrize("group", [PLAIN, FULL], ids=["plain", "full"])
def test_a_saved_record_is_read_back(stores: Stores, group: Group) -> None:
    groups, _ = stores
    saved_group = groups.save_group("demo", group, NOW)
    assert saved_group == replace(group, revision=1)
    assert groups.get_group("demo", group.group_id) == saved_group


def test_an_unknown_record_raises_unknown(stores: Stores) -> None:
    groups, _ = stores
    with pytest.raises(Unknown):
        groups.get_group("demo", "g1")


def test_a_record_is_changed_one_step_at_a_time(stores: Stores) -> None:
    groups, _ = stores
    saved_group = groups.save_group("demo", PLAIN, NOW)
    with pytest.raises(ConcurrentModification):
        groups.save_group("demo", PLAIN, NOW)
    groups.save_group("demo", replace(saved_group, name="Friends"), NOW)
    with pytest.raises(ConcurrentModification):
        groups.save_group("demo", replace(saved_group, name="Others"), NOW)
    assert groups.get_group("demo", "g1").name == "Friends"


def test_the_index_changes_with_the_record_or_neither_does(stores: Stores) -> None:
    groups, syncs = stores
    saved_group = groups.save_group("demo", PLAIN, NOW, GroupIndex().with_group(PLAIN.to_index_entry()))
    assert groups.index("demo").groups == {"g1": PLAIN.to_index_entry()}
    with pytest.raises(ConcurrentModification):
        groups.save_group(
            "demo",
            replace(saved_group, name="Late"),
            NOW,
            GroupIndex().with_group(PLAIN.to_index_entry()),
            asked_by="me",
        )
    with pytest.raises(ConcurrentModification):
        groups.save_group("demo", PLAIN, NOW, groups.index("demo").without("g1"), asked_by="me")
    assert groups.get_group("demo", "g1") == saved_group
    assert groups.index("demo").groups == {"g1": PLAIN.to_index_entry()}
    assert syncs.get_progress("demo", "g1").asked_at is None


def test_some_records_change_together_with_the_index_or_none_does(stores: Stores) -> None:
    groups, _ = stores
    other = replace(PLAIN, group_id="g3", name="Others")
    saved_groups = [groups.save_group("demo", one, NOW) for one in (PLAIN, other)]
    changed_groups = [replace(one, expires_at=NOW) for one in saved_groups]
    index = groups.index("demo").with_groups(one.to_index_entry() for one in changed_groups)
    entries = [
        AuditEntry(group_id=one.group_id, at=NOW, what=ChangeType.GROUP_CHANGED, by="me", why="")
        for one in changed_groups
    ]
    groups.save_all("demo", changed_groups, index, entries)
    assert {one.expires_at for one in groups.newest("demo")} == {NOW}
    assert groups.index("demo").groups == {one.group_id: one.to_index_entry() for one in changed_groups}
    following = groups.index("demo").with_groups([])
    with pytest.raises(ConcurrentModification):
        groups.save_all(
            "demo", [replace(changed_groups[0], revision=2), replace(changed_groups[1], name="Late")], following, []
        )
    assert [one.revision for one in groups.newest("demo")] == [2, 2]


def test_an_organisers_records_are_listed_newest_first(stores: Stores) -> None:
    groups, _ = stores
    for org, group_id in (("demo", "g1"), ("demo", "g3"), ("demo", "g2"), ("other", "g4")):
        groups.save_group(org, replace(PLAIN, group_id=group_id), NOW)
    assert [group.group_id for group in groups.newest("demo")] == ["g3", "g2", "g1"]
    assert [group.group_id for group in groups.newest("demo", "g3")] == ["g2", "g1"]
    assert set(groups.get_groups("demo", ["g1", "g2", "g4"])) == {"g1", "g2"}


def test_an_automatic_group_is_saved_with_a_request_for_a_full_pass(stores: Stores) -> None:
    groups, syncs = stores
    groups.save_group("demo", FULL, NOW, asked_by="demo-organiser")
    progress = syncs.get_progress("demo", "g2")
    assert (progress.asked_at, progress.asked_by) == (NOW, "demo-organiser")


def test_the_history_of_a_group_is_stored_with_the_record_or_not_at_all(ministack_table: Table) -> None:
    groups = Groups(ministack_table, GroupIndexes(ministack_table))
    creation = AuditEntry(group_id="g1", at=NOW, what=ChangeType.GROUP_CREATED, by="me", why="")
    deletion = AuditEntry(group_id="g1", at=NOW, what=ChangeType.GROUP_DELETED, by="me", why="")
    groups.save_group("demo", PLAIN, NOW, audit_entry=creation)
    with pytest.raises(ConcurrentModification):
        groups.save_group("demo", PLAIN, NOW, audit_entry=deletion)
    assert [audit_entry for _, audit_entry in Memberships(ministack_table).audit_entries_in("demo", "g1", 9)] == [
        creation
    ]
