"""Purchases: the table and the fake are held to the same facts. An order is a transaction."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guestlist.aws import keys, person_keys
from guestlist.aws.table import Table
from guestlist.customers.model import SHARDS, Customer, shard_of
from guestlist.customers.profile_store import PersonalDataStore
from guestlist.customers.store import Customers
from guestlist.groups.membership import Change, Membership, Source
from guestlist.groups.membership_store import Memberships
from guestlist.model.errors import ConcurrentModification, Unknown
from guestlist.purchases.model import CountedPurchase, Line, OrderLine, Purchase
from guestlist.purchases.store import Purchases
from guestlist.tickets.sales_store import EventSales
from tests.fakes.groups import FakeCustomers, FakeMemberships, FakePurchases

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MUCH_LATER = LATER + timedelta(hours=1)
ANN = "ann@example.com"
LINES = (
    OrderLine(sale_item_id="ticket", event_id="festival", quantity=2),
    OrderLine(sale_item_id="seat", event_id="gala", quantity=1),
)
ORDER = Purchase(
    order_id="o1",
    email="Ann@Example.com",
    name="Ann",
    purchased_at=NOW,
    recorded_at=LATER,
    lines=LINES,
    content="c",
)


@dataclass
class World:
    """The store under test and those that it depends on."""

    store: Purchases | FakePurchases
    customers: Customers | FakeCustomers
    memberships: Memberships | FakeMemberships

    def with_customers(self, *emails: str) -> "World":
        self.customers.ensure_customers("demo", [Customer(email=email, created_at=NOW) for email in emails or (ANN,)])
        return self


@pytest.fixture(params=["fake", "table"])
def world(request: pytest.FixtureRequest) -> World:
    """Purchases in memory and in a table."""
    if request.param == "fake":
        customers = FakeCustomers()
        memberships = FakeMemberships(purchases=customers.states)
        return World(FakePurchases(memberships=memberships, customers=customers), customers, memberships)
    table: Table = request.getfixturevalue("ministack_table")
    return World(Purchases(table, EventSales(table)), Customers(table), Memberships(table))


def of(email: str, number: int, item: str = "ticket", quantity: int = 1) -> Purchase:
    line = OrderLine(sale_item_id=item, event_id="festival", quantity=quantity)
    return replace(ORDER, order_id=f"{email[:2]}{number}", email=email, lines=(line,))


def test_a_recorded_order_is_read_back(world: World) -> None:
    purchase = world.with_customers().store.record("demo", ORDER, LATER)
    assert purchase == replace(ORDER, revision=1)
    assert world.store.get_purchase("demo", "o1") == purchase
    with pytest.raises(Unknown):
        world.store.get_purchase("other", "o1")


def test_many_orders_are_recorded_like_single_ones(world: World) -> None:
    emails = [ANN, "bob@example.com", "cy@example.com"]
    orders = [of(emails[number % 3], number) for number in range(40)]
    assert world.with_customers(*emails).store.record_many("demo", [*orders, ORDER], LATER) == []
    assert world.store.get_purchases("demo", ["an0", "o1", "none"]) == {
        "an0": replace(orders[0], revision=1),
        "o1": replace(ORDER, revision=1),
    }
    people = [world.store.person("demo", email) for email in emails]
    assert [(person.purchases_revision, person.reevaluation_due, len(person.purchases)) for person in people] == [
        (15, True, 16),
        (13, True, 13),
        (13, True, 13),
    ]


def test_one_note_lists_the_buyers_of_many_orders_until_all_are_reevaluated(world: World) -> None:
    emails = [ANN, "bob@example.com", "cy@example.com"]
    orders = [of(emails[number % 3], number) for number in range(9)]
    note = world.with_customers(*emails).store.save_due_buyers("demo", emails, LATER)
    assert world.store.record_many("demo", orders, LATER, note) == []
    for email in emails:
        world.memberships.reevaluate("demo", email, [], LATER, 3)
    world.store.delete_due_buyers("demo", note)
    assert list(world.store.due_buyers(MUCH_LATER)) == []
    note = world.store.save_due_buyers("demo", emails, LATER)
    second = [of(emails[number % 3], number) for number in range(9, 12)]
    assert world.store.record_many("demo", second, LATER, note) == []
    assert set(world.store.due_buyers(MUCH_LATER)) == {("demo", email) for email in emails}
    assert [world.store.person("demo", email).reevaluation_due for email in emails] == [True] * 3
    for email in emails:
        world.memberships.reevaluate("demo", email, [], LATER, 4)
    assert list(world.store.due_buyers(MUCH_LATER)) == []


def test_existing_orders_and_those_of_unknown_customers_are_returned_and_not_recorded(world: World) -> None:
    world.with_customers().store.record("demo", ORDER, LATER)
    strange, other = of("nobody@example.com", 1), replace(ORDER, content="other")
    rejects = world.store.record_many("demo", [strange, other], LATER)
    assert sorted(purchase.order_id for purchase in rejects) == ["no1", "o1"]
    assert world.store.get_purchases("demo", ["no1", "o1"]) == {"o1": replace(ORDER, revision=1)}


def test_an_order_is_recorded_once_and_for_customers_alone(world: World) -> None:
    with pytest.raises(ConcurrentModification):
        world.store.record("demo", ORDER, LATER)
    world.with_customers().store.record("demo", ORDER, LATER)
    with pytest.raises(ConcurrentModification):
        world.store.record("demo", replace(ORDER, email="bob@example.com"), LATER)
    assert len(world.store.person("demo", ANN).purchases) == 2


def test_a_person_is_read_with_purchases_and_memberships(world: World) -> None:
    assert world.store.person("demo", ANN).purchases_revision is None
    assert world.with_customers().store.person("demo", ANN).purchases_revision == 0
    world.store.record("demo", ORDER, LATER)
    member = Membership(email=ANN, group_id="g1", added_at=NOW, source=Source.RULE)
    world.memberships.apply("demo", [Change(before=None, after=member, by="me")], NOW)
    person = world.store.person("demo", "ANN@example.com")
    assert (person.email, person.purchases_revision, person.reevaluation_due, person.memberships) == (
        ANN,
        1,
        True,
        {"g1": member},
    )
    assert set(person.purchases) == {CountedPurchase(NOW, "ticket", 2, "o1"), CountedPurchase(NOW, "seat", 1, "o1")}


def test_a_due_reevaluation_is_found_until_it_is_done(world: World) -> None:
    world.with_customers().store.record("demo", ORDER, LATER)
    assert list(world.store.due_buyers(NOW)) == []
    assert list(world.store.due_buyers(LATER)) == [("demo", ANN)]
    with pytest.raises(ConcurrentModification):
        world.memberships.reevaluate("demo", ANN, [], LATER, 0)
    world.memberships.reevaluate("demo", ANN, [], LATER, 1)
    assert list(world.store.due_buyers(LATER)) == []
    assert not world.store.person("demo", ANN).reevaluation_due


def test_a_refund_is_stored_on_the_lines_and_raises_the_revision(world: World) -> None:
    purchase = world.with_customers().store.record("demo", ORDER, LATER)
    following = replace(purchase, lines=(replace(LINES[0], refunded=1), LINES[1]), refunds=("r1",))
    assert world.store.refund("demo", following, {"festival": 1}, LATER) == replace(following, revision=2)
    with pytest.raises(ConcurrentModification):
        world.store.refund("demo", following, {"festival": 1}, LATER)
    person = world.store.person("demo", ANN)
    assert person.purchases_revision == 2
    assert set(person.purchases) == {CountedPurchase(NOW, "ticket", 1, "o1"), CountedPurchase(NOW, "seat", 1, "o1")}


@pytest.mark.parametrize("email", ["Ann@Example.com", "bob@example.com"], ids=["the same buyer", "another"])
def test_an_undone_order_is_replaced_by_a_new_one(world: World, email: str) -> None:
    world.with_customers(ANN, "bob@example.com")
    purchase = world.store.record("demo", ORDER, LATER)
    nothing = tuple(replace(line, refunded=line.quantity) for line in LINES)
    former = replace(purchase, lines=nothing, refunds=("undo-1",), taken_back=True)
    former = world.store.refund("demo", former, {"festival": 2, "gala": 1}, LATER)
    changed_order = replace(ORDER, email=email, purchased_at=LATER, lines=LINES[1:], content="d")
    renewal = world.store.renew("demo", former, changed_order, LATER)
    assert renewal == replace(changed_order, refunds=("undo-1",), revision=3) == world.store.get_purchase("demo", "o1")
    purchases_by_buyer = {one: world.store.person("demo", one).purchases for one in (ANN, "bob@example.com")}
    assert purchases_by_buyer.pop(email.lower()) == (CountedPurchase(LATER, "seat", 1, "o1"),)
    assert purchases_by_buyer.popitem()[1] == ()
    with pytest.raises(ConcurrentModification):
        world.store.renew("demo", former, changed_order, LATER)


def test_buyers_are_listed_by_e_mail_with_all_their_purchases_of_the_items(world: World) -> None:
    emails = [f"{letter}{number}@example.com" for letter in "ab" for number in range(SHARDS)]
    world.with_customers(*emails)
    for email in emails:
        for number, item in enumerate(("ticket", "seat", "ticket", "other")):
            world.store.record("demo", of(email, number, item, number + 1), LATER)
    for shard in range(SHARDS):
        expected = sorted(email for email in emails if shard_of(email) == shard)
        buyers = list(world.store.buyers("demo", ["ticket", "seat"], shard))
        assert [email for email, _ in buyers] == expected
        assert all(sorted(one.quantity for one in purchases) == [1, 2, 3] for _, purchases in buyers)
        if expected:
            rest = world.store.buyers("demo", ["ticket"], shard, expected[0])
            assert [email for email, _ in rest] == expected[1:]


def test_an_address_that_is_a_prefix_of_others_keeps_the_buyers_in_order(world: World) -> None:
    emails = [f"a@x.co{rest}" for rest in ("", "m", "-m", "0")]
    world.with_customers(*emails)
    for email in emails:
        for number in range(2):
            world.store.record("demo", replace(of(email, number), order_id=f"{email[5:]}{number}"), LATER)
    for shard in range(SHARDS):
        buyers = [email for email, _ in world.store.buyers("demo", ["ticket"], shard)]
        assert buyers == sorted(email for email in emails if shard_of(email) == shard)


def test_a_person_who_refunded_everything_is_no_buyer(world: World) -> None:
    purchase = world.with_customers().store.record("demo", replace(ORDER, lines=LINES[:1]), LATER)
    back = replace(purchase, lines=(replace(LINES[0], refunded=2),))
    world.store.refund("demo", back, {"festival": 2}, LATER)
    assert [list(world.store.buyers("demo", ["ticket"], shard)) for shard in range(SHARDS)] == [[]] * SHARDS


def test_an_order_of_an_erased_person_is_refunded_without_naming_them(ministack_table: Table) -> None:
    sales = EventSales(ministack_table)
    store = Purchases(ministack_table, sales)
    Customers(ministack_table).ensure_customers("demo", [Customer(email=ANN, created_at=NOW)])
    purchase = store.record("demo", ORDER, LATER)
    anonymous_purchase = replace(purchase, email="", name="", lines=(replace(LINES[0], refunded=1), LINES[1]))
    store.refund("demo", anonymous_purchase, {"festival": 1}, LATER)
    assert store.get_purchase("demo", "o1").email == ""


def test_the_sales_of_events_are_counted_with_the_order(ministack_table: Table) -> None:
    sales = EventSales(ministack_table)
    store = Purchases(ministack_table, sales)
    Customers(ministack_table).ensure_customers("demo", [Customer(email=ANN, created_at=NOW)])
    purchase = store.record("demo", ORDER, LATER)
    with pytest.raises(ConcurrentModification):
        store.record("demo", ORDER, LATER)
    assert [sales.read_sales("demo", name).sold for name in ("festival", "gala")] == [2, 1]
    back = replace(purchase, lines=(replace(LINES[0], refunded=2), LINES[1]))
    store.refund("demo", back, {"festival": 2}, LATER)
    assert [sales.read_sales("demo", name).sold for name in ("festival", "gala")] == [0, 1]


TWICE = replace(ORDER, lines=(*LINES, OrderLine(sale_item_id="ticket", event_id="festival", quantity=3)))


def on_page(table: Table) -> list[tuple[str, int, int]]:
    page = PersonalDataStore(table, Purchases(table, EventSales(table))).read_person("demo", ANN)
    return [(line.sale_item_id, line.quantity, line.refunded) for line in page.lines] if page else []


def kept_lines(table: Table) -> list[Any]:
    return list(table.query_all(person_keys.customer("demo", ANN), begins="BUY#"))


def test_lines_of_one_sale_item_are_stored_as_one_and_shown_apart(ministack_table: Table) -> None:
    world = World(
        Purchases(ministack_table, EventSales(ministack_table)), Customers(ministack_table), FakeMemberships()
    )
    world.with_customers().store.record_many("demo", [TWICE], LATER)
    assert sorted(world.store.person("demo", ANN).purchases) == [
        CountedPurchase(NOW, "seat", 1, "o1"),
        CountedPurchase(NOW, "ticket", 5, "o1"),
    ]
    assert on_page(ministack_table) == [("ticket", 2, 0), ("seat", 1, 0), ("ticket", 3, 0)]
    refunded_purchase = world.store.get_purchase("demo", "o1").refunded([Line(sale_item_id="ticket", quantity=3)], "r1")
    world.store.refund("demo", refunded_purchase, {"festival": 3}, LATER)
    assert on_page(ministack_table) == [("ticket", 2, 2), ("seat", 1, 0), ("ticket", 3, 1)]
    assert len(kept_lines(ministack_table)) == 2
    assert [one.quantity for one in world.store.person("demo", ANN).purchases if one.sale_item_id == "ticket"] == [2]


def as_by_an_earlier_version(table: Table) -> None:
    """Store the order anew as it was when each line was an item by itself."""
    item = table.get(keys.purchase("demo", "o1")) or {}
    record = {name: value for name, value in json.loads(item["record"]).items() if name != "by_item"}
    table.put({**item, "record": json.dumps(record)})
    for former in kept_lines(table):
        lines = former.pop("lines", [[int(former["sk"][-4:]), former["ordered"], 0]])
        for at, quantity, _ in lines:
            ends = {name: f"{former[name][:-4]}{at:04d}" for name in ("sk", "g1sk")}
            table.put({**former, **ends, "ordered": quantity, "quantity": quantity})


def test_an_order_of_an_earlier_version_is_refunded_line_by_line(ministack_table: Table) -> None:
    world = World(
        Purchases(ministack_table, EventSales(ministack_table)), Customers(ministack_table), FakeMemberships()
    )
    world.with_customers().store.record("demo", TWICE, LATER)
    as_by_an_earlier_version(ministack_table)
    assert len(kept_lines(ministack_table)) == 3
    refunded_purchase = world.store.get_purchase("demo", "o1").refunded(None, "r1")
    undone_purchase = world.store.refund(
        "demo", replace(refunded_purchase, taken_back=True), {"festival": 5, "gala": 1}, LATER
    )
    assert on_page(ministack_table) == [("ticket", 2, 2), ("seat", 1, 1), ("ticket", 3, 3)]
    world.store.renew("demo", undone_purchase, TWICE, LATER)
    assert on_page(ministack_table) == [("ticket", 2, 0), ("seat", 1, 0), ("ticket", 3, 0)]
    assert len(kept_lines(ministack_table)) == 2
