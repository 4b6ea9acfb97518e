"""How many bearers of imported tickets came to an event, by the hour."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """How many tickets there are, and how many of them were scanned in each hour that had a scan, by its beginning."""

    tickets: int
    hours: Mapping[datetime, int]

    @property
    def scanned(self) -> int:
        """How many tickets were scanned."""
        return sum(self.hours.values())


def attendance(scan_times: Iterable[datetime | None]) -> Attendance:
    """Count the tickets of which these are the instants of the scan, None where there was none."""
    tickets, hours = 0, Counter[datetime]()
    for at in scan_times:
        tickets += 1
        if at is not None:
            hours[at.replace(minute=0, second=0, microsecond=0)] += 1
    return Attendance(tickets=tickets, hours=dict(sorted(hours.items())))
