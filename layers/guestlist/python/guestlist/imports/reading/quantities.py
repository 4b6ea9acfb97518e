"""Whole numbers in cells: quantities to store, and counts of tickets sold and refunded in other systems."""

import re

MAX_QUANTITY = 1_000_000_000
_MAX_DIGITS = 10
_WITH_UNIT = re.compile(
    r"(?:[x×]\s*)?([1-9][0-9]{0,5})\s*(?:[x×]|st|stk|stuks?|stück|pcs?|pieces?|pers|persons?|personen|people|pax|"
    r"tickets?|"
    r"kaart(?:en|je|jes)?|billett?(?:er)?|biljett(?:er)?|billets?|bigliett[io]|entradas?|kpl|lippua?|plaatsen|"
    r"places)?\.?",
    re.IGNORECASE,
)
_USED_OF = re.compile(r"[0-9]+\s*(?:/|of|out of|van|von|af|av|de|di|sur)\s*(\S.*)", re.IGNORECASE)
_ANY_COUNT = re.compile(r"\D*([0-9]{1,9})(?:[.,]0+)?\D*")


def parse_quantity(quantity: str) -> int | None:
    """A quantity as a number from 1 to 1,000,000,000, with or without a unit; None for anything else."""
    digits = quantity.strip().lstrip("0")
    if not (digits.isascii() and digits.isdigit()):
        unit = _WITH_UNIT.fullmatch(digits) if any(map(str.isdigit, digits)) else None
        digits = unit[1] if unit else ""
    if not 0 < len(digits) <= _MAX_DIGITS:
        return None
    number = int(digits)
    return number if number <= MAX_QUANTITY else None


def parse_count(cell: str) -> int | None:
    """The only whole number in a cell, 0 included, with any text around it; None if there are none or several."""
    match = _ANY_COUNT.fullmatch(cell)
    return int(match[1]) if match else None


def total_uses(cell: str) -> str | None:
    """The total in a cell of used and total uses, such as “3 / 10”; None for any other cell."""
    match = _USED_OF.fullmatch(cell.strip())
    return match[1] if match else None
