"""Groups on a real table, with concurrent changes in threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from guestlist.aws.table import Table
from guestlist.catalogue import service as catalogue_service
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Event, SaleItem
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.store import Catalogues
from guestlist.customers.store import Customers
from guestlist.groups import lifecycle, members
from guestlist.groups.catalogue_groups import CatalogueGroups
from guestlist.groups.group_settings import GroupChanges, NewGroup, WelcomeChanges
from guestlist.groups.index import GroupType
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.members import MemberPorts, NewMember
from guestlist.groups.membership_items import welcome_keys
from guestlist.groups.membership_store import Memberships
from guestlist.groups.model import Group
from guestlist.groups.reevaluation import SyncPorts, reevaluate
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.groups.store import Groups
from guestlist.groups.sync import sync_groups
from guestlist.groups.sync_store import Syncs
from guestlist.model.duration import Duration, Unit
from guestlist.model.errors import Conflict
from guestlist.organisers.model import Organiser
from guestlist.purchases import service as purchases_service
from guestlist.purchases.model import Buyer, Line, NewPurchase
from guestlist.purchases.service import PurchasePorts
from guestlist.purchases.store import Purchases
from guestlist.tickets.sales_store import EventSales

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEMO = Organiser(organiser_id="demo", name="Demo", customer_groups=True)
ANN = "ann@example.com"
RULES = Branch(Operator.ANY, (Leaf(type=EntityType.EVENT, id="festival", minimum=2, within=Duration(30, Unit.DAYS)),))


class World:
    """The flows with all their adapters."""

    def __init__(self, table: Table) -> None:
        self.groups, self.syncs = Groups(table, GroupIndexes(table)), Syncs(table)
        self.table, self.memberships, self.customers = table, Memberships(table), Customers(table)
        self.catalogues = Catalogues(table, RestrictionIndexes(table))
        self.purchases = Purchases(table, EventSales(table))
        self.purchase_ports = PurchasePorts(
            purchases=self.purchases, customers=self.customers, catalogues=self.catalogues, digest_key=b""
        )
        self.ports = MemberPorts(groups=self.groups, customers=self.customers, memberships=self.memberships)
        self.engine = SyncPorts(
            groups=self.groups,
            syncs=self.syncs,
            memberships=self.memberships,
            catalogues=self.catalogues,
            purchases=self.purchases,
            in_parallel=table.run_parallel,
        )
        self._numbers = count(1)
        for thing in (
            Event(event_id="festival", name="Festival"),
            SaleItem(sale_item_id="ticket", name="Ticket", event_id="festival"),
        ):
            catalogue_service.save("demo", thing, NOW, "me", self.catalogues, CatalogueGroups(self.groups, self.syncs))

    def group(self, kind: GroupType = GroupType.AUTOMATIC, *, synced: bool = True) -> Group:
        rules = RULES if kind is GroupType.AUTOMATIC else None
        request = NewGroup(name=f"Group {next(self._numbers)}", type=kind, rules=rules)
        group = lifecycle.create(DEMO, request, f"g{next(self._numbers)}", NOW, "me", self.groups, self.catalogues)
        on = GroupChanges(welcome_email=WelcomeChanges(enabled=True))
        lifecycle.change(DEMO, group.group_id, on, NOW, "me", self.groups, self.catalogues)
        if synced:
            self.timer(NOW)
        return group

    def buy(self, email: str = ANN, quantity: int = 2, at: datetime = NOW) -> str:
        order_id = f"o{next(self._numbers)}"
        lines = (Line(sale_item_id="ticket", quantity=quantity),)
        purchases_service.record(
            "demo", NewPurchase(order_id=order_id, customer=Buyer(email=email), lines=lines), at, self.purchase_ports
        )
        return order_id

    def reevaluate(self, email: str = ANN, at: datetime = NOW) -> None:
        reevaluate("demo", email, at, "purchase", self.engine)

    def timer(self, at: datetime) -> Any:
        report = sync_groups(at, lambda: f"r{next(self._numbers)}", lambda: True, self.engine)
        assert report.failures == []
        return report

    def is_in(self, group: Group, email: str = ANN, at: datetime = NOW) -> bool:
        member = self.memberships.get_memberships("demo", email).get(group.group_id)
        return member is not None and not member.has_ended(at)


@pytest.fixture
def world(ministack_table: Table) -> World:
    """A world with a festival and no customers."""
    return World(ministack_table)


def at_once(*calls: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_a_purchase_makes_a_member_until_it_lapses(world: World) -> None:
    group = world.group()
    order = world.buy()
    world.reevaluate()
    assert world.is_in(group)
    assert world.table.get(welcome_keys("demo", group.group_id, ANN, b"")[0])
    lapse = NOW + timedelta(days=30, microseconds=1)
    assert world.is_in(group, at=lapse - timedelta(microseconds=1))
    assert not world.is_in(group, at=lapse)
    world.timer(lapse)
    assert world.memberships.get_memberships("demo", ANN) == {}
    purchases_service.refund("demo", order, None, None, lapse, world.purchase_ports)
    world.reevaluate(at=lapse)
    entries = [
        (audit_entry.what.value, audit_entry.by)
        for _, audit_entry in world.memberships.audit_entries_of("demo", ANN, 99)
    ]
    assert entries == [("removed", "lapse"), ("added", "purchase")]


@pytest.mark.behaviour(57)
def test_a_first_fill_a_resync_and_a_timer_find_the_same_members(world: World) -> None:
    emails = [f"p{number:02d}@example.com" for number in range(25)]
    for number, email in enumerate(emails):
        world.buy(email, quantity=1 + number % 2)
    group = world.group()
    expected = [email for number, email in enumerate(emails) if number % 2]
    assert [one.email for one in world.memberships.list_members("demo", group.group_id)] == expected
    assert world.memberships.count_members("demo", [group.group_id]) == {group.group_id: len(expected)}
    world.syncs.request_full_pass("demo", group.group_id, NOW, "me")
    second = world.timer(NOW + timedelta(minutes=15)).passes
    assert [(one.people_checked, one.people_changed, one.complete) for one in second] == [(25, 0, True)]
    assert world.syncs.get_progress("demo", group.group_id).synced_at == NOW + timedelta(minutes=15)


@pytest.mark.behaviour(177)
def test_concurrent_syncs_of_a_person_add_them_once(world: World) -> None:
    group = world.group()
    world.buy()
    at_once(*[world.reevaluate] * 8)
    assert world.is_in(group)
    assert [audit_entry.what.value for _, audit_entry in world.memberships.audit_entries_of("demo", ANN, 99)] == [
        "added"
    ]
    assert world.memberships.count_members("demo", [group.group_id]) == {group.group_id: 1}


def test_concurrent_purchases_refunds_and_syncs_leave_the_correct_members(world: World) -> None:
    group = world.group()
    orders = [world.buy() for _ in range(4)]

    def give_back(order: str) -> None:
        purchases_service.refund("demo", order, None, None, NOW, world.purchase_ports)
        settle()

    def settle() -> None:
        try:
            world.reevaluate()
        except Conflict:
            return

    at_once(*[lambda order=order: give_back(order) for order in orders], *[settle] * 4)  # type: ignore[misc]
    world.timer(NOW)
    assert not world.is_in(group)
    assert world.purchases.person("demo", ANN).reevaluation_due is False
    assert world.memberships.count_members("demo", [group.group_id]) == {group.group_id: 0}


@pytest.mark.behaviour(203)
def test_a_person_added_by_concurrent_calls_is_added_and_welcomed_once(world: World) -> None:
    group = world.group(GroupType.MANUAL, synced=False)
    new_members = [NewMember(email=ANN, name="Ann"), NewMember(email="bob@example.com")]
    results = at_once(*[lambda: members.add(DEMO, group.group_id, new_members, NOW, "me", world.ports)] * 6)
    assert sum(one.added for one in results) == 2  # type: ignore[attr-defined]
    assert world.memberships.count_members("demo", [group.group_id]) == {group.group_id: 2}
    assert len(world.memberships.audit_entries_of("demo", ANN, 9)) == 1


def test_a_thousand_people_are_added_in_one_call(world: World) -> None:
    group = world.group(GroupType.MANUAL, synced=False)
    new_members = [NewMember(email=f"p{number:04d}@example.com", name="Somebody") for number in range(1_000)]
    result = members.add(DEMO, group.group_id, new_members, NOW, "me", world.ports)
    assert (result.added, result.already, result.created_customers) == (1_000, 0, 1_000)
    assert world.memberships.count_members("demo", [group.group_id]) == {group.group_id: 1_000}
