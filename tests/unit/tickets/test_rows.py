"""Rows of a ticket file: stored, refused or left out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from guestlist.customers.model import Customer
from guestlist.imports.model import Counts, OrderGrouping
from guestlist.imports.problem_record import problem_text
from guestlist.imports.reading.problems import BadEmail, Problem
from guestlist.model.errors import ConcurrentModification
from guestlist.tickets.importing import blocks as ticket_blocks
from guestlist.tickets.importing.rows import import_tickets
from guestlist.tickets.importing.tally import Tally
from tests.fakes.tickets import AT, FILE, IMPORT, ARow, World, a_ticket


class Stop(Exception):
    """The worker's time is up."""


class ImportOutcome:
    """The results that an import reported."""

    def __init__(self, tally: Tally, problems: list[Problem]) -> None:
        self.tickets = tally.tickets
        self.contacts = tally.contacts
        self.counts = tally.counts
        self.problems = {problem.line: problem for problem in problems}
        self.codes = {problem.line: problem.code for problem in problems}


def run(
    world: World, rows: Iterable[ARow | Problem], capacity: int | None = None, stop_at: int | None = None, **file: Any
) -> ImportOutcome:
    """Import the rows, which stand on lines 2 and following."""
    problems: list[Problem] = []

    def progress(line: int) -> None:
        if stop_at is not None and line >= stop_at:
            raise Stop

    numbered = [row if isinstance(row, Problem) else (line, row) for line, row in enumerate(rows, start=2)]
    tally = import_tickets(numbered, replace(FILE, **file), world.ports, lambda: capacity, progress, problems.append)
    return ImportOutcome(tally, problems)


def codes(world: World) -> list[str]:
    return sorted(code for _, code in world.tickets.stored)


def numbered(count: int, prefix: str = "A") -> list[ARow]:
    return [ARow(f"{prefix}{n}") for n in range(1, count + 1)]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[1, 2, 3, 500])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The size of a block, on which no result and no stored data may depend."""
    monkeypatch.setattr(ticket_blocks, "BLOCK_SIZE", request.param)
    return int(request.param)


pytestmark = pytest.mark.usefixtures("block")


def test_every_good_row_becomes_a_ticket_of_the_event(world: World) -> None:
    result = run(world, numbered(7))
    assert codes(world) == [f"A{n}" for n in range(1, 8)]
    assert {ticket.event_id for ticket in world.tickets.stored.values()} == {"gala"}
    assert (result.counts, result.codes) == (Counts(total=7, imported=7), {})


@pytest.mark.behaviour(85, 86, 101, 102, 104, 106, 107, 108)
def test_codes_are_stored_unchanged(world: World) -> None:
    ticket_codes = ["*123*", "123", "12 3", "123 ", " 123", "+1", "-1", "=1", "abc", "ABC"]
    result = run(world, [ARow(code) for code in ticket_codes])
    assert codes(world) == sorted(ticket_codes)
    assert result.codes == {}


@pytest.mark.behaviour(83)
def test_of_a_repeated_code_the_first_row_is_imported_and_named(world: World) -> None:
    result = run(world, [ARow("A"), ARow("B"), ARow("A", email="late@example.org"), ARow("C"), ARow("A")])
    assert codes(world) == ["A", "B", "C"]
    assert result.codes == {4: "duplicate_in_file", 6: "duplicate_in_file"}
    assert "line 2" in problem_text(result.problems[4].record())
    assert "line 2" in problem_text(result.problems[6].record())
    assert world.contacts.stored == {}


@pytest.mark.behaviour(81, 82)
def test_an_existing_code_is_refused_with_where_it_exists(world: World) -> None:
    world.tickets.insert("demo", [a_ticket("A", event_id="ball", batch="01older", line=9)])
    world.tickets.insert("demo", [a_ticket("B", event_id="ball", batch="01alone", line=0, alone=True)])
    result = run(world, [ARow("A"), ARow("B"), ARow("C")])
    assert result.codes == {2: "duplicate_existing", 3: "duplicate_existing"}
    assert "at the event ball (line 9 of import 01older)" in problem_text(result.problems[2].record())
    assert "at the event ball (added alone)" in problem_text(result.problems[3].record())
    assert (result.tickets.imported, result.tickets.duplicate) == (1, 2)


@pytest.mark.behaviour(84)
def test_another_organiser_may_have_the_same_code(world: World) -> None:
    world.tickets.insert("other", [a_ticket("A")])
    assert run(world, [ARow("A")]).tickets.imported == 1


@pytest.mark.behaviour(68, 69)
def test_with_n_places_left_exactly_the_first_n_good_rows_are_imported(world: World) -> None:
    world.tickets.insert("demo", [a_ticket("OLD", batch="01older")])
    broken = BadEmail(4, "Email", "x")
    result = run(world, [ARow("A"), ARow("OLD"), broken, ARow("A"), ARow("B"), ARow("C"), ARow("D"), ARow("C")], 3)
    assert codes(world) == ["A", "B", "C", "OLD"]
    assert result.codes == {
        3: "duplicate_existing",
        4: "bad_email",
        5: "duplicate_in_file",
        8: "no_capacity",
        9: "duplicate_in_file",
    }
    assert world.sales.read_sales("demo", "gala").sold == 3


def test_all_rows_after_the_last_place_are_reported_as_without_one(world: World) -> None:
    result = run(world, numbered(9), 4)
    assert (result.tickets.imported, result.tickets.no_capacity) == (4, 5)
    assert codes(world) == ["A1", "A2", "A3", "A4"]


def test_a_place_freed_after_the_event_was_full_is_not_given_to_later_rows(world: World) -> None:
    places = iter([2, *[5] * 20])
    rows = list(enumerate(numbered(6), start=2))
    import_tickets(rows[:4], FILE, world.ports, lambda: 2, lambda _line: None, lambda _problem: None)
    result: list[Problem] = []
    import_tickets(rows, FILE, world.ports, lambda: next(places), lambda _line: None, result.append)
    assert codes(world) == ["A1", "A2"]
    assert [problem.code for problem in result] == ["no_capacity"] * 4


@pytest.mark.behaviour(67, 70, 80)
def test_without_a_limit_an_import_exceeds_the_capacity_and_the_sales_show_it(world: World) -> None:
    for _ in range(3):
        world.sales.sell("demo", "gala", 3)
    run(world, numbered(4), None)
    sales = world.sales.read_sales("demo", "gala")
    assert (sales.sold, sales.imported, sales.held_places) == (7, 4, 0)


def test_live_sales_and_the_import_share_the_places(world: World) -> None:
    for _ in range(2):
        world.sales.sell("demo", "gala", 5)
    result = run(world, numbered(9), 5)
    assert result.tickets.imported == 3
    assert world.sales.read_sales("demo", "gala").sold == 5


@pytest.mark.behaviour(71, 74, 77)
def test_a_buyer_becomes_a_customer_and_a_contact_with_an_order(world: World) -> None:
    result = run(world, [ARow("A", "Ann", "Ann@Example.org")])
    (customer,) = world.customers.stored.values()
    assert (customer.email, customer.name, customer.created_at) == ("Ann@Example.org", "Ann", AT)
    (order,) = world.contacts.orders.values()
    assert (order.email, order.event_id, order.import_id) == ("Ann@Example.org", "gala", IMPORT)
    assert list(world.contacts.bought.values()) == [order.order_id]
    assert (result.contacts.total, result.contacts.imported) == (1, 1)


@pytest.mark.behaviour(78)
def test_the_order_has_the_imports_date_and_the_ticket_its_own(world: World) -> None:
    sold_at = datetime(2025, 3, 1, tzinfo=UTC)
    run(world, [ARow("A", "Ann", "ann@example.org", sold_at)])
    assert world.contacts.orders.popitem()[1].ordered_at == AT
    assert world.tickets.stored["demo", "A"].original_at == sold_at


@pytest.mark.behaviour(75)
def test_a_row_without_an_email_is_a_ticket_without_a_contact(world: World) -> None:
    result = run(world, [ARow("A", "Ann"), ARow("B")])
    assert (world.customers.stored, world.contacts.stored) == ({}, {})
    assert result.contacts.no_email == 2
    assert [ticket.order_id for ticket in world.tickets.stored.values()] == [f"{IMPORT}-2", f"{IMPORT}-3"]


@pytest.mark.behaviour(76, 100)
def test_an_existing_customer_is_unchanged_and_counted_as_existing(world: World) -> None:
    old = Customer(email="ANN@example.org", name="Ann Old", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    world.customers.ensure_customers("demo", [old])
    result = run(world, [ARow("A", "Ann New", "ann@example.org"), ARow("B", "Bob", "bob@example.org")])
    assert world.customers.stored["demo", "ann@example.org"] == old
    assert (result.contacts.total, result.contacts.imported, result.contacts.existed) == (2, 1, 1)


def test_of_two_names_with_one_email_the_first_is_the_contacts(world: World) -> None:
    result = run(world, [ARow("A", "Ann", "ann@example.org"), ARow("B", "Other", "ANN@example.org")])
    assert [customer.name for customer in world.customers.stored.values()] == ["Ann"]
    assert (result.contacts.total, result.contacts.imported, result.contacts.existed) == (1, 1, 0)


@pytest.mark.parametrize(
    ("grouping", "orders"),
    [(OrderGrouping.BUYER, 3), (OrderGrouping.ROW, 5), (OrderGrouping.FILE, 1)],
)
def test_tickets_share_an_order_as_requested(world: World, grouping: OrderGrouping, orders: int) -> None:
    ann, bob = "ann@example.org", "bob@example.org"
    rows = [ARow("A", email=ann), ARow("B", email=bob), ARow("C", email=ann.upper()), ARow("D", email=ann), ARow("E")]
    run(world, rows, grouping=grouping)
    assert len({ticket.order_id for ticket in world.tickets.stored.values()}) == orders
    expected = {
        ticket.order_id for ticket in world.tickets.stored.values() if ticket.email or ticket.order_id == IMPORT
    }
    assert {order_id for _, order_id in world.contacts.orders} == expected


def test_a_refused_row_creates_no_contact_and_no_order(world: World) -> None:
    run(world, [ARow("A"), ARow("A", email="ann@example.org"), ARow("B", email="bob@example.org")], 1)
    assert (world.customers.stored, world.contacts.stored, world.contacts.orders) == ({}, {}, {})


def test_a_finished_import_that_runs_again_has_the_same_result_and_changes_nothing(world: World) -> None:
    world.tickets.insert("demo", [a_ticket("OLD", batch="01older")])
    rows = [ARow("OLD"), *numbered(4), ARow("A1"), ARow("Z", "Ann", "ann@example.org"), ARow("Y")]
    first = run(world, rows, 5)
    before = repr(world.state())
    second = run(world, rows, 5)
    assert repr(world.state()) == before
    assert (second.tickets, second.contacts, second.codes) == (first.tickets, first.contacts, first.codes)


def test_a_stopped_import_resumes_where_it_stopped(world: World) -> None:
    whole = World()
    rows = [ARow(f"A{n}", f"N{n}", f"n{n % 3}@example.org") for n in range(9)]
    undisturbed = run(whole, rows, 7)
    with pytest.raises(Stop):
        run(world, rows, 7, stop_at=5)
    assert run(world, rows, 7).tickets == undisturbed.tickets
    assert world.state() == whole.state()


def test_a_worker_that_lost_its_lease_stops(world: World) -> None:
    rows = list(enumerate(numbered(8), start=2))

    def overtaken() -> int:
        run(world, numbered(8), 8)
        return 8

    with pytest.raises(ConcurrentModification):
        import_tickets(rows, FILE, world.ports, overtaken, lambda _line: None, lambda _problem: None)
    assert world.sales.read_sales("demo", "gala").sold == 8


def test_a_file_without_rows_changes_only_its_account(world: World) -> None:
    assert run(world, []).counts == Counts()
    assert world.tickets.stored == {}
