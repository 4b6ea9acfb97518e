"""The counts of a ticket import."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from guestlist.imports.model import Counts


@dataclass(slots=True)
class TicketTally:
    """Numbers of rows of the file by result."""

    total: int = 0
    imported: int = 0
    duplicate: int = 0
    invalid: int = 0
    no_capacity: int = 0


@dataclass(slots=True)
class ContactTally:
    """Numbers of distinct buyers of imported tickets, and of tickets without an e-mail (`no_email`)."""

    total: int = 0
    imported: int = 0
    existed: int = 0
    no_email: int = 0


class Tally:
    """The counts of rows and buyers of a run."""

    def __init__(self) -> None:
        self.tickets = TicketTally()
        self.contacts = ContactTally()

    @property
    def counts(self) -> Counts:
        """The counts of rows in the form common to all kinds of imports."""
        tickets = self.tickets
        return Counts(total=tickets.total, imported=tickets.imported, refused=tickets.total - tickets.imported)

    def facts(self) -> dict[str, Mapping[str, int]]:
        """The counts as fields of the import's record."""
        return {"tickets": asdict(self.tickets), "contacts": asdict(self.contacts)}

    def facts_without_tickets(self) -> dict[str, Mapping[str, int]]:
        """The counts as fields of a record of which no ticket stays: refused rows only."""
        return {"tickets": asdict(replace(self.tickets, imported=0))}
