"""Undo of a ticket import: what it removes, and what it leaves."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guestlist.imports.model import Import, Kind, Options, OrderGrouping
from guestlist.model.errors import ConcurrentModification
from guestlist.tickets.importing import undo as ticket_undo
from guestlist.tickets.importing.rows import import_tickets
from guestlist.tickets.importing.undo import undo_tickets
from guestlist.tickets.model import Sales, Ticket
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.tickets import AT, FILE, IMPORT, ARow, FakeTickets, World

ENDED = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
LATER = ENDED + timedelta(hours=1)
RECORD = Import(
    organiser_id="demo",
    import_id=IMPORT,
    kind=Kind.TICKETS,
    file_name="tickets.csv",
    options=Options(),
    created_at=AT,
    created_by="office",
    expires_at=AT,
    finished_at=ENDED,
)
ROWS = [
    ARow("A", "Ann", "ann@example.org"),
    ARow("B", "Ann", "ann@example.org"),
    ARow("C", "Bob", "bob@example.org"),
    ARow("D"),
]


def imported(rows: Sequence[ARow] = ROWS, grouping: OrderGrouping = OrderGrouping.BUYER) -> World:
    world = World()
    file = replace(FILE, grouping=grouping)
    numbered = list(enumerate(rows, start=2))
    import_tickets(numbered, file, world.ports, lambda: None, lambda _line: None, lambda _problem: None)
    return world


@pytest.mark.parametrize("grouping", [OrderGrouping.BUYER, OrderGrouping.ROW])
def test_an_undo_removes_tickets_contacts_and_orders_and_frees_their_places(grouping: OrderGrouping) -> None:
    world = imported(grouping=grouping)
    undone = undo_tickets(RECORD, "gala", LATER, world.ports)
    assert (world.tickets.stored, world.contacts.stored, world.contacts.bought) == ({}, {}, {})
    assert [order for _, order in world.contacts.orders if order != f"{IMPORT}-5"] == []
    assert world.sales.read_sales("demo", "gala") == Sales()
    assert undone.at == LATER


def test_an_undo_keeps_and_names_scanned_tickets_and_their_buyers() -> None:
    world = imported()
    world.tickets.scan("demo", "C", "gala", ENDED)
    undone = undo_tickets(RECORD, "gala", LATER, world.ports)
    assert [code for _, code in world.tickets.stored] == ["C"]
    assert [contact.email for contact in world.contacts.stored.values()] == ["bob@example.org"]
    assert world.sales.read_sales("demo", "gala") == Sales(taken_places=1, imported=1)
    assert undone.texts()[0] == "Ticket “C” of line 4 was scanned, and stays."


def test_an_undo_keeps_customers_and_says_so() -> None:
    world = imported()
    undone = undo_tickets(RECORD, "gala", LATER, world.ports)
    assert len(world.customers.stored) == 2
    assert undone.texts() == ("2 buyers whom the import made customers stay customers.",)


def test_the_first_scanned_tickets_are_named_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticket_undo, "MAX_NAMED", 2)
    world = imported([ARow(code) for code in "ABCDE"])
    for code in "EDCB":
        world.tickets.scan("demo", code, "gala", ENDED)
    messages = undo_tickets(RECORD, "gala", LATER, world.ports).texts()
    assert [sentence.split(" was")[0] for sentence in messages[:2]] == ["Ticket “B” of line 3", "Ticket “C” of line 4"]
    assert messages[2:] == ("2 more tickets were scanned, and stay.",)


def test_a_repeated_undo_frees_no_place_twice() -> None:
    world = imported()
    world.sales.sell("demo", "gala", 100)
    undo_tickets(RECORD, "gala", LATER, world.ports)
    undo_tickets(RECORD, "gala", LATER, world.ports)
    assert world.sales.read_sales("demo", "gala") == Sales(taken_places=1)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 9))
def test_an_undo_killed_at_any_call_and_repeated_ends_the_same(at: int, after: bool) -> None:
    whole, broken = imported(), imported()
    for world in (whole, broken):
        world.tickets.scan("demo", "C", "gala", ENDED)
    undo_tickets(RECORD, "gala", LATER, whole.ports)
    with suppress(Killed):
        undo_tickets(RECORD, "gala", LATER, CrashInjector(at, after=after).wrap(broken.ports))
    undo_tickets(RECORD, "gala", LATER, broken.ports)
    assert broken.state() == whole.state()


class Lagging(FakeTickets):
    """The list of an import's tickets, of which the last are not there yet."""

    def list_batch(self, org: str, event_id: str, batch: str, after_line: int = -1):
        tickets: list[Ticket] = list(super().list_batch(org, event_id, batch, after_line))
        yield from tickets[:-1]


def test_nothing_is_undone_while_the_index_lags_behind() -> None:
    world = imported()
    lagging = Lagging()
    lagging.stored = world.tickets.stored
    ports = replace(world.ports, tickets=lagging)
    with pytest.raises(ConcurrentModification):
        undo_tickets(RECORD, "gala", ENDED + timedelta(seconds=1), ports)
    assert len(world.tickets.stored) == 4
