"""The rows of target groups, page by page, on each engine."""

from dataclasses import replace
from typing import Any

import pytest

from guestlist.aws.table import Table
from guestlist.groups.index import GroupType, IndexedGroup
from guestlist.lists.entry import Entry
from guestlist.lists.entry_store import Entries, UsedEntry
from tests.functions.builders import BEFORE, a_version

ROWS = [Entry(code=f"C{number}", quantity=number + 1) for number in range(23)]


@pytest.fixture
def group(table: Table) -> IndexedGroup:
    """A list in five buckets; an overlay removes one of its rows and adds another."""
    empty = IndexedGroup(group_id="g", type=GroupType.TARGET, name="G", created_at=BEFORE)
    base = a_version(table, ROWS, "demo", "g", 5, "v1")
    overlay = a_version(table, [Entry(code="C0", quantity=0), Entry(email="New@example.com")], "demo", "g", 2, "v2")
    return replace(empty, base=base, overlay=overlay, entries=23)


def pages(table: Table, group: IndexedGroup, limit: int) -> list[list[UsedEntry]]:
    found: list[list[UsedEntry]] = []
    start: Any = None
    while not found or start is not None:
        page, start = Entries(table).page("demo", group, limit, BEFORE, start)
        found.append(page)
    return found


@pytest.mark.parametrize("limit", [1, 4, 22, 23, 200])
def test_every_row_is_told_once_whatever_the_page(table: Table, group: IndexedGroup, limit: int):
    found = pages(table, group, limit)
    assert {len(page) for page in found[:-1]} <= {limit}
    rows = [row for page in found for row in page]
    codes = [row.code for row in rows if row.code]
    assert sorted(codes) == sorted(row.code for row in ROWS[1:])
    assert [row.email for row in rows if row.email] == ["New@example.com"]
    assert {row.code: row.quantity for row in rows}["C7"] == 8


def test_a_page_goes_on_in_about_the_same_place_of_another_version(table: Table, group: IndexedGroup):
    _, start = Entries(table).page("demo", group, 12, BEFORE)
    other = replace(group, base=a_version(table, ROWS, "demo", "g", 10, "v3"), overlay=None)
    page, _ = Entries(table).page("demo", other, 200, BEFORE, start)
    assert 0 < len(page) < len(ROWS)


def test_a_group_without_a_list_has_no_rows(table: Table, group: IndexedGroup):
    assert Entries(table).page("demo", replace(group, base=None, overlay=None), 5, BEFORE) == ([], None)
