"""The mapping of columns to fields."""

import pytest

from guestlist.imports.explanation import explanation
from guestlist.imports.model import Kind, Reason
from guestlist.imports.reading.columns import map_columns
from guestlist.imports.reading.fields import COLUMN_WORDS, LANGUAGES, REFUSED_COLUMNS
from guestlist.imports.reading.schemas import SCHEMAS, fold
from tests.unit.imports.reading.builders import Reader

TARGET = SCHEMAS[Kind.TARGET_GROUP]
FIELDS = [(kind, field) for kind, schema in SCHEMAS.items() for field in schema.fields]


@pytest.mark.behaviour(13, 14, 15, 19, 20, 21)
@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_column_is_recognised_by_each_of_its_words_in_any_case(kind, field):
    words = [word for in_language in COLUMN_WORDS[field].values() for word in in_language]
    forms = [form for word in words for form in (word, word.upper(), f" {word.lower()}:", word.replace(" ", "_"))]
    assert {form: SCHEMAS[kind].recognise(form) for form in forms} == dict.fromkeys(forms, field)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_word_is_two_fields_of_one_kind(kind):
    words = [
        fold(word)
        for field in SCHEMAS[kind].fields
        for words_of_field in COLUMN_WORDS[field].values()
        for word in set(words_of_field)
    ]
    fields = {
        word: {field for field in SCHEMAS[kind].fields if SCHEMAS[kind].recognise(word) == field} for word in words
    }
    assert all(len(matches) == 1 for matches in fields.values())


def test_every_field_has_words_in_every_language():
    assert {frozenset(words_of_field) for words_of_field in COLUMN_WORDS.values()} == {frozenset(LANGUAGES)}


@pytest.mark.behaviour(3)
def test_the_fields_of_a_target_group_are_exactly_these():
    assert TARGET.fields == ("Code", "Email", "Category", "Seat", "Quantity")


@pytest.mark.behaviour(4, 5)
@pytest.mark.parametrize(
    ("headers", "mapping"),
    [
        (["Code", "Quantity"], {"Code": 0, "Quantity": 1}),
        (["Quantity", "Seat", "Email"], {"Quantity": 0, "Seat": 1, "Email": 2}),
        (
            ["Seat", "Quantity", "Category", "Email", "Code"],
            {"Seat": 0, "Quantity": 1, "Category": 2, "Email": 3, "Code": 4},
        ),
        (["E-mail-adres", "AANTAL", "zitplaats"], {"Email": 0, "Quantity": 1, "Seat": 2}),
        (["Stregkode", "mængde", "Sæde"], {"Code": 0, "Quantity": 1, "Seat": 2}),
        (["Note", "Barcode", ""], {"Code": 1}),
    ],
    ids=["two", "any-order", "all", "dutch", "danish", "unknown-ones-ignored"],
)
def test_any_known_columns_in_any_order_are_mapped(headers, mapping):
    columns = map_columns(TARGET, headers, len(headers))
    assert (columns.mapping, columns.issue) == (mapping, None)


@pytest.mark.parametrize(
    ("header", "suggested"),
    [
        ("Coode", "Code"),
        ("Quantitty", "Quantity"),
        ("Emial", "Email"),
        ("Barcod", "Code"),
        ("Cod", None),
        ("Sea", None),
        ("Notes", None),
        ("Code1", None),
        ("Kategorien", "Category"),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_a_near_miss_is_suggested_and_never_mapped(header, suggested):
    columns = map_columns(TARGET, [header], 1)
    assert (columns.mapping, columns.suggested) == ({}, {suggested: 0} if suggested else {})
    assert columns.issue is not None
    assert columns.issue.reason is Reason.NO_KNOWN_COLUMN
    assert not suggested or f"may be {suggested}" in explanation(columns.issue.messages)


@pytest.mark.parametrize(
    "content", ["Email,Gross\na@x.nl,25.00\n", "Email,Start\na@x.nl,7\n", "Email,Klas\na@x.nl,3b\n"]
)
def test_a_word_that_only_sounds_alike_is_not_suggested(reader: Reader, content):
    kind = Kind.CUSTOMERS if "Gross" in content else Kind.TARGET_GROUP
    assert reader.sheet(content, kind).detected.suggested == {}


def test_the_organiser_is_notified_of_a_near_miss_beside_known_columns(reader: Reader):
    assert "“Seet” was not read, but may be meant as Seat" in reader.sheet("Code,Seet\nA,1\n").detected.texts()[0]


@pytest.mark.behaviour(17)
@pytest.mark.parametrize(
    ("headers", "requested_mapping", "expected"),
    [
        (["Code", "Barcode"], None, "“Code” and “Barcode” could both be Code"),
        (["Email", "Email"], None, "could both be Email"),
        (["A", "B"], {"Code": 0, "Seat": 0}, "cannot be the same column"),
        (["A", "B"], {"Code": 0, "code": 1}, "is there twice"),
        (["A", "B"], {"Colour": 0}, "“Colour” is not a field"),
        (["A", "B"], {"Code": 2}, "Column 2 (counted from 0) for Code is not in the file"),
        (["A", "B"], {"Code": -1}, "is not in the file"),
        (["A", "B"], {"Code": "C"}, "The column “C” for Code is not in the file"),
        (["A", "A"], {"Code": "A"}, "2 columns have the header “A”"),
    ],
)
def test_an_ambiguous_mapping_is_reported_and_maps_nothing(headers, requested_mapping, expected):
    columns = map_columns(TARGET, headers, len(headers), requested_mapping)
    assert columns.mapping == {}
    assert columns.issue is not None
    assert columns.issue.reason is Reason.AMBIGUOUS_MAPPING
    assert expected in explanation(columns.issue.messages)


@pytest.mark.behaviour(12, 13, 14, 15, 16, 18)
@pytest.mark.parametrize(
    ("requested_mapping", "mapping"),
    [
        ({"Code": "Barcode", "Email": "Mail", "Quantity": "No"}, {"Code": 0, "Email": 1, "Quantity": 2}),
        ({"code": "barcode"}, {"Code": 0}),
        ({"Code": 2, "Seat": 0}, {"Code": 2, "Seat": 0}),
        ({"Seat Label": 0}, None),
        ({"Email": 1}, {"Email": 1}),
    ],
    ids=["by-header", "any-case", "by-position", "fields-only", "others-are-not-read"],
)
def test_a_mapping_says_what_each_column_is_and_the_others_are_ignored(requested_mapping, mapping):
    columns = map_columns(TARGET, ["Barcode", "Mail", "No"], 3, requested_mapping)
    assert (columns.mapping, columns.issue is None) == (mapping or {}, mapping is not None)


def test_a_column_left_out_of_the_mapping_is_named(reader: Reader):
    sheet = reader.sheet("Code,Quantity\nA,1\n", mapping={"Code": "Code"})
    assert "Not read: “Quantity”." in sheet.detected.texts()


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (Kind.TARGET_GROUP, ["Seat", "Quantity"]),
        (Kind.CUSTOMERS, ["Name", "Customer groups"]),
        (Kind.TICKETS, ["Name", "Email"]),
        (Kind.PURCHASES, ["Order", "Email"]),
    ],
)
def test_a_file_without_an_identifying_column_has_no_known_columns(kind, headers):
    issue = map_columns(SCHEMAS[kind], headers, 2).issue
    assert issue is not None
    assert issue.reason is Reason.NO_KNOWN_COLUMN
    assert headers[0] in explanation(issue.messages)


@pytest.mark.parametrize("index", [0, 2])
def test_the_columns_of_a_file_of_refused_rows_are_ignored(index):
    headers = [*("Code", "Quantity", "Seat")[: index + 1], *REFUSED_COLUMNS]
    columns = map_columns(TARGET, headers, len(headers))
    assert (columns.problem_columns_at, columns.suggested, columns.issue) == (index + 1, {}, None)


@pytest.mark.parametrize("name", ["EmailAddress{}", "E-mailadres {}", "Email {}"])
def test_a_numbered_address_replaces_an_empty_one_before_it(reader: Reader, name):
    header = ",".join(["Name", *(name.format(number) for number in (1, 2, 3))])
    columns = reader.sheet(f"{header}\nAnn,a@x.nl,,\nBob,,b@x.nl,c@x.nl\n", Kind.CUSTOMERS).layout.columns
    assert (columns.mapping["Email"], columns.other_addresses) == (1, (2, 3))


def test_the_address_of_a_second_person_replaces_no_missing_one(reader: Reader):
    content = "Name 1,Email 1,Name 2,Email 2\nAnn,a@x.nl,Bob,b@x.nl\nCat,,Dan,d@x.nl\n"
    assert reader.sheet(content, Kind.CUSTOMERS).layout.columns.other_addresses == ()


def test_the_headers_of_a_shops_tables_are_read_without_their_plural(reader: Reader):
    header = "orders_id,customers_name,customers_email_address,date_purchased,products_name,products_quantity"
    sheet = reader.sheet(f"{header}\n1,Ann Bly,a@x.nl,2026-05-01,Pass,2.0000\n", Kind.PURCHASES)
    mapping = {"Order": 0, "Name": 1, "Email": 2, "Purchased at": 3, "Sale item": 4, "Quantity": 5}
    assert dict(sheet.mapping) == mapping


@pytest.mark.parametrize("header", ["Supplier email", "Leverancier e-mail", "Correo proveedor"])
def test_the_address_of_a_supplier_is_not_a_guests(reader: Reader, header):
    sheet = reader.sheet(f"SKU,{header}\n1,a@x.nl\n2,b@x.nl\n", Kind.CUSTOMERS)
    assert "Email" not in sheet.mapping


@pytest.mark.parametrize(
    ("item", "quantity"),
    [
        ("Orderregels/Product", "Orderregels/Aantal"),
        ("Order Lines/Product", "Order Lines/Quantity"),
        ("Order item name", "Order item quantity"),
    ],
)
def test_a_property_of_an_orders_lines_is_read_by_its_last_word(reader: Reader, item, quantity):
    sheet = reader.sheet(f"Order,Email,{item},{quantity}\n1,a@x.nl,Pass,2\n", Kind.PURCHASES)
    assert (sheet.mapping["Sale item"], sheet.mapping["Quantity"]) == (2, 3)
