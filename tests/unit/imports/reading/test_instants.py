"""Dates and instants as organisers write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from guestlist.imports.file_options import DateOrder
from guestlist.imports.reading.header_recognition import is_in_utc
from guestlist.imports.reading.instants import DateFormat, InvalidDate, detect_date_format, parse_instant

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
        ("2026-05-14 10:00:00 +0200", "2026-05-14T08:00"),
        ("2026-05-14 10:00 GMT+2", "2026-05-14T08:00"),
        ("2026-05-14T10:15:30.123+02:00[Europe/Rome]", "2026-05-14T08:15:30.123"),
        ("2026-05-14 10:00 [Europe/London]", "2026-05-14T09:00"),
        ("Thu, 14 May 2026 10:00:00 GMT", "2026-05-14T10:00"),
        ("05/14/2026 10:00 AM EDT", "2026-05-14T14:00"),
        ("14-05-2026 10:00 CEST", "2026-05-14T08:00"),
        ("May 14, 2026 @ 10:00am", "2026-05-14T08:00"),
        ("May-14-26 10:00", "2026-05-14T08:00"),
        ("May 14, 2026 at 8:15 PM", "2026-05-14T18:15"),
        ("14. Mai 2026, 20:15 Uhr", "2026-05-14T18:15"),
        ("14/05/2026 20h15", "2026-05-14T18:15"),
        ("14 mai 2026 à 20H15", "2026-05-14T18:15"),
        ("14 maj 2026 kl. 20.15", "2026-05-14T18:15"),
        ("14 mai 2026 à 20:15", "2026-05-14T18:15"),
        ("14 maggio 2026 20:15", "2026-05-14T18:15"),
        ("14 de mayo de 2026, 20:15", "2026-05-14T18:15"),
        ("14. toukokuuta 2026 klo 20.15", "2026-05-14T18:15"),
        ("6 août 2026 20:15", "2026-08-06T18:15"),
        ("5/14/2026 12:05 am", "2026-05-13T22:05"),
        ("5/14/2026 12:05 p.m.", "2026-05-14T10:05"),
        ("46156.5", "2026-05-14T10:00"),
        ("46156,75", "2026-05-14T16:00"),
        ("46156.333333333", "2026-05-14T06:00"),
    ],
)
@pytest.mark.parametrize("as_end_of_day", [False, True], ids=["begins", "ends"])
def test_a_time_is_a_moment_in_the_organisers_zone_unless_it_has_an_offset(text, instant, as_end_of_day):
    assert parse_instant(f" {text} ", AMSTERDAM, as_end_of_day=as_end_of_day) == utc(instant)


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
        "14 mei 2026",
        "14-May-2026",
        "14-May-26",
        "14 mei 26",
        "May 14th, 2026",
    ],
)
def test_a_date_is_the_beginning_of_its_day_or_the_end(text):
    assert parse_instant(text, AMSTERDAM) == utc("2026-05-13T22:00")
    assert parse_instant(text, AMSTERDAM, as_end_of_day=True) == utc("2026-05-14T22:00")


def test_a_day_as_first_and_month_as_second_are_the_same_when_they_are_equal():
    assert parse_instant("4/4/2026", AMSTERDAM) == parse_instant("2026-04-04", AMSTERDAM)


@pytest.mark.parametrize(("text", "instant"), [("2026-03-29", "2026-03-29T22:00"), ("2026-10-25", "2026-10-25T23:00")])
def test_the_end_of_a_day_respects_daylight_saving_time(text, instant):
    assert parse_instant(text, AMSTERDAM, as_end_of_day=True) == utc(instant)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3-4-26", "two_digit_year"),
        ("31-2-2026", "no_such_time"),
        ("05-14-2026", "no_such_time"),
        ("13/13/2026", "no_such_time"),
        ("2026-05-14 24:30", "no_such_time"),
        ("2026-05-14T10:00:00+99:00", "no_such_time"),
        ("2026-10-25 02:30", "twice"),
        ("2026-03-29 02:30", "skipped"),
        ("1026-05-14", "out_of_range"),
        ("9999-12-31", "out_of_range"),
        ("9999-12-31 23:59", "out_of_range"),
        ("99999.99", None),
        ("11111", "out_of_range"),
        ("14 mix 2026", "not_a_date"),
        ("31 april 2026", "no_such_time"),
        ("5/14/2026 13:05 PM", "no_such_time"),
        ("2026-05-14 10:00 [Europe/Nowhere]", "no_such_time"),
        ("2026-05-14 10", "not_a_date"),
        ("1-Mar", "not_a_date"),
        ("2026", "not_a_date"),
        ("20260514", "not_a_date"),
        ("2026-05-14Z", "not_a_date"),
        ("2026-5-14", "not_a_date"),
        ("14.5/2026", "not_a_date"),
        ("٤-٥-2026", "not_a_date"),
        ("soon", "not_a_date"),
        ("", "not_a_date"),
    ],
)
def test_an_ambiguous_or_nonexistent_time_is_refused_with_the_reason(text, why):
    result = parse_instant(text, AMSTERDAM)
    assert result == InvalidDate(why) if why else isinstance(result, datetime)


def test_an_ambiguous_date_is_refused_with_both_numbers():
    assert parse_instant("03/04/2026", AMSTERDAM) == InvalidDate("ambiguous", 3, 4)


def test_an_hour_that_occurred_twice_is_unambiguous_with_an_offset():
    assert parse_instant("2026-10-25T02:30:00+01:00", AMSTERDAM) == utc("2026-10-25T01:30")


@pytest.mark.parametrize(
    ("texts", "settled", "is_open"),
    [
        (["04/03/2026", "14/05/2026 20:15"], DateFormat(DateOrder.DMY), False),
        (["04/03/2026", "5/14/2026"], DateFormat(DateOrder.MDY), False),
        (["04/03/2026", "04/04/2026", "2026-01-31"], DateFormat(), True),
        (["04/03/2026", "14/05/2026", "5/14/2026"], DateFormat(), True),
        (["04/04/2026", "", "soon"], DateFormat(), False),
        (["1-2-2026", "5-14-2026"], DateFormat(others=DateOrder.MDY), False),
        (["1-2-2026", "5-14-2026", "14.5.2026"], DateFormat(), False),
    ],
    ids=["day-first", "month-first", "open", "both", "no-matter", "dashes", "dashes-both"],
)
def test_a_date_that_can_be_read_in_one_way_only_settles_those_of_the_file(texts, settled, is_open):
    assert detect_date_format(texts) == (settled, is_open)


def test_a_requested_date_order_is_used():
    assert detect_date_format(["04/03/2026"], DateOrder.MDY) == (DateFormat(DateOrder.MDY), False)


@pytest.mark.parametrize(
    ("texts", "requested", "days"),
    [
        (["02-03-26", "14-03-26"], None, ["2026-03-02", "2026-03-14"]),
        (["02.03.26 20:15"], None, ["2026-03-02"]),
        (["03/04/26", "05/14/26 9:54"], None, ["2026-03-04", "2026-05-14"]),
        (["11/29/24 22:28", "12/2/24 7:01"], None, ["2024-11-29", "2024-12-02"]),
        (["26-03-02", "26-03-14", "26-04-01"], None, ["2026-03-02", "2026-03-14", "2026-04-01"]),
        (["02/03/26"], DateOrder.MDY, ["2026-02-03"]),
        (["26/03/02"], DateOrder.YMD, ["2026-03-02"]),
        (["31-12-99"], None, ["1999-12-31"]),
        (["02/03/26", "04/05/26"], None, [None, None]),
        (["02/03/26", "02-03-26"], None, [None, None]),
    ],
)
def test_a_year_of_two_digits_is_read_in_the_order_of_its_file(texts, requested, days):
    dates, _ = detect_date_format(texts, requested)
    results = [parse_instant(text, AMSTERDAM, dates=dates) for text in texts]
    shown = [one.astimezone(AMSTERDAM).date().isoformat() if isinstance(one, datetime) else None for one in results]
    assert shown == days


def test_years_of_two_digits_between_slashes_leave_open_which_number_is_the_day():
    assert detect_date_format(["02/03/26", "04/05/26"])[1]
    assert not detect_date_format(["02/03/26", "04/05/26"], DateOrder.DMY)[1]


@pytest.mark.parametrize(
    ("header", "utc"),
    [("Created (UTC)", True), ("Created at GMT", True), ("Create Date (GMT+1)", False), ("Created (UTC-05:00)", False)],
)
def test_a_zone_beside_utc_is_not_utc(header, utc):
    assert is_in_utc(header) == utc


def test_times_below_a_header_that_says_utc_are_in_utc():
    assert parse_instant("2026-05-14 10:00", AMSTERDAM, dates=DateFormat(utc=True)) == utc("2026-05-14T10:00")
