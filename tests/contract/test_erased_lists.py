"""The cache of a warm process after a person was erased from a list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zlib import compress

import pytest

from guestlist.aws.table import Table
from guestlist.groups.index import GroupType, IndexedGroup, Version
from guestlist.lists.compression import encode_text
from guestlist.lists.entry import Entry, email_key
from guestlist.lists.entry_line import line
from guestlist.lists.lookup import ListLookup
from guestlist.lists.lookup_query import LookupQuery
from guestlist.lists.packed_list import Header, TextId
from guestlist.lists.partition import encode
from guestlist.lists.store import PackedListStore, text_key

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANN, BOB = Entry(email="ann@example.com"), Entry(email="bob@example.com")
VERSION = Version("imp-1.1", 1, 2)
GROUP = IndexedGroup(group_id="g1", type=GroupType.TARGET, name="Friends", created_at=NOW, base=VERSION, entries=2)
PLACE = TextId(VERSION.version_id, 0)


@pytest.fixture
def list_store(table: Table) -> PackedListStore:
    list_store = PackedListStore(table, "demo", "g1")
    list_store.put_header(Header(VERSION, 100, 2, sealed=True))
    list_store.write_texts({PLACE: encode([line(ANN), line(BOB)])})
    return list_store


def find_entries(finder: ListLookup, group: IndexedGroup, entry: Entry) -> list[Entry]:
    search = LookupQuery("demo", email_key(entry.email), (group,))
    (one,) = finder.find_rows("demo", [search], NOW)
    return [row.entry for row in one.rows]


def test_texts_read_before_an_erasure_changed_the_list_are_read_again(
    table: Table, list_store: PackedListStore
) -> None:
    finder = ListLookup(table)
    assert find_entries(finder, GROUP, ANN) == [ANN]
    list_store.swap(PLACE, encode([line(ANN), line(BOB)]), encode([line(BOB)]))
    cleaned_group = replace(GROUP, entries=1, cleaned_at=NOW)
    assert find_entries(finder, cleaned_group, ANN) == []
    assert find_entries(finder, cleaned_group, BOB) == [BOB]


def test_a_text_is_changed_only_if_it_is_as_it_was_read(list_store: PackedListStore) -> None:
    list_store.swap(PLACE, encode([line(BOB)]), encode([]))
    assert list_store.read_texts([PLACE]) == {PLACE: encode([line(ANN), line(BOB)])}


@pytest.mark.parametrize("former", [str, encode_text, lambda text: compress(text.encode(), level=1, wbits=-15)])
def test_a_text_is_changed_however_it_was_stored(
    table: Table, list_store: PackedListStore, former: Callable[[str], Any]
) -> None:
    people = [line(Entry(email=f"person{number}@example.com")) for number in range(300)]
    table.put({**text_key("demo", "g1", PLACE)._asdict(), "b": former(encode(people))})
    assert list_store.read_texts([PLACE]) == {PLACE: encode(people)}
    list_store.swap(PLACE, encode(people), encode(people[1:]))
    assert list_store.read_texts([PLACE]) == {PLACE: encode(people[1:])}


def test_a_deleted_text_is_not_restored(list_store: PackedListStore) -> None:
    list_store.delete_texts([PLACE])
    list_store.swap(PLACE, encode([line(ANN), line(BOB)]), encode([line(BOB)]))
    assert list_store.read_texts([PLACE]) == {}


def test_every_version_is_listed_with_its_header(list_store: PackedListStore) -> None:
    second = Header(Version("imp-2.1", 4, 7), 50, 8)
    list_store.put_header(second)
    assert list_store.versions() == [Header(VERSION, 100, 2, sealed=True), second]
