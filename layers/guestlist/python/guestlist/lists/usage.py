"""A filter of entries by the part of their uses that is redeemed."""

from enum import StrEnum


class Usage(StrEnum):
    """The part of an entry's uses that is redeemed; holds do not count."""

    NONE = "none"
    SOME = "some"
    ALL = "all"

    def matches(self, used: int, quantity: int) -> bool:
        """Whether an entry with `used` redeemed uses matches: none, one or more, or all of its quantity."""
        if self is Usage.NONE:
            return used == 0
        return used >= (quantity if self is Usage.ALL else 1)
