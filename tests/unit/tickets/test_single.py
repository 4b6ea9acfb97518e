"""A ticket that is added alone."""

from datetime import UTC, datetime

import pytest

from guestlist.catalogue.model import Event
from guestlist.customers.model import Customer
from guestlist.imports.model import WhenFull
from guestlist.messages.problems import sentence_of
from guestlist.model.errors import Conflict
from guestlist.purchases.ticket_order import TicketOrder
from guestlist.tickets.model import Sales, Ticket
from guestlist.tickets.single import SingleTicket, add_ticket
from tests.fakes.tickets import FakeEventTickets, World, a_ticket

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
GALA = Event(event_id="gala", name="Gala", capacity=1)


def add(world: World, code: str, when_full: WhenFull = WhenFull.STOP, **message: str) -> Ticket:
    single_ticket = SingleTicket(code=code, when_full=when_full, **message)
    return add_ticket("demo", GALA, single_ticket, f"01k{code}", NOW, FakeEventTickets(world), world.customers)


@pytest.mark.behaviour(87)
def test_one_code_becomes_a_ticket_of_the_event() -> None:
    world = World()
    ticket = add(world, "A")
    assert world.tickets.stored["demo", "A"] == ticket
    assert (ticket.event_id, ticket.import_id, ticket.alone) == ("gala", None, True)
    assert world.sales.read_sales("demo", "gala") == Sales(taken_places=1, imported=1)


@pytest.mark.behaviour(103)
def test_a_leading_space_stays() -> None:
    assert add(World(), " A ").code == " A "


@pytest.mark.behaviour(89)
def test_a_ticket_for_a_full_event_is_refused_and_nothing_is_stored() -> None:
    world = World()
    add(world, "A")
    before = repr(world.state())
    with pytest.raises(Conflict) as caught:
        add(world, "B", name="Ann", email="ann@example.org")
    assert caught.value.code == "no_capacity"
    assert repr(world.state()) == before


@pytest.mark.behaviour(88)
def test_a_ticket_for_a_full_event_is_added_on_request() -> None:
    world = World()
    add(world, "A")
    add(world, "B", WhenFull.CONTINUE)
    assert world.sales.read_sales("demo", "gala").sold == 2


@pytest.mark.behaviour(82)
def test_an_existing_code_is_refused_with_where_it_exists_and_nothing_is_stored() -> None:
    world = World()
    world.tickets.insert("demo", [a_ticket("A", event_id="ball", line=3)])
    before = repr(world.state())
    with pytest.raises(Conflict) as caught:
        add(world, "A", name="Ann", email="ann@example.org")
    assert caught.value.code == "duplicate_existing"
    assert "at the event ball" in sentence_of(caught.value)
    assert repr(world.state()) == before


def test_the_buyer_of_a_single_ticket_becomes_a_customer_with_an_order() -> None:
    world = World()
    add(world, "A", name="Ann", email="Ann@example.org")
    assert world.customers.stored["demo", "ann@example.org"] == Customer(
        email="Ann@example.org", name="Ann", created_at=NOW
    )
    (order,) = world.contacts.orders.values()
    assert (order.email, order.ordered_at, order.import_id) == ("Ann@example.org", NOW, None)


class Overtaken(FakeEventTickets):
    """Let another call win the first race."""

    def __init__(self, world: World, faster: Ticket | None) -> None:
        super().__init__(world)
        self._all = world
        self._faster = faster

    def add_ticket(self, org: str, ticket: Ticket, order: TicketOrder, capacity: int | None) -> bool:
        if self._faster:
            self._all.tickets.insert(org, [self._faster])
            self._faster = None
        else:
            self._all.sales.counters(org, ticket.event_id).taken_places += 1
        return super().add_ticket(org, ticket, order, capacity)


@pytest.mark.parametrize(
    ("faster", "code"), [(a_ticket("A"), "duplicate_existing"), (None, "no_capacity")], ids=["code", "place"]
)
def test_a_lost_race_is_refused_with_its_cause(faster: Ticket | None, code: str) -> None:
    world = World()
    single_ticket = SingleTicket(code="A", when_full=WhenFull.STOP)
    with pytest.raises(Conflict) as caught:
        add_ticket("demo", GALA, single_ticket, "01k", NOW, Overtaken(world, faster), world.customers)
    assert caught.value.code == code


def test_a_repeat_after_a_lost_response_is_no_duplicate() -> None:
    world = World()

    class LostAnswer(FakeEventTickets):
        def add_ticket(self, org: str, ticket: Ticket, order: TicketOrder, capacity: int | None) -> bool:
            super().add_ticket(org, ticket, order, capacity)
            return False

    single_ticket = SingleTicket(code="A", when_full=WhenFull.STOP)
    assert add_ticket("demo", GALA, single_ticket, "01k", NOW, LostAnswer(world), world.customers).code == "A"
