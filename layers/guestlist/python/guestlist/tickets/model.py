"""Tickets, and the sales of an event.

A barcode is stored exactly as written, and is unique per organiser, across all events and imports.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

from guestlist.model.normal_form import CONTROL_CHARACTERS

MAX_CODE_LENGTH = 200


def clean_scan(code: str) -> str:
    """Strip the line ends and tabs that a barcode scanner sends after a code."""
    return code.rstrip("\r\n\t")


def is_ticket_code(text: str) -> bool:
    """Whether the text is a valid barcode: not blank, and without control characters."""
    return bool(text.strip()) and CONTROL_CHARACTERS.search(text) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket of an event, sold elsewhere and imported here.

    `batch` is the id of its import, or an id of its own if it was added `alone`; batches sort by time. `line`
    is its line in the file (0 if alone). `original_at` is when it was sold, if known; `ticket_type`, `seat` and
    `order`, the number of its order in the other system, are as in the file. `scanned_by` is the device that
    admitted it offline, empty after an online scan.
    """

    code: Annotated[str, MinLen(1), MaxLen(MAX_CODE_LENGTH)]
    event_id: str
    batch: str
    imported_at: datetime
    alone: bool = False
    line: int = 0
    name: Annotated[str, MaxLen(200)] = ""
    email: str = ""
    order_id: str = ""
    original_at: datetime | None = None
    ticket_type: str = ""
    seat: str = ""
    order: str = ""
    scanned_at: datetime | None = None
    scanned_by: str = ""

    @property
    def import_id(self) -> str | None:
        """The id of its import; None if it was added alone."""
        return None if self.alone else self.batch

    @property
    def sort_key(self) -> str:
        """The sort key among the tickets of its event: batch, then line."""
        return ticket_sort_key(self.batch, self.line)

    def is_same_row(self, other: "Ticket") -> bool:
        """Whether both come from the same row of the same file."""
        return (self.batch, self.line) == (other.batch, other.line)

    @property
    def origin(self) -> dict[str, str | int]:
        """Its event and import, as parameters of a message."""
        if self.alone:
            return {"reason": "came_alone", "event_id": self.event_id}
        file: dict[str, str | int] = {"import_id": self.batch, "first_line": self.line}
        return {"reason": "came_with_file", "event_id": self.event_id, **file}


def ticket_sort_key(batch: str, line: int) -> str:
    """Format the sort key of a ticket among those of its event."""
    return f"{batch}#{line:010d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """The sales of an event: `taken_places` are the places sold and those held by running imports."""

    taken_places: int = 0
    held_places: int = 0
    imported: int = 0

    @property
    def sold(self) -> int:
        """The number of tickets, including imported ones; may exceed the capacity if an import was allowed to."""
        return self.taken_places - self.held_places


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityAccount:
    """The places that an import has taken of an event's capacity.

    Rows up to `line` are committed, and `used_places` of them became tickets. `held_places` are reserved for the next
    rows. From line `full_at` on no place was left, so the import stores no more tickets.
    """

    line: int = 0
    held_places: int = 0
    used_places: int = 0
    full_at: int | None = None
    undone: bool = False
