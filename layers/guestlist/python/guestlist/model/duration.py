"""A duration of whole days or weeks."""

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
    """A duration of `value` units, stored as entered."""

    value: Annotated[int, Interval(ge=1, le=36500)]
    unit: Unit

    @property
    def days(self) -> int:
        """The same length in days."""
        return self.value * (7 if self.unit is Unit.WEEKS else 1)

    @property
    def length(self) -> timedelta:
        """The length as a timedelta."""
        return timedelta(days=self.days)
