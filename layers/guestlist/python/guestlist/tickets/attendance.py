"""Attendance at an event: scanned tickets by hour."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """The number of tickets, and of tickets scanned in each hour, by the start of the hour in UTC."""

    tickets: int
    hours: Mapping[datetime, int]

    @property
    def scanned(self) -> int:
        """The number of tickets that were scanned."""
        return sum(self.hours.values())


def attendance(scan_times: Iterable[datetime | None]) -> Attendance:
    """Count tickets by the instants of their scans; None stands for a ticket that was not scanned."""
    tickets, hours = 0, Counter[datetime]()
    for at in scan_times:
        tickets += 1
        if at is not None:
            hours[at.replace(minute=0, second=0, microsecond=0)] += 1
    return Attendance(tickets=tickets, hours=dict(sorted(hours.items())))
