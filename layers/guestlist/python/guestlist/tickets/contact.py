"""A buyer in a ticket import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One buyer of one import. `line` is the first row with this e-mail that became a ticket.

    `created` is whether the import created the customer; an existing customer is left unchanged.
    """

    import_id: str
    email: str
    name: str = ""
    line: int = 0
    created: bool = False
