"""Every system's export means what it says: each file is read rightly, or asks, or is refused for a good reason."""

import json
from pathlib import Path

import pytest

from chalicelib.web.serialization import to_json
from chalicelib.web.validation import read
from guestlist.imports.explanation import explanation_of
from guestlist.imports.model import Kind, Reason, Status
from guestlist.imports.request import Correction
from guestlist.imports.service import confirm
from guestlist.tickets.scans import scan
from tests.exports.harnesses import harness_of, imported, imported_over_members, stored_records
from tests.exports.judging import CASES, FILES, FOLDER, faults_of, judged
from tests.unit.customers.harness import CustomerHarness
from tests.unit.imports.builders import TOKEN
from tests.unit.imports.harness import Harness, options
from tests.unit.purchases.harness import PurchaseHarness
from tests.unit.tickets.harness import TicketHarness

FAILS = {("luma-guests.csv", Kind.TICKETS), ("partiful-guests.csv", Kind.CUSTOMERS)}
"""No column of the one holds what a scanner reads, and the other has no addresses."""
ASKS = {(name, Kind.TARGET_GROUP) for name in ("alfio-tickets.csv", "luma-guests.csv", "shopify-orders.csv")}
"""A promo code that was used stands beside addresses."""
CUSTOMERS = [name for name, kind in CASES if kind is Kind.CUSTOMERS and (name, kind) not in FAILS]


def text(name: str) -> str:
    """The file as text, its line ends as they are."""
    data = (FOLDER / "files" / name).read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name}-{kind}" for name, kind in CASES])
def test_an_export_is_read_as_a_person_expects(name: str, kind: Kind) -> None:
    usual = "failed" if (name, kind) in FAILS else "asked" if (name, kind) in ASKS else "right"
    word, faults = judged(name, kind)
    assert word == usual, faults


@pytest.mark.parametrize("name", CUSTOMERS)
def test_the_groups_of_another_system_end_nobodys_membership(tmp_path: Path, name: str) -> None:
    record = imported_over_members(tmp_path, text(name), FILES[name]["kinds"]["customers"]["members"])
    if name == "clubdesk-kontakte.csv":
        assert record.detected
        assert any("“Gruppen” was not read" in note for note in record.detected.texts())


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("pretix-orders.csv", 1), ("stripe-payments.csv", 2), ("luma-guests.csv", 2), ("klubmodul-medlemmer.csv", 0)],
)
def test_excluded_rows_are_counted_separately(tmp_path: Path, name: str, left_out: int) -> None:
    counts = CustomerHarness(tmp_path).imported(text(name)).counts
    assert (counts.left_out, counts.total) == (left_out, counts.imported + counts.refused + left_out)


@pytest.mark.parametrize("name", [name for name, kind in CASES if kind is Kind.PURCHASES])
def test_the_orders_of_an_export_are_recorded_under_the_names_of_the_items(tmp_path: Path, name: str) -> None:
    expected = FILES[name]["kinds"]["purchases"]
    harness = PurchaseHarness(tmp_path)
    harness.sells(expected["items"])
    harness.imported(text(name))
    quantities = {_first(one["order"]): sum(one["lines"].values()) for one in expected["must"]}
    assert harness.nets() == quantities


def _first(expected: str | list[str]) -> str:
    return expected if isinstance(expected, str) else expected[0]


WORKED = [(name, kind) for name, kind in CASES if kind is not Kind.PURCHASES and (name, kind) not in FAILS]


@pytest.mark.parametrize(("name", "kind"), WORKED, ids=[f"{name}-{kind}" for name, kind in WORKED])
def test_the_rows_of_an_export_are_stored(tmp_path: Path, name: str, kind: Kind) -> None:
    harness = harness_of(kind, tmp_path)
    asks, record = (name, kind) in ASKS, imported(harness, kind, text(name))
    if asks:
        assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.DECISION_REQUIRED)
        assert stored_records(harness, kind) == {}
        assert record.suggested
        suggested = json.loads(to_json(record.suggested.options()))
        confirm(record, read(Correction, suggested), TOKEN, harness.clock.now(), harness.imports, harness.queue)
        record = harness.run(None)
    assert record.status in {Status.COMPLETE, Status.PARTIAL}
    assert faults_of(stored_records(harness, kind), FILES[name]["kinds"][kind.value], kind) == []


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("eventbrite-attendees.csv", "13817204619184415834230019", ("Early bird", "", "13817204619")),
        ("pretix-checkin-list.csv", "hm2xrqv6y3ak5tdzw7fjbnc4pe8gsu9l", ("Regular ticket", "", "X7KQZ")),
        ("event-tickets-wordpress.csv", "a1f09c33be", ("General Admission", "", "2251")),
        ("tito-tickets.csv", "GIAO-1", ("Early bird", "", "GIAO")),
    ],
)
def test_the_tickets_of_an_export_keep_their_type_seat_and_order(
    tmp_path: Path, name: str, code: str, expected: tuple[str, str, str]
) -> None:
    harness = TicketHarness(tmp_path)
    harness.imported(text(name))
    ticket = scan("demo", "gala", code, harness.clock.now(), harness.world.tickets).ticket
    assert ticket
    assert (ticket.ticket_type, ticket.seat, ticket.order) == expected


@pytest.mark.parametrize("name", [name for name, _ in sorted(ASKS)])
def test_a_waiting_export_stores_nothing_until_confirmed_and_then_the_suggestions(tmp_path: Path, name: str) -> None:
    harness = Harness(tmp_path)
    record = harness.imported(text(name), options=options(), consent=harness.agreed)
    assert (record.status, record.reason) == (Status.AWAITING_REVIEW, Reason.DECISION_REQUIRED)
    assert "seems to hold codes that were used" in (explanation_of(record) or "")
    assert harness.imports.groups.read_group_index("demo").find_by_name("Friends") is None
    harness.confirmed()
    entries = harness.entries()
    assert {entry.code for entry in entries} == {""}
    must = {one["email"] for one in FILES[name]["kinds"]["target_group"]["must"]}
    assert must <= {entry.email for entry in entries}
