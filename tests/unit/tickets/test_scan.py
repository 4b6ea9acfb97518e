"""The result of scanning a code at the door."""

from datetime import UTC, datetime

import pytest

from guestlist.tickets.model import Ticket
from guestlist.tickets.scans import Scan, ScanResult, scan
from guestlist.tickets.store import ticket_item, ticket_of
from tests.fakes.tickets import FakeTickets, a_ticket

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.fixture
def tickets() -> FakeTickets:
    tickets = FakeTickets()
    tickets.insert("demo", [a_ticket("A"), a_ticket(" *A* "), a_ticket("B", event_id="ball")])
    return tickets


@pytest.mark.behaviour(63, 90)
def test_an_imported_code_is_accepted_once(tickets: FakeTickets) -> None:
    first, second = scan("demo", "gala", "A", NOW, tickets), scan("demo", "gala", "A", NOW, tickets)
    assert first == Scan(ScanResult.ACCEPTED, a_ticket("A", scanned_at=NOW))
    assert second == Scan(ScanResult.ALREADY_SCANNED, a_ticket("A", scanned_at=NOW))


@pytest.mark.behaviour(91)
@pytest.mark.parametrize("code", ["C", "a", "A ", " A", "*A*", "B\0", ""])
def test_a_code_that_no_ticket_has_exactly_is_unknown(tickets: FakeTickets, code: str) -> None:
    assert scan("demo", "gala", code, NOW, tickets) == Scan(ScanResult.UNKNOWN)


@pytest.mark.behaviour(105)
def test_spaces_and_stars_are_part_of_the_code(tickets: FakeTickets) -> None:
    assert scan("demo", "gala", " *A* ", NOW, tickets).result is ScanResult.ACCEPTED


def test_no_ticket_is_looked_up_by_a_code_longer_than_any(tickets: FakeTickets) -> None:
    tickets.get_ticket = None  # type: ignore[method-assign, assignment]
    assert scan("demo", "gala", "x" * 201, NOW, tickets) == Scan(ScanResult.UNKNOWN)


def test_a_ticket_of_another_event_says_so(tickets: FakeTickets) -> None:
    assert scan("demo", "gala", "B", NOW, tickets) == Scan(ScanResult.OTHER_EVENT, a_ticket("B", event_id="ball"))


def test_a_ticket_of_another_organiser_is_unknown(tickets: FakeTickets) -> None:
    assert scan("other", "gala", "A", NOW, tickets).result is ScanResult.UNKNOWN


@pytest.mark.behaviour(112)
def test_a_dry_run_has_the_same_result_and_admits_nobody(tickets: FakeTickets) -> None:
    for _ in range(2):
        assert scan("demo", "gala", "A", NOW, tickets, dry_run=True).result is ScanResult.ACCEPTED
    scan("demo", "gala", "A", NOW, tickets)
    assert scan("demo", "gala", "A", NOW, tickets, dry_run=True).result is ScanResult.ALREADY_SCANNED


@pytest.mark.parametrize(
    ("meanwhile", "result"),
    [("scanned", ScanResult.ALREADY_SCANNED), ("undone", ScanResult.UNKNOWN)],
)
def test_a_change_between_reading_and_scanning_is_reported(meanwhile: str, result: ScanResult) -> None:
    class Late(FakeTickets):
        def scan(self, org: str, code: str, event_id: str, now: datetime) -> Ticket | None:
            if meanwhile == "scanned":
                super().scan(org, code, event_id, now)
            else:
                self.remove_unscanned(org, [a_ticket("A")])
            return None

    tickets = Late()
    tickets.insert("demo", [a_ticket("A")])
    assert scan("demo", "gala", "A", NOW, tickets).result is result


def test_a_ticket_stored_by_an_earlier_version_has_no_type_no_seat_and_no_order() -> None:
    item = {name: value for name, value in ticket_item("demo", a_ticket("A")).items() if value is not None}
    assert not {"ticket_type", "seat", "order"} & item.keys()
    assert ticket_of(item) == a_ticket("A")
