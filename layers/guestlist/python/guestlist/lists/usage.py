"""A filter of entries by how many of their uses are redeemed."""

from enum import StrEnum


class Usage(StrEnum):
    """How many uses of an entry are redeemed; holds do not count."""

    NONE = "none"
    SOME = "some"
    ALL = "all"

    def fits(self, used: int, quantity: int) -> bool:
        """Whether an entry with so many redeemed uses matches: none, one or more, or all of its quantity."""
        if self is Usage.NONE:
            return used == 0
        return used >= (quantity if self is Usage.ALL else 1)
