"""Tickets, sales and contacts: the fakes and the table of both engines behave the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guestlist.aws import person_keys
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table
from guestlist.catalogue.model import imported_item
from guestlist.customers.model import Customer
from guestlist.customers.profile import orders
from guestlist.customers.profile_store import PersonalDataStore
from guestlist.customers.store import Customers
from guestlist.groups.index import GroupIndex, GroupType, IndexedGroup
from guestlist.groups.index_store import GroupIndexes
from guestlist.model.errors import ConcurrentModification
from guestlist.purchases.model import CountedPurchase
from guestlist.purchases.store import Purchases
from guestlist.purchases.ticket_items import tickets_of
from guestlist.purchases.ticket_order import TicketOrder, buyer_order_id, own_order
from guestlist.tickets.contact import Contact
from guestlist.tickets.contact_store import Contacts, order_item
from guestlist.tickets.model import CapacityAccount, Sales, Ticket
from guestlist.tickets.offline_scans import MergeResult, OfflineScan, merge
from guestlist.tickets.sales_store import EventSales
from guestlist.tickets.single_store import EventTickets
from guestlist.tickets.store import Tickets
from tests.engines.inserting import insert_each
from tests.engines.tables import contents, keyed, new_table
from tests.fakes.tickets import AT, IMPORT, FakeContacts, FakeSales, FakeTickets, a_ticket

LATER = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
FULL = a_ticket("B", name="Ann", email="Ann@example.org", order_id="o1", original_at=AT, line=7)
FULL = replace(FULL, ticket_type="Balcony", seat="A-12", order="#1001")


@dataclass
class TicketStores:
    """The stores of tickets, contacts and sales on one engine."""

    tickets: FakeTickets | Tickets
    sales: FakeSales | EventSales
    contacts: FakeContacts | Contacts


def on_table(table: Table, engine: str) -> TicketStores:
    insert = None if engine == "ministack" else partial(insert_each, table)
    return TicketStores(Tickets(table, insert), EventSales(table), Contacts(table, insert))


@pytest.fixture(params=["memory", "ministack", "dynalite"])
def stores(request: pytest.FixtureRequest) -> TicketStores:
    if request.param == "memory":
        return TicketStores(FakeTickets(), FakeSales(), FakeContacts())
    return on_table(new_table(request.getfixturevalue(request.param)), request.param)


# Tickets


def test_a_stored_ticket_is_read_back(stores: TicketStores) -> None:
    assert stores.tickets.insert("demo", [FULL, a_ticket("A")]) == {}
    assert stores.tickets.get_tickets("demo", ["A", "B", "C"]) == {"A": a_ticket("A"), "B": FULL}


@pytest.mark.behaviour(81)
def test_a_code_is_stored_once_and_a_second_insert_returns_the_first_ticket(stores: TicketStores) -> None:
    stores.tickets.insert("demo", [a_ticket("A")])
    newcomer = a_ticket("A", event_id="ball", batch="01later", line=3)
    assert stores.tickets.insert("demo", [newcomer, a_ticket("B")]) == {"A": a_ticket("A")}
    assert stores.tickets.get_tickets("demo", ["A", "B"]) == {"A": a_ticket("A"), "B": a_ticket("B")}


@pytest.mark.behaviour(84)
def test_two_organisers_may_have_the_same_code(stores: TicketStores) -> None:
    stores.tickets.insert("demo", [a_ticket("A")])
    assert stores.tickets.insert("other", [a_ticket("A")]) == {}


def test_more_tickets_than_fit_in_one_request_are_all_stored(stores: TicketStores) -> None:
    many = [a_ticket(f"A{n}", line=n) for n in range(130)]
    stores.tickets.insert("demo", many[::2])
    assert set(stores.tickets.insert("demo", many)) == {ticket.code for ticket in many[::2]}
    assert len(stores.tickets.get_tickets("demo", [ticket.code for ticket in many])) == 130


def test_an_imports_tickets_are_found_by_it(stores: TicketStores) -> None:
    mine = [a_ticket(f"A{n}", line=n) for n in range(2, 40)]
    stores.tickets.insert("demo", [*mine, a_ticket("X", batch="01other"), a_ticket("Y", event_id="ball")])
    assert sorted(ticket.line for ticket in stores.tickets.list_batch("demo", "gala", IMPORT)) == list(range(2, 40))
    assert sorted(ticket.line for ticket in stores.tickets.list_batch("demo", "gala", IMPORT, 37)) == [38, 39]


def test_a_ticket_is_scanned_once_and_at_its_event_only(stores: TicketStores) -> None:
    stores.tickets.insert("demo", [a_ticket("A")])
    assert stores.tickets.scan("demo", "A", "ball", LATER) is None
    assert stores.tickets.scan("demo", "A", "gala", LATER) == a_ticket("A", scanned_at=LATER)
    assert stores.tickets.scan("demo", "A", "gala", LATER) is None
    assert stores.tickets.scan("demo", "a", "gala", LATER) is None


def test_tickets_are_removed_unless_scanned_or_of_another_import(stores: TicketStores) -> None:
    stores.tickets.insert("demo", [a_ticket("A"), FULL, a_ticket("C"), a_ticket("D", batch="01later")])
    stores.tickets.scan("demo", "C", "gala", LATER)
    stores.tickets.remove_unscanned("demo", [a_ticket("A"), FULL, a_ticket("C"), a_ticket("D"), a_ticket("GONE")])
    assert set(stores.tickets.get_tickets("demo", ["A", "B", "C", "D"])) == {"C", "D"}


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.behaviour(90)
def test_of_many_concurrent_scans_one_is_accepted(engine: str, request: pytest.FixtureRequest) -> None:
    tickets = on_table(new_table(request.getfixturevalue(engine)), engine).tickets
    tickets.insert("demo", [a_ticket("A")])
    with ThreadPoolExecutor(8) as doors:
        answers = list(doors.map(lambda _door: tickets.scan("demo", "A", "gala", LATER), range(16)))
    assert sum(answer is not None for answer in answers) == 1


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.behaviour(85, 86, 101, 102, 103, 105)
def test_any_text_is_its_own_code_and_scans(engine: str, request: pytest.FixtureRequest) -> None:
    table = new_table(request.getfixturevalue(engine))
    tickets = on_table(table, engine).tickets
    seen: set[str] = set()

    @given(st.text(min_size=1, max_size=60))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def law(code: str) -> None:
        duplicates = tickets.insert("demo", [a_ticket(code)])
        assert bool(duplicates) == (code in seen)
        assert tickets.get_tickets("demo", [code])[code].code == code
        assert (tickets.scan("demo", code, "gala", LATER) is None) == (code in seen)
        seen.add(code)

    law()


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.behaviour(79, 93)
def test_an_events_tickets_are_listed_newest_first_page_by_page(engine: str, request: pytest.FixtureRequest) -> None:
    tickets = on_table(new_table(request.getfixturevalue(engine)), engine).tickets
    assert isinstance(tickets, Tickets)
    alone = a_ticket("Z", batch="01kzz", alone=True, line=0)
    tickets.insert("demo", [*(a_ticket(f"A{n}", line=n) for n in range(2, 32)), alone, a_ticket("Y", event_id="ball")])
    all_tickets: list[Ticket] = []
    while page := tickets.list_tickets("demo", "gala", 7, before=all_tickets[-1].sort_key if all_tickets else ""):
        assert len(page) <= 7
        all_tickets += page
    assert [ticket.code for ticket in all_tickets] == ["Z", *(f"A{n}" for n in range(31, 1, -1))]


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.behaviour(97)
def test_an_imports_tickets_are_listed_page_by_page(engine: str, request: pytest.FixtureRequest) -> None:
    tickets = on_table(new_table(request.getfixturevalue(engine)), engine).tickets
    assert isinstance(tickets, Tickets)
    tickets.insert("demo", [*(a_ticket(f"A{n}", line=n) for n in range(2, 12)), a_ticket("Z", batch="01kzz")])
    first = tickets.list_tickets("demo", "gala", 6, batch=IMPORT)
    rest = tickets.list_tickets("demo", "gala", 6, batch=IMPORT, before=first[-1].sort_key)
    assert [ticket.line for ticket in first + rest] == list(range(11, 1, -1))


# Sales


def test_an_event_of_which_nothing_was_sold_has_no_sales(stores: TicketStores) -> None:
    assert stores.sales.read_sales("demo", "gala") == Sales()


def test_capacity_is_reserved_then_used_or_released(stores: TicketStores) -> None:
    account = stores.sales.open_account("demo", "gala", IMPORT)
    after_hold = stores.sales.hold_places("demo", "gala", IMPORT, account, 10, 12)
    assert (after_hold.held_places, stores.sales.read_sales("demo", "gala")) == (
        10,
        Sales(taken_places=10, held_places=10),
    )
    after_commit = replace(after_hold, line=9, held_places=0, used_places=7)
    assert stores.sales.commit_account("demo", "gala", IMPORT, after_hold, after_commit) == after_commit
    assert stores.sales.read_sales("demo", "gala") == Sales(taken_places=7, imported=7)
    assert stores.sales.open_account("demo", "gala", IMPORT) == after_commit


@pytest.mark.parametrize(
    ("capacity", "places", "expected"),
    [(5, 3, 3), (5, 5, 5), (5, 9, 5), (0, 1, 0), (None, 9, 9)],
    ids=["enough", "just enough", "too few", "none", "no limit"],
)
def test_no_more_places_are_reserved_than_are_free(
    stores: TicketStores, capacity: int | None, places: int, expected: int
) -> None:
    account = stores.sales.open_account("demo", "gala", IMPORT)
    assert stores.sales.hold_places("demo", "gala", IMPORT, account, places, capacity).held_places == expected
    assert stores.sales.read_sales("demo", "gala").taken_places == expected


def test_an_event_past_its_capacity_has_no_places(stores: TicketStores) -> None:
    account = stores.sales.open_account("demo", "gala", IMPORT)
    over = stores.sales.hold_places("demo", "gala", IMPORT, account, 9, None)
    assert stores.sales.hold_places("demo", "gala", IMPORT, over, 1, 5) == over


def test_two_imports_share_the_places(stores: TicketStores) -> None:
    one, two = stores.sales.open_account("demo", "gala", "01a"), stores.sales.open_account("demo", "gala", "01b")
    assert stores.sales.hold_places("demo", "gala", "01a", one, 4, 6).held_places == 4
    assert stores.sales.hold_places("demo", "gala", "01b", two, 4, 6).held_places == 2


def test_an_account_changed_by_another_worker_is_not_overwritten(stores: TicketStores) -> None:
    account = stores.sales.open_account("demo", "gala", IMPORT)
    after_hold = stores.sales.hold_places("demo", "gala", IMPORT, account, 2, 5)
    with pytest.raises(ConcurrentModification):
        stores.sales.hold_places("demo", "gala", IMPORT, account, 3, 5)
    with pytest.raises(ConcurrentModification):
        stores.sales.commit_account("demo", "gala", IMPORT, account, CapacityAccount(line=3, used_places=2))
    assert stores.sales.open_account("demo", "gala", IMPORT) == after_hold
    assert stores.sales.read_sales("demo", "gala") == Sales(taken_places=2, held_places=2)


def test_a_step_whose_response_was_lost_is_not_repeated(stores: TicketStores) -> None:
    account = stores.sales.open_account("demo", "gala", IMPORT)
    after_hold = stores.sales.hold_places("demo", "gala", IMPORT, account, 2, 5)
    assert stores.sales.hold_places("demo", "gala", IMPORT, account, 2, 5) == after_hold
    after_commit = replace(after_hold, line=3, held_places=0, used_places=1)
    for _ in range(2):
        assert stores.sales.commit_account("demo", "gala", IMPORT, after_hold, after_commit) == after_commit
    assert stores.sales.read_sales("demo", "gala") == Sales(taken_places=1, imported=1)


def test_the_row_at_which_the_capacity_was_reached_is_stored(stores: TicketStores) -> None:
    account = stores.sales.open_account("demo", "gala", IMPORT)
    after_commit = replace(account, line=9, full_at=4, undone=True)
    stores.sales.commit_account("demo", "gala", IMPORT, account, after_commit)
    assert stores.sales.open_account("demo", "gala", IMPORT) == after_commit


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.behaviour(89)
def test_concurrent_reservations_never_take_a_place_twice(engine: str, request: pytest.FixtureRequest) -> None:
    table = new_table(request.getfixturevalue(engine))
    sales = EventSales(table)

    def take_one() -> int:
        write = sales.single_ticket_write("demo", "gala", 20)
        assert write.key is not None
        try:
            table.update(write.key, add=write.add, when=write.when)
        except ConditionFailed:
            return 0
        return 1

    def import_places(number: int) -> int:
        account = sales.open_account("demo", "gala", f"01{number}")
        after_hold = sales.hold_places("demo", "gala", f"01{number}", account, 3, 20)
        return sales.commit_account(
            "demo",
            "gala",
            f"01{number}",
            after_hold,
            replace(after_hold, held_places=0, used_places=after_hold.held_places),
        ).used_places

    with ThreadPoolExecutor(8) as buyers:
        places = list(buyers.map(lambda n: import_places(n) if n % 2 else take_one(), range(24)))
    assert sum(places) == 20
    assert sales.read_sales("demo", "gala") == Sales(taken_places=20, imported=20)


# Contacts


def test_an_import_creates_each_contact_once(stores: TicketStores) -> None:
    ann = Contact(import_id=IMPORT, email="Ann@example.org", name="Ann", line=2, created=True)
    second = replace(ann, email="ANN@example.org", line=5, created=False)
    assert stores.contacts.ensure_contacts("demo", [ann]) == {"ann@example.org": ann}
    assert stores.contacts.ensure_contacts("demo", [second]) == {"ann@example.org": ann}
    assert stores.contacts.get_contacts("demo", IMPORT, ["ann@EXAMPLE.org", "bob@example.org"]) == {
        "ann@example.org": ann
    }
    assert stores.contacts.get_contacts("demo", "01other", ["ann@example.org"]) == {}


def test_calls_without_contacts_return_none(stores: TicketStores) -> None:
    assert stores.contacts.ensure_contacts("demo", []) == {}
    assert stores.contacts.get_contacts("demo", IMPORT, []) == {}
    stores.contacts.save_orders("demo", [], [])


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.behaviour(98)
def test_an_imports_contacts_are_listed_by_email_page_by_page(engine: str, request: pytest.FixtureRequest) -> None:
    contacts = on_table(new_table(request.getfixturevalue(engine)), engine).contacts
    assert isinstance(contacts, Contacts)
    emails = [f"{letter}@example.org" for letter in "QWERTYUIOPAS"]
    contacts.ensure_contacts("demo", [Contact(import_id=IMPORT, email=email, line=2) for email in emails])
    first = contacts.list_contacts("demo", IMPORT, 5)
    rest = contacts.list_contacts("demo", IMPORT, 9, after=first[-1].email.lower())
    assert [contact.email for contact in first + rest] == sorted(emails, key=str.lower)


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
@pytest.mark.behaviour(72, 77)
def test_the_profile_of_a_buyer_has_the_order_and_its_tickets(engine: str, request: pytest.FixtureRequest) -> None:
    table = new_table(request.getfixturevalue(engine))
    contacts = on_table(table, engine).contacts
    Customers(table).ensure_customers("demo", [Customer(email=FULL.email, created_at=AT)])
    order = TicketOrder(
        order_id="o1", event_id="gala", ordered_at=AT, email="Ann@example.org", name="Ann", import_id=IMPORT
    )
    for _ in range(2):
        contacts.save_orders("demo", [order], [FULL, a_ticket("NOBODYS")])
    page = PersonalDataStore(table, Purchases(table, EventSales(table))).read_person("demo", "ann@example.org")
    assert page
    (view,) = orders(page)
    assert (view.order_id, view.ordered_at, view.imported) == ("o1", AT, True)
    assert [ticket.code for ticket in view.tickets] == ["B"]


def several(number: int, **facts: Any) -> list[Ticket]:
    """Tickets that Ann has of one order."""
    return [replace(FULL, code=f"S{line}", line=line, **facts) for line in range(2, 2 + number)]


def notes(table: Table) -> list[Any]:
    return list(table.query_all(person_keys.customer("demo", FULL.email), begins="T#"))


def test_tickets_of_a_buyer_with_the_same_block_and_time_share_a_note(ministack_table: Table) -> None:
    Customers(ministack_table).ensure_customers("demo", [Customer(email=FULL.email, created_at=AT)])
    purchases = Purchases(ministack_table, EventSales(ministack_table))
    contacts, tickets = Contacts(ministack_table), several(3)
    tickets[2] = replace(tickets[2], original_at=LATER)
    for some in (tickets[1:], tickets):
        contacts.save_orders("demo", [], some, after_line=1)
    assert len(notes(ministack_table)) == 2
    assert sorted(one.quantity for one in purchases.person("demo", FULL.email).purchases) == [1, 2]
    page = PersonalDataStore(ministack_table, purchases).read_person("demo", FULL.email)
    assert page
    assert sorted(ticket.code for ticket in page.tickets) == ["S2", "S3", "S4"]
    assert [len(order.tickets) for order in orders(page)] == [3]


def test_removed_tickets_leave_their_shared_note_and_a_scanned_one_stays(ministack_table: Table) -> None:
    stores, some = on_table(ministack_table, "ministack"), several(20)
    stores.tickets.insert("demo", some)
    stores.contacts.save_orders("demo", [], some)
    assert stores.tickets.scan("demo", "S5", "gala", LATER)
    for _ in range(2):
        stores.tickets.remove_unscanned("demo", some)
        (note,) = notes(ministack_table)
        assert (note["quantity"], tickets_of(note)) == (1, [("S5", 5)])
    ticket = stores.tickets.get_tickets("demo", ["S5"])["S5"]
    ministack_table.delete(Key(note["pk"], note["sk"]))
    for _ in range(2):
        stores.tickets.remove_unscanned("demo", [ticket])
        assert [tickets_of(note) for note in notes(ministack_table)] == [[("S5", 5)]]


def test_an_erased_buyer_is_removed_from_every_ticket_of_a_note(ministack_table: Table) -> None:
    stores, some = on_table(ministack_table, "ministack"), several(2)
    stores.tickets.insert("demo", some)
    stores.contacts.save_orders("demo", [], some)
    purchases = Purchases(ministack_table, EventSales(ministack_table))
    PersonalDataStore(ministack_table, purchases).erase_person("demo", FULL.email)
    assert {ticket.email for ticket in stores.tickets.get_tickets("demo", ["S2", "S3"]).values()} == {""}
    assert notes(ministack_table) == []


def test_an_order_for_the_whole_file_is_in_no_profile(ministack_table: Table) -> None:
    Customers(ministack_table).ensure_customers("demo", [Customer(email=FULL.email, created_at=AT)])
    order = TicketOrder(order_id=IMPORT, event_id="gala", ordered_at=AT, import_id=IMPORT)
    Contacts(ministack_table).save_orders("demo", [order], [replace(FULL, order_id=IMPORT)])
    purchases = Purchases(ministack_table, EventSales(ministack_table))
    page = PersonalDataStore(ministack_table, purchases).read_person("demo", FULL.email)
    assert page
    assert (orders(page), [ticket.code for ticket in page.tickets]) == ([], ["B"])
    assert ministack_table.get(person_keys.order("demo", "", IMPORT))


@pytest.mark.parametrize("made_with", [b"key", b""])
def test_an_undo_removes_a_buyers_order_with_a_keyed_or_an_unkeyed_id(ministack_table: Table, made_with: bytes) -> None:
    contacts = Contacts(keyed(ministack_table, b"key"))
    order = replace(own_order(FULL), order_id=buyer_order_id(IMPORT, FULL.email, made_with))
    contacts.ensure_contacts("demo", [Contact(import_id=IMPORT, email=FULL.email, name="", line=2)])
    # As an earlier version kept it.
    ministack_table.put(order_item("demo", order))
    contacts.remove_contacts("demo", IMPORT, AT)
    assert [item for item in contents(ministack_table) if "order_id" in item] == []


def test_the_order_id_of_a_buyer_depends_on_the_digest_key() -> None:
    assert len({buyer_order_id(IMPORT, "ann@example.org", digest_key) for digest_key in (b"", b"one", b"two")}) == 3


# What rules see of them


@pytest.mark.parametrize("original_at", [None, datetime(2025, 3, 1, tzinfo=UTC)])
def test_a_ticket_counts_as_bought_when_it_was_sold_or_else_imported(
    ministack_table: Table, original_at: datetime | None
) -> None:
    ticket = replace(FULL, original_at=original_at)
    Contacts(ministack_table).save_orders("demo", [], [ticket])
    (purchase,) = Purchases(ministack_table, EventSales(ministack_table)).person("demo", "ann@example.org").purchases
    assert purchase == CountedPurchase(
        at=original_at or AT, sale_item_id=imported_item("gala"), quantity=1, order_id="o1", imported=True
    )


@pytest.mark.parametrize(("type_", "is_due"), [(GroupType.AUTOMATIC, True), (GroupType.MANUAL, False)])
def test_a_buyers_reevaluation_is_due_only_with_automatic_groups(
    ministack_table: Table, type_: GroupType, is_due: bool
) -> None:
    group = IndexedGroup(group_id="g", type=type_, name="G", created_at=AT)
    GroupIndexes(ministack_table).write_group_index("demo", GroupIndex().with_group(group))
    Customers(ministack_table).ensure_customers("demo", [Customer(email=FULL.email, created_at=AT)])
    Contacts(ministack_table).save_orders("demo", [], [FULL])
    person = Purchases(ministack_table, EventSales(ministack_table)).person("demo", "ann@example.org")
    assert (person.reevaluation_due, person.purchases_revision) == (is_due, int(is_due))


# One added alone


def test_a_ticket_added_alone_is_stored_with_its_order_note_and_place(ministack_table: Table) -> None:
    Customers(ministack_table).ensure_customers("demo", [Customer(email=FULL.email, created_at=AT)])
    alone = replace(FULL, alone=True, batch="01kz", line=0, order_id="01kz-0")
    tickets = EventTickets(ministack_table)
    assert tickets.add_ticket("demo", alone, own_order(alone), 1)
    assert tickets.get_ticket("demo", "B") == alone
    assert tickets.sales("demo", "gala") == Sales(taken_places=1, imported=1)
    assert {item["sk"] for item in ministack_table.query_all("O#demo#C#ann@example.org")} == {
        "PROFILE",
        "ORDER#01kz-0",
        "T#01kz#0000000000",
    }


@pytest.mark.parametrize(
    ("code", "capacity", "customer"),
    [("A", 5, True), ("B", 1, True), ("B", 0, True), ("B", 5, False)],
    ids=["the code is taken", "the last place went", "there is no place", "the buyer is no customer"],
)
def test_a_ticket_that_cannot_be_added_alone_leaves_nothing(
    ministack_table: Table, code: str, capacity: int, customer: bool
) -> None:
    tickets = EventTickets(ministack_table)
    first = a_ticket("A", alone=True)
    tickets.add_ticket("demo", first, own_order(first), None)
    if customer:
        Customers(ministack_table).ensure_customers("demo", [Customer(email=FULL.email, created_at=AT)])
    before = contents(ministack_table)
    alone = replace(FULL, code=code, alone=True, batch="01kz", line=0)
    assert not tickets.add_ticket("demo", alone, own_order(alone), capacity)
    assert contents(ministack_table) == before


def test_an_offline_scan_is_stored_only_if_the_ticket_is_unchanged(stores: TicketStores) -> None:
    ticket = a_ticket("A")
    stores.tickets.insert("demo", [ticket])
    east = stores.tickets.scan_offline("demo", ticket, LATER, "east")
    assert east == replace(ticket, scanned_at=LATER, scanned_by="east")
    assert stores.tickets.scan_offline("demo", ticket, AT, "west") is None
    west = stores.tickets.scan_offline("demo", east, AT, "west")
    assert (
        stores.tickets.get_tickets("demo", ["A"])
        == {"A": replace(ticket, scanned_at=AT, scanned_by="west")}
        == {"A": west}
    )
    assert stores.tickets.scan("demo", "A", "gala", LATER) is None


def test_an_offline_scan_never_replaces_an_online_one(stores: TicketStores) -> None:
    ticket = a_ticket("A")
    stores.tickets.insert("demo", [ticket])
    stores.tickets.scan("demo", "A", "gala", LATER)
    for stored_ticket in (ticket, replace(ticket, scanned_at=LATER, scanned_by="east")):
        assert stores.tickets.scan_offline("demo", stored_ticket, AT, "west") is None
    assert stores.tickets.scan_offline("demo", a_ticket("B"), AT, "west") is None


@pytest.mark.parametrize("engine", ["ministack", "dynalite"])
def test_of_scans_sent_by_concurrent_devices_the_earliest_is_stored(
    request: pytest.FixtureRequest, engine: str
) -> None:
    tickets = on_table(new_table(request.getfixturevalue(engine)), engine).tickets
    assert isinstance(tickets, Tickets)
    tickets.insert("demo", [a_ticket("A")])
    scans = [
        OfflineScan(event_id="gala", code="A", scanned_at=LATER - timedelta(minutes=n % 4), device=f"door {n}")
        for n in range(8)
    ]
    with ThreadPoolExecutor(8) as doors:
        list(doors.map(lambda one: merge("demo", [one], LATER, tickets), scans))
    results = dict(zip(scans, merge("demo", scans, LATER, tickets), strict=True))
    assert [one for one, outcome in results.items() if outcome.result is MergeResult.ACCEPTED] == [scans[3]]
    conflicts = tickets.conflicts("demo", "gala", 10, None)
    assert len(conflicts) == len(scans) - 1
    assert [place for place, *_ in conflicts] == sorted((place for place, *_ in conflicts), reverse=True)
    assert tickets.conflicts("demo", "gala", 10, conflicts[2][0]) == conflicts[3:]
