"""Memberships: the table and the fake are held to the same facts. Each change is a transaction."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guestlist.aws import person_keys
from guestlist.aws.table import Table
from guestlist.customers.model import SHARDS, Customer, shard_of
from guestlist.customers.store import Customers
from guestlist.groups.membership import Change, ChangeType, Membership, Source
from guestlist.groups.membership_items import welcome_keys
from guestlist.groups.membership_store import Memberships
from guestlist.mail.model import MailKind, MailStatus
from guestlist.mail.outbox import Outbox
from guestlist.model.errors import ConcurrentModification
from tests.fakes.groups import FakeMemberships

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ANN = "ann@example.com"
FULL = Membership(
    email=ANN,
    group_id="g1",
    added_at=NOW,
    source=Source.RULE,
    removal_at=LATER,
    lapses_at=NOW + timedelta(days=2),
    reason="2 of 2",
)


@dataclass
class World:
    """The store under test, and how to count a purchase of somebody with a profile."""

    store: Memberships | FakeMemberships
    table: Table | None

    def add_purchases(self, email: str = ANN, times: int = 1) -> None:
        if isinstance(self.store, FakeMemberships):
            key = "demo", email
            self.store.purchases[key] = self.store.purchases.get(key, 0) + times
            return
        assert self.table is not None
        Customers(self.table).ensure_customers("demo", [Customer(email=email, created_at=NOW)])
        if times:
            self.table.update(person_keys.profile("demo", email), add={"purchases": times})


@pytest.fixture(params=["fake", "table"])
def world(request: pytest.FixtureRequest) -> World:
    """Memberships in memory and in a table."""
    if request.param == "fake":
        return World(FakeMemberships(), None)
    table: Table = request.getfixturevalue("ministack_table")
    return World(Memberships(table), table)


def member(email: str = ANN, group_id: str = "g1", source: Source = Source.HAND, **more: Any) -> Membership:
    return Membership(email=email, group_id=group_id, added_at=NOW, source=source, **more)


def adding(*members: Membership, welcome: bool = False) -> list[Change]:
    return [Change(before=None, after=one, by="me", why="said so", welcome=welcome) for one in members]


@pytest.mark.parametrize("one", [FULL, member()], ids=["full", "plain"])
def test_a_stored_membership_is_read_back(world: World, one: Membership) -> None:
    assert world.store.apply("demo", adding(one), NOW) == []
    assert world.store.get_memberships("demo", "ANN@example.com") == {"g1": one}
    assert world.store.find_memberships("demo", [(ANN, "g1"), (ANN, "g2")]) == {(ANN, "g1"): one}
    assert world.store.get_memberships("other", ANN) == {}


def test_memberships_of_many_people_are_read_like_those_of_each(world: World) -> None:
    people = [f"p{number}@example.com" for number in range(30)]
    world.store.apply("demo", adding(*(member(email) for email in people[1:]), member(people[1], "g2")), NOW)
    memberships = world.store.get_memberships_of_each("demo", [*people, people[1].upper()])
    assert memberships == {email: world.store.get_memberships("demo", email) for email in people}
    assert (memberships[people[0]], set(memberships[people[1]])) == ({}, {"g1", "g2"})


def test_a_change_of_a_stale_membership_is_rejected(world: World) -> None:
    world.store.apply("demo", adding(FULL), NOW)
    for stale in (None, replace(FULL, removal_at=None), replace(FULL, lapses_at=NOW), replace(FULL, added_at=LATER)):
        change = Change(before=stale, after=member(), by="me")
        assert world.store.apply("demo", [change], NOW) == [change]
    assert world.store.get_memberships("demo", ANN) == {"g1": FULL}
    updated_member = replace(FULL, removal_at=None)
    assert world.store.apply("demo", [Change(before=FULL, after=updated_member, by="me")], NOW) == []
    assert world.store.apply("demo", [Change(before=updated_member, after=None, by="me")], NOW) == []
    assert world.store.get_memberships("demo", ANN) == {}


def test_of_many_changes_only_the_stale_ones_are_rejected(world: World) -> None:
    everybody = [member(f"p{number:02d}@example.com") for number in range(45)]
    world.store.apply("demo", adding(everybody[3], everybody[30]), NOW)
    stale_changes = world.store.apply("demo", adding(*everybody), NOW)
    assert [change.subject for change in stale_changes] == [everybody[3], everybody[30]]
    assert list(world.store.list_members("demo", "g1")) == everybody


def test_members_are_counted(world: World) -> None:
    everybody = [member(f"p{number:02d}@example.com") for number in range(30)]
    world.store.apply("demo", adding(*everybody, member(group_id="g2")), NOW)
    updated_member = replace(everybody[0], removal_at=LATER)
    world.store.apply("demo", [Change(before=everybody[0], after=updated_member, by="me")], NOW)
    world.store.apply("demo", [Change(before=one, after=None, by="me") for one in everybody[1:4]], NOW)
    world.store.apply("demo", [Change(before=one, after=None, by="me") for one in everybody[1:4]], NOW)
    assert dict(world.store.count_members("demo", ["g1", "g2", "g3"])) == {"g1": 27, "g2": 1, "g3": 0}


def test_members_are_listed_by_e_mail_over_all_shards(world: World) -> None:
    everybody = [member(f"{letter}{number}@example.com") for letter in "ab" for number in range(2 * SHARDS)]
    world.store.apply("demo", adding(*everybody), NOW)
    emails = sorted(one.email for one in everybody)
    assert [one.email for one in world.store.list_members("demo", "g1", limit=3)] == emails
    assert [one.email for one in world.store.list_members("demo", "g1", begins="b", after="b10@example.com")] == [
        email for email in emails if email > "b10@example.com"
    ]
    shards = [[one.email for one in world.store.shard("demo", "g1", shard)] for shard in range(SHARDS)]
    assert shards == [[email for email in emails if shard_of(email) == shard] for shard in range(SHARDS)]
    assert [one.email for one in world.store.shard("demo", "g1", shard_of(emails[0]), emails[0])] == [
        email for email in emails[1:] if shard_of(email) == shard_of(emails[0])
    ]


def test_a_membership_is_due_at_its_end(world: World) -> None:
    ended_member = member("ended@example.com", removal_at=NOW)
    imported_member = member("imported@example.com", source=Source.IMPORT, removal_at=NOW)
    later_member = member("later@example.com", removal_at=LATER)
    permanent_member = member("kept@example.com")
    world.store.apply("demo", adding(ended_member, imported_member, later_member, permanent_member), NOW)
    world.store.apply("other", adding(replace(FULL, removal_at=NOW, lapses_at=NOW)), NOW)

    def due(now: datetime, *, automatic: bool) -> set[tuple[str, str]]:
        return {(org, one.email) for org, one in world.store.due(now, automatic=automatic)}

    assert due(NOW, automatic=False) == {("demo", ended_member.email), ("demo", imported_member.email)}
    assert due(NOW, automatic=True) == {("other", ANN)}
    assert due(LATER, automatic=False) == {("demo", one.email) for one in (ended_member, imported_member, later_member)}


def test_a_membership_that_lapses_within_its_minimum_stay_is_due_at_its_end(world: World) -> None:
    world.store.apply("demo", adding(replace(FULL, lapses_at=NOW)), NOW)
    assert list(world.store.due(NOW, automatic=True)) == []
    assert len(list(world.store.due(LATER, automatic=True))) == 1


def test_the_history_of_a_person_is_newest_first(world: World) -> None:
    world.store.apply("demo", adding(FULL), NOW)
    world.store.apply("demo", [Change(before=FULL, after=None, by="timer", why="lapsed")], LATER)
    entries = [
        (audit_entry.what, audit_entry.at, audit_entry.by, audit_entry.why, audit_entry.source)
        for _, audit_entry in world.store.audit_entries_of("demo", ANN, 9)
    ]
    assert entries == [
        (ChangeType.REMOVED, LATER, "timer", "lapsed", Source.RULE),
        (ChangeType.ADDED, NOW, "me", "said so", Source.RULE),
    ]


def test_the_history_of_a_person_is_paged(world: World) -> None:
    for minute in range(5):
        world.store.apply("demo", adding(member(group_id=f"g{minute}")), NOW + timedelta(minutes=minute))
    first = world.store.audit_entries_of("demo", "Ann@Example.com", 2)
    second = world.store.audit_entries_of("demo", ANN, 9, first[-1][0])
    assert [audit_entry.group_id for _, audit_entry in [*first, *second]] == ["g4", "g3", "g2", "g1", "g0"]


def test_the_history_of_an_import_names_its_line(world: World) -> None:
    change = replace(adding(member())[0], import_id="i1", line=7)
    world.store.apply("demo", [change], NOW)
    [(_, audit_entry)] = world.store.audit_entries_of("demo", ANN, 9)
    assert (audit_entry.import_id, audit_entry.line) == ("i1", 7)


def test_a_reevaluation_fails_when_purchases_changed_meanwhile(world: World) -> None:
    world.add_purchases()
    world.add_purchases()
    for revision in (None, 0, 1, 3):
        with pytest.raises(ConcurrentModification):
            world.store.reevaluate("demo", ANN, adding(FULL), NOW, revision)
    assert world.store.get_memberships("demo", ANN) == {}
    world.store.reevaluate("demo", ANN, adding(FULL), NOW, 2)
    assert world.store.get_memberships("demo", ANN) == {"g1": FULL}
    with pytest.raises(ConcurrentModification):
        world.store.reevaluate("demo", ANN, adding(FULL), NOW, 2)


def test_a_person_without_purchases_is_reevaluated_too(world: World) -> None:
    world.add_purchases(times=0)
    world.store.reevaluate("demo", ANN, adding(FULL), NOW, 0)
    assert world.store.get_memberships("demo", ANN) == {"g1": FULL}


def test_a_reevaluation_creates_no_profile(ministack_table: Table) -> None:
    store = Memberships(ministack_table)
    store.reevaluate("demo", ANN, adding(FULL), NOW, None)
    assert store.get_memberships("demo", ANN) == {"g1": FULL}
    assert ministack_table.get(person_keys.profile("demo", ANN)) is None


def test_many_changes_of_one_person_are_all_made(world: World) -> None:
    world.add_purchases()
    everything = [member(group_id=f"g{number:02d}", source=Source.RULE) for number in range(45)]
    world.store.reevaluate("demo", ANN, adding(*everything), NOW, 1)
    assert len(world.store.get_memberships("demo", ANN)) == 45


@pytest.mark.behaviour(225)
def test_a_member_gets_one_welcome_mail_however_often_they_join(ministack_table: Table) -> None:
    store = Memberships(ministack_table)
    outbox = Outbox(ministack_table)
    for _ in range(2):
        store.apply("demo", adding(member(), welcome=True), NOW)
        store.apply("demo", [Change(before=member(), after=None, by="me")], NOW)
    mail = outbox.get_item(welcome_keys("demo", "g1", "Ann@example.com".lower(), b"")[0])
    assert mail is not None
    assert (mail.kind, mail.status, mail.owed_at) == (MailKind.WELCOME, MailStatus.OWED, NOW)
    assert mail.facts == {"group_id": "g1", "email": ANN}
    assert mail.reference.startswith("g1#")
    assert ANN not in mail.reference


def test_the_welcome_mail_is_stored_with_the_membership_or_not_at_all(ministack_table: Table) -> None:
    store = Memberships(ministack_table)
    store.apply("demo", adding(member()), NOW)
    store.apply("demo", adding(member(), welcome=True), NOW)
    assert Outbox(ministack_table).get_item(welcome_keys("demo", "g1", ANN, b"")[0]) is None


def test_the_history_of_a_group_is_paged_newest_first(ministack_table: Table) -> None:
    store = Memberships(ministack_table)
    for minute in range(12):
        at = NOW + timedelta(minutes=minute)
        store.apply("demo", adding(member(f"p{minute:02d}@example.com")), at)
    first = store.audit_entries_in("demo", "g1", 5)
    second = store.audit_entries_in("demo", "g1", 5, first[-1][0])
    emails = [str(audit_entry.email)[:3] for _, audit_entry in [*first, *second]]
    assert emails == [f"p{minute:02d}" for minute in range(11, 1, -1)]


def test_two_changes_of_a_person_at_the_same_time_are_both_in_the_history(ministack_table: Table) -> None:
    store = Memberships(ministack_table)
    store.apply("demo", adding(member()), NOW)
    store.apply("demo", [Change(before=member(), after=None, by="me")], NOW)
    first = store.audit_entries_in("demo", "g1", 1)
    second = store.audit_entries_in("demo", "g1", 9, first[-1][0])
    assert [audit_entry.what for _, audit_entry in [*first, *second]] == [ChangeType.REMOVED, ChangeType.ADDED]
