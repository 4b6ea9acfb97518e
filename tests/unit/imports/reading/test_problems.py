"""The cost of a refused row: files with a bad row in ten are common."""

import re
from collections.abc import Iterator

import pytest

from guestlist.imports.reading.cells import parse_single_address
from guestlist.imports.reading.problems import BadQuantity, Problem
from guestlist.imports.reading.row_notes import RowNotes
from guestlist.model.email_address import PLAIN


def kinds(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Each class of problems."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_problems_have_slots_and_no_dictionary():
    assert BadQuantity in kinds()
    assert [kind for kind in kinds() if "__dict__" in dir(kind)] == []


@pytest.mark.parametrize("address", ["a.b@mail.example.nl", "a.b@example.nl", "a@b1.c2.nl", "a.b.c@d-e.nl"])
def test_the_pattern_matches_a_plain_address_whole_or_not_at_all(address):
    assert re.fullmatch(PLAIN, address)
    assert re.match(f"{PLAIN},[1-9]", f"{address},2")
    assert not re.match(f"{PLAIN}[a-z0-9]", address)
    assert PLAIN.startswith("(?>")


def test_a_cell_without_an_at_sign_is_no_address_and_stays_as_it_is():
    row_notes = RowNotes()
    assert parse_single_address(" <nobody> ", 2, row_notes) == "<nobody>"
    assert parse_single_address("<a@b.nl>", 2, row_notes) == "a@b.nl"
