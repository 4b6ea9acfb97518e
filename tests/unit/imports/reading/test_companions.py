"""People whom a guest brings along, in a column of their own or behind the guest's name."""

import pytest

from guestlist.imports.decision import About
from guestlist.imports.explanation import explanation
from guestlist.imports.model import Kind
from guestlist.imports.reading import fields
from tests.unit.imports.reading.builders import Reader
from tests.unit.imports.reading.test_headers import customers


def quantities(reader: Reader, content: str, **options) -> list[int]:
    """The quantities of all rows."""
    return [entry.quantity for entry in reader.read(content, **options).entries.values()]


@pytest.mark.parametrize(
    "header", ["+", "+1", "+1's", "Plus ones", "plusOnesAllowed", "Introducés", "Begleitung", "Följeslagare"]
)
def test_a_confirmed_column_of_companions_adds_to_the_guest(reader: Reader, header):
    content = f"Email,{header}\na@x.nl,2\nb@x.nl,\nc@x.nl,0\nd@x.nl,+1\n"
    sheet = reader.sheet(content)
    assert [question.decision.about for question in sheet.questions] == [About.QUANTITY_COLUMN]
    assert header in explanation(sheet.question_messages)
    assert sheet.suggested.mapping == {fields.EMAIL: 0, fields.QUANTITY: 1}
    assert quantities(reader, content) == [3, 1, 1, 2]
    assert quantities(reader, content, mapping=sheet.suggested.mapping) == [3, 1, 1, 2]
    assert quantities(reader, content, mapping={fields.EMAIL: 0}) == [1, 1, 1, 1]


def test_yes_and_no_say_whether_somebody_comes_along(reader: Reader):
    assert quantities(reader, "Email;+1\na@x.nl;ja\nb@x.nl;nee\n") == [2, 1]


@pytest.mark.parametrize("values", [("", "0"), ("no", ""), ("Pim Kuip", "")])
def test_a_column_of_companions_without_any_number_is_not_asked_about(reader: Reader, values):
    sheet = reader.sheet(f"Email,Plus one\na@x.nl,{values[0]}\nb@x.nl,{values[1]}\n")
    assert (sheet.questions, fields.QUANTITY in sheet.mapping) == ((), False)


def test_a_column_of_companions_is_not_read_beside_a_quantity(reader: Reader):
    assert quantities(reader, "Email,Quantity,+1\na@x.nl,2,1\n") == [2]


def test_a_companion_that_is_no_number_refuses_the_row(reader: Reader):
    (problem,) = reader.read("Email,+1\na@x.nl,two\n", mapping={fields.EMAIL: 0, fields.QUANTITY: 1}).problems
    assert problem.column == "+1"


@pytest.mark.parametrize(
    ("name", "without", "people"),
    [
        ("Ada Bell + 2", "Ada Bell", 3),
        ("Ada Bell +1", "Ada Bell", 2),
        ("Ada Bell (+3)", "Ada Bell", 4),
        ("Ada Bell, +1 guest", "Ada Bell", 2),
        ("Ada Bell + guest", "Ada Bell", 2),
        ("Ada Bell + Partner", "Ada Bell", 2),
    ],
)
def test_companions_after_a_name_are_removed_from_it_and_count_once_confirmed(reader: Reader, name, without, people):
    content = f'Email,Name\na@x.nl,"{name}"\nb@x.nl,Ben Cole\n'
    assert [one.name for one in customers(reader.sheet(content, Kind.CUSTOMERS))] == [without, "Ben Cole"]
    sheet = reader.sheet(content)
    assert [question.decision.about for question in sheet.questions] == [About.QUANTITY_COLUMN]
    assert quantities(reader, content, mapping=sheet.suggested.mapping) == [people, 1]


@pytest.mark.parametrize("name", ["Duo C+C", "Blink 182 + Ada Bell", "Ada + Ben Bell", "+31 6 1234"])
def test_a_plus_within_a_name_stays(reader: Reader, name):
    (one,) = customers(reader.sheet(f"Email,Name\na@x.nl,{name}\n", Kind.CUSTOMERS))
    assert one.name == name
    assert reader.sheet(f"Email,Name\na@x.nl,{name}\n").questions == ()
