"""Actions on groups, interrupted before any of their writes and then repeated."""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from guestlist.aws.table import Table
from guestlist.catalogue import service as catalogue_service
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Event, SaleItem
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.store import Catalogues
from guestlist.customers.profile_store import PersonalDataStore
from guestlist.customers.store import Customers
from guestlist.erasure.model import Erasure
from guestlist.erasure.service import erase
from guestlist.erasure.store import Erasures
from guestlist.groups import lifecycle, members
from guestlist.groups.catalogue_groups import CatalogueGroups
from guestlist.groups.group_settings import NewGroup
from guestlist.groups.index import GroupType
from guestlist.groups.index_store import GroupIndexes
from guestlist.groups.members import MemberPorts, NewMember
from guestlist.groups.membership_store import Memberships
from guestlist.groups.model import Group, WelcomeEmail
from guestlist.groups.reevaluation import SyncPorts
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.groups.store import Groups
from guestlist.groups.sync import sync_groups
from guestlist.groups.sync_store import Syncs
from guestlist.organisers.model import Organiser
from guestlist.purchases import service as purchases_service
from guestlist.purchases.model import Buyer, Line, NewPurchase
from guestlist.purchases.service import PurchasePorts
from guestlist.purchases.store import Purchases
from guestlist.tickets.sales_store import EventSales
from tests.engines.tables import contents, new_table, on_requests
from tests.fakes.crash_injection import Killed

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEMO = Organiser(organiser_id="demo", name="Demo", customer_groups=True)
RULES = Branch(Operator.ANY, (Leaf(type=EntityType.EVENT, id="festival", minimum=1),))
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
EMAILS = ("ann@example.com", "bob@example.com", "cleo@example.com")


class World:
    """A festival, a manual and an automatic group, and three buyers who were not reevaluated yet."""

    def __init__(self, table: Table) -> None:
        self.groups, self.syncs = Groups(table, GroupIndexes(table)), Syncs(table)
        self.memberships, self.customers = Memberships(table), Customers(table)
        self.catalogues = Catalogues(table, RestrictionIndexes(table))
        self.purchases = Purchases(table, EventSales(table))
        self.pages = PersonalDataStore(table, self.purchases)
        self.erasures = Erasures(table)
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
        )

    def set_up(self) -> None:
        event, item = Event(event_id="festival", name="F"), SaleItem(sale_item_id="t", name="T", event_id="festival")
        for thing in (event, item):
            catalogue_service.save("demo", thing, NOW, "me", self.catalogues, CatalogueGroups(self.groups, self.syncs))
        for name, kind, rules in (("m", GroupType.MANUAL, None), ("a", GroupType.AUTOMATIC, RULES)):
            group = Group(
                group_id=name, name=name, type=kind, created_at=NOW, rules=rules, welcome=WelcomeEmail(enabled=True)
            )
            requested_by = "me" if rules else None
            self.groups.save_group(
                "demo", group, NOW, self.groups.index("demo").with_group(group.to_index_entry()), asked_by=requested_by
            )
        for email in EMAILS:
            self.buy(email)

    def buy(self, email: str) -> None:
        request = NewPurchase(
            order_id=email[:3],
            customer=Buyer(email=email, name="Some Body"),
            lines=(Line(sale_item_id="t", quantity=2),),
        )
        purchases_service.record("demo", request, NOW, self.purchase_ports)


def create(world: World) -> None:
    request = NewGroup(name="New", type=GroupType.AUTOMATIC, rules=RULES)
    lifecycle.create(DEMO, request, "new", NOW, "me", world.groups, world.catalogues)


def delete_and_restore(world: World) -> None:
    lifecycle.delete("demo", "a", NOW, "me", world.groups)
    lifecycle.restore(DEMO, "a", "again", NOW, "me", world.groups)


def buy(world: World) -> None:
    world.buy("dan@example.com")


def give_back(world: World) -> None:
    purchases_service.refund("demo", "ann", None, "request", NOW, world.purchase_ports)


def add_and_remove(world: World) -> None:
    new_members = [NewMember(email=email, name="Some Body") for email in (*EMAILS, "dan@example.com")]
    members.add(DEMO, "m", new_members, NOW, "me", world.ports)
    members.remove(DEMO, "m", EMAILS[:2], NOW, "me", world.ports)


def timer(world: World) -> None:
    report = sync_groups(NOW, lambda: "run", lambda: True, world.engine)
    for _, _, error in report.failures:
        raise error


def forget(world: World) -> None:
    members.add(DEMO, "m", [NewMember(email=EMAILS[0])], NOW, "me", world.ports)
    erase("demo", Erasure(email=EMAILS[0], asked_at=NOW, by="me"), world.erasures, world.pages, world.memberships)


def audit_entries(table: Table) -> list[dict[str, Any]]:
    """The content of the table without revisions and without traces of a repeated erasure request."""
    return [
        {name: _once(value) for name, value in item.items() if name not in {"number", "revision"}}
        for item in contents(table)
    ]


def _once(value: Any) -> Any:
    return value.replace(',"again":true', "") if isinstance(value, str) else value


def writes_before_death(table: Table, action: Callable[[World], None], last: int) -> int:
    """Run an action that dies before the write of that number, counted from 0, and run it again.

    Returns how many writes the first run made.
    """
    world = World(table)
    world.set_up()
    writes: list[str] = []

    def write(name: str, _more: Any) -> None:
        if name in WRITES:
            writes.append(name)
            if len(writes) == last + 1:
                raise Killed

    on_requests(table, "before-call", write)
    with suppress(Killed):
        action(world)
    first = len(writes)
    action(world)
    return first


@pytest.mark.parametrize(
    "action",
    [create, delete_and_restore, buy, give_back, add_and_remove, timer, forget],
    ids=lambda action: action.__name__,
)
def test_an_action_that_crashes_at_any_write_and_is_repeated_counts_once(
    ministack: str, action: Callable[[World], None]
) -> None:
    calm = new_table(ministack)
    writes = writes_before_death(calm, action, last=sys.maxsize)
    assert writes
    for last in range(writes):
        table = new_table(ministack)
        writes_before_death(table, action, last)
        assert audit_entries(table) == audit_entries(calm)
