"""Tickets, and what is sold of an event.

A barcode is kept letter for letter and is one organiser's once, over all events and imports.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from annotated_types import MaxLen, MinLen

MAX_CODE_LENGTH = 200
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def scanned(code: str) -> str:
    """The code without the line ends and tabs that a scanner sends behind it."""
    return code.rstrip("\r\n\t")


def is_ticket_code(text: str) -> bool:
    """A code with something beside spaces in it, and no control character, which nobody can see, type or scan."""
    return bool(text.strip()) and _CONTROL.search(text) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket of an event, sold elsewhere and imported here.

    `batch` is the import that brought it, or an id of its own where it was added alone; batches sort by
    time, and `line` says where in the file it stood (0 when alone). `original_at` is when it was sold,
    where the file said so; `ticket_type`, `seat` and `order`, the number of its order in the other system, are as
    the file said. `scanned_by` is the device that admitted its bearer offline, empty where that was answered online.
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
        """The import that brought it; None when it was added alone."""
        return None if self.alone else self.batch

    @property
    def place(self) -> str:
        """Its place among the tickets of its event: by batch, then by line."""
        return ticket_place(self.batch, self.line)

    def is_same_row(self, other: "Ticket") -> bool:
        """Whether both stand for the same row of the same file."""
        return (self.batch, self.line) == (other.batch, other.line)

    @property
    def origin(self) -> dict[str, str | int]:
        """Where it stands and how it came there, as parameters of a message."""
        if self.alone:
            return {"reason": "came_alone", "event_id": self.event_id}
        file: dict[str, str | int] = {"import_id": self.batch, "first_line": self.line}
        return {"reason": "came_with_file", "event_id": self.event_id, **file}


def ticket_place(batch: str, line: int) -> str:
    """How a ticket's place is written, so that it sorts."""
    return f"{batch}#{line:010d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What is sold of an event: `taken` counts places sold and places held by imports that run now."""

    taken: int = 0
    held: int = 0
    imported: int = 0

    @property
    def sold(self) -> int:
        """Tickets that exist, imported ones among them; more than the capacity where an import went past it."""
        return self.taken - self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityAccount:
    """What one import has taken of an event's capacity.

    Every row up to `line` is settled: `used` places are tickets. `held` more are taken for the rows that
    come next. From the row on line `full_at` on, no place was left, and the import stores no more.
    """

    line: int = 0
    held: int = 0
    used: int = 0
    full_at: int | None = None
    undone: bool = False
