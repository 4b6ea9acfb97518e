"""Headers of other systems' lists, and headers in two rows."""

from zoneinfo import ZoneInfo

import pytest

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Kind, Options, Reason
from guestlist.imports.reading.customer_rows import CustomerRow, read_customers
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.imports.reading.sheet import Sheet
from tests.unit.imports.reading.builders import Reader


def customers(sheet: Sheet) -> list[CustomerRow]:
    """The customers of all good rows."""
    rows = read_customers(sheet, Options(), RowNotes(), ZoneInfo("Europe/Amsterdam"))
    return [row[1] for row in rows if not isinstance(row, Problem)]


@pytest.mark.parametrize(
    ("header", "quantities"),
    [("Max Allowed Uses", [5, 10**9, 10**9]), ("Usage limit", [5, 10**9, 10**9])],
)
def test_an_empty_limit_is_none(reader: Reader, header, quantities):
    read = reader.read(f"Code,{header}\nA,5\nB,\nC,unlimited\n")
    assert [entry.quantity for entry in read.entries.values()] == quantities
    assert read.row_notes == ("2 rows (lines 3, 4): the limit is empty and was read as no limit.",)


def test_an_empty_quantity_is_one(reader: Reader):
    assert [entry.quantity for entry in reader.read("Code,Quantity\nA,5\nB,\n").entries.values()] == [5, 1]


@pytest.mark.parametrize("header", ["Ticket quantity", "Lineitem quantity", "Usage limit per customer"])
def test_the_number_bought_is_not_the_quantity_of_an_entry(reader: Reader, header):
    assert reader.read(f"Email,{header}\na@b.nl,4\n").only.quantity == 1


@pytest.mark.parametrize(
    ("rows", "asks"),
    [("a@x.nl,\nb@x.nl,\nc@x.nl,FALL5\n", True), ("a@x.nl,F\nb@x.nl,F\n", True), ("a@x.nl,F1\nb@x.nl,F2\n", False)],
    ids=["mostly-empty", "repeating", "personal"],
)
def test_a_promo_code_that_buyers_used_is_no_code_of_a_list_without_a_question(reader: Reader, rows, asks):
    sheet = reader.sheet(f"Email,Discount code\n{rows}")
    assert (bool(sheet.question_messages), "Code" in sheet.mapping) == (asks, not asks)


def test_a_list_of_codes_and_addresses_on_different_rows_keeps_both(reader: Reader):
    assert reader.read("Email,Promo code\na@x.nl,\n,P1\n").codes == ["", "P1"]


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Event,Name,Surname,Email", "Gala,Isla,Marsh,a@x.nl", "Isla Marsh"),
        ("Buyer,Email", "Isla Marsh,a@x.nl", "Isla Marsh"),
        ("Deltager,Email", "Åse Holm,a@x.nl", "Åse Holm"),
        ("Guest,Email", "2,a@x.nl", ""),
        ("What is your full name?,Email", "Isla Marsh,a@x.nl", "Isla Marsh"),
        ("Wat is je voornaam?,Wat is je achternaam?,Wat is je e-mailadres?", "Jip,Aal,a@x.nl", "Jip Aal"),
        ("¿Cuál es tu nombre?,Correo electrónico", "Ana,a@x.nl", "Ana"),
        ("name_first,name_last,email_addr", "Nell,Adair,a@x.nl", "Nell Adair"),
        ("Nom payeur,Prénom payeur,Email payeur", "Noël,Chloé,a@x.nl", "Chloé Noël"),
        ("Username,Email", "isla77,a@x.nl", ""),
        (
            "Owner First Name,Owner Last Name,Owner Email,Buyer Name,Buyer E-Mail",
            "Zoe,Dorn,a@x.nl,Yan,b@x.nl",
            "Zoe Dorn",
        ),
        ("First name,Last name,Email,Owner name,Owner email", "Rosa,Klee,a@x.nl,Sam Sales,s@x.nl", "Rosa Klee"),
        ("First Name[ATT_fname],Last Name[ATT_lname],Email Address[ATT_email]", "Tess,Hill,a@x.nl", "Tess Hill"),
        ("Patron,Patron Email", "Ivor Hill,a@x.nl", "Ivor Hill"),
        ("Forename(s),Surname,Email 1,Email 2", "Jean Anne,O'Hara,a@x.nl,b@x.nl", "Jean Anne O'Hara"),
        ("Full name (required),Email address (required)*", "Ann Lee,a@x.nl", "Ann Lee"),
        ("Asiakas,Asiakkaan sähköposti", "Riku Gran,a@x.nl", "Riku Gran"),
        ("Roepnaam,Tussenv.,Achternaam,Mail", "Loes,van,Dijk,a@x.nl", "Loes van Dijk"),
        ("Name - First Name,Name - Last Name,E-mail", "Ann,Lee,a@x.nl", "Ann Lee"),
        ("What's your first name?,And your last name?,Your email", "Jo,Xu,a@x.nl", "Jo Xu"),
        ("Subscriber,Name,Last name", "a@x.nl,Ann,Lee", "Ann Lee"),
        ("Name,Email", "#N/A,a@x.nl", ""),
        ("Vorname;Nachname;E-Mail", "Änne;#NV;a@x.nl", "Änne"),
    ],
)
def test_names_are_recognised_by_many_headers(reader: Reader, header, row, name):
    (customer,) = customers(reader.sheet(f"{header}\n{row}\n", Kind.CUSTOMERS))
    assert (customer.email, customer.name) == ("a@x.nl", name)


@pytest.mark.parametrize(
    ("header", "row", "email"),
    [
        ("Name,From Email Address,To Email Address", "Uma,a@x.nl,shop@x.nl", "a@x.nl"),
        ("Email,Personal email", "a@x.nl,b@x.nl", "a@x.nl"),
        ("Personal email,Phone", "a@x.nl,1", "a@x.nl"),
        ("Buyer,Phone", "a@x.nl,1", "a@x.nl"),
    ],
)
def test_addresses_are_recognised_by_many_headers(reader: Reader, header, row, email):
    (customer,) = customers(reader.sheet(f"{header}\n{row}\n", Kind.CUSTOMERS))
    assert customer.email == email


def test_of_two_columns_with_one_header_the_full_one_is_read(reader: Reader):
    rows = "a@x.nl,\nb@x.nl,work@x.nl\nc@x.nl,\n"
    people = customers(reader.sheet(f"Email,Email\n{rows}", Kind.CUSTOMERS))
    assert [one.email for one in people] == ["a@x.nl", "b@x.nl", "c@x.nl"]


def test_codes_below_the_header_name_are_asked_about(reader: Reader):
    sheet = reader.sheet("Name,Value,Usage Limit Per Code\nSPRING,-15,100\nCREW,-100,\n")
    assert (sheet.mapping, "“Name” seems to hold the codes" in explanation(sheet.question_messages)) == (
        {"Code": 0, "Quantity": 2},
        True,
    )
    assert reader.sheet("Name,Value\nSPRING,-15\n").issue_reason


@pytest.mark.parametrize(
    ("content", "asks"),
    [
        ("Id,Email\n1000231,a@x.nl\n1000232,b@x.nl\n", True),
        ("ID,Email\n6b1f0d0e-5b6c,a@x.nl\n6b1f0d0e-5b6d,b@x.nl\n", False),
        ("Code,Max uses\nEARLY,100\nCREW,40\n", True),
        ("Code,Quantity,Quantity Used\nEARLY,100,3\nCREW,40,2\n", True),
        ("Code,Quantity\nAA01,1\nAA02,1\n", False),
        ("Code,Discount code\nAA01,\nAA02,SALE\n", False),
    ],
    ids=["record", "uuid", "limit", "uses", "tickets", "promo-beside"],
)
def test_record_numbers_and_codes_to_give_out_are_no_tickets_without_a_question(reader: Reader, content, asks):
    sheet = reader.sheet(content, Kind.TICKETS)
    assert (sheet.mapping["Ticket code"], bool(sheet.question_messages)) == (0, asks)


def test_a_promo_code_beside_the_buyers_address_was_used(reader: Reader):
    content = "Ticket Email,Order Email,Order Discount Code\na@x.nl,a@x.nl,\nc@x.nl,a@x.nl,\n,b@x.nl,TEAM10\n"
    sheet = reader.sheet(content)
    assert (sheet.mapping, bool(sheet.question_messages)) == ({"Email": 0}, True)


@pytest.mark.parametrize("header", ["Promotion code", "Promotional code", "Discount code"])
def test_a_promotion_is_a_promo(reader: Reader, header):
    sheet = reader.sheet(f"Email,{header}\na@x.nl,\nb@x.nl,\nc@x.nl,EARLY\n")
    assert (sheet.mapping, bool(sheet.question_messages)) == ({"Email": 0}, True)


@pytest.mark.parametrize(
    "header",
    [
        "Streckkodsnummer", "Stregkodenr.", "N° de code-barres", "N.º de código de barras", "Barcode-Nr.",
        "Ticket barcode", "Numero billet", "N° biglietto", "Biljettnr",
    ],
)  # fmt: skip
def test_barcodes_are_recognised_by_many_headers(reader: Reader, header):
    sheet = reader.sheet(f"{header};Email\n70011000001;a@x.nl\n70011000002;b@x.nl\n", Kind.TICKETS)
    assert (sheet.mapping, explanation(sheet.question_messages)) == ({"Ticket code": 0, "Email": 1}, "")


@pytest.mark.parametrize("header", ["Unieke code", "Personal code", "Unik kode", "Persönlicher Code", "Unik kod"])
def test_a_personal_code_is_a_code_of_a_list(reader: Reader, header):
    assert reader.read(f"Email,{header}\na@x.nl,K7QX\nb@x.nl,L8RY\n").codes == ["K7QX", "L8RY"]


def test_a_link_is_no_code_of_a_ticket_beside_another(reader: Reader):
    content = "Ticket ID,QR code\nZBT-1,https://x.nl/1\nZBT-2,https://x.nl/2\n"
    assert reader.sheet(content, Kind.TICKETS).mapping == {"Ticket code": 0}


def test_rows_with_totals_are_reported_and_are_no_tickets(reader: Reader):
    content = "Barcode;Naam;Rang\nA1;Ans;1\nSubtotaal;1;\nB2;Bea;2\nSubtotaal;1;\nTotaal;2;\n"
    sheet = reader.sheet(content, Kind.TICKETS)
    assert [record.cells[0] for record in sheet.records()] == ["A1", "B2"]
    assert "Rows with totals, such as line 3, were not read." in sheet.detected.texts()
    assert not sheet.includes_all_rows


def test_a_word_for_a_sum_may_be_a_code_of_a_list(reader: Reader):
    assert reader.read("Code;Quantity;Seat\nA1;1;\nTOTAL;5;\nB2;1;\n").codes == ["A1", "TOTAL", "B2"]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Leerling,Naam ouder,E-mail ouder", "Pim,Sara Bos,a@x.nl", ("a@x.nl", "Sara Bos")),
        ("Name,Email,Parent email", "Pim Bos,a@x.nl,b@x.nl", ("a@x.nl", "Pim Bos")),
        ("Name,Parent email", "Pim Bos,b@x.nl", ("b@x.nl", "Pim Bos")),
    ],
)
def test_a_parents_address_is_used_only_without_another(reader: Reader, header, row, expected):
    (customer,) = customers(reader.sheet(f"{header}\n{row}\n", Kind.CUSTOMERS))
    assert (customer.email, customer.name) == expected


def test_remaining_uses_of_a_code_are_asked_about_before_its_total(reader: Reader):
    sheet = reader.sheet("Voucher,Total uses,Used,Remaining uses\nA,10,3,7\nB,5,0,5\n")
    assert (sheet.mapping, "“Remaining uses”" in explanation(sheet.question_messages)) == (
        {"Code": 0, "Quantity": 3},
        True,
    )


@pytest.mark.parametrize(
    ("header", "asks"),
    [
        ("Anzahl Tickets je Code", True),
        ("Admit", True),
        ("Discount", False),
        ("Used", False),
        ("Orders", False),
        ("Max tickets", False),
    ],
)
def test_numbers_beside_codes_are_asked_about_where_they_may_be_quantities(reader: Reader, header, asks):
    assert bool(reader.sheet(f"Presale code,{header}\nA,4\nB,2\n").question_messages) == asks


def test_a_maximum_of_tickets_is_the_limit_of_a_code(reader: Reader):
    entries = reader.read("Unlock code,Max tickets\nA,4\nB,\n").entries
    assert [one.quantity for one in entries.values()] == [4, 10**9]


def test_numbers_beside_barcodes_are_not_asked_about(reader: Reader):
    assert not reader.sheet("Barcode,Rank\n900001,1\n900002,2\n900003,2\n").question_messages


def test_several_codes_in_a_cell_are_asked_about(reader: Reader):
    sheet = reader.sheet('Barcodes,Email\n"RA770001, RA770002",a@x.nl\nRA770003,b@x.nl\n', Kind.TICKETS)
    assert (sheet.mapping["Ticket code"], bool(sheet.question_messages)) == (0, True)


@pytest.mark.parametrize(
    "header",
    ["Artikelbezeichnung", "Varenavn", "Produktnamn", "Nom du produit", "Nombre del artículo", "Tuotteen nimi"],
)
def test_sale_items_are_recognised_by_many_headers(reader: Reader, header):
    sheet = reader.sheet(f"Order;Email;{header}\n1;a@x.nl;Gala\n", Kind.PURCHASES)
    assert sheet.mapping == {"Order": 0, "Email": 1, "Sale item": 2}


def test_tickets_that_are_only_numbered_are_asked_about(reader: Reader):
    sheet = reader.sheet("Ticket #,Email\n1,a@x.nl\n2,b@x.nl\n", Kind.TICKETS)
    assert (sheet.mapping["Ticket code"], bool(sheet.question_messages)) == (0, True)


@pytest.mark.parametrize("header", ["Maximale Einlösungen", "Max. gebruik", "Max antal användningar", "Usage limit"])
def test_limits_are_recognised_in_every_language(reader: Reader, header):
    assert [one.quantity for one in reader.read(f"Code;{header}\nA;3\nB;\n").entries.values()] == [3, 10**9]


def test_an_attendee_with_another_address_is_not_taken_for_the_buyer(reader: Reader):
    header = "Order code,Email,Attendee name,Attendee email,Product"
    sheet = reader.sheet(f"{header}\nX1,buyer@x.nl,Tom,tom@x.nl,Gala\n", Kind.PURCHASES)
    assert sheet.mapping == {"Order": 0, "Email": 1, "Sale item": 4}


@pytest.mark.parametrize(
    "header", ["Booking ref", "Buchungs-ID", "Référence commande", "Confirmation number", "Bokningsnr", "order_num"]
)
def test_orders_are_recognised_by_many_headers(reader: Reader, header):
    sheet = reader.sheet(f"{header};Email;Ticketkategorie\nX1;a@x.nl;Parkett\n", Kind.PURCHASES)
    assert sheet.mapping == {"Order": 0, "Email": 1, "Sale item": 2}


def test_the_value_of_a_ticket_is_not_how_many_were_bought(reader: Reader):
    content = "Order,Email,Item,Ticket value\n1,a@x.nl,Gala,20\n2,b@x.nl,Gala,15\n"
    assert not reader.sheet(content, Kind.PURCHASES).question_messages


@pytest.mark.parametrize("number", ["Attendee ID", "Barcode"])
def test_the_number_of_a_record_is_no_sure_code_beside_codes_of_their_own(reader: Reader, number):
    sheet = reader.sheet(f"{number},Voucher code\n9001,VC8X\n9002,VC9Y\n", Kind.TICKETS)
    assert (sheet.mapping["Ticket code"], bool(sheet.question_messages)) == (0, number == "Attendee ID")


def test_a_formula_that_failed_is_no_code(reader: Reader):
    read = reader.read("Code,Email\n#N/A,a@x.nl\nB1,b@x.nl\n#1001,\n")
    assert (read.codes, read.problem_codes) == (["B1", "#1001"], [(2, "no_code_or_email")])


def test_the_name_of_an_item_says_more_than_its_number_in_another_system(reader: Reader):
    header = "order_id,billing_email,item_id,item_name,item_quantity"
    assert reader.sheet(f"{header}\n1,a@x.nl,9001,Gala,2\n", Kind.PURCHASES).mapping["Sale item"] == 3


@pytest.mark.parametrize("header", ["How many tickets do you need?", "Nb de places", "Henkilömäärä"])
def test_a_number_of_people_is_asked_about(reader: Reader, header):
    sheet = reader.sheet(f"Email,{header}\na@x.nl,2\nb@x.nl,1\n")
    assert (sheet.mapping, bool(sheet.question_messages)) == ({"Email": 0, "Quantity": 1}, True)


def test_a_header_below_a_title_may_name_a_person_and_one_field(reader: Reader):
    content = "Vieraslista 2026;;\nNimi;Sähköposti;Lisätiedot\nAino;a@x.fi;\n"
    assert reader.sheet(content).mapping == {"Email": 1}


def test_a_second_header_row_names_the_person_of_its_columns(reader: Reader):
    header = ";Event;Autumn;;\n;;;;\nNo;First name;Email;-;-\n-;-;-;First name;Email\n"
    sheet = reader.sheet(f"{header}1;Bertta;bertta@x.fi;Oona;oona@x.fi\n", Kind.CUSTOMERS)
    assert (sheet.detected.header_rows, sheet.mapping) == (4, {"Email": 4, "First name": 3})


def test_a_row_above_the_headers_may_name_the_person_of_the_columns(reader: Reader):
    content = "Order,Buyer,,Attendee,\nNo,Name,Email,Name,Email\n1,Isla,isla@x.nl,Tom,tom@x.nl\n"
    assert reader.sheet(content, Kind.CUSTOMERS).mapping == {"Email": 4, "Name": 3}


def test_a_header_is_suggested_only_where_the_values_fit(reader: Reader):
    assert reader.sheet("Code,Seet\nA,Gent\nB,Oslo\n").detected.suggested == {}
    assert reader.sheet("Code,Seet\nA,12\nB,B 7\n").detected.suggested == {"Seat": 1}


def test_a_file_without_status_and_totals_is_plain(reader: Reader):
    assert reader.sheet("Code,Quantity\nA,1\n").includes_all_rows
    assert not reader.sheet("Code,Status\nA,paid\n").includes_all_rows


def test_the_only_column_of_addresses_is_recognised_under_any_header(reader: Reader):
    assert reader.sheet("Naam,Berichten naar\nAda,a@x.nl\n", Kind.CUSTOMERS).mapping == {"Name": 0, "Email": 1}
    for header in ("Account owner", "Verkoper", "Created by"):
        assert "Email" not in reader.sheet(f"Naam,{header}\nAda,a@x.nl\n", Kind.CUSTOMERS).mapping
    assert "Email" not in reader.sheet("Naam,Een,Twee\nAda,a@x.nl,b@x.nl\n", Kind.CUSTOMERS).mapping


def test_addresses_with_names_around_them_are_no_codes(reader: Reader):
    read = reader.read('Recipients\nAda <a@x.nl>\n"Bo, C" <b@x.nl>\n')
    assert [entry.email for entry in read.entries.values()] == ["a@x.nl", "b@x.nl"]


def test_a_header_may_hold_numbers_beside_two_known_words(reader: Reader):
    sheet = reader.sheet("Name,Email,2024,2025,2026\nAda,a@x.nl,1,,1\n")
    assert (sheet.mapping, sheet.layout.header_rows) == ({"Email": 1}, 1)


@pytest.mark.parametrize(
    "header",
    ["First name / Vorname", "1. First name", "Q2: First name", "First name\n(as on ticket)**", "First name (Contact)"],
)
def test_a_header_is_recognised_within_the_text_of_a_form(reader: Reader, header):
    sheet = reader.sheet(f'"{header}",Surname,Email\nAda,Moss,a@x.nl\n', Kind.CUSTOMERS)
    assert sheet.mapping == {"First name": 0, "Last name": 1, "Email": 2}


def test_the_person_who_fills_in_a_form_precedes_their_guest(reader: Reader):
    content = "Your name,Your email,Guest name,Guest email\nAda,a@x.nl,Bo,b@x.nl\n"
    assert reader.sheet(content, Kind.CUSTOMERS).mapping == {"Name": 0, "Email": 1}


def test_a_ticket_has_the_name_of_its_holder_although_only_its_buyer_has_an_address(reader: Reader):
    content = "Buyer,Buyer email,Holder name,Barcode\nAda A,a@x.nl,Bo B,B-0001\n"
    assert reader.sheet(content, Kind.TICKETS).mapping == {"Ticket code": 3, "Name": 2, "Email": 1}
    assert reader.sheet(content, Kind.CUSTOMERS).mapping == {"Email": 1, "Name": 0}


@pytest.mark.parametrize(
    ("header", "quantity"), [("2x", 2), ("x 3", 3), ("4 stuks", 4), ("5 Stk.", 5), ("6 tickets", 6), ("'7'", 7)]
)
def test_a_quantity_may_have_a_unit(reader: Reader, header, quantity):
    assert reader.read(f"Code,Quantity\nAB-1,{header}\n").only.quantity == quantity


@pytest.mark.parametrize("header", ["∞", "–", "geen", "illimité", "sin límite"])
def test_a_limit_may_be_unlimited_in_many_words(reader: Reader, header):
    assert reader.read(f"Code,Max uses\nAB-1,{header}\n").only.quantity == 1_000_000_000


def test_rows_quoted_whole_by_a_spreadsheet_are_read(reader: Reader):
    read = reader.read('"Email,Quantity,Seat"\n"a@x.nl,2,""A,1"""\n"b@x.nl,1,"\n')
    assert [(each.email, each.quantity, each.seat) for each in read.entries.values()] == [
        ("a@x.nl", 2, "A,1"),
        ("b@x.nl", 1, ""),
    ]


def test_a_title_above_a_list_of_one_column_is_no_code(reader: Reader):
    assert reader.read("Codes of our sponsors 2026\nSP-1\nSP-2\nSP-3\n").codes == ["SP-1", "SP-2", "SP-3"]
    assert reader.read("Gold pass one\nGold pass two\nGold pass three\n").codes[0] == "Gold pass one"


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Voorletters;Tussenvoegsels;Achternaam", "P.;van der;Beek", "P. van der Beek"),
        ("Voorletters;Voornaam;Achternaam", "P.;Piet;Beek", "Piet Beek"),
        ("Voornaam;Roepnaam;Achternaam", "Floor Anna;Floor;Geel", "Floor Geel"),
        ("Known as;First name;Last name", ";Floor;Geel", "Floor Geel"),
        ("Contact;Names", "Rhys Tal;Rhys Tal, Sian Tal", "Rhys Tal"),
        ("Names;Phone", "Rhys and Sian Tal;1", "Rhys and Sian Tal"),
        ("Ad;Soyad", "Ayşe;Kaya", "Ayşe Kaya"),
        ("Full name;Ad", "Ada Bell;Summer two", "Ada Bell"),
        ("Jméno;Příjmení", "Jana;Malá", "Jana Malá"),
        ("Spectator First Name;Spectator Last Name", "Cleo;Iris", "Cleo Iris"),
        ("Current Owner Name;Original Owner Name", "Val Webb;Una Vale", "Val Webb"),
        ("Name on card;Level", "ANN BLY;Gold", "ANN BLY"),
        ("PrÃ©nom;Nom", "Renée;Roux", "Renée Roux"),
    ],
)
def test_a_name_is_that_of_one_person_and_whole(reader: Reader, header, row, name):
    (one,) = customers(reader.sheet(f"Email;{header}\na@x.nl;{row}\n", Kind.CUSTOMERS))
    assert one.name == name


def test_the_only_person_with_a_name_and_an_address_is_known_by_any_word(reader: Reader):
    content = "Account First Name,Account Last Name,Account Email,Tracking link\nRay,Sosa,ray@x.com,kick@x.com\n"
    (one,) = customers(reader.sheet(content, Kind.CUSTOMERS))
    assert (one.email, one.name) == ("ray@x.com", "Ray Sosa")


@pytest.mark.parametrize("words", [("Sales agent", "Sales agent"), ("Alpha", "Beta")])
def test_sellers_and_several_unknown_people_are_not_taken_for_customers(reader: Reader, words):
    content = f"{words[0]} name,{words[0]} email,{words[1]} name,{words[1]} email\nRay Sosa,r@x.com,Bo Cole,b@x.com\n"
    assert reader.sheet(content, Kind.CUSTOMERS).issue is not None


@pytest.mark.parametrize("never", ["0", "", "-", "0000-00-00 00:00:00", "Lifetime", "onbeperkt", "N/A"])
def test_placeholder_dates_for_no_end_end_no_membership(reader: Reader, never):
    (one,) = customers(reader.sheet(f"Email,End date\na@x.nl,{never}\n", Kind.CUSTOMERS))
    assert one.removal_date is None


def test_the_words_of_a_code_in_a_row_make_it_no_header(reader: Reader):
    content = "Name,Type,Uses,Limit\nCREW26,Access code,3,20\nEARLY,Discount code,1,50\n"
    assert {entry.code: entry.quantity for entry in reader.read(content).entries.values()} == {
        "CREW26": 20,
        "EARLY": 50,
    }


def test_codes_under_a_title_are_read_beside_a_few_addresses(reader: Reader):
    content = "post_title,customer_email,usage_limit\nAMIS-1,,10\nAMIS-2,lou@x.fr,1\nAMIS-3,,\n"
    entries = reader.read(content).entries.values()
    assert [(entry.code, entry.email, entry.quantity) for entry in entries] == [
        ("AMIS-1", "", 10),
        ("AMIS-2", "lou@x.fr", 1),
        ("AMIS-3", "", 10**9),
    ]


@pytest.mark.parametrize("header", ["Code 1", "Barcode 1"])
def test_of_two_numbered_columns_of_codes_neither_is_taken_for_all(reader: Reader, header):
    other = header.replace("1", "2")
    sheet = reader.sheet(f"Email,{header},{other}\na@x.nl,K1Q,L2M\nb@x.nl,M3N,N4P\n")
    assert sheet.issue_reason is Reason.AMBIGUOUS_MAPPING
    assert reader.read(f"Email,{header}\na@x.nl,K1Q\n").only.code == "K1Q"


def test_a_second_table_below_a_title_within_the_file_is_refused(reader: Reader):
    content = (
        "Attended,Name,Email,Join time\nYes,Hall,team@x.nl,19:00\nAttendee details\n"
        "Attended,First name,Last name,Email,Registration date\nYes,Ann,Bly,a@x.nl,2026-05-01\n"
    )
    assert reader.sheet(content, Kind.CUSTOMERS).issue_reason is Reason.AMBIGUOUS_MAPPING


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("RenÃ©e Ã†gidius", "Renée Ægidius"),
        ("JOÃO Conceição", "JOÃO Conceição"),
        ("Renée O&#039;Dwyer", "Renée O'Dwyer"),
        ("Tom &amp; Jo", "Tom & Jo"),
        ("Tom &Jo; Ltd", "Tom &Jo; Ltd"),
        ("AT&T", "AT&T"),
    ],
)
def test_doubly_encoded_letters_and_html_entities_are_decoded(reader: Reader, cell, name):
    (one,) = customers(reader.sheet(f"Email,Name\na@x.nl,{cell}\n", Kind.CUSTOMERS))
    assert one.name == name


def test_a_code_is_never_changed(reader: Reader):
    assert reader.read("Code,Email\nA&amp;1,a@x.nl\nRÃ©1,b@x.nl\n").entries[2].code == "A&amp;1"
    assert reader.read("Code,Email\nRÃ©1,b@x.nl\n").only.code == "RÃ©1"


@pytest.mark.parametrize("header", ["Código do ingresso", "Ticketcode", "Čiarový kód", "Vonalkód"])
def test_ticket_codes_are_recognised_in_further_languages(reader: Reader, header):
    assert reader.sheet(f"{header},Nome\nBR71KQ9A,Bia\n", Kind.TICKETS).label("Ticket code") == header
