"""A whole number of days or weeks, as an organiser enters it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from annotated_types import Interval


class Unit(StrEnum):
    """The unit of a duration; a week is exactly 7 × 24 hours."""

    DAYS = "days"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Duration:
    """`value` units, kept as entered: changing the unit keeps the number."""

    value: Annotated[int, Interval(ge=1, le=36500)]
    unit: Unit

    @property
    def days(self) -> int:
        """The same length in days."""
        return self.value * (7 if self.unit is Unit.WEEKS else 1)

    @property
    def length(self) -> timedelta:
        """The exact length."""
        return timedelta(days=self.days)
