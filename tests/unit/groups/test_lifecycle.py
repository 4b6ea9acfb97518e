"""Groups from their creation to their deletion and restoration."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guestlist.groups import lifecycle
from guestlist.groups.group_settings import GroupChanges, WelcomeChanges
from guestlist.groups.index import GroupType, IndexedGroup, Version
from guestlist.groups.membership import ChangeType
from guestlist.groups.model import Group, GroupStatus, WelcomeEmail
from guestlist.model.errors import Conflict, Forbidden, Invalid, Unknown
from tests.fakes.groups import FakeGroups
from tests.unit.groups.builders import CATALOGUE, DEMO, NOW, OFF, OTHER, any_of, create, days, leaf

DAY = date(2026, 12, 31)
END_OF_DAY = datetime(2026, 12, 31, 23, tzinfo=UTC)
NEW_YORK = replace(DEMO, time_zone="America/New_York")
END_IN_NEW_YORK = datetime(2027, 1, 1, 5, tzinfo=UTC)


@pytest.fixture
def groups() -> FakeGroups:
    return FakeGroups()


def change(groups: FakeGroups, group: Group, now: datetime = NOW, **changes: Any) -> Group:
    request = GroupChanges(**changes)
    return lifecycle.change(DEMO, group.group_id, request, now, "demo-organiser", groups, CATALOGUE)


def delete(groups: FakeGroups, group: Group) -> Group:
    return lifecycle.delete("demo", group.group_id, NOW, "me", groups)


def restore(groups: FakeGroups, group: Group, name: str | None = None) -> Group:
    return lifecycle.restore(DEMO, group.group_id, name, NOW, "demo-organiser", groups)


# Making


@pytest.mark.behaviour(115, 118, 127)
@pytest.mark.parametrize("kind", ["manual", "automatic", "target"])
def test_a_new_group_is_in_its_record_and_in_the_index(groups: FakeGroups, kind: str) -> None:
    group = create(groups, "Members", kind)
    assert groups.get_group("demo", group.group_id) == group
    indexed = groups.index("demo").groups[group.group_id]
    assert (indexed.name, indexed.type, indexed.created_at) == ("Members", GroupType(kind), NOW)


@pytest.mark.behaviour(120)
@pytest.mark.parametrize("name", ["", "  ", "a\x00b"], ids=["empty", "blank", "control character"])
def test_a_group_requires_a_visible_name(groups: FakeGroups, name: str) -> None:
    with pytest.raises(Invalid):
        create(groups, name)
    assert not groups.records


@pytest.mark.behaviour(32)
@pytest.mark.parametrize("name", ["Members", "mEMBERS", " Members "])
def test_names_of_groups_are_unique_in_any_case_and_type(groups: FakeGroups, name: str) -> None:
    create(groups, "Members", "target")
    with pytest.raises(Conflict) as caught:
        create(groups, name)
    assert caught.value.code == "name_taken"


@pytest.mark.behaviour(32)
def test_names_of_groups_are_unique_in_any_unicode_form(groups: FakeGroups) -> None:
    create(groups, "Caf\u00e9")
    with pytest.raises(Conflict) as caught:
        create(groups, "Cafe\u0301")
    assert caught.value.code == "name_taken"


@pytest.mark.behaviour(33, 117)
def test_another_organiser_may_use_the_same_name(groups: FakeGroups) -> None:
    create(groups, "Members")
    create(groups, "Members", organiser=OTHER)
    assert [len(groups.index(org).groups) for org in ("demo", "other")] == [1, 1]


@pytest.mark.behaviour(116)
@pytest.mark.parametrize("kind", ["manual", "automatic"])
def test_customer_groups_are_refused_when_switched_off(groups: FakeGroups, kind: str) -> None:
    with pytest.raises(Forbidden) as caught:
        create(groups, "Members", kind, organiser=OFF)
    assert caught.value.code == "feature_off"
    assert not groups.records


def test_target_groups_do_not_depend_on_the_switch_for_customer_groups(groups: FakeGroups) -> None:
    assert create(groups, "Codes", "target", organiser=OFF)


@pytest.mark.behaviour(124)
def test_a_new_automatic_group_has_its_rules_and_waits_for_its_first_pass(groups: FakeGroups) -> None:
    group = create(groups, kind="automatic", rules=any_of(leaf(minimum=2)))
    assert group.rules == any_of(leaf(minimum=2))
    progress = groups.syncs.get_progress("demo", group.group_id)
    assert (progress.asked_at, progress.synced_at) == (NOW, None)


@pytest.mark.behaviour(125)
def test_an_automatic_group_without_rules_is_refused(groups: FakeGroups) -> None:
    with pytest.raises(Invalid) as caught:
        create(groups, kind="automatic", rules=None)
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [("rules", "required")]


@pytest.mark.behaviour(126)
@pytest.mark.parametrize("kind", ["manual", "target"])
def test_rules_on_any_other_group_are_refused(groups: FakeGroups, kind: str) -> None:
    with pytest.raises(Invalid) as caught:
        create(groups, kind=kind, rules=any_of(leaf()))
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [("rules", "not_automatic")]


@pytest.mark.behaviour(123, 133)
def test_the_expiry_is_the_end_of_the_day_in_the_organisers_time_zone(groups: FakeGroups) -> None:
    group = create(groups, expires_on=DAY, lifetime=days(3))
    assert (group.expires_on, group.expires_at, group.lifetime) == (DAY, END_OF_DAY, days(3))
    assert groups.index("demo").groups[group.group_id].expires_at == END_OF_DAY


@pytest.mark.behaviour(130)
def test_without_settings_a_group_has_no_lifetime_no_expiry_and_no_welcome_mail(groups: FakeGroups) -> None:
    group = create(groups)
    assert (group.lifetime, group.expires_at, group.welcome) == (None, None, WelcomeEmail())


def test_a_change_that_loses_a_race_is_decided_again(groups: FakeGroups) -> None:
    groups.raced = 3
    create(groups)
    groups.raced = 1_000
    with pytest.raises(Conflict) as caught:
        create(groups, "Another")
    assert caught.value.code == "busy"


# Changing


def test_omitted_settings_stay(groups: FakeGroups) -> None:
    group = create(groups, lifetime=days(3), expires_on=DAY)
    renamed = change(groups, group, name="Friends")
    assert (renamed.name, renamed.lifetime, renamed.expires_on) == ("Friends", days(3), DAY)
    assert groups.index("demo").groups[group.group_id].name == "Friends"


def test_a_lifetime_is_cleared_by_none(groups: FakeGroups) -> None:
    assert change(groups, create(groups, lifetime=days(3)), lifetime=None).lifetime is None


@pytest.mark.behaviour(119)
def test_the_type_never_changes(groups: FakeGroups) -> None:
    group = create(groups)
    with pytest.raises(Invalid) as caught:
        change(groups, group, type=GroupType.AUTOMATIC, rules=any_of(leaf()), name="Friends")
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [("type", "immutable")]
    assert groups.get_group("demo", group.group_id) == group


def test_a_group_may_change_the_case_of_its_name_but_not_use_anothers(groups: FakeGroups) -> None:
    group = create(groups, "Members")
    create(groups, "Friends")
    assert change(groups, group, name="MEMBERS").name == "MEMBERS"
    with pytest.raises(Conflict):
        change(groups, group, name="friends")


@pytest.mark.behaviour(156)
@pytest.mark.parametrize(
    "changes", [{"rules": any_of(leaf(minimum=3))}, {"lifetime": days(9)}], ids=["rules", "lifetime"]
)
def test_a_change_that_affects_the_sync_requests_a_full_pass(groups: FakeGroups, changes: dict[str, Any]) -> None:
    group = create(groups, kind="automatic")
    later = NOW + timedelta(hours=1)
    change(groups, group, later, **changes)
    assert groups.syncs.get_progress("demo", group.group_id).asked_at == later


def test_renaming_a_group_requests_no_full_pass(groups: FakeGroups) -> None:
    group = create(groups, kind="automatic")
    change(groups, group, NOW + timedelta(hours=1), name="Friends")
    assert groups.syncs.get_progress("demo", group.group_id).asked_at == NOW


@pytest.mark.behaviour(140, 141, 229, 230, 231, 232, 233)
def test_the_welcome_mail_is_off_until_set_on_an_existing_group(groups: FakeGroups) -> None:
    group = create(groups)
    assert not group.welcome.enabled
    change(
        groups, group, welcome_email=WelcomeChanges(subject="Hello", header="Welcome", greeting="Hi", body="Come in")
    )
    welcome = change(groups, group, welcome_email=WelcomeChanges(enabled=True)).welcome
    assert welcome == WelcomeEmail(enabled=True, subject="Hello", header="Welcome", greeting="Hi", body="Come in")


@pytest.mark.behaviour(262)
@pytest.mark.parametrize("day", [date(2027, 1, 31), date(2026, 12, 1), None], ids=["later", "earlier", "cleared"])
def test_an_expiry_can_be_changed_until_it_is_reached(groups: FakeGroups, day: date | None) -> None:
    group = change(groups, create(groups, expires_on=DAY), END_OF_DAY - timedelta(seconds=1), expires_on=day)
    assert group.expires_on == day
    assert (group.expires_at is None) == (day is None)


@pytest.mark.behaviour(260, 261)
@pytest.mark.parametrize("day", [date(2027, 1, 31), date(2026, 12, 1), None], ids=["later", "earlier", "cleared"])
def test_the_expiry_of_an_expired_group_does_not_change(groups: FakeGroups, day: date | None) -> None:
    group = create(groups, expires_on=DAY)
    with pytest.raises(Conflict) as caught:
        change(groups, group, END_OF_DAY, expires_on=day)
    assert caught.value.code == "group_expired"
    assert groups.get_group("demo", group.group_id).expires_on == DAY


def test_a_start_is_set_changed_and_cleared_in_the_record_and_the_index(groups: FakeGroups) -> None:
    group = create(groups, starts_at=END_OF_DAY)
    assert groups.index("demo").groups[group.group_id].starts_at == END_OF_DAY
    for start in (END_OF_DAY + timedelta(hours=1), None):
        group = change(groups, group, starts_at=start)
        assert group.starts_at == groups.index("demo").groups[group.group_id].starts_at == start
    assert groups.audit_entries[-1][1].why == "starts_at"


@pytest.mark.parametrize("settings", [{"starts_at": END_OF_DAY}, {"starts_at": END_OF_DAY + timedelta(hours=1)}])
def test_a_group_must_start_before_it_expires(groups: FakeGroups, settings: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as creation:
        create(groups, expires_on=DAY, **settings)
    with pytest.raises(Invalid) as update:
        change(groups, create(groups, expires_on=DAY), **settings)
    assert [(caught.value.faults[0].field, caught.value.faults[0].code) for caught in (creation, update)] == [
        ("starts_at", "bad_instant")
    ] * 2


def test_the_expiry_follows_the_time_zone_of_the_organiser(groups: FakeGroups) -> None:
    ends, deleted, endless = create(groups, expires_on=DAY), create(groups, "B", expires_on=DAY), create(groups, "C")
    delete(groups, deleted)
    lifecycle.move_expiries(NEW_YORK, NOW, "me", groups)
    moved = groups.get_group("demo", ends.group_id)
    assert (moved.expires_on, moved.expires_at) == (DAY, END_IN_NEW_YORK)
    assert groups.index("demo").groups[ends.group_id].expires_at == END_IN_NEW_YORK
    assert groups.get_group("demo", endless.group_id) == endless
    assert restore(groups, deleted).expires_at == END_IN_NEW_YORK
    assert groups.index("demo").groups[deleted.group_id].expires_at == END_IN_NEW_YORK


def test_a_time_zone_never_revives_an_expired_group(groups: FakeGroups) -> None:
    group = create(groups, expires_on=DAY)
    lifecycle.move_expiries(NEW_YORK, END_OF_DAY, "me", groups)
    assert groups.get_group("demo", group.group_id) == group


def test_changed_removal_dates_are_in_the_history_once_and_repeating_writes_nothing(groups: FakeGroups) -> None:
    group = create(groups, expires_on=DAY)
    for _ in range(2):
        lifecycle.move_expiries(NEW_YORK, NOW, "me", groups)
    assert [entry.why for _, entry in groups.audit_entries if entry.what is ChangeType.GROUP_CHANGED] == ["time_zone"]
    assert groups.get_group("demo", group.group_id).revision == group.revision + 1


def test_expiries_of_many_groups_follow_the_time_zone_despite_concurrent_changes(groups: FakeGroups) -> None:
    for number in range(100):
        create(groups, f"Group {number}", expires_on=DAY)
    groups.raced = 3
    lifecycle.move_expiries(NEW_YORK, NOW, "me", groups)
    assert {group.expires_at for group in groups.newest("demo")} == {END_IN_NEW_YORK}
    assert {group.expires_at for group in groups.index("demo").groups.values()} == {END_IN_NEW_YORK}


def test_an_unchanged_expiry_date_follows_the_present_time_zone(groups: FakeGroups) -> None:
    group = create(groups, expires_on=DAY)
    same = GroupChanges(expires_on=DAY)
    moved = lifecycle.change(NEW_YORK, group.group_id, same, NOW, "me", groups, CATALOGUE)
    assert moved.expires_at == groups.index("demo").groups[group.group_id].expires_at == END_IN_NEW_YORK


def test_an_expired_group_may_be_renamed_with_its_expiry_repeated(groups: FakeGroups) -> None:
    group = create(groups, expires_on=DAY)
    assert change(groups, group, END_OF_DAY, name="Old members", expires_on=DAY).name == "Old members"


def test_a_change_that_changes_nothing_writes_nothing(groups: FakeGroups) -> None:
    group = create(groups, lifetime=days(3))
    assert change(groups, group, lifetime=days(3)).revision == group.revision


@pytest.mark.behaviour(117)
def test_another_organisers_group_does_not_exist(groups: FakeGroups) -> None:
    group = create(groups)
    with pytest.raises(Unknown):
        lifecycle.change(OTHER, group.group_id, GroupChanges(name="Mine"), NOW, "other-organiser", groups, CATALOGUE)


# Deleting and restoring


@pytest.mark.behaviour(246, 249, 250)
def test_a_deleted_group_leaves_the_index_and_is_restored_unchanged(groups: FakeGroups) -> None:
    group = create(groups, lifetime=days(3))
    before = groups.index("demo").groups
    assert delete(groups, group).status(NOW) is GroupStatus.DELETED
    assert not groups.index("demo").groups
    assert restore(groups, group).status(NOW) is GroupStatus.ACTIVE
    assert groups.index("demo").groups == before


def test_a_target_group_gets_its_list_back_when_it_is_restored(groups: FakeGroups) -> None:
    group = create(groups, "Codes", "target")
    listed = IndexedGroup(
        group_id=group.group_id,
        type=GroupType.TARGET,
        name="Codes",
        created_at=NOW,
        base=Version("i1", 16, 40),
        overlay=Version("i2", 1, 2),
        entries=41,
    )
    groups.indexes["demo"] = groups.index("demo").with_group(listed)
    delete(groups, group)
    restore(groups, group)
    assert groups.index("demo").groups[group.group_id] == listed


def test_deleting_and_restoring_twice_changes_nothing(groups: FakeGroups) -> None:
    group = create(groups)
    assert delete(groups, group) == delete(groups, group)
    assert restore(groups, group) == restore(groups, group)


def test_the_name_of_a_deleted_group_is_free_and_a_restored_group_then_needs_another(groups: FakeGroups) -> None:
    group = create(groups, "Members")
    delete(groups, group)
    create(groups, "members")
    with pytest.raises(Conflict) as caught:
        restore(groups, group)
    assert caught.value.code == "name_taken"
    assert restore(groups, group, "Old members").name == "Old members"


@pytest.mark.behaviour(264)
def test_restoring_never_revives_an_expired_group(groups: FakeGroups) -> None:
    group = create(groups, expires_on=DAY)
    delete(groups, group)
    restored = restore(groups, group)
    assert restored.status(END_OF_DAY) is GroupStatus.EXPIRED
    assert groups.index("demo").groups[group.group_id].is_expired(END_OF_DAY)


def test_restoring_an_automatic_group_requests_a_full_pass(groups: FakeGroups) -> None:
    group = create(groups, kind="automatic")
    delete(groups, group)
    groups.syncs.progress.clear()
    restore(groups, group)
    assert groups.syncs.get_progress("demo", group.group_id).asked_at == NOW


def test_a_deleted_group_cannot_be_changed(groups: FakeGroups) -> None:
    group = create(groups)
    delete(groups, group)
    with pytest.raises(Unknown):
        change(groups, group, name="Friends")


@pytest.mark.behaviour(263)
def test_a_group_is_expired_from_its_expiry_on() -> None:
    group = Group(group_id="g", name="G", type=GroupType.MANUAL, created_at=NOW, expires_at=END_OF_DAY)
    assert group.status(END_OF_DAY - timedelta(microseconds=1)) is GroupStatus.ACTIVE
    assert group.status(END_OF_DAY) is GroupStatus.EXPIRED
