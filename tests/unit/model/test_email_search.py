"""Addresses are found by what is typed of them, also in the middle of a word of an encoded domain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guestlist.lists import entry_line
from guestlist.lists.entry import Entry
from guestlist.lists.prefix_search import matches, term
from guestlist.lists.search_index import records, search_records
from guestlist.model.email_address import clean_email
from guestlist.model.email_search import EmailPrefix

ADDRESSES = ["ann@bücher.example", "ørsted@præsteø.example", "an@例え.テスト", "an@почта.рф", "an@a-b.tænk-så.example"]


def search_matches(address: str, typed: str) -> bool:
    """Whether a search for the typed text reads the address and keeps it."""
    prefix, email = EmailPrefix.of(typed), clean_email(address).lower()
    return email.startswith(prefix.ranges) and prefix.matches(email)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_prefix_of_an_address_finds_it(address: str) -> None:
    assert [
        typed for end in range(1, len(address) + 1) if not search_matches(address, typed := address[:end].upper())
    ] == []
    assert search_matches(address, clean_email(address)[: len(clean_email(address)) - 2])


@pytest.mark.parametrize("typed", ["ann@bücha", "ann@büh", "ann@büc.", "ann@c", "bob@bücher", "ann@xn--c"])
def test_an_address_with_another_beginning_is_not_found(typed: str) -> None:
    assert not search_matches("ann@bücher.example", typed)


def test_an_address_in_ascii_is_read_in_one_range() -> None:
    assert EmailPrefix.of("Ann@example.com").ranges == ("ann@example.com",)
    assert EmailPrefix.of("ann").ranges == ("ann",)
    assert EmailPrefix.of("ann@exa").ranges == ("ann@exa", "ann@xn--exa")


@given(st.text(max_size=12))
def test_no_two_ranges_overlap_whatever_is_typed(typed: str) -> None:
    ranges = EmailPrefix.of(typed).ranges
    assert [one for one in ranges if one.startswith(tuple(set(ranges) - {one}))] == []


def test_an_entry_of_a_list_is_found_once_by_any_prefix_of_its_address() -> None:
    entry = Entry(code="A", email=clean_email("ann@bücher.example"))
    index = sorted(records([entry_line.line(entry)]))
    for typed in ("ann@", "ann@b", "ann@büch", "ann@xn--bch", "ANN@BÜCHER.example"):
        assert [one for _, one in matches([entry], term(typed))] == [entry]
        assert [one for _, one in search_records(index, [], term(typed), None)] == [entry]


def test_an_index_of_an_earlier_release_still_finds_its_entries() -> None:
    entry = Entry(code="A", email=clean_email("ann@bücher.example"))
    line = entry_line.line(entry)
    assert [one for _, one in search_records([f"{entry.email}\t{line}"], [], "ann@", None)] == [entry]
