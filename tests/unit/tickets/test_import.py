"""A ticket import from its file to its end."""

from dataclasses import replace
from pathlib import Path

import pytest

from guestlist.imports.explanation import explanation_of
from guestlist.imports.model import Counts, OnError, Reason, Status, WhenFull
from guestlist.tickets.importing import blocks as ticket_blocks
from guestlist.tickets.model import Sales, Ticket
from tests.fakes.crash_injection import CrashInjector, Killed
from tests.fakes.tickets import a_ticket
from tests.unit.tickets.harness import TicketHarness

FILE = "Ticket code,Name,Email\nA,Ann,ann@example.org\nB,Bob,bob@example.org\nA,,\nC,,oops\n"
GOOD = "Ticket code\n" + "".join(f"T{n}\n" for n in range(8))


@pytest.fixture
def harness(tmp_path: Path) -> TicketHarness:
    return TicketHarness(tmp_path)


@pytest.mark.behaviour(63, 99)
def test_good_rows_become_tickets_and_the_others_are_reported(harness: TicketHarness) -> None:
    record = harness.imported(FILE)
    assert (record.status, record.counts, record.event_id) == (Status.PARTIAL, Counts(4, 2, 2), "gala")
    assert record.tickets == {"total": 4, "imported": 2, "duplicate": 1, "invalid": 1, "no_capacity": 0}
    assert record.contacts == {"total": 2, "imported": 2, "existed": 0, "no_email": 0}
    assert harness.codes == ["A", "B"]
    assert harness.imports.mails == [record.import_id]
    codes = [problem["code"] for problem in harness.imports.problems("demo", record.import_id)]
    assert codes == ["duplicate_in_file", "bad_email"]


def test_a_file_without_a_fault_is_complete(harness: TicketHarness) -> None:
    assert (harness.imported(GOOD).status, len(harness.codes)) == (Status.COMPLETE, 8)


@pytest.mark.behaviour(65)
def test_an_unknown_event_fails_the_file(harness: TicketHarness) -> None:
    record = harness.imported(GOOD, event_id="ball")
    assert (record.status, record.reason) == (Status.FAILED, Reason.UNKNOWN_EVENT)
    assert harness.codes == []


@pytest.mark.parametrize("when_full", list(WhenFull))
@pytest.mark.behaviour(66, 67, 68)
def test_a_full_event_stops_the_import_or_not_by_its_option(harness: TicketHarness, when_full: WhenFull) -> None:
    harness.capacity = 3
    record = harness.imported(GOOD, when_full=when_full)
    stops = when_full is WhenFull.STOP
    assert (record.status, len(harness.codes)) == ((Status.PARTIAL, 3) if stops else (Status.COMPLETE, 8))


def test_a_file_of_which_no_row_is_good_fails(harness: TicketHarness) -> None:
    harness.world.tickets.insert("demo", [a_ticket("A", batch="01older")])
    record = harness.imported("Ticket code\nA\nA\n")
    assert (record.status, record.reason, record.counts) == (Status.FAILED, Reason.NO_GOOD_ROW, Counts(2, 0, 2))
    assert record.refused_file


@pytest.mark.behaviour(69)
def test_a_file_without_an_imported_ticket_counts_tickets_by_their_problems(harness: TicketHarness) -> None:
    harness.capacity = 0
    record = harness.imported(FILE)
    assert (record.status, record.reason) == (Status.FAILED, Reason.NO_GOOD_ROW)
    assert record.tickets == {"total": 4, "imported": 0, "duplicate": 0, "invalid": 1, "no_capacity": 3}
    assert record.contacts is None


@pytest.mark.parametrize(
    ("file", "expected"),
    [("Ticket code\nA\nA\n", "1 row was refused"), (FILE, "2 rows were refused")],
    ids=["one", "two"],
)
def test_on_error_abort_reports_the_number_of_refused_rows(harness: TicketHarness, file: str, expected: str) -> None:
    assert explanation_of(harness.imported(file, on_error=OnError.ABORT)) == f"{expected}, so none was imported."


def test_on_error_abort_counts_tickets_by_their_problems(harness: TicketHarness) -> None:
    record = harness.imported(FILE, on_error=OnError.ABORT)
    assert record.reason is Reason.ROWS_REFUSED
    assert record.tickets == {"total": 4, "imported": 0, "duplicate": 1, "invalid": 1, "no_capacity": 0}


@pytest.mark.behaviour(28)
def test_a_review_shows_the_effect_and_stores_nothing_until_confirmed(harness: TicketHarness) -> None:
    harness.capacity = 5
    before = repr(harness.world.state())
    record = harness.imported(FILE, review=True)
    assert (record.status, record.counts) == (Status.AWAITING_REVIEW, Counts(4, 0, 2, would_import=2))
    assert record.effect == {"tickets_added": 2, "customers_created": 2, "places_left": 3}
    assert record.tickets == {"total": 4, "imported": 2, "duplicate": 1, "invalid": 1, "no_capacity": 0}
    assert repr(harness.world.state()) == before
    harness.imports.save_import(replace(record, status=Status.READING, confirmed=True, due_at=harness.clock.now()))
    assert (harness.run().status, harness.codes) == (Status.PARTIAL, ["A", "B"])


def test_on_error_abort_with_a_refused_row_imports_nothing(harness: TicketHarness) -> None:
    before = repr(harness.world.state())
    record = harness.imported(FILE, on_error=OnError.ABORT)
    assert (record.status, record.reason, record.counts) == (Status.FAILED, Reason.ROWS_REFUSED, Counts(4, 0, 2))
    assert repr(harness.world.state()) == before


def test_on_error_abort_validates_a_confirmed_file_again_before_storing_anything(
    harness: TicketHarness,
) -> None:
    record = harness.imported(GOOD, review=True, on_error=OnError.ABORT)
    harness.world.tickets.insert("demo", [a_ticket("T3", batch="01other")])
    before = repr(harness.world.state())
    harness.imports.save_import(replace(record, status=Status.IMPORTING, confirmed=True, due_at=harness.clock.now()))
    assert harness.run().reason is Reason.ROWS_REFUSED
    assert repr(harness.world.state()) == before


def test_on_error_abort_with_good_rows_imports_all(harness: TicketHarness) -> None:
    assert harness.imported(GOOD, on_error=OnError.ABORT).status is Status.COMPLETE
    assert len(harness.codes) == 8


def test_on_error_abort_undoes_everything_if_a_code_is_taken_while_storing(
    harness: TicketHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = harness.world.tickets.insert

    def late(org: str, tickets: list[Ticket]) -> object:
        insert(org, [a_ticket("T3", batch="01other")])
        return insert(org, tickets)

    monkeypatch.setattr(harness.world.tickets, "insert", late)
    record = harness.imported(GOOD, on_error=OnError.ABORT)
    assert (record.status, record.reason) == (Status.FAILED, Reason.ROWS_REFUSED)
    assert harness.codes == ["T3"]
    assert harness.world.sales.read_sales("demo", "gala") == Sales()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 5, 9, 14, 20])
def test_after_a_worker_dies_another_ends_the_import_the_same(
    tmp_path: Path, at: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_blocks, "BLOCK_SIZE", 2)
    (tmp_path / "whole").mkdir()
    whole, broken = TicketHarness(tmp_path / "whole", capacity=5), TicketHarness(tmp_path, capacity=5)
    expected = whole.imported(GOOD)
    with pytest.raises(Killed):
        broken.run(broken.upload(GOOD), CrashInjector(at, after=after))
    broken.silence()
    record = broken.run()
    assert (record.status, record.tickets, record.contacts) == (expected.status, expected.tickets, expected.contacts)
    assert broken.world.state() == whole.world.state()


def test_a_worker_short_of_time_leaves_the_rest_to_another(
    harness: TicketHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_blocks, "BLOCK_SIZE", 1)
    harness.clock.remaining_checks = 3
    assert harness.run(harness.upload(GOOD)).status is Status.IMPORTING
    assert (len(harness.codes), len(harness.queue.resumed)) == (4, 1)
    harness.clock.remaining_checks = None
    assert (harness.run().status, len(harness.codes)) == (Status.COMPLETE, 8)
