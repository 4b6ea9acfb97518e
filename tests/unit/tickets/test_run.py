"""A ticket import from its file to its end."""

from dataclasses import replace
from pathlib import Path

import pytest

from guestlist.imports.model import Counts, OnError, Reason, Status, WhenFull
from guestlist.tickets.importing import blocks as ticket_blocks
from guestlist.tickets.model import Sales, Ticket
from tests.fakes.breaking import Fuse, Killed
from tests.fakes.tickets import a_ticket
from tests.unit.tickets.floor import TicketFloor

FILE = "Ticket code,Name,Email\nA,Ann,ann@example.org\nB,Bob,bob@example.org\nA,,\nC,,oops\n"
GOOD = "Ticket code\n" + "".join(f"T{n}\n" for n in range(8))


@pytest.fixture
def floor(tmp_path: Path) -> TicketFloor:
    return TicketFloor(tmp_path)


@pytest.mark.behaviour(63, 99)
def test_good_rows_become_tickets_and_the_others_are_reported(floor: TicketFloor) -> None:
    record = floor.imported(FILE)
    assert (record.status, record.counts, record.event_id) == (Status.PARTIAL, Counts(4, 2, 2), "gala")
    assert record.tickets == {"total": 4, "imported": 2, "duplicate": 1, "invalid": 1, "no_capacity": 0}
    assert record.contacts == {"total": 2, "imported": 2, "existed": 0, "no_email": 0}
    assert floor.codes == ["A", "B"]
    assert floor.imports.mails == [record.import_id]
    codes = [problem["code"] for problem in floor.imports.problems("demo", record.import_id)]
    assert codes == ["duplicate_in_file", "bad_email"]


def test_a_file_without_a_fault_is_complete(floor: TicketFloor) -> None:
    assert (floor.imported(GOOD).status, len(floor.codes)) == (Status.COMPLETE, 8)


@pytest.mark.behaviour(65)
def test_an_unknown_event_fails_the_file(floor: TicketFloor) -> None:
    record = floor.imported(GOOD, event_id="ball")
    assert (record.status, record.reason) == (Status.FAILED, Reason.UNKNOWN_EVENT)
    assert floor.codes == []


@pytest.mark.parametrize("when_full", list(WhenFull))
@pytest.mark.behaviour(66, 67, 68)
def test_a_full_event_stops_the_import_or_not_as_said(floor: TicketFloor, when_full: WhenFull) -> None:
    floor.capacity = 3
    record = floor.imported(GOOD, when_full=when_full)
    stops = when_full is WhenFull.STOP
    assert (record.status, len(floor.codes)) == ((Status.PARTIAL, 3) if stops else (Status.COMPLETE, 8))


def test_a_file_of_which_no_row_is_good_fails(floor: TicketFloor) -> None:
    floor.world.tickets.insert("demo", [a_ticket("A", batch="01older")])
    record = floor.imported("Ticket code\nA\nA\n")
    assert (record.status, record.reason, record.counts) == (Status.FAILED, Reason.NO_GOOD_ROW, Counts(2, 0, 2))
    assert record.refused_file


@pytest.mark.behaviour(69)
def test_a_file_of_which_nothing_fits_tells_why_ticket_by_ticket(floor: TicketFloor) -> None:
    floor.capacity = 0
    record = floor.imported(FILE)
    assert (record.status, record.reason) == (Status.FAILED, Reason.NO_GOOD_ROW)
    assert record.tickets == {"total": 4, "imported": 0, "duplicate": 0, "invalid": 1, "no_capacity": 3}
    assert record.contacts is None


@pytest.mark.parametrize(
    ("file", "told"),
    [("Ticket code\nA\nA\n", "1 row was refused"), (FILE, "2 rows were refused")],
    ids=["one", "two"],
)
def test_all_or_nothing_tells_how_many_rows_were_refused(floor: TicketFloor, file: str, told: str) -> None:
    assert floor.imported(file, on_error=OnError.ABORT).detail == f"{told}, so none was imported."


def test_all_or_nothing_tells_which_tickets_kept_the_others_out(floor: TicketFloor) -> None:
    record = floor.imported(FILE, on_error=OnError.ABORT)
    assert record.reason is Reason.ROWS_REFUSED
    assert record.tickets == {"total": 4, "imported": 0, "duplicate": 1, "invalid": 1, "no_capacity": 0}


@pytest.mark.behaviour(28)
def test_a_review_tells_everything_and_stores_nothing_before_it_is_confirmed(floor: TicketFloor) -> None:
    floor.capacity = 5
    before = repr(floor.world.state())
    record = floor.imported(FILE, review=True)
    assert (record.status, record.counts) == (Status.AWAITING_REVIEW, Counts(4, 0, 2, would_import=2))
    assert record.effect == {"tickets_added": 2, "customers_created": 2, "places_left": 3}
    assert record.tickets == {"total": 4, "imported": 2, "duplicate": 1, "invalid": 1, "no_capacity": 0}
    assert repr(floor.world.state()) == before
    floor.imports.save(replace(record, status=Status.READING, confirmed=True, due_at=floor.clock.now()))
    assert (floor.run().status, floor.codes) == (Status.PARTIAL, ["A", "B"])


def test_all_or_nothing_with_one_bad_row_is_nothing(floor: TicketFloor) -> None:
    before = repr(floor.world.state())
    record = floor.imported(FILE, on_error=OnError.ABORT)
    assert (record.status, record.reason, record.counts) == (Status.FAILED, Reason.ROWS_REFUSED, Counts(4, 0, 2))
    assert repr(floor.world.state()) == before


def test_all_or_nothing_confirmed_after_a_review_is_looked_through_again_before_anything_is_stored(
    floor: TicketFloor,
) -> None:
    record = floor.imported(GOOD, review=True, on_error=OnError.ABORT)
    floor.world.tickets.insert("demo", [a_ticket("T3", batch="01other")])
    before = repr(floor.world.state())
    floor.imports.save(replace(record, status=Status.IMPORTING, confirmed=True, due_at=floor.clock.now()))
    assert floor.run().reason is Reason.ROWS_REFUSED
    assert repr(floor.world.state()) == before


def test_all_or_nothing_with_good_rows_is_all(floor: TicketFloor) -> None:
    assert floor.imported(GOOD, on_error=OnError.ABORT).status is Status.COMPLETE
    assert len(floor.codes) == 8


def test_all_or_nothing_takes_everything_back_when_a_code_is_taken_at_the_last_moment(
    floor: TicketFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = floor.world.tickets.insert

    def late(org: str, tickets: list[Ticket]) -> object:
        insert(org, [a_ticket("T3", batch="01other")])
        return insert(org, tickets)

    monkeypatch.setattr(floor.world.tickets, "insert", late)
    record = floor.imported(GOOD, on_error=OnError.ABORT)
    assert (record.status, record.reason) == (Status.FAILED, Reason.ROWS_REFUSED)
    assert floor.codes == ["T3"]
    assert floor.world.sales.read("demo", "gala") == Sales()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 5, 9, 14, 20])
def test_a_worker_that_dies_is_followed_by_one_that_ends_the_import_the_same(
    tmp_path: Path, at: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_blocks, "BLOCK", 2)
    (tmp_path / "whole").mkdir()
    whole, broken = TicketFloor(tmp_path / "whole", capacity=5), TicketFloor(tmp_path, capacity=5)
    expected = whole.imported(GOOD)
    with pytest.raises(Killed):
        broken.run(broken.sent(GOOD), Fuse(at, after=after))
    broken.silence()
    record = broken.run()
    assert (record.status, record.tickets, record.contacts) == (expected.status, expected.tickets, expected.contacts)
    assert broken.world.state() == whole.world.state()


def test_a_worker_whose_time_is_short_has_another_go_on(floor: TicketFloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticket_blocks, "BLOCK", 1)
    floor.clock.left = 3
    assert floor.run(floor.sent(GOOD)).status is Status.IMPORTING
    assert (len(floor.codes), len(floor.queue.resumed)) == (4, 1)
    floor.clock.left = None
    assert (floor.run().status, len(floor.codes)) == (Status.COMPLETE, 8)
