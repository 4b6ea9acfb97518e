"""The rows of target groups, page by page, on each engine."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from guestlist.aws.table import Table
from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.groups.index_store import GroupIndexes
from guestlist.lists import entry_store
from guestlist.lists.entry import Entry
from guestlist.lists.entry_store import Entries, EntryFilter, UsedEntry
from guestlist.lists.usage import Usage
from tests.fakes.shop import Shop
from tests.functions.builders import BEFORE, a_version
from tests.unit.checkout.builders import NOW

NO_INDEXES: Any = None
"""Short lists have none."""
ROWS = [Entry(code=f"C{number}", quantity=number + 1) for number in range(23)]


@pytest.fixture
def group(table: Table) -> IndexedGroup:
    """A list in five partitions; an overlay removes one of its rows and adds another."""
    empty = IndexedGroup(group_id="g", type=GroupType.TARGET, name="G", created_at=BEFORE)
    base = a_version(table, ROWS, "demo", "g", 5, "v1")
    overlay = a_version(table, [Entry(code="C0", quantity=0), Entry(email="New@example.com")], "demo", "g", 2, "v2")
    return replace(empty, base=base, overlay=overlay, entries=23)


def pages(table: Table, group: IndexedGroup, limit: int) -> list[list[UsedEntry]]:
    all_pages: list[list[UsedEntry]] = []
    start: Any = None
    while not all_pages or start is not None:
        page, start = Entries(table, NO_INDEXES).list_entries("demo", group, EntryFilter(), limit, BEFORE, start)
        all_pages.append(page)
    return all_pages


@pytest.mark.parametrize("limit", [1, 4, 22, 23, 200])
def test_every_row_is_listed_once_for_any_page_size(table: Table, group: IndexedGroup, limit: int):
    all_pages = pages(table, group, limit)
    assert {len(page) for page in all_pages[:-1]} <= {limit}
    rows = [row for page in all_pages for row in page]
    codes = [row.code for row in rows if row.code]
    assert sorted(codes) == sorted(row.code for row in ROWS[1:])
    assert [row.email for row in rows if row.email] == ["New@example.com"]
    assert {row.code: row.quantity for row in rows}["C7"] == 8


def matching_entries(table: Table, group: IndexedGroup, entry_filter: EntryFilter, limit: int = 5) -> list[UsedEntry]:
    """Every row that fits, page by page."""
    rows: list[UsedEntry] = []
    start: Any = None
    while True:
        page, start = Entries(table, NO_INDEXES).list_entries("demo", group, entry_filter, limit, NOW, start)
        rows += page
        if start is None:
            return rows


def test_rows_are_found_by_the_beginning_of_a_code_or_an_address(table: Table, group: IndexedGroup) -> None:
    assert [row.code for row in matching_entries(table, group, EntryFilter(q="c1"), 2)] == [
        "C1",
        *(f"C1{n}" for n in range(10)),
    ]
    assert [row.email for row in matching_entries(table, group, EntryFilter(q="new@"))] == ["New@example.com"]
    assert matching_entries(table, group, EntryFilter(q="c0")) == []


def test_a_page_continues_near_the_same_row_of_another_version(table: Table, group: IndexedGroup):
    _, start = Entries(table, NO_INDEXES).list_entries("demo", group, EntryFilter(), 12, BEFORE)
    other = replace(group, base=a_version(table, ROWS, "demo", "g", 10, "v3"), overlay=None)
    page, _ = Entries(table, NO_INDEXES).list_entries("demo", other, EntryFilter(), 200, BEFORE, start)
    assert 0 < len(page) < len(ROWS)


def test_a_group_without_a_list_has_no_rows(table: Table, group: IndexedGroup):
    assert Entries(table, NO_INDEXES).list_entries(
        "demo", replace(group, base=None, overlay=None), EntryFilter(), 5, BEFORE
    ) == ([], None)


@pytest.fixture
def shop(table: Table) -> Shop:
    """A list of codes with two uses each: of `used` one is redeemed, of `gone` both, and of `held` one is held."""
    shop = Shop(table)
    shop.lists(*(Entry(code, quantity=2) for code in ("fresh", "used", "gone", "held")))
    shop.take("1", code="used")
    shop.take("2", code="gone", quantity=2)
    shop.take("3", code="held", hold_seconds=600)
    return shop


def target_group(shop: Shop) -> IndexedGroup:
    return GroupIndexes(shop.table).read_group_index(shop.org).groups["list"]


@pytest.mark.parametrize(
    ("usage", "codes"),
    [(Usage.NONE, {"fresh", "held"}), (Usage.SOME, {"used", "gone"}), (Usage.ALL, {"gone"})],
)
@pytest.mark.parametrize("limit", [1, 50])
def test_rows_are_filtered_by_their_redeemed_uses(shop: Shop, usage: Usage, codes: set[str], limit: int) -> None:
    rows = matching_entries(shop.table, target_group(shop), EntryFilter(used=usage), limit)
    assert sorted(row.code or "" for row in rows) == sorted(codes)


def test_a_prefix_and_a_filter_by_uses_are_combined(shop: Shop) -> None:
    (row,) = matching_entries(shop.table, target_group(shop), EntryFilter(q="g", used=Usage.SOME))
    assert (row.code, row.used, row.quantity) == ("gone", 2, 2)
    assert matching_entries(shop.table, target_group(shop), EntryFilter(q="f", used=Usage.SOME)) == []


def test_a_page_of_used_rows_ends_after_reading_a_limited_number_of_others(shop: Shop) -> None:
    with patch.multiple(entry_store, MAX_ROWS_FILTERED=2, _FILTERED_BATCH_SIZE=2):
        first, start = Entries(shop.table, NO_INDEXES).list_entries(
            "demo", target_group(shop), EntryFilter(used=Usage.ALL), 50, NOW
        )
        rest = matching_entries(shop.table, target_group(shop), EntryFilter(used=Usage.ALL))
    assert start is not None
    assert len(first) <= 1
    assert [row.code for row in rest] == ["gone"]
