"""What headers of other systems' lists say, and headers over two rows."""

import pytest

from guestlist.imports.model import Kind
from tests.unit.reading.builders import Desk


@pytest.mark.parametrize(
    ("header", "quantities"),
    [("Max Allowed Uses", [5, 10**9, 10**9]), ("Usage limit", [5, 10**9, 10**9])],
)
def test_an_empty_limit_is_none(desk: Desk, header, quantities):
    read = desk.read(f"Code,{header}\nA,5\nB,\nC,unlimited\n")
    assert [entry.quantity for entry in read.entries.values()] == quantities
    assert read.notices == ("2 rows (lines 3, 4): the limit is empty and was read as no limit.",)


def test_an_empty_quantity_is_one(desk: Desk):
    assert [entry.quantity for entry in desk.read("Code,Quantity\nA,5\nB,\n").entries.values()] == [5, 1]


@pytest.mark.parametrize("header", ["Ticket quantity", "Lineitem quantity", "Usage limit per customer"])
def test_how_many_were_bought_is_not_how_often_a_row_may_be_used(desk: Desk, header):
    assert desk.read(f"Email,{header}\na@b.nl,4\n").only.quantity == 1


@pytest.mark.parametrize(
    ("rows", "asks"),
    [("a@x.nl,\nb@x.nl,\nc@x.nl,FALL5\n", True), ("a@x.nl,F\nb@x.nl,F\n", True), ("a@x.nl,F1\nb@x.nl,F2\n", False)],
    ids=["mostly-empty", "repeating", "personal"],
)
def test_a_promo_code_that_people_used_is_no_code_of_a_list_unasked(desk: Desk, rows, asks):
    sheet = desk.sheet(f"Email,Discount code\n{rows}")
    assert (bool(sheet.question), "Code" in sheet.mapping) == (asks, not asks)


def test_a_list_of_codes_and_addresses_on_different_rows_keeps_both(desk: Desk):
    assert desk.read("Email,Promo code\na@x.nl,\n,P1\n").codes == ["", "P1"]


def test_a_second_header_row_names_whoever_the_row_is_about(desk: Desk):
    header = ";Event;Autumn;;\n;;;;\nNo;First name;Email;-;-\n-;-;-;First name;Email\n"
    sheet = desk.sheet(f"{header}1;Bertta;bertta@x.fi;Oona;oona@x.fi\n", Kind.CUSTOMERS)
    assert (sheet.detected.header_rows, sheet.mapping) == (4, {"Email": 4, "First name": 3})


def test_words_for_whose_columns_they_are_may_stand_above_them(desk: Desk):
    content = "Order,Buyer,,Attendee,\nNo,Name,Email,Name,Email\n1,Isla,isla@x.nl,Tom,tom@x.nl\n"
    assert desk.sheet(content, Kind.CUSTOMERS).mapping == {"Email": 4, "Name": 3}


def test_a_header_is_suggested_only_where_the_values_fit(desk: Desk):
    assert desk.sheet("Code,Seet\nA,Gent\nB,Oslo\n").detected.suggested == {}
    assert desk.sheet("Code,Seet\nA,12\nB,B 7\n").detected.suggested == {"Seat": 1}


def test_a_file_without_status_and_totals_is_plain(desk: Desk):
    assert desk.sheet("Code,Quantity\nA,1\n").plain
    assert not desk.sheet("Code,Status\nA,paid\n").plain
