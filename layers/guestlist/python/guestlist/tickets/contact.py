"""A buyer whom an import met, and whether it was the import that made them a customer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One buyer of one import. `line` is the first row with this e-mail that became a ticket.

    `created` says that the import made them a customer; otherwise they were one already, and were left
    as they were.
    """

    import_id: str
    email: str
    name: str = ""
    line: int = 0
    created: bool = False
