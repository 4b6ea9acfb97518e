"""The reads of a page of a search in a long list without an index."""

from unittest.mock import patch

import pytest

from guestlist.imports.model import Mode
from guestlist.lists import entry_search
from guestlist.lists.entry import Entry
from guestlist.lists.entry_search import search
from tests.fakes.packed_lists import FakePackedListStore
from tests.unit.lists.builders import StoredList, tiny_limits

ROWS = [Entry(f"CODE-{number:03d}") for number in range(300)]


@pytest.fixture
def list_store() -> FakePackedListStore:
    return FakePackedListStore()


@pytest.fixture
def stored_list(list_store: FakePackedListStore) -> StoredList:
    stored_list = StoredList(list_store)
    with tiny_limits():
        stored_list.apply(Mode.CREATE, ROWS)
    list_store.reads.clear()
    return stored_list


@pytest.mark.parametrize(("read", "looked_through", "text"), [(4, 99, "nothing"), (99, 4, "ode-")])
def test_a_page_of_a_long_list_reads_some_partitions_and_returns_where_to_continue(
    stored_list: StoredList, list_store: FakePackedListStore, read: int, looked_through: int, text: str
) -> None:
    limits = {"MAX_PARTITIONS_READ": read, "MAX_PARTITIONS_SEARCHED": looked_through, "_BATCH_SIZE": 2}
    with patch.multiple(entry_search, MAX_UNINDEXED_PARTITIONS=0, **limits):
        assert list(search(list_store.read_texts, stored_list.current, text, None)) == [
            ({"bucket": 4, "of": stored_list.current.base and stored_list.current.base.partitions, "behind": 0}, None)
        ]
    assert sum(map(len, list_store.reads)) <= 4 + 2 + 2


def test_an_exact_match_is_looked_up_before_the_list_is_scanned(
    stored_list: StoredList, list_store: FakePackedListStore
) -> None:
    with patch.object(entry_search, "MAX_UNINDEXED_PARTITIONS", 0):
        position, entry = next(search(list_store.read_texts, stored_list.current, " code-123 ", None))
    assert (entry, position) == (Entry("CODE-123"), {"exact": 1})
    assert sum(map(len, list_store.reads)) <= 2


def test_a_short_list_is_read_by_one_request(stored_list: StoredList, list_store: FakePackedListStore) -> None:
    entries = [entry for _, entry in search(list_store.read_texts, stored_list.current, "code-1", None)]
    assert entries == ROWS[100:200]
    assert len(list_store.reads) == 1
