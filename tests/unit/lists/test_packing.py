"""How many write units a list takes, and how many of its buckets fit into one read unit."""

import pytest

from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.lists.importing.sizing import buckets_for
from tests.benchmarks.packing import GOALS, GROUP_ID, SHAPES, MeasuredPackedListStore, null_table, rows_of
from tests.unit.lists.builders import KeptList


@pytest.mark.parametrize(
    ("rows", "size", "buckets"),
    [(0, 0, 1), (1, 12, 1), (15, 180, 15), (16, 192, 16), (500, 6_000, 16), (100_000, 1_200_000, 334), (3, 9_000, 9)],
)
def test_the_number_of_buckets_follows_from_rows_and_bytes(rows: int, size: int, buckets: int) -> None:
    assert buckets_for(rows, size) == buckets


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_takes_no_more_write_units_than_promised(shape: str) -> None:
    list_store = MeasuredPackedListStore(null_table(), "demo", GROUP_ID)
    built = KeptList(list_store).take(Mode.CREATE, rows_of(shape, 30_000))
    assert list_store.units * 1_000_000 / built.entries <= GOALS[shape]


@pytest.mark.parametrize("shape", SHAPES)
def test_nearly_every_bucket_is_one_read_unit(shape: str) -> None:
    list_store = MeasuredPackedListStore(null_table(), "demo", GROUP_ID)
    KeptList(list_store).take(Mode.CREATE, rows_of(shape, 30_000))
    assert list_store.over <= 0.03 * list_store.items


def test_categories_of_which_each_row_has_its_own_fit_as_well() -> None:
    list_store = MeasuredPackedListStore(null_table(), "demo", GROUP_ID)
    KeptList(list_store).take(Mode.CREATE, (Entry(f"C{n}", "", f"The category of row {n}") for n in range(30_000)))
    assert list_store.over <= 0.03 * list_store.items
