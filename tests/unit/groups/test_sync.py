"""Keeping automatic groups in sync with purchases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guestlist.catalogue import service as catalogue_service
from guestlist.catalogue.model import Event, SaleItem
from guestlist.customers.model import SHARDS
from guestlist.groups import lifecycle, sync
from guestlist.groups.group_settings import GroupChanges, WelcomeChanges
from guestlist.groups.membership import ChangeType, Source
from guestlist.groups.progress import START
from guestlist.groups.reevaluation import reevaluate
from guestlist.groups.sync import request_sync, sync_groups
from guestlist.messages.message import Message
from guestlist.model.errors import Conflict, Forbidden, Unknown
from guestlist.purchases.model import Line
from tests.unit.groups.builders import DEMO, NOW, OFF, any_of, create, days, leaf
from tests.unit.groups.world import ANN, BOB, World

WINDOW = any_of(leaf(within=days(30)))
PLAIN = any_of(leaf())
MICROSECOND = timedelta(microseconds=1)
LAPSE = NOW + timedelta(days=30) + MICROSECOND


@pytest.fixture
def world() -> World:
    return World()


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


# After purchases


@pytest.mark.behaviour(164)
def test_a_purchase_makes_a_member_and_the_history_says_why(world: World) -> None:
    group = world.automatic(PLAIN)
    order = world.buy()
    member = world.member(group)
    assert member is not None
    assert (member.source, member.added_at, member.ends_at) == (Source.RULE, NOW, None)
    assert member.because == Message(
        "rules_met_by_orders", {"n": 1, "orders": (order,), "findings": ("event:festival 1/1",)}
    )
    assert not world.is_in(group, BOB)


@pytest.mark.behaviour(165)
def test_a_membership_requires_the_minimum_within_the_window(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=2, within=days(30))))
    world.buy(at=NOW)
    assert not world.is_in(group)
    world.buy(at=day(31))
    assert not world.is_in(group, at=day(31))
    world.buy(at=day(40))
    assert world.is_in(group, at=day(40))


@pytest.mark.behaviour(166)
def test_several_events_of_a_schedule_open_a_group(world: World) -> None:
    for thing in (
        Event(event_id="one", name="One", schedule_id="season"),
        Event(event_id="two", name="Two", schedule_id="season"),
        SaleItem(sale_item_id="one", name="One", event_id="one"),
        SaleItem(sale_item_id="two", name="Two", event_id="two"),
    ):
        catalogue_service.save("demo", thing, NOW, "me", world.catalogues, world.groups.of_catalogue)
    group = world.automatic(any_of(leaf("schedule", "season", 2, distinct_events=2)))
    world.buy(item="one", quantity=2)
    assert not world.is_in(group)
    world.buy(item="two")
    assert world.is_in(group)


def test_a_refund_ends_a_membership_at_once(world: World) -> None:
    group = world.automatic(PLAIN)
    order = world.buy(quantity=2)
    world.refund(order, day(1), [Line(sale_item_id="ticket", quantity=1)])
    assert world.is_in(group)
    world.refund(order, day(2))
    assert world.member(group) is None


@pytest.mark.behaviour(153)
def test_a_membership_ends_when_the_purchase_leaves_the_window(world: World) -> None:
    group = world.automatic(WINDOW)
    world.buy()
    assert world.is_in(group, at=LAPSE - MICROSECOND)
    assert not world.is_in(group, at=LAPSE)


def test_another_purchase_moves_the_end_and_not_the_beginning(world: World) -> None:
    group = world.automatic(WINDOW)
    world.buy()
    world.buy(at=day(10))
    member = world.member(group)
    assert member is not None
    assert (member.added_at, member.ends_at) == (NOW, LAPSE + timedelta(days=10))


def test_a_purchase_after_the_end_makes_a_new_membership(world: World) -> None:
    group = world.automatic(WINDOW, lifetime=days(5))
    world.buy()
    world.buy(at=day(50))
    member = world.member(group)
    assert member is not None
    assert member.added_at == day(50)


def test_changes_on_purchase_begin_after_the_first_pass(world: World) -> None:
    group = world.automatic(PLAIN, synced=False)
    world.buy()
    assert not world.is_in(group)
    world.resume(group)
    assert world.is_in(group)


def test_a_purchase_that_was_not_reevaluated_at_once_is_by_the_timer(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy(followed=False)
    assert not world.is_in(group)
    assert world.timer(day(0)).reevaluations == 1
    assert world.is_in(group)
    assert world.timer(day(0)).reevaluations == 0


def test_a_purchase_without_an_effect_is_reevaluated_once(world: World) -> None:
    world.automatic(any_of(leaf(minimum=9)))
    world.buy(followed=False)
    assert [world.timer(day(0)).reevaluations for _ in range(2)] == [1, 0]


# Lifetimes


@pytest.mark.behaviour(136, 137, 175)
def test_within_the_lifetime_no_member_is_removed(world: World) -> None:
    group = world.automatic(PLAIN, lifetime=days(10))
    world.refund(world.buy(), day(1))
    for at in (day(1), day(10) - MICROSECOND):
        world.timer(at)
        world.pass_over(group, at)
        assert world.is_in(group, at=at)


@pytest.mark.behaviour(138)
def test_after_the_lifetime_a_member_who_matches_stays(world: World) -> None:
    group = world.automatic(PLAIN, lifetime=days(10))
    world.buy()
    world.pass_over(group, day(11))
    assert world.is_in(group, at=day(400))


@pytest.mark.behaviour(139)
def test_after_the_lifetime_a_member_who_does_not_match_is_removed(world: World) -> None:
    group = world.automatic(PLAIN, lifetime=days(10))
    world.refund(world.buy(), day(1))
    world.timer(day(10))
    assert world.member(group) is None


@pytest.mark.behaviour(174)
def test_without_a_lifetime_a_member_who_does_not_match_is_removed_by_the_pass(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy()
    stricter = GroupChanges(rules=any_of(leaf(minimum=2)))
    lifecycle.change(DEMO, group.group_id, stricter, NOW, "me", world.groups, world.catalogues)
    assert world.is_in(group)
    world.resume(group)
    assert world.member(group) is None


def test_matching_again_does_not_restart_the_lifetime(world: World) -> None:
    group = world.automatic(PLAIN, lifetime=days(10))
    world.refund(world.buy(), day(1))
    second = world.buy(at=day(5))
    world.refund(second, day(6))
    assert not world.is_in(group, at=day(10))


def test_being_added_again_starts_a_new_lifetime(world: World) -> None:
    group = world.automatic(PLAIN, lifetime=days(10))
    world.refund(world.buy(), day(1))
    second = world.buy(at=day(20))
    world.refund(second, day(21))
    assert world.is_in(group, at=day(30) - MICROSECOND)
    assert not world.is_in(group, at=day(30))


def test_a_new_lifetime_counts_from_when_each_member_was_added(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy(ANN)
    world.buy(BOB, at=day(20))
    stricter = GroupChanges(rules=any_of(leaf(minimum=2)), lifetime=days(10))
    lifecycle.change(DEMO, group.group_id, stricter, day(25), "me", world.groups, world.catalogues)
    world.resume(group, day(25))
    assert not world.is_in(group, ANN, day(25))
    assert world.is_in(group, BOB, day(30) - MICROSECOND)
    assert not world.is_in(group, BOB, day(30))


# The full pass


@pytest.mark.behaviour(172, 173)
def test_a_pass_adds_customers_who_match_and_removes_members_who_do_not(world: World) -> None:
    group = world.automatic(any_of(leaf("sale_item", "ticket", 2)))
    world.buy(ANN, quantity=2)
    world.buy(BOB, quantity=1)
    relaxed = GroupChanges(rules=any_of(leaf(minimum=1)))
    lifecycle.change(DEMO, group.group_id, relaxed, NOW, "me", world.groups, world.catalogues)
    progress = world.resume(group)
    assert (progress.people_checked, progress.people_changed, progress.complete) == (2, 1, True)
    assert world.is_in(group, BOB)
    stricter = GroupChanges(rules=any_of(leaf(minimum=2)))
    lifecycle.change(DEMO, group.group_id, stricter, NOW, "me", world.groups, world.catalogues)
    assert world.resume(group).people_changed == 1
    assert (world.is_in(group, ANN), world.is_in(group, BOB)) == (True, False)


@pytest.mark.behaviour(155, 156)
def test_rules_count_from_the_pass_after_they_were_confirmed(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=5)))
    world.buy()
    lifecycle.change(DEMO, group.group_id, GroupChanges(rules=PLAIN), NOW, "me", world.groups, world.catalogues)
    assert not world.is_in(group)
    world.resume(group)
    assert world.is_in(group)


def test_a_second_pass_finds_nothing_to_do(world: World) -> None:
    group = world.automatic(WINDOW, lifetime=days(3))
    for number in range(50):
        world.buy(f"p{number}@example.com", at=day(number % 7))
    world.pass_over(group, day(8))
    assert world.pass_over(group, day(8)).people_changed == 0


@pytest.mark.behaviour(168)
def test_the_time_of_the_last_sync_is_set_at_the_end_of_a_pass(world: World) -> None:
    group = world.automatic(PLAIN)
    world.pass_over(group, day(1))
    assert world.groups.syncs.get_progress("demo", group.group_id).synced_at == day(1)


@pytest.mark.behaviour(169, 178)
def test_a_failed_pass_sets_no_sync_time_and_is_resumed(world: World) -> None:
    group = world.automatic(PLAIN)
    emails = [f"p{number}@example.com" for number in range(40)]
    for email in emails:
        world.buy(email, followed=False)

    def dies() -> None:
        raise ConnectionError

    world.memberships.meddlers = [dies, *[lambda: None] * 15]
    with pytest.raises(ConnectionError):
        world.pass_over(group, day(1))
    assert sum(world.is_in(group, email) for email in emails) == 15
    assert world.groups.syncs.get_progress("demo", group.group_id).synced_at == NOW
    assert world.resume(group, day(2)).complete
    assert all(world.is_in(group, email) for email in emails)
    assert world.groups.syncs.get_progress("demo", group.group_id).synced_at == day(2)


def test_a_pass_short_of_time_resumes_where_it_stopped(world: World) -> None:
    group = world.automatic(PLAIN)
    emails = [f"p{number}@example.com" for number in range(40)]
    for email in emails:
        world.buy(email, followed=False)
    world.groups.syncs.request_full_pass("demo", group.group_id, day(1), "me")
    parts = []
    while not parts or not parts[-1].complete:
        remaining_time = iter([True] * 6 + [False])
        parts.append(world.resume(group, day(1), lambda remaining_time=remaining_time: next(remaining_time)))
        synced_at = world.groups.syncs.get_progress("demo", group.group_id).synced_at
        assert synced_at == (day(1) if parts[-1].complete else NOW)
    assert sum(part.people_checked for part in parts) == 40
    assert sum(part.people_changed for part in parts) == 40


def test_a_pass_evaluates_only_buyers_of_its_items_and_members(world: World) -> None:
    other = (Event(event_id="gala", name="Gala"), SaleItem(sale_item_id="seat", name="Seat", event_id="gala"))
    for thing in other:
        catalogue_service.save("demo", thing, NOW, "me", world.catalogues, world.groups.of_catalogue)
    group = world.automatic(PLAIN)
    world.buy(ANN)
    world.buy(BOB, item="seat")
    assert world.pass_over(group).people_checked == 1


@pytest.mark.behaviour(170)
def test_a_pass_is_requested_by_hand(world: World) -> None:
    group = world.automatic(PLAIN)
    request_sync(DEMO, group.group_id, day(1), "me", world.groups, world.groups.syncs)
    assert world.timer(day(2)).passes[0].complete
    assert world.groups.syncs.get_progress("demo", group.group_id).passed_at == day(2)


@pytest.mark.behaviour(179)
@pytest.mark.parametrize("kind", ["manual", "target"])
def test_only_an_automatic_group_is_synced(world: World, kind: str) -> None:
    group = create(world.groups, kind=kind)
    with pytest.raises(Conflict) as caught:
        request_sync(DEMO, group.group_id, NOW, "me", world.groups, world.groups.syncs)
    assert caught.value.code == "not_automatic"


@pytest.mark.behaviour(256, 257)
def test_an_expired_group_is_not_synced(world: World) -> None:
    group = world.automatic(PLAIN, expires_on=date(2026, 12, 31))
    expiry = datetime(2026, 12, 31, 23, tzinfo=UTC)
    with pytest.raises(Conflict) as caught:
        request_sync(DEMO, group.group_id, expiry, "me", world.groups, world.groups.syncs)
    assert caught.value.code == "group_expired"
    world.buy(at=expiry)
    world.timer(expiry)
    assert world.member(group) is None
    assert world.groups.syncs.listed == {}


@pytest.mark.behaviour(252)
def test_a_deleted_group_is_not_synced(world: World) -> None:
    group = world.automatic(PLAIN)
    lifecycle.delete("demo", group.group_id, NOW, "me", world.groups)
    with pytest.raises(Unknown):
        request_sync(DEMO, group.group_id, NOW, "me", world.groups, world.groups.syncs)
    world.buy()
    world.timer(day(1))
    assert world.member(group) is None


@pytest.mark.behaviour(251)
def test_a_restored_group_has_its_members_and_is_synced_again(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy(ANN)
    lifecycle.delete("demo", group.group_id, NOW, "me", world.groups)
    world.buy(BOB, at=day(1))
    world.timer(day(1))
    assert world.is_in(group, ANN, day(1))
    lifecycle.restore(DEMO, group.group_id, None, day(2), "me", world.groups)
    world.timer(day(2))
    assert (world.is_in(group, ANN, day(2)), world.is_in(group, BOB, day(2))) == (True, True)


def test_a_sync_by_hand_is_refused_with_customer_groups_switched_off(world: World) -> None:
    group = world.automatic(PLAIN)
    with pytest.raises(Forbidden):
        request_sync(OFF, group.group_id, NOW, "me", world.groups, world.groups.syncs)


# One customer


@pytest.mark.behaviour(176)
def test_a_customers_sync_covers_all_automatic_groups(world: World) -> None:
    groups = [world.automatic(PLAIN, synced=synced) for synced in (True, False)]
    stricter = world.automatic(any_of(leaf(minimum=2)))
    world.buy(followed=False)
    changes = reevaluate("demo", "ANN@example.com", NOW, "me", world.engine, first=None)
    assert len(changes) == 2
    assert [world.is_in(group) for group in (*groups, stricter)] == [True, True, False]


# The timer


@pytest.mark.behaviour(167)
def test_the_timer_syncs_groups_without_a_request(world: World) -> None:
    group = world.automatic(PLAIN, synced=False)
    world.buy()
    world.timer(day(0))
    assert world.is_in(group)
    report = world.timer(day(0) + timedelta(minutes=15))
    assert (report.passes, report.synced_without_pass) == ([], 1)
    assert world.groups.syncs.get_progress("demo", group.group_id).synced_at == day(0) + timedelta(minutes=15)


def test_a_full_pass_runs_at_least_once_a_day(world: World) -> None:
    world.automatic(PLAIN)
    assert world.timer(day(1) - MICROSECOND).passes == []
    assert [one.complete for one in world.timer(day(1)).passes] == [True]


def test_the_timer_removes_lapsed_members(world: World) -> None:
    group = world.automatic(WINDOW)
    world.buy()
    world.timer(LAPSE)
    assert world.member(group) is None
    assert [audit_entry.what for _, audit_entry in world.memberships.audit_entries] == [
        ChangeType.ADDED,
        ChangeType.REMOVED,
    ]


def test_lapsed_members_of_a_deleted_group_are_removed_too(world: World) -> None:
    group = world.automatic(WINDOW)
    world.buy()
    lifecycle.delete("demo", group.group_id, NOW, "me", world.groups)
    world.timer(LAPSE)
    assert world.member(group) is None


def test_a_failed_reevaluation_delays_only_the_time_of_the_last_sync(world: World) -> None:
    group = world.automatic(PLAIN)
    for email in (ANN, BOB):
        world.buy(email, followed=False)

    def dies() -> None:
        raise ConnectionError

    world.memberships.meddlers = [dies]
    report = world.timer(day(0.5))
    assert [(org, what, type(error)) for org, what, error in report.failures] == [("demo", ANN, ConnectionError)]
    assert world.is_in(group, BOB)
    assert world.groups.syncs.get_progress("demo", group.group_id).synced_at == NOW
    assert world.timer(day(0.6)).failures == []
    assert world.is_in(group, ANN)
    assert world.groups.syncs.get_progress("demo", group.group_id).synced_at == day(0.6)


def test_the_rest_of_a_large_group_waits_until_every_other_was_visited(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "PEOPLE_PER_TURN", 2)
    for number in range(5):
        world.buy(f"p{number}@example.com", "ticket", followed=False)
    world.automatic(any_of(leaf()), synced=False)
    for _ in range(2):
        world.automatic(any_of(leaf("schedule", "season")), synced=False)
    passes = sync_groups(NOW, iter("abcdefgh").__next__, lambda: True, world.engine).passes
    assert [(one.people_checked, one.complete) for one in passes] == [
        (2, False),
        (0, True),
        (0, True),
        (2, False),
        (1, True),
    ]


def test_the_timer_begins_with_groups_that_its_last_run_did_not_reach(world: World) -> None:
    groups = [world.automatic(PLAIN) for _ in range(40)]
    for run in range(3):
        rounds = iter([True, True, False])
        world.timer(day(0.1 * (run + 1)), lambda rounds=rounds: next(rounds))
    synced = {world.groups.syncs.get_progress("demo", group.group_id).synced_at for group in groups}
    assert synced == {day(0.1), day(0.2), day(0.1 * 3)}


def test_a_timer_short_of_time_marks_no_group_as_synced(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy(followed=False)
    world.timer(day(0.5), lambda: False)
    assert world.groups.syncs.get_progress("demo", group.group_id).synced_at == NOW


# Others at the same time


@pytest.mark.behaviour(177)
@pytest.mark.parametrize("meddling", [1, 2, 3])
def test_concurrent_syncs_add_and_mail_once(world: World, meddling: int) -> None:
    group = world.automatic(PLAIN, welcome=True)
    world.buy(followed=False)
    world.memberships.meddlers = [lambda: world.reevaluate(ANN, NOW)] * meddling
    world.pass_over(group)
    assert world.is_in(group)
    assert len(world.memberships.welcomed) == 1
    assert [audit_entry.what for _, audit_entry in world.memberships.audit_entries] == [ChangeType.ADDED]


def test_a_purchase_during_a_sync_is_not_undone_by_it(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=1, within=days(30))))
    world.buy()
    world.memberships.meddlers = [lambda: world.buy(at=LAPSE)]
    world.pass_over(group, LAPSE)
    assert world.is_in(group, at=LAPSE)


def test_a_purchase_refunded_during_a_sync_adds_nobody(world: World) -> None:
    group = world.automatic(PLAIN)
    order = world.buy(followed=False)
    world.memberships.meddlers = [lambda: world.refund(order, NOW)]
    world.reevaluate(ANN, NOW)
    assert world.member(group) is None


def test_a_sync_that_loses_every_race_raises_and_stays_due(world: World) -> None:
    world.automatic(PLAIN)
    world.buy(followed=False)
    world.memberships.meddlers = [lambda: world.buy(followed=False)] * 50
    with pytest.raises(Conflict):
        world.reevaluate(ANN, NOW)
    world.memberships.meddlers = []
    assert world.timer(day(0)).reevaluations == 1


def test_two_workers_at_one_pass_do_not_undo_each_other(world: World) -> None:
    group = world.automatic(PLAIN)
    emails = [f"p{number}@example.com" for number in range(30)]
    for email in emails:
        world.buy(email, followed=False)
    second: list[Callable[[], Any]] = [lambda: world.resume(group, day(1))]
    world.memberships.meddlers = [*second, *[lambda: None] * 7]
    first = world.pass_over(group, day(1))
    assert not first.complete
    assert all(world.is_in(group, email) for email in emails)
    progress = world.groups.syncs.get_progress("demo", group.group_id)
    assert (progress.synced_at, progress.run_id) == (day(1), None)


def test_a_request_during_a_pass_gets_its_own_pass(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy(followed=False)
    world.memberships.meddlers = [
        lambda: world.groups.syncs.request_full_pass("demo", group.group_id, day(2), "somebody")
    ]
    assert world.pass_over(group, day(1)).complete
    progress = world.groups.syncs.get_progress("demo", group.group_id)
    assert (progress.asked_at, progress.run_id) == (day(2), None)
    assert world.resume(group, day(3)).complete
    assert world.groups.syncs.get_progress("demo", group.group_id).asked_at is None


def test_a_pass_begins_every_shard_at_the_beginning(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy(followed=False)
    world.groups.syncs.request_full_pass("demo", group.group_id, day(1), "me")
    world.resume(group, day(1), lambda: False)
    cursors = world.groups.syncs.get_progress("demo", group.group_id).cursors
    assert ANN in cursors
    assert len(cursors) == SHARDS
    world.resume(group, day(1))
    world.groups.syncs.request_full_pass("demo", group.group_id, day(2), "me")
    begun = world.groups.syncs.begin_pass(world.groups.syncs.get_progress("demo", group.group_id), "again", day(2))
    assert begun.cursors == (START,) * SHARDS


# Welcome


@pytest.mark.behaviour(228)
def test_a_sync_adds_a_welcome_mail_for_new_members(world: World) -> None:
    group = world.automatic(PLAIN, welcome=True)
    world.buy()
    assert world.memberships.welcomed == [("demo", ANN, group.group_id)]


def test_a_member_who_joins_again_after_a_lapse_gets_no_second_welcome_mail(world: World) -> None:
    world.automatic(WINDOW, welcome=True)
    world.buy()
    world.timer(LAPSE)
    world.buy(at=day(60))
    assert len(world.memberships.welcomed) == 1


@pytest.mark.behaviour(235)
def test_switching_the_welcome_mail_on_mails_no_present_member(world: World) -> None:
    group = world.automatic(PLAIN)
    world.buy()
    request = GroupChanges(welcome_email=WelcomeChanges(enabled=True))
    lifecycle.change(DEMO, group.group_id, request, NOW, "me", world.groups, world.catalogues)
    world.buy()
    world.pass_over(group)
    assert world.memberships.welcomed == []


def test_the_history_explains_a_membership_kept_by_the_lifetime_alone(world: World) -> None:
    group = world.automatic(any_of(leaf(minimum=1)), lifetime=days(3))
    order_id = world.buy()
    world.refund(order_id, day(1))
    assert world.is_in(group, at=day(1))
    entries = [(audit_entry.what, audit_entry.text("en")) for _, audit_entry in world.memberships.audit_entries]
    assert entries[-1] == (ChangeType.CHANGED, "no longer meets the rules; kept by the lifetime of the group")
