"""How long somebody stays in a manual group."""

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
    """Until the end of a day or an instant, or for some time from now; a `removal_date` of None is for ever."""

    removal_date: date | datetime | None = UNSET
    remove_after: Duration = UNSET

    def end(self, now: datetime, organiser: Organiser) -> Any:
        """The first instant after the stay, None when it has no end, `UNSET` when nothing was said.

        Raises `Invalid` when both were said.
        """
        if self.remove_after is UNSET:
            return self._dated(organiser)
        if self.removal_date is not UNSET:
            raise Invalid.field("remove_after", "one_of_two", "Say either a removal date or a duration.")
        return now + self.remove_after.length

    def _dated(self, organiser: Organiser) -> Any:
        day = self.removal_date
        if day is UNSET or day is None or isinstance(day, datetime):
            return day
        return end_of_day(day, organiser.zone)
