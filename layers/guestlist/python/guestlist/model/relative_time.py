"""Format instants relative to now."""

from datetime import datetime, timedelta

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def ago(then: datetime, now: datetime) -> str:
    """The time since an instant in its largest whole unit: "2 hours ago"; "just now" within a minute."""
    length = _length(now - then)
    return f"{length} ago" if length else "just now"


def time_left(until: datetime, now: datetime) -> str:
    """The time until an instant in its largest whole unit: "3 days"; "less than a minute" before the end."""
    return _length(until - now) or "less than a minute"


def _length(length: timedelta) -> str:
    for name, unit in _UNITS:
        count = length // unit
        if count >= 1:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return ""
