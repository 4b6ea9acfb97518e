"""Ticket imports on the engines, broken off at any request, throttled, and side by side with live sales."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guestlist.aws.dynamodb import RequestRefused
from guestlist.aws.table import Table
from guestlist.catalogue.model import Event
from guestlist.customers.store import Customers
from guestlist.imports.model import WhenFull
from guestlist.imports.reading.problems import Problem
from guestlist.model.errors import Conflict
from guestlist.purchases.ticket_items import tickets_of
from guestlist.tickets.contact_store import Contacts
from guestlist.tickets.importing import blocks as ticket_blocks
from guestlist.tickets.importing.ports import TicketPorts
from guestlist.tickets.importing.rows import import_tickets
from guestlist.tickets.importing.tally import ContactTally, TicketTally
from guestlist.tickets.importing.undo import undo_tickets
from guestlist.tickets.model import Sales
from guestlist.tickets.sales_store import EventSales
from guestlist.tickets.single import SingleTicket, add_ticket
from guestlist.tickets.single_store import EventTickets
from guestlist.tickets.store import Tickets
from tests.engines.inserting import insert_each
from tests.engines.tables import contents, new_table, on_requests
from tests.fakes.crash_injection import Killed
from tests.fakes.tickets import AT, FILE, IMPORT, ARow, a_ticket
from tests.unit.tickets.test_undo import LATER, RECORD

ANN, BOB = "ann@example.org", "bob@example.org"
ROWS = [
    ARow("A", "Ann", ANN),
    ARow("OLD", "Cy", "cy@example.org"),
    ARow("B", "Bob", BOB),
    ARow("A"),
    ARow("C", "Ann", ANN.upper()),
    ARow("D"),
    ARow("E", "Bob", BOB),
    ARow("F"),
]
CAPACITY = 5


def ports_on(table: Table, engine: str) -> TicketPorts:
    insert = None if engine == "ministack" else partial(insert_each, table)
    return TicketPorts(
        tickets=Tickets(table, insert),
        sales=EventSales(table),
        contacts=Contacts(table, insert),
        customers=Customers(table),
        digest_key=b"",
    )


ImportOutcome = tuple[TicketTally, ContactTally, list[tuple[int, str]]]


def run(ports: TicketPorts, rows: list[ARow] = ROWS, capacity: int | None = CAPACITY) -> ImportOutcome:
    problems: list[Problem] = []
    numbered = list(enumerate(rows, start=2))
    tally = import_tickets(numbered, FILE, ports, lambda: capacity, lambda _line: None, problems.append)
    return tally.tickets, tally.contacts, [(problem.line, problem.code) for problem in problems]


def a_table(request: pytest.FixtureRequest, engine: str) -> Table:
    """A table with one ticket in it."""
    table = new_table(request.getfixturevalue(engine))
    ports_on(table, engine).tickets.insert("demo", [a_ticket("OLD", event_id="ball", batch="01older")])
    return table


def dying(table: Table, at: int, moment: str) -> Callable[[], None]:
    """Let the process die at its request number `at`, before or after it; returns a function that starts a new one."""
    request_count, lock, alive = [0], Lock(), [True]

    def count(_operation: str, _more: dict[str, Any]) -> None:
        with lock:
            request_count[0] += 1
            if alive[0] and request_count[0] >= at:
                raise Killed

    on_requests(table, moment, count)

    def revive() -> None:
        alive[0] = False

    return revive


def state(table: Table) -> list[dict[str, Any]]:
    """All that is kept, but for how often a customer's purchases were said to have changed.

    Which tickets share a note depends on the blocks in which they were taken; that each is noted once does not.
    """
    items = [{name: value for name, value in item.items() if name != "purchases"} for item in contents(table)]
    notes = [item for item in items if item["sk"].startswith("T#")]
    assert all(note["quantity"] == len(tickets_of(note)) for note in notes)
    facts = ("pk", "event_id", "order_id", "at", "ordered_at", "sale_item_id", "g1pk")
    noted_tickets = [
        {**{name: note.get(name) for name in facts}, "code": code, "line": line}
        for note in notes
        for code, line in tickets_of(note)
    ]
    rest = [item for item in items if not item["sk"].startswith("T#")]
    return [*rest, *sorted(noted_tickets, key=lambda one: (one["pk"], one["line"], one["code"]))]


ENGINES = pytest.mark.parametrize("engine", ["ministack", "dynalite"])


@ENGINES
def test_an_import_killed_at_any_request_and_resumed_leaves_the_same_table(
    engine: str, request: pytest.FixtureRequest
) -> None:
    whole = a_table(request, engine)
    expected = run(ports_on(whole, engine))

    @given(at=st.integers(1, 45), moment=st.sampled_from(["before-call", "after-call"]), block=st.integers(1, 4))
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def law(at: int, moment: str, block: int) -> None:
        table = a_table(request, engine)
        with patch.object(ticket_blocks, "BLOCK_SIZE", block):
            revive = dying(table, at, moment)
            try:
                run(ports_on(table, engine))
            except Killed:
                revive()
                assert run(ports_on(table, engine)) == expected
            revive()
        assert state(table) == state(whole)

    law()


@ENGINES
def test_an_undo_killed_at_any_request_and_repeated_leaves_the_same_table(
    engine: str, request: pytest.FixtureRequest
) -> None:
    def table_after_import() -> Table:
        table = a_table(request, engine)
        run(ports_on(table, engine))
        Tickets(table).scan("demo", "B", "gala", AT)
        return table

    whole = table_after_import()
    undo_tickets(RECORD, "gala", LATER, ports_on(whole, engine))
    for at in range(1, 40, 6):
        table = table_after_import()
        revive = dying(table, at, "after-call")
        try:
            undo_tickets(RECORD, "gala", LATER, ports_on(table, engine))
        except Killed:
            revive()
            undo_tickets(RECORD, "gala", LATER, ports_on(table, engine))
        revive()
        assert state(table) == state(whole)


@ENGINES
def test_an_undone_import_leaves_only_customers_and_its_account(engine: str, request: pytest.FixtureRequest) -> None:
    table = a_table(request, engine)
    before = contents(table)
    run(ports_on(table, engine))
    undo_tickets(RECORD, "gala", LATER, ports_on(table, engine))
    remaining = [item for item in contents(table) if item not in before]
    kinds = {item["sk"] for item in remaining if not item["pk"].startswith("O#demo#C#")}
    assert {item["sk"] for item in remaining if item["pk"] in {f"O#demo#C#{ANN}", f"O#demo#C#{BOB}"}} == {"PROFILE"}
    assert "TICKET" not in kinds
    assert EventSales(table).read_sales("demo", "gala") == Sales()


@pytest.mark.behaviour(69)
def test_tickets_sold_during_an_import_share_its_capacity_exactly(ministack: str) -> None:
    table = new_table(ministack)
    ports, alone = ports_on(table, "ministack"), EventTickets(table)
    gala = Event(event_id="gala", name="Gala", capacity=60)

    def sell(number: int) -> bool:
        request = SingleTicket(code=f"LIVE{number}", when_full=WhenFull.STOP)
        try:
            add_ticket("demo", gala, request, f"01kl{number:04d}", AT, alone, ports.customers)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(5) as doors, patch.object(ticket_blocks, "BLOCK_SIZE", 5):
        importing = doors.submit(run, ports, [ARow(f"T{n}") for n in range(60)], 60)
        sold_quantity = sum(doors.map(sell, range(40)))
        tickets, _, _ = importing.result()
    assert sold_quantity + tickets.imported == 60
    there = Tickets(table).get_tickets("demo", [f"T{n}" for n in range(60)])
    assert sorted(ticket.line for ticket in there.values()) == list(range(2, 2 + tickets.imported))
    assert EventSales(table).read_sales("demo", "gala") == Sales(taken_places=60, imported=60)


def test_throttled_statements_are_retried(ministack: str) -> None:
    table = new_table(ministack)
    turns = iter([True, True, False])

    def throttle(operation: str, more: dict[str, Any]) -> None:
        if operation == "BatchExecuteStatement" and next(turns, False):
            for answer in more["Responses"][::3]:
                answer["Error"] = {"Code": "ThrottlingError", "Message": "slow down"}

    on_requests(table, "after-call", throttle)
    many = [a_ticket(f"A{n}", line=n) for n in range(20)]
    assert {duplicate.line for duplicate in Tickets(table).insert("demo", many).values()} <= {one.line for one in many}
    assert len(Tickets(table).get_tickets("demo", [ticket.code for ticket in many])) == 20


@pytest.mark.parametrize("code", ["TransactionConflictException", "TransactionCanceledException"])
def test_a_write_that_conflicts_with_a_transaction_is_retried(ministack: str, code: str) -> None:
    table = new_table(ministack)
    turns = iter([True, True, False])

    def conflict(operation: str, _request: dict[str, Any]) -> None:
        if operation in {"UpdateItem", "TransactWriteItems"} and next(turns, False):
            raise RequestRefused(operation, code, reasons=["TransactionConflict"])

    gala = Event(event_id="gala", name="Gala", capacity=3)
    request = SingleTicket(code="A", when_full=WhenFull.STOP)
    on_requests(table, "before-call", conflict)
    ticket = add_ticket("demo", gala, request, "01kalone", AT, EventTickets(table), Customers(table))
    assert Tickets(table).get_ticket("demo", "A") == ticket
    assert EventSales(table).read_sales("demo", "gala") == Sales(taken_places=1, imported=1)


def test_two_concurrent_workers_import_every_row_once(ministack: str) -> None:
    table = new_table(ministack)
    rows = [ARow(f"T{n}", "N", f"n{n % 5}@example.org") for n in range(40)]

    def work(_number: int) -> object:
        try:
            return run(ports_on(table, "ministack"), rows, 30)
        except Exception as error:  # noqa: BLE001 - one of the two may be overtaken, and says so
            return type(error).__name__

    with ThreadPoolExecutor(2) as workers, patch.object(ticket_blocks, "BLOCK_SIZE", 3):
        tallies = list(workers.map(work, range(2)))
    assert set(map(str, tallies)) - {"ConcurrentModification"}
    assert run(ports_on(table, "ministack"), rows, 30)[0].imported == 30
    assert EventSales(table).read_sales("demo", "gala") == Sales(taken_places=30, imported=30)
    assert {ticket.batch for ticket in Tickets(table).list_batch("demo", "gala", IMPORT)} == {IMPORT}
