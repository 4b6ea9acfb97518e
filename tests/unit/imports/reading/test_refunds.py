"""Refunds by further rows of the same file."""

import pytest

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.purchase_rows import read_purchases
from guestlist.imports.reading.row_notes import RowNotes
from tests.exports.judging import ZONE
from tests.unit.imports.reading.builders import Reader, cells_of


def counted_items(reader: Reader, content: str) -> list[tuple[str, int]]:
    """The item and quantity of each row that counts."""
    sheet = reader.sheet(content, Kind.PURCHASES)
    rows = list(read_purchases(sheet, Options(), RowNotes(), ZONE))
    assert not any(isinstance(row, Problem) for row in rows)
    return [(row[1].sale_item, row[1].quantity) for row in rows if not isinstance(row, Problem)]


HEADER = "Order,Email,Item,Qty,Type,Amount\n"


@pytest.mark.parametrize(
    ("rows", "remaining"),
    [
        (["1,a@x.nl,Day,2,Sale,50", "1,a@x.nl,Day,-2,Refund,-50"], []),
        (["1,a@x.nl,Day,2,Sale,50", "1,a@x.nl,Day,1,Refund,-25"], [("Day", 1)]),
        (["1,a@x.nl,Day,2,Sale,50", "1,a@x.nl,Eve,1,Sale,10", "1,a@x.nl,Eve,1,Sale,-10"], [("Day", 2)]),
        (["1,a@x.nl,Day,1,,25", "1,a@x.nl,Day,-1,,"], []),
        (["1,a@x.nl,Day,1,,25", "1,a@x.nl,Refund,1,Refund,-25"], []),
        (["1,a@x.nl,Day,1,,25", "1,a@x.nl,Discount SUMMER,1,,-5"], [("Day", 1)]),
        (["1,a@x.nl,Day,1,,25", "2,b@x.nl,Day,1,Refund,-25"], [("Day", 1)]),
        (["1,a@x.nl,Day,1,,25", "1,a@x.nl,Day,1,,25", "1,a@x.nl,Day,1,Refund,-25"], [("Day", 1)]),
    ],
)
def test_an_order_counts_without_its_refunds(reader: Reader, rows, remaining):
    assert counted_items(reader, HEADER + "\n".join(rows) + "\n") == remaining


def test_a_refund_whose_order_is_not_in_the_file_is_counted_and_named(reader: Reader):
    rows = (
        "1,a@x.nl,Day,2,Sale,50",
        "8,b@x.nl,Day,1,Refund,-25",
        "1,a@x.nl,Day,1,Refund,-25",
        ",c@x.nl,Day,1,Refund,-9",
    )
    sheet = reader.sheet(HEADER + "\n".join(rows) + "\n", Kind.PURCHASES)
    assert counted_items(reader, HEADER + "\n".join(rows) + "\n") == [("Day", 1)]
    assert [cells[0] for cells in cells_of(sheet)] == ["1"]
    assert sheet.left_out == 3
    assert any(note.startswith("2 rows (lines 3, 5): they refund orders") for note in sheet.detected.texts())


def test_a_refund_of_an_order_that_does_not_count_causes_no_notice(reader: Reader):
    header = "Order,Email,Item,Qty,Type,Status\n"
    rows = "1,a@x.nl,Day,1,Sale,cancelled\n1,a@x.nl,Day,1,Refund,completed\n2,b@x.nl,Day,1,Sale,completed\n"
    sheet = reader.sheet(header + rows, Kind.PURCHASES)
    assert [cells[0] for cells in cells_of(sheet)] == ["2"]
    assert not [note for note in sheet.detected.texts() if "refund" in note]


def test_a_refund_with_a_number_of_its_own_is_of_the_order_it_refers_to(reader: Reader):
    header = "Transaction ID,Email,Item,Type,Reference Txn ID\n"
    rows = "T1,a@x.nl,Day,Payment,\nT2,b@x.nl,Day,Payment,\nT3,shop@x.nl,,Payment Refund,T1\n"
    sheet = reader.sheet(header + rows, Kind.PURCHASES)
    assert [cells[0] for cells in cells_of(sheet)] == ["T2"]
    assert sheet.left_out == 2


@pytest.mark.parametrize(
    ("header", "sale", "back"),
    [
        ("Status", "Sold", "Refunded"),
        ("Amount", "25.00", "-25.00"),
        ("Amount", "$25", "($25)"),
        ("Type", "Sale", "Refund"),
    ],
)
def test_a_ticket_that_a_later_row_refunds_is_not_imported(reader: Reader, header, sale, back):
    content = f"Barcode,Name,{header}\nAA1001,Ada,{sale}\nAA1002,Bo,{sale}\nAA1001,Ada,{back}\n"
    assert [cells[0] for cells in cells_of(reader.sheet(content, Kind.TICKETS))] == ["AA1002"]


def test_a_discount_is_no_refund(reader: Reader):
    content = "Barcode,Name,Discount,Amount\nAA1001,Ada,-5.00,20.00\nAA1002,Bo,,25.00\n"
    assert len(cells_of(reader.sheet(content, Kind.TICKETS))) == 2


def test_all_rows_are_read_if_none_are_to_be_left_out(reader: Reader):
    content = "Barcode,Name,Amount\nAA1001,Ada,25.00\nAA1001,Ada,-25.00\n"
    assert len(cells_of(reader.sheet(content, Kind.TICKETS, all_rows=True))) == 2


@pytest.mark.parametrize(
    ("amount", "refunded", "remaining"),
    [("50.00", "50.00", 0), ("50.00", "5.00", 1), ("1,250.00", "1.250,00", 0), ("50", "0.00", 1), ("50", "", 1)],
)
def test_only_fully_refunded_rows_are_excluded(reader: Reader, amount, refunded, remaining):
    content = f'Email,Amount,Amount refunded\na@x.nl,10,0\nb@x.nl,"{amount}","{refunded}"\n'
    assert len(cells_of(reader.sheet(content, Kind.CUSTOMERS))) == 1 + remaining


def test_a_row_may_contain_its_refunded_quantity(reader: Reader):
    rows = "1,a@x.nl,Day,4,1\n2,b@x.nl,Day,2,2\n3,c@x.nl,Day,1,-1\n4,d@x.nl,Day,1,0\n"
    assert counted_items(reader, f"Order,Email,Item,Quantity,Qty refunded\n{rows}") == [("Day", 3), ("Day", 1)]


@pytest.mark.parametrize("header", ["Återköp av kvitto", "Refund of order", "Retour van bon", "Original order id"])
def test_a_refund_with_its_own_number_names_the_refunded_order(reader: Reader, header):
    content = f"Order,Email,Item,Qty,Amount,{header}\n1,a@x.nl,Day,1,25,\n2,a@x.nl,Day,-1,-25,1\n3,b@x.nl,Eve,1,25,\n"
    assert counted_items(reader, content) == [("Eve", 1)]


@pytest.mark.parametrize("kind", ["Erstattung", "Retour", "RMA", "Returned"])
def test_a_row_of_a_return_type_refunds_a_sale(reader: Reader, kind):
    content = (
        f"Order,Email,Item,Qty,Transaction type\n1,a@x.nl,Day,1,Sale\n1,a@x.nl,Day,1,{kind}\n2,b@x.nl,Eve,1,Sale\n"
    )
    assert counted_items(reader, content) == [("Eve", 1)]


def test_a_negative_price_with_its_tax_refunds_a_sale(reader: Reader):
    content = "Order;Email;Item;Qty;Preis (Brutto)\n1;a@x.nl;Day;1;24,00\n1;a@x.nl;Day;1;-24,00\n2;b@x.nl;Eve;1;5,00\n"
    assert counted_items(reader, content) == [("Eve", 1)]


@pytest.mark.parametrize("header", ["Q.tà resa", "Aantal geretourneerd", "Returned qty", "Cant. devuelta"])
def test_the_returned_quantity_of_a_line_does_not_count(reader: Reader, header):
    content = f"Order,Email,Item,Qty,{header}\n1,a@x.nl,Day,3,1\n2,b@x.nl,Day,1,1\n3,c@x.nl,Eve,2,0\n"
    assert counted_items(reader, content) == [("Day", 2), ("Eve", 2)]
