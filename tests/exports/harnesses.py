"""A worker for each kind of file, and what it has stored, as `judging` holds it against what a person expects."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guestlist.imports.model import Import, Kind, Status
from guestlist.imports.reading.quantities import MAX_QUANTITY
from guestlist.model.email_address import fold_email
from tests.exports.judging import ZONE, Records
from tests.unit.customers.harness import CustomerHarness
from tests.unit.imports.harness import Harness, options
from tests.unit.tickets.harness import TicketHarness

_HARNESSES: dict[Kind, Any] = {Kind.TARGET_GROUP: Harness, Kind.CUSTOMERS: CustomerHarness, Kind.TICKETS: TicketHarness}


def harness_of(kind: Kind, folder: Path) -> Any:
    """Everything that an import of that kind touches, in memory."""
    harness = _HARNESSES[kind](folder)
    if kind is Kind.TICKETS:
        harness.zone = ZONE
    return harness


def imported(harness: Any, kind: Kind, text: str) -> Import:
    """The import of this file, run undisturbed."""
    import_options = {"options": options(), "consent": harness.agreed} if kind is Kind.TARGET_GROUP else {}
    record: Import = harness.imported(text, **import_options)
    return record


def imported_over_members(folder: Path, text: str, members: Sequence[str]) -> Import:
    """The import of a file of customers of whom these are members of a group; it must leave them in it."""
    harness = CustomerHarness(folder)
    crew = harness.group("Crew")
    for email in members:
        harness.member(email, crew)
    record: Import = harness.imported(text)
    assert record.status in {Status.COMPLETE, Status.PARTIAL}
    assert [harness.of(email) for email in members] == [{"Crew"}] * len(members)
    return record


def stored_records(harness: Any, kind: Kind) -> Records:
    """All that is stored, by what it is found by."""
    match kind:
        case Kind.TICKETS:
            return _tickets(harness)
        case Kind.CUSTOMERS:
            return {email: {"name": one.name} for (_, email), one in harness.customers.stored.items()}
        case _:
            return _entries(harness)


def _tickets(harness: TicketHarness) -> Records:
    return {
        code: {
            "name": ticket.name,
            "email": ticket.email,
            "at": ticket.original_at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if ticket.original_at else None,
        }
        for (_, code), ticket in harness.world.tickets.stored.items()
    }


def _entries(harness: Harness) -> Records:
    if harness.imports.groups.read_group_index("demo").find_by_name("Friends") is None:
        return {}
    records: Records = {}
    for entry in harness.entries():
        quantity = "unlimited" if entry.quantity == MAX_QUANTITY else entry.quantity
        fields = {"email": fold_email(entry.email), "code": entry.code, "quantity": quantity}
        records.setdefault(entry.code or fields["email"], fields)
    return records
