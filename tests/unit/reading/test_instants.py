"""Dates and instants as organisers write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from guestlist.imports.reading.instants import Unclear, read_instant

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-14T10:00:00Z", "2026-05-14T10:00"),
        ("2026-05-14t10:00:00+02:00", "2026-05-14T08:00"),
        ("2026-05-14 10:00:00.25 -05:30", "2026-05-14T15:30:00.25"),
        ("2026-05-14T10:00:00.123456789Z", "2026-05-14T10:00:00.123456"),
        ("2026-05-14 10:00", "2026-05-14T08:00"),
        ("2026-01-14 10:00:30", "2026-01-14T09:00:30"),
        ("14-5-2026 10:00", "2026-05-14T08:00"),
        ("14.05.2026 10.00", "2026-05-14T08:00"),
        ("14/5/2026 9:05", "2026-05-14T07:05"),
        ("46156.5", "2026-05-14T10:00"),
        ("46156,75", "2026-05-14T16:00"),
        ("46156.333333333", "2026-05-14T06:00"),
    ],
)
@pytest.mark.parametrize("ends", [False, True], ids=["begins", "ends"])
def test_a_time_is_a_moment_in_the_organisers_zone_unless_it_has_an_offset(text, instant, ends):
    assert read_instant(f" {text} ", AMSTERDAM, ends=ends) == utc(instant)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-14",
        "2026/05/14",
        "14-5-2026",
        "14-05-2026",
        "14.5.2026",
        "14.05.2026",
        "14/5/2026",
        "5/14/2026",
        "46156",
    ],
)
def test_a_date_is_the_beginning_of_its_day_or_the_end(text):
    assert read_instant(text, AMSTERDAM) == utc("2026-05-13T22:00")
    assert read_instant(text, AMSTERDAM, ends=True) == utc("2026-05-14T22:00")


def test_a_day_as_first_and_month_as_second_are_the_same_when_they_are_equal():
    assert read_instant("4/4/2026", AMSTERDAM) == read_instant("2026-04-04", AMSTERDAM)


@pytest.mark.parametrize(("text", "instant"), [("2026-03-29", "2026-03-29T22:00"), ("2026-10-25", "2026-10-25T23:00")])
def test_the_end_of_a_day_follows_the_clocks(text, instant):
    assert read_instant(text, AMSTERDAM, ends=True) == utc(instant)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("03/04/2026", "could be day 3 of month 4 or day 4 of month 3"),
        ("3-4-26", "has a year of two digits"),
        ("31-2-2026", "is not a day and time that exist"),
        ("05-14-2026", "is not a day and time that exist"),
        ("13/13/2026", "is not a day and time that exist"),
        ("2026-05-14 24:30", "is not a day and time that exist"),
        ("2026-05-14T10:00:00+99:00", "is not a day and time that exist"),
        ("2026-10-25 02:30", "was twice that night, so it needs its offset, such as +01:00"),
        ("2026-03-29 02:30", "was not on the clocks, which were put forward over it"),
        ("1026-05-14", "is too long ago or too far ahead"),
        ("9999-12-31", "is too long ago or too far ahead"),
        ("9999-12-31 23:59", "is too long ago or too far ahead"),
        ("99999.99", None),
        ("11111", "is too long ago or too far ahead"),
        ("14 mei 2026", "is not a date"),
        ("1-Mar", "is not a date"),
        ("2026", "is not a date"),
        ("20260514", "is not a date"),
        ("2026-05-14Z", "is not a date"),
        ("2026-5-14", "is not a date"),
        ("14.5/2026", "is not a date"),
        ("٤-٥-2026", "is not a date"),
        ("soon", "is not a date"),
        ("", "is not a date"),
    ],
)
def test_what_could_be_two_moments_or_none_is_refused_with_the_reason(text, why):
    found = read_instant(text, AMSTERDAM)
    assert found == Unclear(why) if why else isinstance(found, datetime)


def test_an_hour_that_was_twice_is_clear_with_its_offset():
    assert read_instant("2026-10-25T02:30:00+01:00", AMSTERDAM) == utc("2026-10-25T01:30")
