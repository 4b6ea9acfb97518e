"""Rows of tickets, customers and purchases."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from guestlist.imports.decision import About
from guestlist.imports.explanation import explanation
from guestlist.imports.file_options import DateOrder
from guestlist.imports.model import Kind, Options, Reason
from guestlist.imports.reading.customer_rows import CustomerRow, read_customers, split_groups
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.purchase_rows import PurchaseRow, read_purchases
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.ticket_rows import TicketRow, read_tickets
from guestlist.messages.message import texts_of
from tests.fakes.entries import read_entries
from tests.unit.imports.reading.builders import Reader

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READERS = {Kind.TICKETS: read_tickets, Kind.CUSTOMERS: read_customers, Kind.PURCHASES: read_purchases}


def read(reader: Reader, kind: Kind, content: str, row_notes: RowNotes | None = None, *, raw: bool = False) -> list:
    """Each row, or the line, column and code of its problem."""
    rows = READERS[kind](reader.sheet(content, kind), Options(raw=raw), row_notes or RowNotes(), AMSTERDAM)
    return [(row.line, row.column, row.code) if isinstance(row, Problem) else row[1] for row in rows]


@pytest.mark.parametrize(("cell", "quantity"), [("2.0", 2), ("2,00", 2), ("10.0", 10)])
def test_a_quantity_bought_may_have_zero_decimals(reader: Reader, cell, quantity):
    (row,) = read(reader, Kind.PURCHASES, f"Order;Email;Item;Quantity\n1;a@b.nl;Gala;{cell}\n")
    assert row.quantity == quantity


@pytest.mark.parametrize("cell", ["2.5", "1.000", "0.0", ".0", "2.0.0"])
def test_an_ambiguous_quantity_bought_is_refused(reader: Reader, cell):
    problem = (2, "Quantity", "bad_quantity")
    assert read(reader, Kind.PURCHASES, f"Order;Email;Item;Quantity\n1;a@b.nl;Gala;{cell}\n") == [problem]


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
def test_a_barcode_is_read_unchanged(reader: Reader, cell, code):
    assert read(reader, Kind.TICKETS, f"Ticket code,Name\n{cell},Jan\n") == [TicketRow(code, "Jan")]


def test_a_ticket_has_its_buyer_and_when_it_was_sold_where_the_file_says(reader: Reader):
    content = "Barcode;Naam;E-mail;Besteldatum\nA;  Zo\u0065\u0308 ;Z@b.nl;14-5-2026\nB;;;\n"
    sold_at = datetime(2026, 5, 13, 22, tzinfo=UTC)
    assert read(reader, Kind.TICKETS, content) == [TicketRow("A", "Zo\u00eb", "Z@b.nl", sold_at), TicketRow("B")]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",Jan,,", (2, "Ticket code", "no_code_or_email")),
        ("   ,Jan,,", (2, "Ticket code", "no_code_or_email")),
        ("A,Jan,nobody,", (2, "Email", "bad_email")),
        ("1.2E+12,Jan,,", (2, "Ticket code", "excel_scientific")),
        ("A\x1dB,Jan,,", (2, "Ticket code", "control_character")),
        ("x" * 201 + ",Jan,,", (2, "Ticket code", "too_long")),
        ("A,,,,x", (2, "Column 5", "wrong_column_count")),
    ],
)
def test_an_invalid_ticket_row_is_refused(reader: Reader, row, problem):
    assert read(reader, Kind.TICKETS, f"Ticket code,Name,Email,Original date\n{row}\n") == [problem]


@pytest.mark.behaviour(104)
def test_codes_that_begin_or_end_with_a_space_are_listed(reader: Reader):
    row_notes = RowNotes()
    read(reader, Kind.TICKETS, "Ticket code\n A\nB \nC\n", row_notes)
    assert texts_of("note", row_notes.messages())[0].startswith(
        "2 rows (lines 2, 3): the code begins or ends with a space."
    )


def test_a_notice_says_that_tickets_without_an_original_date_count_as_bought_now(reader: Reader):
    row_notes = RowNotes()
    read(reader, Kind.TICKETS, "Ticket code,Original date\nA,2026-05-14\nB,\n", row_notes)
    assert texts_of("note", row_notes.messages())[0].startswith("1 row (line 3): there is no original date")
    assert "no column for the original date" in reader.sheet("Ticket code\nA\n", Kind.TICKETS).detected.texts()[0]


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
def test_a_customers_groups_are_those_in_the_cell(reader: Reader, content, groups):
    (row,) = read(reader, Kind.CUSTOMERS, content)
    assert row.groups == groups


def test_a_column_of_groups_that_is_not_mapped_leaves_groups_alone(reader: Reader):
    sheet = reader.sheet("Email,Customer groups\na@b.nl,Gold\n", Kind.CUSTOMERS, mapping={"Email": "Email"})
    ((_, row),) = read_customers(sheet, Options(), RowNotes(), AMSTERDAM)
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
def test_group_names_are_separated_by_bars_or_semicolons(cell, delimiter, names):
    assert split_groups(cell, delimiter) == names


def test_a_removal_date_is_the_end_of_its_day(reader: Reader):
    (row,) = read(reader, Kind.CUSTOMERS, "Email,Name,Removal date\nA@b.nl,Jan,31-12-2026\n")
    assert row == CustomerRow("A@b.nl", "Jan", None, datetime(2026, 12, 31, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",,,", None),
        (",Jan,,", (2, "Email", "no_code_or_email")),
        ("nobody,,,", (2, "Email", "bad_email")),
        ("a@b.nl,,,13-13-2026", (2, "Removal date", "bad_date")),
        ("a@b.nl,," + "x" * 201 + ",", (2, "Customer groups", "too_long")),
        ("a@b.nl,,A\0,", (2, "Customer groups", "control_character")),
    ],
)
def test_an_invalid_customer_row_is_refused(reader: Reader, row, problem):
    content = f"Email,Name,Customer groups,Removal date\n{row}\nz@b.nl,,,\n"
    assert read(reader, Kind.CUSTOMERS, content)[:-1] == ([problem] if problem else [])


def test_cells_of_people_are_measured_without_the_spaces_around_them(reader: Reader):
    wide = f"{'':300}"
    (row,) = read(reader, Kind.CUSTOMERS, f"Email,Name,Customer groups\n{wide}a@b.nl,Jan{wide},{wide}Gold{wide}\n")
    assert row == CustomerRow("a@b.nl", "Jan", ("Gold",))
    (ticket,) = read(reader, Kind.TICKETS, f"Ticket code,Name\nA,{wide}Jan{wide}\n")
    assert ticket == TicketRow("A", "Jan")


def test_a_barcode_is_measured_with_its_spaces(reader: Reader):
    content = f"Ticket code,Name\n{'A':200},\n{'B':201},\n"
    assert read(reader, Kind.TICKETS, content) == [TicketRow(f"{'A':200}"), (3, "Ticket code", "too_long")]


def test_a_purchase_row_has_an_order_an_item_and_a_quantity(reader: Reader):
    rows = " 1001 ,A@b.nl,Jan,early,2,2026-05-14T10:00:00Z\n1002,c@d.nl,,early,,\n"
    assert read(reader, Kind.PURCHASES, f"Order,Email,Name,Sale item,Quantity,Purchased at\n{rows}") == [
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
        ("1,a@b.nl,,early,1,31-02-26", (2, "Purchased at", "bad_date")),
        ("1" * 201 + ",a@b.nl,,early,1,", (2, "Order", "too_long")),
    ],
)
def test_an_invalid_purchase_row_is_refused(reader: Reader, row, problem):
    assert read(reader, Kind.PURCHASES, f"Order,Email,Name,Sale item,Quantity,Purchased at\n{row}\n") == [problem]


@pytest.mark.parametrize("cell", ["31-02-26", "last week", "31-02-2026"])
def test_an_original_date_that_cannot_be_read_is_left_out_and_never_costs_the_ticket(reader: Reader, cell):
    row_notes = RowNotes()
    assert read(reader, Kind.TICKETS, f"Ticket code,Original date\nA,{cell}\n", row_notes) == [TicketRow("A")]
    assert texts_of("note", row_notes.messages())[0].startswith(
        "1 row (line 2): the original date cannot be read and was left empty"
    )


def test_dates_in_an_ambiguous_order_are_asked_about_with_day_first_suggested(reader: Reader):
    content = "Ticket code,Original date\nA,03/04/2026\n"
    sheet = reader.sheet(content, Kind.TICKETS)
    assert "which number is the day" in explanation(sheet.question_messages)
    ((_, ticket),) = read_tickets(sheet, Options(), RowNotes(), AMSTERDAM)
    assert ticket.original_at == datetime(2026, 4, 2, 22, tzinfo=UTC)
    assert reader.sheet(content, Kind.TICKETS, date_order=DateOrder.MDY).question_messages == ()


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Voornaam;Tussenvoegsel;Achternaam;Email", "Jan;van der;Berg;a@b.nl", "Jan van der Berg"),
        ("Etternavn;Fornavn;E-post", "Berg;Jan;a@b.nl", "Jan Berg"),
        ("Nom;Prénom;Courriel", "Berg;Jan;a@b.nl", "Jan Berg"),
        ("Nombre;Apellidos;Correo electrónico", "Jan;Berg;a@b.nl", "Jan Berg"),
        ("Name;First name;Email", "Jan Berg;Jan;a@b.nl", "Jan Berg"),
        ("Full Name;First Name;Last Name;E-Mail", "Dr J Berg;Jan;Berg;a@b.nl", "Dr J Berg"),
        ("Attendee name: Given name;Attendee name: Family name;E-mail", "Jan;Berg;a@b.nl", "Jan Berg"),
        ("Sukunimi;Etunimi;Sähköposti", "Berg;;a@b.nl", "Berg"),
        ("Nom de naissance;Nom d'usage;Prénom;Courriel", "Berg;;Jan;a@b.nl", "Jan Berg"),
        ("Nachname;Geburtsname;Vorname;E-Mail", "Berg;Dahl;Jan;a@b.nl", "Jan Berg"),
        ("user_name;user_email;status", "Jan Berg;a@b.nl;paid", "Jan Berg"),
        ("From;Item;BuyerEmail", "Jan Berg;Tea;a@b.nl", "Jan Berg"),
    ],
)
def test_a_name_in_several_columns_is_joined(reader: Reader, header, row, name):
    assert [one.name for one in read(reader, Kind.CUSTOMERS, f"{header}\n{row}\n")] == [name]


@pytest.mark.parametrize(("kind", "who"), [(Kind.CUSTOMERS, "Tom"), (Kind.TICKETS, "Tom"), (Kind.PURCHASES, "Isla")])
def test_tickets_and_customers_are_attendees_and_purchases_are_of_buyers(reader: Reader, kind, who):
    header = "Order ID,Barcode,Ticket type,Buyer first name,Buyer email,Attendee first name,Attendee email"
    (row,) = read(reader, kind, f"{header}\n1,T1,Early,Isla,isla@x.nl,Tom,tom@x.nl\n")
    assert (row.name, row.email) == (who, f"{who.lower()}@x.nl")


def test_of_several_addresses_in_a_cell_the_first_is_taken_with_a_notice(reader: Reader):
    row_notes = RowNotes()
    (row,) = read(reader, Kind.CUSTOMERS, "Email,Name\na@b.nl ::: c@d.nl,Jan\n", row_notes)
    assert row.email == "a@b.nl"
    assert "several e-mail addresses" in texts_of("note", row_notes.messages())[0]


OWN = [
    "Work email,Personal email,Name",
    "E-mail zakelijk,E-mail privé,Naam",
    "Home email,Preferred email,Name",
    "Email address - work,Email address - home,Name",
    "Other email,Email,Name",
]
"""Headers of two addresses of one person, of which the second goes first."""
TWO_ADDRESSES = "w@b.nl,p@b.nl,Jan\nw@d.nl,,Dirk\n"


@pytest.mark.parametrize("header", OWN)
def test_of_a_persons_own_addresses_the_next_is_taken_where_the_first_is_empty(reader: Reader, header):
    content = f"{header}\n{TWO_ADDRESSES}"
    assert [row.email for row in read(reader, Kind.CUSTOMERS, content)] == ["p@b.nl", "w@d.nl"]
    assert [entry.email for entry in reader.read(content).entries.values()] == ["p@b.nl", "w@d.nl"]
    assert "Several columns have addresses" in reader.sheet(content, Kind.CUSTOMERS).detected.texts()[0]


@pytest.mark.parametrize("other", ["Owner email", "Parent email", "Buyer email", "Contact email"])
def test_an_address_of_an_unclear_person_is_not_used(reader: Reader, other):
    own, missing = read(reader, Kind.CUSTOMERS, f"{other},Email,Name\n{TWO_ADDRESSES}")
    assert (own.email, missing) == ("p@b.nl", (3, "Email", "no_code_or_email"))


def test_a_code_without_an_address_gets_none_from_another_column(reader: Reader):
    entries = reader.read("Code,Work email,Personal email\nA1,w@b.nl,p@b.nl\nA2,w@d.nl,\n").entries
    assert [entry.email for entry in entries.values()] == ["p@b.nl", ""]


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        (Kind.TARGET_GROUP, "Code,Email", "C1,{}"),
        (Kind.CUSTOMERS, "Email,Name", "{},Jan"),
        (Kind.TICKETS, "Ticket code,Email", "T1,{}"),
        (Kind.PURCHASES, "Order,Email,Sale item,Quantity", "1,{},early,1"),
    ],
)
def test_text_of_a_mail_program_around_an_address_is_removed_with_a_notice(reader: Reader, kind, header, row):
    cells = ["<a@b.nl>", "a@b.nl;", "mailto:a@b.nl", "'a@b.nl'", "Jan <a@b.nl>", "a\u200b@b.nl"]
    row_notes, content = RowNotes(), "\n".join([header, *map(row.format, cells)]) + "\n"
    if kind is Kind.TARGET_GROUP:
        rows = [entry for _, entry in read_entries(reader.sheet(content, kind), Options(), row_notes)]
    else:
        rows = read(reader, kind, content, row_notes)
    assert [one.email for one in rows] == ["a@b.nl"] * len(cells)
    (notice,) = [sentence for sentence in texts_of("note", row_notes.messages()) if "mail program" in sentence]
    assert notice.startswith("5 rows (lines 2, 3, 4, 5, 6)")


@pytest.mark.parametrize("email", [".a@x.nl", "b..c@x.nl", "b@-x.nl", "a@x"])
def test_an_invalid_address_is_refused_in_every_kind_of_file(reader: Reader, email):
    for kind, content in {
        Kind.CUSTOMERS: f"Email,Name\n{email},Jan\n",
        Kind.TICKETS: f"Ticket code,Email\nT1,{email}\n",
        Kind.PURCHASES: f"Order,Email,Sale item,Quantity\n1,{email},early,1\n",
    }.items():
        assert read(reader, kind, content) == [(2, "Email", "bad_email")]
    (problem,) = read_entries(reader.sheet(f"Code,Email\nC1,{email}\n", Kind.TARGET_GROUP), Options(), RowNotes())
    assert isinstance(problem, Problem)


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_control_characters_of_a_scanner_after_a_code_are_removed(reader: Reader, end):
    (row,) = read(reader, Kind.TICKETS, f'Ticket code,Name\n" A\u200b1{end}",Jan\n')
    assert row.code == " A\u200b1"


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        ("Barcode number,Security code,Secret", "B1,S1,X1", "B1"),
        ("Promo code,Secret,Ticket reference", "B1,S1,X1", "S1"),
        ("Ticket number,Ticket ID,Email", "1,T-1,a@b.nl", "T-1"),
        ("Attendee #,Public ID", "1,T-1", "T-1"),
        ("Code-barres,Nom", "B1,Jan", "B1"),
        ("ID,Name", "6b1f0d0e-5b6c,Jan", "6b1f0d0e-5b6c"),
    ],
)
def test_of_several_code_columns_the_scanned_one_is_read(reader: Reader, header, row, code):
    assert [ticket.code for ticket in read(reader, Kind.TICKETS, f"{header}\n{row}\n")] == [code]


def test_a_code_column_that_is_empty_or_repetitive_gives_way_to_a_distinctive_one(reader: Reader):
    content = "Barcode,Secret,Ticket reference\n,S,X1\n,S,X2\n"
    assert [ticket.code for ticket in read(reader, Kind.TICKETS, content)] == ["X1", "X2"]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Barcode,Ticket type,Seat,Order", "B1,VIP,A-12,#1001", ("VIP", "A-12", "#1001")),
        ("Barcode,Kaartsoort,Stoel,Bestelnummer", "B1, VIP ,12,7", ("VIP", "12", "7")),
        ("Secret,Product,Seat number,Order code", "B1,Regular,,X7KQZ", ("Regular", "", "X7KQZ")),
        ("Ticket Reference,Ticket,Order Reference", "B1,Early bird,GIAO", ("Early bird", "", "GIAO")),
        ("Barcode,Plaats", "B1,Amsterdam", ("", "", "")),
        ("Barcode,Plaats", "B1,Rij 3", ("", "Rij 3", "")),
        ("Barcode,Seat", "B1,Front row", ("", "Front row", "")),
        ("Barcode,Ticket type,Ticket class", "B1,VIP,First", ("VIP", "", "")),
        ("Barcode,Ticket type", f"B1,{'x' * 300}", ("x" * 200, "", "")),
        ("Barcode,Seat", "B1,A\x07 1", ("", "A  1", "")),
    ],
)
def test_a_ticket_keeps_its_type_its_seat_and_its_order(reader: Reader, header, row, expected):
    (ticket,) = read(reader, Kind.TICKETS, f"{header}\n{row}\n")
    assert (ticket.ticket_type, ticket.seat, ticket.order) == expected


def test_a_row_that_ends_before_its_seat_is_a_ticket_without_one(reader: Reader):
    tickets = read(reader, Kind.TICKETS, "Barcode,Name,Seat\nB1,Jan\nB2,Bo,A-1\n")
    assert [(ticket.code, ticket.seat) for ticket in tickets] == [("B1", ""), ("B2", "A-1")]


@pytest.mark.parametrize("promo", ["Promo Code", "Voucher code", "coupon_code", "Order Discount Code", "Toegangscode"])
def test_a_promo_code_is_no_ticket_unless_it_is_mapped(reader: Reader, promo):
    content = f"{promo},Name\nEARLY,Jan\nLATE,Bo\n"
    sheet = reader.sheet(content, Kind.TICKETS)
    assert [question.decision.about for question in sheet.questions] == [About.CODE_COLUMN]
    assert reader.sheet(content, Kind.TICKETS, mapping=sheet.suggested.mapping).questions == ()
    repeated = reader.sheet(f"{promo},Name\nEARLY,Jan\nEARLY,Bo\n", Kind.TICKETS)
    assert repeated.issue_reason is Reason.NO_KNOWN_COLUMN
