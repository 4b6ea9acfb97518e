"""Offline scans: the result of each, and the state of the ticket afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from guestlist.model.errors import Conflict
from guestlist.tickets.model import Ticket
from guestlist.tickets.offline_scans import MAX_CLOCK_SKEW, MAX_SCAN_AGE, MergeResult, OfflineScan, merge
from guestlist.tickets.scans import ScanResult, scan
from tests.fakes.tickets import FakeTickets, a_ticket

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tickets() -> FakeTickets:
    tickets = FakeTickets()
    tickets.insert("demo", [a_ticket("A"), a_ticket("B", event_id="ball")])
    return tickets


def a_scan(minutes: float = -10, device: str = "east", code: str = "A") -> OfflineScan:
    return OfflineScan(event_id="gala", code=code, scanned_at=NOW + minutes * MINUTE, device=device)


def results(tickets: FakeTickets, *scans: OfflineScan) -> list[str]:
    return [one.result.value for one in merge("demo", scans, NOW, tickets)]


def test_the_earliest_scan_of_a_batch_is_accepted_and_the_others_say_where_and_when(tickets: FakeTickets) -> None:
    late, early = merge("demo", [a_scan(-5, "east"), a_scan(-6, "west")], NOW, tickets)
    assert (late.result, early.result) == (MergeResult.ALREADY_SCANNED, MergeResult.ACCEPTED)
    assert late.ticket == a_ticket("A", scanned_at=NOW - 6 * MINUTE, scanned_by="west")


def test_at_the_same_instant_the_device_decides(tickets: FakeTickets) -> None:
    assert results(tickets, a_scan(-5, "west"), a_scan(-5, "east")) == ["already_scanned", "accepted"]


def test_an_earlier_scan_in_a_later_batch_replaces_the_accepted_one(tickets: FakeTickets) -> None:
    assert results(tickets, a_scan(-5, "east")) == ["accepted"]
    assert results(tickets, a_scan(-6, "west")) == ["accepted"]
    assert results(tickets, a_scan(-5, "east"), a_scan(-6, "west")) == ["already_scanned", "accepted"]
    assert tickets.noted == {("demo", "A", NOW - 5 * MINUTE, "east")}


def test_the_same_scan_again_is_answered_alike(tickets: FakeTickets) -> None:
    scans = [a_scan(-5, "east"), a_scan(-4, "west"), a_scan(-5, "east")]
    assert results(tickets, *scans) == results(tickets, *scans) == ["accepted", "already_scanned", "accepted"]


def test_an_online_admission_is_kept(tickets: FakeTickets) -> None:
    scan("demo", "gala", "A", NOW, tickets)
    (merged,) = merge("demo", [a_scan(-60)], NOW, tickets)
    assert (merged.result, merged.ticket) == (MergeResult.ALREADY_SCANNED, a_ticket("A", scanned_at=NOW))
    assert tickets.noted == {("demo", "A", NOW - 60 * MINUTE, "east")}


def test_a_ticket_admitted_offline_is_not_admitted_online(tickets: FakeTickets) -> None:
    merge("demo", [a_scan()], NOW, tickets)
    answer = scan("demo", "gala", "A", NOW, tickets)
    assert answer.result is ScanResult.ALREADY_SCANNED
    assert answer.ticket is not None
    assert answer.ticket.scanned_by == "east"


def test_a_code_of_another_event_or_an_unknown_one_admits_nobody(tickets: FakeTickets) -> None:
    assert results(tickets, a_scan(code="B"), a_scan(code="C")) == ["other_event", "unknown"]
    assert tickets.get_tickets("demo", ["B"])["B"].scanned_at is None


@pytest.mark.parametrize(
    ("at", "result"),
    [
        (NOW + MAX_CLOCK_SKEW, "accepted"),
        (NOW + MAX_CLOCK_SKEW + timedelta.resolution, "bad_instant"),
        (NOW - MAX_SCAN_AGE, "accepted"),
        (NOW - MAX_SCAN_AGE - timedelta.resolution, "bad_instant"),
    ],
)
def test_the_time_of_an_offline_scan_is_accepted_within_bounds(tickets: FakeTickets, at: datetime, result: str) -> None:
    assert results(tickets, OfflineScan(event_id="gala", code="A", scanned_at=at, device="east")) == [result]


class Raced(FakeTickets):
    """Tickets that are scanned online right after they are read."""

    def scan_offline(self, org: str, ticket: Ticket, at: datetime, device: str) -> Ticket | None:
        self.scan(org, ticket.code, ticket.event_id, NOW)
        return super().scan_offline(org, ticket, at, device)


class Busy(FakeTickets):
    """Tickets that change after every read."""

    def scan_offline(self, org: str, ticket: Ticket, at: datetime, device: str) -> None:
        _ = org, ticket, at, device


class Undone(FakeTickets):
    """Tickets that are removed right after they are read."""

    def scan_offline(self, org: str, ticket: Ticket, at: datetime, device: str) -> None:
        _ = at, device
        self.remove_unscanned(org, [ticket])


@pytest.mark.parametrize(("kind", "result"), [(Raced, "already_scanned"), (Undone, "unknown")])
def test_a_change_between_reading_and_scanning_is_reported(kind: type[FakeTickets], result: str) -> None:
    tickets = kind()
    tickets.insert("demo", [a_ticket("A")])
    assert results(tickets, a_scan()) == [result]


def test_a_ticket_that_changes_at_every_attempt_is_given_up() -> None:
    tickets = Busy()
    tickets.insert("demo", [a_ticket("A")])
    with pytest.raises(Conflict, match="busy"):
        merge("demo", [a_scan()], NOW, tickets)
