"""The attendance by the hour."""

from datetime import UTC, datetime, timedelta

from guestlist.tickets.attendance import attendance

DOORS = datetime(2026, 11, 29, 19, 30, tzinfo=UTC)


def test_scans_are_counted_by_the_hour_in_the_order_of_the_hours():
    minutes = (95, 0, 29, 30, 31)
    counted = attendance([None, *(DOORS + timedelta(minutes=number) for number in minutes)])
    assert (counted.tickets, counted.scanned) == (6, 5)
    assert [(hour.hour, number) for hour, number in counted.hours.items()] == [(19, 2), (20, 2), (21, 1)]


def test_an_event_without_tickets_has_no_hours():
    assert (attendance([]).tickets, attendance([]).hours) == (0, {})
