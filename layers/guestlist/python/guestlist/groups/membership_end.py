"""End of a membership of a manual group, as a date or a duration."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guestlist.groups.group_settings import UNSET
from guestlist.model.day import end_of_day
from guestlist.model.duration import Duration
from guestlist.model.errors import Invalid
from guestlist.organisers.model import Organiser


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEnd:
    """An end: the end of a day, an instant, or a duration from now. A `removal_date` of None is no end."""

    removal_date: date | datetime | None = UNSET
    remove_after: Duration = UNSET

    def end(self, now: datetime, organiser: Organiser) -> Any:
        """The first instant after the membership, None for no end, `UNSET` if neither is given.

        Raises `Invalid` if both are given.
        """
        if self.remove_after is UNSET:
            return self._dated(organiser)
        if self.removal_date is not UNSET:
            raise Invalid.field("remove_after", "one_of_two.removal")
        return now + self.remove_after.length

    def _dated(self, organiser: Organiser) -> Any:
        day = self.removal_date
        if day is UNSET or day is None or isinstance(day, datetime):
            return day
        return end_of_day(day, organiser.zone)
