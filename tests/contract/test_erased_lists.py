"""What a warm process keeps of a list that somebody was erased from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guestlist.aws.finder import Finder
from guestlist.aws.search import Search
from guestlist.aws.shelf import Shelf
from guestlist.aws.table import Table
from guestlist.bucket import encode
from guestlist.entry import Entry, email_key
from guestlist.entry_line import line
from guestlist.group import GroupType, IndexedGroup, Version
from guestlist.packed_list import Header, Place

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANN, BOB = Entry(email="ann@example.com"), Entry(email="bob@example.com")
VERSION = Version("imp-1.1", 1, 2)
GROUP = IndexedGroup(group_id="g1", type=GroupType.TARGET, name="Friends", created_at=NOW, base=VERSION, entries=2)
PLACE = Place(VERSION.version_id, 0)


@pytest.fixture
def shelf(table: Table) -> Shelf:
    shelf = Shelf(table, "demo", "g1")
    shelf.put_header(Header(VERSION, 100, 2, sealed=True))
    shelf.write({PLACE: encode([line(ANN), line(BOB)])})
    return shelf


def found(finder: Finder, group: IndexedGroup, entry: Entry) -> list[Entry]:
    search = Search("demo", email_key(entry.email), (group,))
    (one,) = finder.find("demo", [search], NOW)
    return [row.entry for row in one.rows]


def test_texts_that_were_read_before_a_list_was_cleaned_are_read_again(table: Table, shelf: Shelf) -> None:
    finder = Finder(table)
    assert found(finder, GROUP, ANN) == [ANN]
    shelf.swap(PLACE, encode([line(ANN), line(BOB)]), encode([line(BOB)]))
    cleaned = replace(GROUP, entries=1, cleaned_at=NOW)
    assert found(finder, cleaned, ANN) == []
    assert found(finder, cleaned, BOB) == [BOB]


def test_a_text_is_changed_only_if_it_is_as_it_was_read(shelf: Shelf) -> None:
    shelf.swap(PLACE, encode([line(BOB)]), encode([]))
    assert shelf.read([PLACE]) == {PLACE: encode([line(ANN), line(BOB)])}


def test_every_version_is_known_with_what_its_header_says(shelf: Shelf) -> None:
    second = Header(Version("imp-2.1", 4, 7), 50, 8)
    shelf.put_header(second)
    assert shelf.versions() == [Header(VERSION, 100, 2, sealed=True), second]
