"""Rows of an order on which nothing is bought: of quantity 0, or of the order itself."""

import pytest

from guestlist.imports.model import Kind, Options
from guestlist.imports.reading.problems import Problem
from guestlist.imports.reading.purchase_rows import PurchaseRow, read_purchases
from guestlist.imports.reading.row_notes import RowNotes
from tests.exports.judging import ZONE
from tests.unit.imports.reading.builders import Reader

HEADER = "Order,Email,Name,Sale item,Quantity\n"


def read(reader: Reader, rows: str) -> tuple[list[tuple[str, int]], list[tuple[int, str]], RowNotes, list[str]]:
    """The lines bought, the problems by line, the notes, and the orders that have a problem."""
    sheet, row_notes, spoilt = reader.sheet(HEADER + rows, Kind.PURCHASES), RowNotes(), []
    bought, problems = [], []
    for row in read_purchases(sheet, Options(), row_notes, ZONE, spoilt.append):
        if isinstance(row, Problem):
            problems.append((row.line, row.code))
        else:
            purchase: PurchaseRow = row[1]
            bought.append((purchase.sale_item, purchase.quantity))
    return bought, problems, row_notes, spoilt


@pytest.mark.parametrize("empty", ["0", "0.00", "0 x"])
@pytest.mark.parametrize("rows", ["1,a@x.nl,,Pass,2\n1,a@x.nl,,Park,{}\n", "1,a@x.nl,,Park,{}\n1,a@x.nl,,Pass,2\n"])
def test_a_line_of_quantity_0_beside_another_of_its_order_is_left_out_with_a_notice(reader: Reader, rows, empty):
    bought, problems, row_notes, spoilt = read(reader, rows.format(empty))
    assert (bought, problems, spoilt) == ([("Pass", 2)], [], [])
    assert [message.code for message in row_notes.messages()] == ["no_line"]


def test_several_lines_of_quantity_0_before_the_only_one_that_counts_are_left_out(reader: Reader):
    bought, problems, *_ = read(reader, "1,a@x.nl,,A,0\n1,a@x.nl,,B,0\n1,a@x.nl,,C,1\n1,a@x.nl,,D,0\n")
    assert (bought, problems) == ([("C", 1)], [])


def test_an_order_of_nothing_but_quantity_0_is_refused(reader: Reader):
    bought, problems, _, spoilt = read(reader, "1,a@x.nl,,A,0\n1,a@x.nl,,B,0\n2,b@x.nl,,A,1\n")
    assert bought == [("A", 1)]
    assert problems == [(2, "bad_quantity"), (3, "bad_quantity")]
    assert set(spoilt) == {"1"}


def test_a_quantity_that_is_no_number_refuses_its_order(reader: Reader):
    _, problems, _, spoilt = read(reader, "1,a@x.nl,,A,2\n1,a@x.nl,,B,lots\n")
    assert problems == [(3, "bad_quantity")]
    assert spoilt == ["1"]


def test_the_row_of_an_order_itself_is_no_line_of_it(reader: Reader):
    bought, problems, row_notes, spoilt = read(reader, "1,a@x.nl,Ann,,3\n1,,,Pass,2\n1,,,Park,1\n")
    assert (bought, problems, spoilt) == ([("Pass", 2), ("Park", 1)], [], [])
    assert [message.code for message in row_notes.messages()] == ["no_line"]


@pytest.mark.parametrize(
    "rows",
    [
        "1,a@x.nl,Ann,,3\n1,a@x.nl,Ann,Pass,2\n",
        "1,a@x.nl,Ann,Pass,2\n1,,,,1\n",
        "1,a@x.nl,Ann,,3\n2,b@x.nl,,Pass,2\n",
    ],
)
def test_a_line_without_an_item_refuses_its_order(reader: Reader, rows):
    _, problems, _, spoilt = read(reader, rows)
    assert [code for _, code in problems] == ["unknown_item"]
    assert spoilt == ["1"]
