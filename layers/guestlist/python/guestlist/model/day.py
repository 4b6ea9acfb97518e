"""Dates of an organiser as instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after the day in that zone, in UTC: what is dated `day` lasts until then, exclusive."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the day in that zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
