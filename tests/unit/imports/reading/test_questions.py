"""Questions about the columns of a file, which are asked where they matter, with suggested answers."""

import pytest

from guestlist.imports.decision import About
from guestlist.imports.model import Kind
from guestlist.imports.reading import fields
from guestlist.imports.reading.sheet import Sheet
from tests.unit.imports.reading.builders import Reader

ROW = "1,a@x.nl,T"


def purchases(reader: Reader, header: str, *cells: str, **options) -> Sheet:
    rows = "".join(f"{number},a@x.nl,T,{cell}\n" for number, cell in enumerate(cells, 1))
    return reader.sheet(f"Order,Email,Sale item,{header}\n{rows}", Kind.PURCHASES, **options)


def questions_of(sheet: Sheet) -> list[About]:
    return [question.decision.about for question in sheet.questions]


@pytest.mark.parametrize(
    "header",
    [
        "Date",
        "Datum",
        "Created at",
        "Dato",
        "Paid at",
        "Paid date (UTC)",
        "Timestamp",
        "Aangemaakt op",
        "Transactiedatum",
        "Checkout time",
        "Pledged At",
    ],
)
def test_a_date_of_purchase_is_recognised_by_many_headers(reader: Reader, header):
    sheet = purchases(reader, header, "2025-11-03", "2025-11-04 10:00")
    assert (sheet.mapping[fields.PURCHASED_AT], questions_of(sheet)) == (3, [])


@pytest.mark.parametrize("header", ["When", "Moment", "Tijdstip"])
def test_a_column_of_dates_with_an_unknown_header_is_asked_about(reader: Reader, header):
    sheet = purchases(reader, header, "2025-11-03", "2025-11-04 10:00")
    assert (sheet.mapping[fields.PURCHASED_AT], questions_of(sheet)) == (3, [About.DATE_COLUMN])
    assert sheet.suggested.mapping == {"Order": 0, "Email": 1, "Sale item": 2, "Purchased at": 3}
    confirmed_sheet = purchases(reader, header, "2025-11-03", mapping=sheet.suggested.mapping)
    assert (confirmed_sheet.mapping, questions_of(confirmed_sheet)) == (sheet.mapping, [])


def test_an_unreadable_date_column_is_asked_about_and_suggested_to_be_ignored(reader: Reader):
    sheet = purchases(reader, "Date", "14.May.26", "yesterday")
    assert (fields.PURCHASED_AT in sheet.mapping, questions_of(sheet)) == (False, [About.DATE_COLUMN])


@pytest.mark.parametrize("header", ["Event date", "Date of birth", "Geboortedatum", "Valid until", "Start date"])
def test_unrelated_dates_are_not_asked_about_and_a_notice_says_that_all_rows_count_as_now(reader: Reader, header):
    sheet = purchases(reader, header, "2025-11-03")
    assert questions_of(sheet) == []
    assert any("count as made now" in note for note in sheet.detected.texts())


@pytest.mark.parametrize("header", ["Postcode", "Price", "Customer phone"])
def test_numbers_are_no_dates(reader: Reader, header):
    assert questions_of(purchases(reader, header, "10115", "20095")) == []


@pytest.mark.parametrize("header", ["Pcs", "Units sold", "Pax", "How many", "Stückzahl"])
def test_a_quantity_with_an_unknown_header_is_asked_about_where_it_matters(reader: Reader, header):
    sheet = purchases(reader, header, "2", "1", "2")
    assert (sheet.mapping[fields.QUANTITY], questions_of(sheet)) == (3, [About.QUANTITY_COLUMN])
    assert questions_of(purchases(reader, header, "1", "1", "1")) == []


@pytest.mark.parametrize("header", ["Row", "Seat", "Age", "Price", "Ticket id", "Year", "Table"])
def test_other_small_numbers_are_no_quantities(reader: Reader, header):
    assert questions_of(purchases(reader, header, "2", "1", "2")) == []


def test_a_column_that_numbers_the_rows_is_no_quantity(reader: Reader):
    assert questions_of(purchases(reader, "Entry", "1", "2", "3")) == []


def test_uses_of_codes_with_an_unknown_header_are_asked_about(reader: Reader):
    sheet = reader.sheet("Code,Pax\nA,2\nB,4\n", Kind.TARGET_GROUP)
    assert questions_of(sheet) == [About.QUANTITY_COLUMN]
    assert questions_of(reader.sheet("Code,Tier\nA,2\nB,4\n", Kind.TARGET_GROUP)) == []


def test_the_suggestion_of_a_question_below_a_title_is_a_valid_answer(reader: Reader):
    content = "Orders of the gala,,,\n,,,\nOrder,Email,Sale item,When\n1,a@x.nl,T,2025-11-03\n2,b@x.nl,T,2025-11-04\n"
    sheet = reader.sheet(content, Kind.PURCHASES)
    assert questions_of(sheet) == [About.DATE_COLUMN]
    confirmed_sheet = reader.sheet(content, Kind.PURCHASES, mapping=sheet.suggested.mapping)
    assert (confirmed_sheet.layout.header_rows, confirmed_sheet.mapping) == (sheet.layout.header_rows, sheet.mapping)


def test_a_name_may_be_mapped_to_up_to_three_columns(reader: Reader):
    content = "E,A,B,C\na@x.nl,Jan,van,Dam\n"
    sheet = reader.sheet(content, Kind.CUSTOMERS, mapping={"Email": "E", "Name": ("A", "B", "C")})
    assert sheet.mapping == {"Email": 0, "First name": 1, "Infix": 2, "Last name": 3}
    sheet = reader.sheet(content, Kind.CUSTOMERS, mapping={"Email": 0, "Name": (3, 1)})
    assert sheet.mapping == {"Email": 0, "First name": 3, "Last name": 1}
    assert reader.sheet(content, Kind.CUSTOMERS, mapping={"Email": (0, 1)}).issue_reason


@pytest.mark.parametrize("numbers", ["2 2 1", "1 2 1"], ids=["size-of-the-order", "place-in-the-order"])
@pytest.mark.parametrize("header", ["Tickets in order", "Position", "Count"])
def test_numbers_of_an_order_are_no_quantity_of_its_rows(reader: Reader, header, numbers):
    rows = "".join(f"{order},a@x.nl,early,{number}\n" for order, number in zip("AAB", numbers.split(" "), strict=True))
    sheet = reader.sheet(f"Order,Email,Sale item,{header}\n{rows}C,c@x.nl,early,1\n", Kind.PURCHASES)
    assert (fields.QUANTITY in sheet.mapping, questions_of(sheet)) == (False, [])


def test_the_number_of_tickets_of_an_order_is_not_counted_per_attendee(reader: Reader):
    rows = "A,T-1,a@x.nl,early,2\nA,T-2,b@x.nl,early,2\nB,T-3,c@x.nl,early,1\nC,T-4,d@x.nl,early,1\n"
    sheet = reader.sheet(f"Order,Barcode,Email,Sale item,Quantity\n{rows}", Kind.PURCHASES)
    assert fields.QUANTITY not in sheet.mapping


def test_the_time_of_an_export_is_not_taken_for_a_date_of_purchase(reader: Reader):
    assert questions_of(purchases(reader, "Exported at", "2025-11-03", "2025-11-03")) == []


@pytest.mark.parametrize(("adults", "asked"), [(2, [About.QUANTITY_COLUMN]), (3, [])])
def test_a_total_of_people_is_asked_about_if_it_is_the_sum_of_others_on_every_row(reader: Reader, adults, asked):
    content = f"Email,Adults,Children,Total\na@x.nl,{adults},20,22\nb@x.nl,3,,3\n"
    sheet = reader.sheet(content)
    assert questions_of(sheet) == asked
    assert (sheet.mapping.get(fields.QUANTITY) == 3) is bool(asked)


@pytest.mark.parametrize(
    "header", ["How many years have you been a member?", "Hvor mange år har du vært medlem?", "Combien d'années ?"]
)
def test_a_duration_is_no_quantity(reader: Reader, header):
    sheet = reader.sheet(f"Email,{header}\na@x.nl,12\nb@x.nl,3\n")
    assert (fields.QUANTITY in sheet.mapping, questions_of(sheet)) == (False, [])


def test_a_total_of_the_numbers_before_it_goes_before_each_of_them(reader: Reader):
    content = "Nr,Email,Phone,Aantal volwassenen,Aantal kinderen,Totaal\n1,a@x.nl,0470,2,1,3\n2,b@x.nl,0471,1,0,1\n"
    sheet = reader.sheet(content)
    assert (sheet.mapping[fields.QUANTITY], questions_of(sheet)) == (5, [About.QUANTITY_COLUMN])


def test_access_codes_that_all_buyers_have_are_asked_about_though_seats_without_a_buyer_have_none(reader: Reader):
    content = "Seat,Access code,Email\n1,AC-1,a@x.nl\n2,,\n3,,\n4,AC-2,b@x.nl\n"
    sheet = reader.sheet(content, Kind.TICKETS)
    assert (sheet.mapping[fields.TICKET_CODE], questions_of(sheet)) == (1, [About.CODE_COLUMN])


def test_barcodes_beside_neither_names_nor_orders_may_be_those_of_products(reader: Reader):
    stock = reader.sheet("Tuotenumero,EAN,Saldo\n1,6410000000012,4\n2,6410000000029,3\n", Kind.TICKETS)
    assert questions_of(stock) == [About.CODE_COLUMN]
    tickets = reader.sheet("Name,EAN\nAnn,6410000000012\nBob,6410000000029\n", Kind.TICKETS)
    assert questions_of(tickets) == []
