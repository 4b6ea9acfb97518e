"""Dates and instants as organisers write them: only those that can be one moment.

A date alone is the beginning of that day in the organiser's zone, or its end where something lasts
until then. A time without an offset is a time in that zone.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guestlist.model.day import end_of_day, start_of_day

_YEARS = range(1970, 2200)
_EXCEL_BEGINS = date(1899, 12, 30)
_EXCEL = re.compile(r"(?P<days>\d{5})(?:[.,](?P<part>\d{1,12}))?", re.ASCII)
_WRITTEN = re.compile(
    r"(?:(?P<year>\d{4})(?P<from>[-/])(?P<month>\d\d)(?P=from)(?P<day>\d\d)"
    r"|(?P<first>\d{1,2})(?P<by>[-./])(?P<second>\d{1,2})(?P=by)(?P<last>\d{4}|\d\d))"
    r"(?:[T ]+(?P<clock>\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d{1,9})?)?) ?(?P<offset>Z|[+-]\d\d:\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why a text is not one moment, to be said after the text."""

    why: str


def read_instant(text: str, zone: ZoneInfo, *, ends: bool = False) -> datetime | Unclear:
    """The moment in UTC, from RFC 3339, year-month-day, d-m-yyyy, d.m.yyyy, a clear d/m/yyyy or Excel's day number.

    With `ends`, a date without a time is the end of that day, exclusive.
    """
    text = text.strip()
    try:
        if found := _EXCEL.fullmatch(text):
            return _from_excel(found, zone, ends=ends)
        if found := _WRITTEN.fullmatch(text):
            return _from_written(found, zone, ends=ends)
    except ValueError:
        return Unclear("is not a day and time that exist")
    return Unclear("is not a date")


def _from_excel(found: re.Match[str], zone: ZoneInfo, *, ends: bool) -> datetime | Unclear:
    day = _EXCEL_BEGINS + timedelta(days=int(found["days"]))
    if found["part"] is None:
        return _of_day(day, zone, ends=ends)
    passed = timedelta(seconds=round(float(f"0.{found['part']}") * 86_400))
    return _of_clock(datetime.combine(day, time()) + passed, zone)


def _from_written(found: re.Match[str], zone: ZoneInfo, *, ends: bool) -> datetime | Unclear:
    day = _day(found)
    if isinstance(day, Unclear) or found["clock"] is None:
        return day if isinstance(day, Unclear) else _of_day(day, zone, ends=ends)
    hour, minute, second, part, *_ = *re.split("[:.,]", found["clock"]), "0", "0"
    clock = datetime.combine(day, time(int(hour), int(minute), int(second), int(part.ljust(6, "0")[:6])))
    if found["offset"] is None:
        return _of_clock(clock, zone)
    return datetime.fromisoformat(f"{clock.isoformat()}{found['offset'].upper()}").astimezone(UTC)


def _day(found: re.Match[str]) -> date | Unclear:
    if found["year"]:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    first, second, year = int(found["first"]), int(found["second"]), found["last"]
    if len(year) == 2:
        return Unclear("has a year of two digits")
    if found["by"] == "/" and first <= 12 and second <= 12 and first != second:
        return Unclear(f"could be day {first} of month {second} or day {second} of month {first}")
    month_first = found["by"] == "/" and second > 12
    return date(int(year), first if month_first else second, second if month_first else first)


def _of_day(day: date, zone: ZoneInfo, *, ends: bool) -> datetime | Unclear:
    if day.year not in _YEARS:
        return Unclear("is too long ago or too far ahead")
    return end_of_day(day, zone) if ends else start_of_day(day, zone)


def _of_clock(clock: datetime, zone: ZoneInfo) -> datetime | Unclear:
    """The moment at which the clocks of the zone showed that; there are two or none when they were changed."""
    if clock.year not in _YEARS:
        return Unclear("is too long ago or too far ahead")
    first, second = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first < second:
        return Unclear("was twice that night, so it needs its offset, such as +01:00")
    return first if first == second else Unclear("was not on the clocks, which were put forward over it")
