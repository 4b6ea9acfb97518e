"""Random dates and names in the formats of other systems are read as intended."""

import tempfile
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guestlist.imports.file_options import DateOrder
from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.customer_rows import read_customers
from guestlist.imports.reading.instants import DateFormat, InvalidDate, detect_date_format, is_date, parse_instant
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.schemas import SCHEMAS
from guestlist.imports.reading.sheet import open_sheet
from guestlist.imports.reading.text_repair import decoded_once

ZONE = ZoneInfo("Europe/Amsterdam")
MONTHS = (
    "january february march april may june july august september october november december",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "januari februari mars april maj juni juli augusti september oktober november december",
)
DAYS = st.dates(date(1971, 1, 1), date(2198, 12, 31))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(DAYS, st.sampled_from(MONTHS), st.sampled_from(["{0} {1} {2}", "{0}. {1} {2}", "{0}-{1}-{2}", "{1} {0}, {2}"]))
def test_a_month_may_be_named_in_five_languages(day, months, form):
    name = months.split()[day.month - 1]
    for month in (name, name.title(), name.upper()):
        text = form.format(day.day, month, day.year)
        assert parse_instant(text, ZONE) == parse_instant(day.isoformat(), ZONE)
        assert is_date(text)


@given(DAYS, CLOCKS, OFFSETS, st.sampled_from(["{0}{1:02}:{2:02}", " {0}{1:02}{2:02}", " GMT{0}{1}:{2:02}"]))
def test_an_offset_in_any_form_gives_the_same_time(day, clock, offset, form):
    sign, minutes = "-" if offset < timedelta() else "+", abs(offset) // timedelta(minutes=1)
    text = f"{day.isoformat()} {clock:%H:%M}{form.format(sign, *divmod(minutes, 60))}"
    assert parse_instant(text, ZONE) == datetime.combine(day, clock, timezone(offset)).astimezone(UTC)


@given(DAYS, CLOCKS)
def test_times_of_12_and_24_hours_are_equal(day, clock):
    short = f"{clock.hour % 12 or 12}:{clock:%M} {'PM' if clock >= time(12) else 'AM'}"
    assert parse_instant(f"{day} {short}", ZONE) == parse_instant(f"{day} {clock:%H:%M}", ZONE)


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(DateOrder), st.sampled_from("/-."))
def test_dates_are_read_in_the_files_own_order_or_left_ambiguous(days, order, sign):
    assume(order is not DateOrder.YMD)
    form = f"%d{sign}%m{sign}%Y" if order is DateOrder.DMY else f"%m{sign}%d{sign}%Y"
    texts = [day.strftime(form) for day in days]
    dates, is_open = detect_date_format(texts)
    clear = any(day.day > 12 for day in days)
    if clear or (sign != "/" and order is DateOrder.DMY):
        assert [parse_instant(text, ZONE, dates=dates) for text in texts] == [
            parse_instant(day.isoformat(), ZONE) for day in days
        ]
    assert is_open == (sign == "/" and not clear and any(day.day != day.month for day in days))


@given(st.text(max_size=40), st.sampled_from([DateFormat(), DateFormat(DateOrder.MDY, utc=True)]), st.booleans())
def test_any_text_is_a_time_or_an_invalid_date(text, dates, as_end_of_day):
    result = parse_instant(text, ZONE, as_end_of_day=as_end_of_day, dates=dates)
    assert isinstance(result, InvalidDate) or result.tzinfo is UTC


WORD = st.text(st.sampled_from("abcÅéßøžА'’-"), min_size=1, max_size=8).filter(lambda word: word[0].isalpha())
NAME = st.lists(WORD, max_size=2).map(" ".join).filter(lambda name: decoded_once(name) == name)
"""A name; “Åž” is also how “Ş” looks that was encoded twice, and is repaired."""
HEADERS = st.sampled_from(
    [
        ("First name", "Infix", "Last name"),
        ("Voornaam", "Tussenvoegsel", "Achternaam"),
        ("Fornavn", "Mellemnavn", "Efternavn"),
        ("Attendee first name", "Attendee middle name", "Attendee last name"),
        ("Etunimi", "Toinen nimi", "Sukunimi"),
    ]
)


@settings(deadline=None)
@given(HEADERS, st.lists(st.tuples(NAME, NAME, NAME), min_size=1, max_size=5), st.permutations([0, 1, 2, 3]))
def test_the_parts_of_a_name_are_joined_in_their_order_wherever_their_columns_stand(headers, names, order):
    table = [("Email", *headers), *((f"p{at}@x.nl", *parts) for at, parts in enumerate(names))]
    content = "".join(";".join(row[at] for at in order) + "\n" for row in table)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_text(content, encoding="utf-8")
        sheet = open_sheet(path, SCHEMAS[Kind.CUSTOMERS], Options())
        rows = list(read_customers(sheet, Options(), RowNotes(), ZONE))
    read = [row[1].name for row in rows if not isinstance(row, Problem)]
    assert read == [" ".join(filter(None, parts)) for parts in names]
