"""What a ticket import counts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from guestlist.imports.model import Counts


@dataclass(slots=True)
class TicketTally:
    """Rows of the file, by what became of them."""

    total: int = 0
    imported: int = 0
    duplicate: int = 0
    invalid: int = 0
    no_capacity: int = 0


@dataclass(slots=True)
class ContactTally:
    """Buyers of the tickets that were imported, each once, and tickets of nobody known."""

    total: int = 0
    imported: int = 0
    existed: int = 0
    no_email: int = 0


class Tally:
    """Both, growing as the rows go by."""

    def __init__(self) -> None:
        self.tickets = TicketTally()
        self.contacts = ContactTally()

    @property
    def counts(self) -> Counts:
        """The rows as every kind of import counts them."""
        tickets = self.tickets
        return Counts(total=tickets.total, imported=tickets.imported, refused=tickets.total - tickets.imported)

    def facts(self) -> dict[str, Mapping[str, int]]:
        """The two sets of counters, as the import's record keeps them."""
        return {"tickets": asdict(self.tickets), "contacts": asdict(self.contacts)}

    def facts_without_tickets(self) -> dict[str, Mapping[str, int]]:
        """What is kept where no ticket stays: why each was refused, and no buyers."""
        return {"tickets": asdict(replace(self.tickets, imported=0))}
