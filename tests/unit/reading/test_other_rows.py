"""Rows of tickets, customers and purchases."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.customer_rows import CustomerRow, read_customers, split_groups
from guestlist.imports.reading.notices import Notices
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.purchase_rows import PurchaseRow, read_purchases
from guestlist.imports.reading.ticket_rows import TicketRow, read_tickets
from tests.unit.reading.builders import Desk

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READERS = {Kind.TICKETS: read_tickets, Kind.CUSTOMERS: read_customers, Kind.PURCHASES: read_purchases}


def read(desk: Desk, kind: Kind, content: str, notices: Notices | None = None, *, raw: bool = False) -> list:
    """What each row is; of a problem its line, column and code."""
    rows = READERS[kind](desk.sheet(content, kind), Options(raw=raw), notices or Notices(), AMSTERDAM)
    return [(row.line, row.column, row.code) if isinstance(row, Problem) else row[1] for row in rows]


@pytest.mark.behaviour(85, 86, 101, 102, 104, 106, 107, 108, 109, 110)
@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("*123*", "*123*"),
        ("123", "123"),
        (" 12 3 ", " 12 3 "),
        ("+1", "+1"),
        ("-1", "-1"),
        ("=1", "=1"),
        ("'=1", "=1"),
        ("'abc", "'abc"),
        ("aB", "aB"),
        ("007", "007"),
        ("\xa01", "\xa01"),
        ('"a""b"', 'a"b'),
    ],
)
def test_a_barcode_is_kept_letter_for_letter(desk: Desk, cell, code):
    assert read(desk, Kind.TICKETS, f"Ticket code,Name\n{cell},Jan\n") == [TicketRow(code, "Jan")]


def test_a_ticket_has_its_buyer_and_when_it_was_sold_where_the_file_says(desk: Desk):
    content = "Barcode;Naam;E-mail;Besteldatum\nA;  Zo\u0065\u0308 ;Z@b.nl;14-5-2026\nB;;;\n"
    sold = datetime(2026, 5, 13, 22, tzinfo=UTC)
    assert read(desk, Kind.TICKETS, content) == [TicketRow("A", "Zo\u00eb", "Z@b.nl", sold), TicketRow("B")]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",Jan,,", (2, "Ticket code", "no_code_or_email")),
        ("   ,Jan,,", (2, "Ticket code", "no_code_or_email")),
        ("A,Jan,nobody,", (2, "Email", "bad_email")),
        ("A,Jan,,03/04/2026", (2, "Original date", "bad_date")),
        ("1.2E+12,Jan,,", (2, "Ticket code", "excel_scientific")),
        ("A\x1dB,Jan,,", (2, "Ticket code", "control_character")),
        ("x" * 201 + ",Jan,,", (2, "Ticket code", "too_long")),
        ("A,,,,x", (2, "Column 5", "wrong_column_count")),
    ],
)
def test_a_ticket_that_is_not_right_is_refused(desk: Desk, row, problem):
    assert read(desk, Kind.TICKETS, f"Ticket code,Name,Email,Original date\n{row}\n") == [problem]


@pytest.mark.behaviour(104)
def test_codes_that_begin_or_end_with_a_space_are_listed(desk: Desk):
    notices = Notices()
    read(desk, Kind.TICKETS, "Ticket code\n A\nB \nC\n", notices)
    assert notices.sentences()[0].startswith("2 rows (lines 2, 3): the code begins or ends with a space.")


def test_tickets_without_an_original_date_are_said_to_count_as_bought_now(desk: Desk):
    notices = Notices()
    read(desk, Kind.TICKETS, "Ticket code,Original date\nA,2026-05-14\nB,\n", notices)
    assert notices.sentences()[0].startswith("1 row (line 3): there is no original date")
    assert "no column for the original date" in desk.sheet("Ticket code\nA\n", Kind.TICKETS).detected.notes[0]


@pytest.mark.behaviour(222)
@pytest.mark.parametrize(
    ("content", "groups"),
    [
        ("Email,Customer groups\na@b.nl,Members\n", ("Members",)),
        ("Email,Customer groups\na@b.nl,Members|Gold; VIP\n", ("Members", "Gold", "VIP")),
        ("Email;Customer groups\na@b.nl;Members|Gold\n", ("Members", "Gold")),
        ("Email,Customer groups\na@b.nl,\n", ()),
        ("Email,Customer groups\na@b.nl,' | ;'\n".replace("'", '"'), ()),
        ("Email,Name\na@b.nl,Jan\n", None),
    ],
    ids=["one", "several", "bars", "none", "only-separators", "no-column"],
)
def test_a_customers_groups_are_those_in_the_cell(desk: Desk, content, groups):
    (row,) = read(desk, Kind.CUSTOMERS, content)
    assert row.groups == groups


def test_a_column_of_groups_that_is_not_mapped_leaves_groups_alone(desk: Desk):
    sheet = desk.sheet("Email,Customer groups\na@b.nl,Gold\n", Kind.CUSTOMERS, mapping={"Email": "Email"})
    ((_, row),) = read_customers(sheet, Options(), Notices(), AMSTERDAM)
    assert row == CustomerRow("a@b.nl")


@pytest.mark.parametrize(
    ("cell", "delimiter", "names"),
    [
        ("A|B", ",", ("A", "B")),
        ("A;B|C", ";", ("A;B", "C")),
        ("A|B;C", "|", ("A|B", "C")),
        (' "A|B" ; "C ""D""" ', ",", ("A|B", 'C "D"')),
        ("A|a| A ", ",", ("A",)),
        ('"A" B|C', ",", ('"A" B', "C")),
        ('5" disc|C', ",", ('5" disc', "C")),
        ("||", None, ()),
        ('"', ",", ('"',)),
        ("", ",", ()),
    ],
)
def test_names_stand_between_bars_or_semicolons(cell, delimiter, names):
    assert split_groups(cell, delimiter) == names


def test_a_removal_date_is_the_end_of_its_day(desk: Desk):
    (row,) = read(desk, Kind.CUSTOMERS, "Email,Name,Removal date\nA@b.nl,Jan,31-12-2026\n")
    assert row == CustomerRow("A@b.nl", "Jan", None, datetime(2026, 12, 31, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",,,", None),
        (",Jan,,", (2, "Email", "no_code_or_email")),
        ("nobody,,,", (2, "Email", "bad_email")),
        ("a@b.nl,,,1-13-2026", (2, "Removal date", "bad_date")),
        ("a@b.nl,," + "x" * 201 + ",", (2, "Customer groups", "too_long")),
        ("a@b.nl,,A\0,", (2, "Customer groups", "control_character")),
    ],
)
def test_a_customer_who_is_not_right_is_refused(desk: Desk, row, problem):
    content = f"Email,Name,Customer groups,Removal date\n{row}\nz@b.nl,,,\n"
    assert read(desk, Kind.CUSTOMERS, content)[:-1] == ([problem] if problem else [])


def test_a_purchase_is_so_many_of_an_item_in_an_order(desk: Desk):
    rows = " 1001 ,A@b.nl,Jan,early,2,2026-05-14T10:00:00Z\n1002,c@d.nl,,early,,\n"
    assert read(desk, Kind.PURCHASES, f"Order,Email,Name,Sale item,Quantity,Purchased at\n{rows}") == [
        PurchaseRow("1001", "A@b.nl", "Jan", "early", 2, datetime(2026, 5, 14, 10, tzinfo=UTC)),
        PurchaseRow("1002", "c@d.nl", "", "early", 1, None),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",a@b.nl,,early,1,", (2, "Order", "no_code_or_email")),
        ("1,,,early,1,", (2, "Email", "no_code_or_email")),
        ("1,nobody,,early,1,", (2, "Email", "bad_email")),
        ("1,a@b.nl,,,1,", (2, "Sale item", "unknown_item")),
        ("1,a@b.nl,,early,0,", (2, "Quantity", "bad_quantity")),
        ("1,a@b.nl,,early,1,03/04/2026", (2, "Purchased at", "bad_date")),
        ("1" * 129 + ",a@b.nl,,early,1,", (2, "Order", "too_long")),
    ],
)
def test_a_purchase_that_is_not_right_is_refused(desk: Desk, row, problem):
    assert read(desk, Kind.PURCHASES, f"Order,Email,Name,Sale item,Quantity,Purchased at\n{row}\n") == [problem]


def test_the_reason_of_an_ambiguous_date_is_in_the_sentence(desk: Desk):
    sheet = desk.sheet("Ticket code,Original date\nA,03/04/2026\n", Kind.TICKETS)
    (problem,) = read_tickets(sheet, Options(), Notices(), AMSTERDAM)
    assert isinstance(problem, Problem)
    assert "“03/04/2026” could be day 3 of month 4 or day 4 of month 3. Write year-month-day" in problem.detail
