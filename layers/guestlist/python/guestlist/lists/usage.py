"""Entries by how much of them is redeemed."""

from enum import StrEnum


class Usage(StrEnum):
    """How many uses of an entry are redeemed; holds do not count."""

    NONE = "none"
    SOME = "some"
    ALL = "all"

    def fits(self, used: int, quantity: int) -> bool:
        """Whether an entry fits of which so many uses are redeemed: none at all, one or more, or all that it has."""
        if self is Usage.NONE:
            return used == 0
        return used >= (quantity if self is Usage.ALL else 1)
