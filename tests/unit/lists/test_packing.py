"""The write units of a list, and the share of its partitions that fit into one read unit."""

import pytest

from guestlist.imports.model import Mode
from guestlist.lists.entry import Entry
from guestlist.lists.importing.sizing import partitions_for
from guestlist.lists.packed_list import TextId
from tests.benchmarks.packing import GROUP_ID, SHAPES, MeasuredPackedListStore, null_table, rows_of, stored_bytes
from tests.benchmarks.rows.write_units import SHRUNK
from tests.unit.lists.builders import StoredList


@pytest.mark.parametrize(
    ("rows", "size", "partitions"),
    [(0, 0, 1), (1, 12, 1), (15, 180, 15), (16, 192, 16), (500, 6_000, 16), (100_000, 1_200_000, 334), (3, 9_000, 9)],
)
def test_the_number_of_partitions_follows_from_rows_and_bytes(rows: int, size: int, partitions: int) -> None:
    assert partitions_for(rows, size) == partitions


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_takes_no_more_write_units_than_promised(shape: str) -> None:
    list_store = MeasuredPackedListStore(null_table(), "demo", GROUP_ID)
    built = StoredList(list_store).apply(Mode.CREATE, rows_of(shape, 30_000))
    assert list_store.units * 1_000_000 / built.entries <= SHRUNK[shape]


@pytest.mark.parametrize("shape", SHAPES)
def test_nearly_every_partition_is_one_read_unit(shape: str) -> None:
    list_store = MeasuredPackedListStore(null_table(), "demo", GROUP_ID)
    StoredList(list_store).apply(Mode.CREATE, rows_of(shape, 30_000))
    assert list_store.over <= 0.03 * list_store.items


def test_a_base_with_merged_changes_is_partitioned_like_a_new_one_and_has_no_larger_texts() -> None:
    folded, new, entries = StoredList(), StoredList(), list(rows_of("full", 8_000))
    folded.apply(Mode.CREATE, entries[:6_000])
    folded.apply(Mode.APPEND, entries[6_000:])
    partitions = new.apply(Mode.CREATE, entries).base.partitions
    assert folded.current.overlay is None
    assert 0.95 * partitions <= folded.current.base.partitions <= 1.05 * partitions
    places = [TextId(folded.current.base.version_id, number) for number in range(folded.current.base.partitions)]
    sizes = [stored_bytes(text) for text in folded.list_store.read_texts(places).values()]
    assert sum(size > 4_020 for size in sizes) <= 0.05 * partitions


def test_a_lookup_decompresses_at_most_three_read_units() -> None:
    stored_list = StoredList()
    stored_list.apply(Mode.CREATE, (Entry(f"C{number}", "", "Stalls", "", 2) for number in range(30_000)))
    assert max(len(text) for text in stored_list.list_store.texts.values()) <= 3 * 4_096


def test_rows_with_a_category_each_also_fit() -> None:
    list_store = MeasuredPackedListStore(null_table(), "demo", GROUP_ID)
    StoredList(list_store).apply(Mode.CREATE, (Entry(f"C{n}", "", f"The category of row {n}") for n in range(30_000)))
    assert list_store.over <= 0.03 * list_store.items
