"""Convert dates in a time zone to instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a day in a time zone, in UTC: the exclusive end of the day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a time zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
