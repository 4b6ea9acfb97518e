"""Parsing of dates and times as organisers write them; an ambiguous text is refused.

A date without a time is the start of that day in the organiser's zone, or its end for the end of a
period. A time without an offset is in that zone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from guestlist.imports.file_options import DateOrder
from guestlist.imports.reading.calendar_words import MONTHS, ZONES
from guestlist.model.day import end_of_day, start_of_day

_MAX_DAYS, _MAX_MONTHS, _HALF_A_DAY, _DAY_HOURS, _HOUR_MINUTES = 31, 12, 12, 24, 60
_SHORT_YEAR, _CENTURY_TURNS = 2, 70
"""Two-digit years from `_CENTURY_TURNS` on are 19xx, the others 20xx."""
_UTC = ZoneInfo("UTC")
_YEARS = range(1970, 2200)
_EXCEL_BEGINS = date(1899, 12, 30)
_EXCEL = re.compile(r"(?P<days>[0-9]{5})(?:[.,](?P<part>[0-9]{1,12}))?")
_NUMBERS = (
    r"(?P<year>[0-9]{4})(?P<iso_sign>[-/])(?P<month>[0-9]{2})(?P=iso_sign)(?P<day>[0-9]{2})"
    r"|(?P<first>[0-9]{1,2})(?P<sign>[-./])(?P<second>[0-9]{1,2})(?P=sign)(?P<last>[0-9]{4}|[0-9]{2})"
)
_NAMED_MONTHS = (
    r"(?:[^\W\d_]{2,10}\.?,? )?"
    r"(?:(?P<day_before>[0-9]{1,2})(?:\.|st|nd|rd|th|er|:e|º)?[ -](?:de )?(?P<month_behind>[^\W\d_]{3,12})\.?"
    r"|(?P<month_before>[^\W\d_]{3,12})\.?[ -](?P<day_behind>[0-9]{1,2})(?:st|nd|rd|th)?)\.?,?[ -](?:de )?"
    r"(?P<named_year>[0-9]{4}|[0-9]{2})(?![0-9])"
)
_CLOCK = (
    r"(?:(?:T|,? (?:(?:at|om|kl|kl\.|klo|um|à|@|-|–) )?)"
    r"(?P<clock>[0-9]{1,2}(?:[:.h][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?)?)(?: ?(?P<half>[ap])\.?m\.?)?"
    rf"(?: ?(?P<offset>Z|(?:UTC|GMT)? ?[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?|UTC|GMT|{'|'.join(ZONES)}))?(?: Uhr)?"
    r"(?: ?\[(?P<area>[A-Za-z0-9_+/-]{1,40})\])?)?"
)
_NO_DATE = re.compile(
    r"[-–—]*|0|0000-00-00.*|n/?a|none|null|never|nooit|geen|aldrig|ingen|nie|keine?s?|unlimited|onbeperkt|ubegrænset|"
    r"unbegrenzt|obegränsat|lifetime|levenslang|livsvarig|livstid|lebenslang|for life",
    re.IGNORECASE,
)
"""Texts that systems write in place of an end date where there is none."""
_INSTANT = re.compile(f"(?:{_NUMBERS}|{_NAMED_MONTHS}){_CLOCK}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateFormat:
    """The date format of one column: the order with slashes and with other signs, and whether times are in UTC.

    `slashes`, and `short` for dates with a two-digit year, are None if the order is unknown.
    """

    slashes: DateOrder | None = None
    others: DateOrder = DateOrder.DMY
    utc: bool = False
    short: DateOrder | None = None


DEFAULT_DATE_FORMAT = DateFormat()


@dataclass(frozen=True, slots=True)
class InvalidDate:
    """The reason why a text is not one instant: a code word, and the two numbers if either may be the day."""

    reason: str
    first: int = 0
    second: int = 0

    @property
    def params(self) -> dict[str, str | int]:
        """The parameters of the message."""
        numbers = {"first": self.first, "second": self.second} if self.first else {}
        return {"reason": self.reason, **numbers}


def is_no_date(text: str) -> bool:
    """Whether the text is empty, or says that there is no date."""
    return _NO_DATE.fullmatch(text.strip()) is not None


def is_date(text: str) -> bool:
    """Whether a text has the format of a date; the day need not exist."""
    match = _INSTANT.fullmatch(_tidy(text))
    return bool(match and (match["named_year"] is None or _month(match))) or _EXCEL.fullmatch(text.strip()) is not None


def detect_date_format(
    texts: Iterable[str], requested: DateOrder | None = None, *, utc: bool = False
) -> tuple[DateFormat, bool]:
    """Detect the date format from the dates with only one possible order, and whether it stays ambiguous."""
    first_is_month, second_is_month, is_ambiguous = set(), set(), False
    short = _TwoDigitYearDates()
    for text in texts:
        match = _INSTANT.fullmatch(_tidy(text))
        if not match or not match["sign"]:
            continue
        sign, first, second = "/" if match["sign"] == "/" else "-", int(match["first"]), int(match["second"])
        if len(match["last"]) == _SHORT_YEAR:
            short.add(sign, first, second, int(match["last"]))
        if first > _MAX_MONTHS:
            second_is_month.add(sign)
        elif second > _MAX_MONTHS:
            first_is_month.add(sign)
        is_ambiguous = is_ambiguous or (sign == "/" and max(first, second) <= _MAX_MONTHS and first != second)
    decided = None
    if ("/" in first_is_month) != ("/" in second_is_month):
        decided = DateOrder.MDY if "/" in first_is_month else DateOrder.DMY
    others = DateOrder.MDY if "-" in first_is_month - second_is_month else DateOrder.DMY
    is_ambiguous = is_ambiguous and requested is None and decided is None and not short.have_year_first
    slashes = decided if requested in (None, DateOrder.YMD) else requested
    return DateFormat(slashes, others, utc, short.order(requested, slashes, others)), is_ambiguous


@dataclass(slots=True)
class _TwoDigitYearDates:
    """Distinct separators and numbers of the dates with a two-digit year, by position."""

    signs: set[str] = field(default_factory=set)
    firsts: set[int] = field(default_factory=set)
    seconds: set[int] = field(default_factory=set)
    lasts: set[int] = field(default_factory=set)

    def add(self, sign: str, first: int, second: int, last: int) -> None:
        """Add the numbers of one date."""
        self.signs.add(sign)
        self.firsts.add(first)
        self.seconds.add(second)
        self.lasts.add(last)

    @property
    def have_year_first(self) -> bool:
        """Whether the year comes first: a file has fewer distinct years than days."""
        if not self.firsts or max(self.seconds) > _MAX_MONTHS or max(self.lasts) > _MAX_DAYS:
            return False
        return max(self.firsts) > _MAX_DAYS or len(self.firsts) < len(self.lasts)

    def order(self, requested: DateOrder | None, slashes: DateOrder | None, others: DateOrder) -> DateOrder | None:
        """The order of these dates as requested or detected; None if unknown."""
        if not self.firsts or requested:
            return requested if self.firsts else None
        if self.have_year_first:
            return DateOrder.YMD
        same = self.firsts == self.seconds
        return {"/": slashes or (DateOrder.DMY if same else None), "-": others}.get("".join(self.signs))


def parse_instant(
    text: str, zone: ZoneInfo, *, as_end_of_day: bool = False, dates: DateFormat = DEFAULT_DATE_FORMAT
) -> datetime | InvalidDate:
    """Parse RFC 3339, numbers or a month's name in any unambiguous order, or Excel's day number; the result is in UTC.

    With `as_end_of_day`, a date without a time is the end of that day, exclusive.
    """
    text = _tidy(text)
    zone = _UTC if dates.utc else zone
    try:
        if match := _EXCEL.fullmatch(text):
            return _from_excel(match, zone, as_end_of_day=as_end_of_day)
        if match := _INSTANT.fullmatch(text):
            return _from_written(match, zone, dates, as_end_of_day=as_end_of_day)
    except (ValueError, OverflowError):
        return InvalidDate("no_such_time")
    return InvalidDate("not_a_date")


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _from_excel(match: re.Match[str], zone: ZoneInfo, *, as_end_of_day: bool) -> datetime | InvalidDate:
    day = _EXCEL_BEGINS + timedelta(days=int(match["days"]))
    if match["part"] is None:
        return _day_boundary(day, zone, as_end_of_day=as_end_of_day)
    time_of_day = timedelta(seconds=round(float(f"0.{match['part']}") * 86_400))
    return _from_local_time(datetime.combine(day, time()) + time_of_day, zone)


def _from_written(
    match: re.Match[str], zone: ZoneInfo, dates: DateFormat, *, as_end_of_day: bool
) -> datetime | InvalidDate:
    day = _named_day(match) if match["named_year"] else _day(match, dates)
    if isinstance(day, InvalidDate) or match["clock"] is None:
        return day if isinstance(day, InvalidDate) else _day_boundary(day, zone, as_end_of_day=as_end_of_day)
    if match["half"] is None and not re.search("[:.hH]", match["clock"]):
        return InvalidDate("not_a_date")
    clock = datetime.combine(day, _time(match))
    if match["offset"] is not None:
        return (clock - _offset(match["offset"])).replace(tzinfo=UTC)
    return _from_local_time(clock, _zone_named(match["area"]) if match["area"] else zone)


def _time(match: re.Match[str]) -> time:
    hour, minute, second, part, *_ = *re.split("[:.,hH]", match["clock"]), "0", "0", "0"
    hours = int(hour)
    if match["half"]:
        if not 1 <= hours <= _HALF_A_DAY:
            raise ValueError
        hours = hours % _HALF_A_DAY + (_HALF_A_DAY if match["half"].lower() == "p" else 0)
    return time(hours, int(minute), int(second), int(part.ljust(6, "0")[:6]))


def _offset(text: str) -> timedelta:
    if text.upper() in ZONES:
        return timedelta(hours=ZONES[text.upper()])
    sign, digits = re.fullmatch(r"[A-Z ]*([+-]?)([0-9:]*)", text.upper()).groups()  # type: ignore[union-attr]
    digits = digits.replace(":", "")
    hours, minutes = (
        int(digits[:-2] or 0 if len(digits) > 2 else digits or 0),
        int(digits[-2:]) if len(digits) > 2 else 0,
    )
    if hours >= _DAY_HOURS or minutes >= _HOUR_MINUTES:
        raise ValueError
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if sign == "-" else offset


def _zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError from None


def _month(match: re.Match[str]) -> int | None:
    return MONTHS.get((match["month_behind"] or match["month_before"]).casefold())


def _named_day(match: re.Match[str]) -> date | InvalidDate:
    month = _month(match)
    if month is None:
        return InvalidDate("not_a_date")
    year = (
        int(match["named_year"])
        if len(match["named_year"]) > _SHORT_YEAR
        else _four_digit_year(int(match["named_year"]))
    )
    return date(year, month, int(match["day_before"] or match["day_behind"]))


def _four_digit_year(short: int) -> int:
    return short + (1900 if short >= _CENTURY_TURNS else 2000)


def _day(match: re.Match[str], dates: DateFormat) -> date | InvalidDate:
    if match["year"]:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    first, second, year = int(match["first"]), int(match["second"]), match["last"]
    if len(year) == _SHORT_YEAR:
        return _day_with_short_year(first, second, int(year), dates.short)
    order = dates.slashes if match["sign"] == "/" else dates.others
    if order is None:
        if first <= _MAX_MONTHS and second <= _MAX_MONTHS and first != second:
            return InvalidDate("ambiguous", first, second)
        order = DateOrder.MDY if second > _MAX_MONTHS else DateOrder.DMY
    return date(int(year), *((first, second) if order is DateOrder.MDY else (second, first)))


def _day_with_short_year(first: int, second: int, last: int, order: DateOrder | None) -> date | InvalidDate:
    match order:
        case None:
            return InvalidDate("two_digit_year")
        case DateOrder.YMD:
            year, month, day = first, second, last
        case DateOrder.MDY:
            month, day, year = first, second, last
        case DateOrder.DMY:
            day, month, year = first, second, last
    return date(_four_digit_year(year), month, day)


def _day_boundary(day: date, zone: ZoneInfo, *, as_end_of_day: bool) -> datetime | InvalidDate:
    if day.year not in _YEARS:
        return InvalidDate("out_of_range")
    return end_of_day(day, zone) if as_end_of_day else start_of_day(day, zone)


def _from_local_time(clock: datetime, zone: ZoneInfo) -> datetime | InvalidDate:
    """The instant of a local time, which occurs twice or never when the clocks are changed."""
    if clock.year not in _YEARS:
        return InvalidDate("out_of_range")
    first, second = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first < second:
        return InvalidDate("twice")
    return first if first == second else InvalidDate("skipped")
