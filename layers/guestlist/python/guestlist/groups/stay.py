"""How long somebody stays in a manual group."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guestlist.day import end_of_day
from guestlist.duration import Duration
from guestlist.errors import Invalid
from guestlist.groups.settings import KEEP
from guestlist.organiser import Organiser


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Until the end of a day or an instant, or for some time from now; a `removal_date` of None is for ever."""

    removal_date: date | datetime | None = KEEP
    remove_after: Duration = KEEP

    def end(self, now: datetime, organiser: Organiser) -> Any:
        """The first instant after the stay, None when it has no end, `KEEP` when nothing was said.

        Raises `Invalid` when both were said.
        """
        if self.remove_after is KEEP:
            return self._dated(organiser)
        if self.removal_date is not KEEP:
            raise Invalid.field("remove_after", "one_of_two", "Say either a removal date or a duration.")
        return now + self.remove_after.length

    def _dated(self, organiser: Organiser) -> Any:
        day = self.removal_date
        if day is KEEP or day is None or isinstance(day, datetime):
            return day
        return end_of_day(day, organiser.zone)
