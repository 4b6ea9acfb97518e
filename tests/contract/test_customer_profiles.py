"""The profile of a person in a table: read and deleted as a whole."""

from datetime import UTC, datetime

import pytest

from guestlist.aws import person_keys
from guestlist.aws.table import Table
from guestlist.customers.model import SHARDS, Customer
from guestlist.customers.profile import orders
from guestlist.customers.profile_store import PersonalDataStore
from guestlist.customers.store import Customers
from guestlist.erasure.model import Erasure
from guestlist.erasure.service import erase
from guestlist.erasure.store import Erasures
from guestlist.groups.membership import Change, Membership, Source
from guestlist.groups.membership_items import welcome_keys
from guestlist.groups.membership_store import Memberships
from guestlist.purchases.model import OrderLine, Purchase
from guestlist.purchases.store import Purchases
from guestlist.purchases.ticket_order import TicketOrder
from guestlist.tickets.contact_store import order_item, ticket_note_item
from guestlist.tickets.model import Ticket
from guestlist.tickets.sales_store import EventSales
from guestlist.tickets.store import Tickets
from tests.engines.tables import contents, keyed, new_table

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EMAIL, BOB = "Ann@Example.com", "bob@example.com"
TICKET = Ticket(
    code="*123*",
    event_id="gala",
    batch="i1",
    imported_at=NOW,
    line=2,
    name="Ann",
    email=EMAIL,
    order_id="i1-a",
    order="#7",
)
IMPORTED_ORDER = TicketOrder(order_id="i1-a", event_id="gala", ordered_at=NOW, email=EMAIL, name="Ann", import_id="i1")


class World:
    """Every store with data of a person."""

    def __init__(self, table: Table, digest_key: bytes = b"") -> None:
        self.table = table
        self.customers, self.memberships = Customers(table), Memberships(table)
        self.purchases, self.tickets = Purchases(table, EventSales(table)), Tickets(table)
        table = keyed(table, digest_key)
        self.pages, self.erasures = PersonalDataStore(table, self.purchases), Erasures(table)

    def erase(self, email: str = "aNN@example.com") -> None:
        erasure = Erasure(email=email, asked_at=NOW, by="me")
        erase("demo", erasure, self.erasures, self.pages, self.memberships)


@pytest.fixture
def world(ministack_table: Table) -> World:
    """Ann, with data of every kind, and Bob, a member of the same group."""
    return with_people(World(ministack_table))


def with_people(world: World) -> World:
    """The world with Ann and Bob in it."""
    world.customers.ensure_customers(
        "demo", [Customer(email=who, name="Ann Jones", created_at=NOW) for who in (EMAIL, BOB)]
    )
    line = OrderLine(sale_item_id="ticket", event_id="festival", quantity=2, refunded=1)
    purchase = Purchase(
        order_id="o1", email=EMAIL, name="Ann", purchased_at=NOW, recorded_at=NOW, lines=(line,), content="c"
    )
    world.purchases.record("demo", purchase, NOW)
    world.tickets.insert("demo", [TICKET])
    world.table.put_many([order_item("demo", IMPORTED_ORDER), ticket_note_item("demo", TICKET)])
    members = [Membership(email=who.lower(), group_id="g1", added_at=NOW, source=Source.HAND) for who in (EMAIL, BOB)]
    changes = [Change(before=None, after=member, by="me", welcome=True) for member in members]
    world.memberships.apply("demo", changes, NOW)
    return world


@pytest.mark.behaviour(214)
def test_a_profile_has_the_persons_groups_orders_and_tickets(world: World) -> None:
    page = world.pages.read_person("demo", "ann@example.com")
    assert page is not None
    assert page.customer == Customer(email=EMAIL, name="Ann Jones", created_at=NOW)
    assert list(page.memberships) == ["g1"]
    assert [(line.order_id, line.quantity, line.refunded) for line in page.lines] == [("o1", 2, 1)]
    assert [(ticket.code, ticket.order_id, ticket.order) for ticket in page.tickets] == [("*123*", "i1-a", "#7")]


@pytest.mark.behaviour(77)
def test_a_profile_lists_imported_orders_among_the_others(world: World) -> None:
    page = world.pages.read_person("demo", EMAIL)
    assert page is not None
    assert [(one.order_id, one.imported, len(one.lines), len(one.tickets)) for one in orders(page)] == [
        ("o1", False, 1, 0),
        ("i1-a", True, 0, 1),
    ]


def test_an_unknown_person_has_no_profile(world: World) -> None:
    assert world.pages.read_person("demo", "nobody@example.com") is None
    assert world.pages.read_person("other", EMAIL) is None


def test_an_erased_person_is_found_nowhere(world: World) -> None:
    world.erase()
    assert world.pages.read_person("demo", EMAIL) is None
    assert world.customers.get_customer("demo", EMAIL) is None
    assert [one.email for one in world.customers.search_customers("demo", "ann", 10)] == [BOB]
    assert [one.email for one in world.memberships.list_members("demo", "g1")] == [BOB]
    assert world.memberships.audit_entries_of("demo", EMAIL, 9) == []
    assert [list(world.purchases.buyers("demo", ["ticket", "event:gala"], shard)) for shard in range(SHARDS)] == [
        []
    ] * SHARDS
    assert world.table.get(welcome_keys("demo", "g1", "ann@example.com", b"")[0]) is None
    assert list(world.table.query_all(person_keys.customer("demo", EMAIL))) == []


def test_the_audit_entries_of_an_erased_person_are_kept_under_a_keyed_digest(ministack: str) -> None:
    def remaining(digest_key: bytes) -> set[str]:
        world = with_people(World(new_table(ministack), digest_key))
        world.erase()
        return {
            f"{item['pk']} {item['sk']}" for item in contents(world.table) if "what" in item and "email" not in item
        }

    assert remaining(b"one") == remaining(b"one") != remaining(b"two")


def test_an_erasure_keeps_the_counts(world: World) -> None:
    world.erase()
    purchase, ticket = world.purchases.get_purchase("demo", "o1"), world.tickets.get_ticket("demo", "*123*")
    assert (purchase.email, purchase.name, purchase.lines[0].net) == ("", "", 1)
    assert ticket is not None
    assert (ticket.email, ticket.name, ticket.event_id) == ("", "", "gala")
    assert EventSales(world.table).read_sales("demo", "festival").sold == 1
    assert world.memberships.count_members("demo", ["g1"]) == {"g1": 1}


def test_an_order_of_an_erased_person_can_still_be_refunded(world: World) -> None:
    world.erase()
    purchase = world.purchases.get_purchase("demo", "o1")
    world.purchases.refund("demo", purchase.refunded(None, None), {"festival": 1}, NOW)
    assert world.purchases.get_purchase("demo", "o1").lines[0].net == 0


def test_erasing_twice_or_an_unknown_person_changes_nothing(world: World) -> None:
    for _ in range(2):
        world.erase()
    world.erase("nobody@example.com")
    assert world.customers.get_customer("demo", BOB) is not None
