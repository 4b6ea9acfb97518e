"""A worker for each kind of file, and what it has stored, as `judging` holds it against what a person expects."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guestlist.imports.model import Import, Kind, Status
from guestlist.imports.reading.cells import MOST_QUANTITY
from guestlist.model.email_address import fold_email
from tests.exports.judging import ZONE, Found
from tests.unit.customers.floor import CustomerFloor
from tests.unit.imports.floor import Floor, options
from tests.unit.tickets.floor import TicketFloor

_FLOORS: dict[Kind, Any] = {Kind.TARGET_GROUP: Floor, Kind.CUSTOMERS: CustomerFloor, Kind.TICKETS: TicketFloor}


def floor_of(kind: Kind, folder: Path) -> Any:
    """Everything that an import of that kind touches, in memory."""
    floor = _FLOORS[kind](folder)
    if kind is Kind.TICKETS:
        floor.zone = ZONE
    return floor


def imported(floor: Any, kind: Kind, text: str) -> Import:
    """The import of this file, run undisturbed."""
    said = {"options": options(), "consent": floor.agreed} if kind is Kind.TARGET_GROUP else {}
    record: Import = floor.imported(text, **said)
    return record


def imported_over_members(folder: Path, text: str, members: Sequence[str]) -> Import:
    """The import of a file of customers of whom these are members of a group; it must leave them in it."""
    floor = CustomerFloor(folder)
    crew = floor.group("Crew")
    for email in members:
        floor.member(email, crew)
    record: Import = floor.imported(text)
    assert record.status in {Status.COMPLETE, Status.PARTIAL}
    assert [floor.of(email) for email in members] == [{"Crew"}] * len(members)
    return record


def stored(floor: Any, kind: Kind) -> Found:
    """All that is stored, by what it is found by."""
    match kind:
        case Kind.TICKETS:
            return _tickets(floor)
        case Kind.CUSTOMERS:
            return {email: {"name": one.name} for (_, email), one in floor.customers.kept.items()}
        case _:
            return _entries(floor)


def _tickets(floor: TicketFloor) -> Found:
    return {
        code: {
            "name": ticket.name,
            "email": ticket.email,
            "at": ticket.original_at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if ticket.original_at else None,
        }
        for (_, code), ticket in floor.world.tickets.kept.items()
    }


def _entries(floor: Floor) -> Found:
    if floor.imports.groups.read("demo").named("Friends") is None:
        return {}
    found: Found = {}
    for entry in floor.entries():
        quantity = "unlimited" if entry.quantity == MOST_QUANTITY else entry.quantity
        said = {"email": fold_email(entry.email), "code": entry.code, "quantity": quantity}
        found.setdefault(entry.code or said["email"], said)
    return found
