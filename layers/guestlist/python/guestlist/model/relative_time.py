"""Lengths of time in their largest whole unit."""

from datetime import timedelta

_UNITS = (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1)))


def in_largest_unit(length: timedelta) -> tuple[int, str]:
    """The number and the unit, such as 2 `hours`; below a minute `seconds`."""
    return next(((length // unit, name) for name, unit in _UNITS if length >= unit), (length.seconds, "seconds"))
