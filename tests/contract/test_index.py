"""Index documents, on both engines."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from guestlist.aws import keys
from guestlist.aws.index import PART_BYTES, Document, Index
from guestlist.aws.table import Table
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.restrictions import IndexedItem, RestrictionIndex
from guestlist.model.errors import ConcurrentModification


def plain(table: Table) -> Index[Document]:
    return Index(table, "GROUPS", lambda document: document)


def large(seed: int, words: int = 200) -> Mapping[str, Any]:
    letters = random.Random(seed)  # noqa: S311 - incompressible, and the same each time
    return {f"group-{n}": letters.randbytes(40).hex() for n in range(words)}


def contents(table: Table) -> list[dict[str, Any]]:
    return list(table.query_all(keys.index_content("demo", "GROUPS", 0, "", 0).pk))


def test_an_index_is_empty_at_first(table: Table) -> None:
    assert plain(table).read("demo") == Document(0, {})


def test_an_index_is_changed_one_step_at_a_time(table: Table) -> None:
    index = plain(table)
    index.write("demo", Document(1, {"a": 1}))
    with pytest.raises(ConcurrentModification):
        index.write("demo", Document(1, {"a": 2}))
    with pytest.raises(ConcurrentModification):
        index.write("demo", Document(3, {"a": 2}))
    index.write("demo", Document(2, {"a": 3}))
    assert index.read("demo") == Document(2, {"a": 3})


def test_a_large_index_is_stored_behind_a_small_pointer(table: Table) -> None:
    index = plain(table)
    index.write("demo", Document(1, large(1)))
    pointer = table.get(index.pointer("demo"))
    assert len(str(pointer)) < 200
    assert index.read("demo") == Document(1, large(1))


def test_a_parsed_large_index_is_cached_until_it_changes(table: Table) -> None:
    numbers: list[int] = []

    def note(document: Document) -> int:
        numbers.append(document.number)
        return document.number

    index = Index(table, "GROUPS", note)
    for number in (1, 2):
        index.write("demo", Document(number, large(number)))
        assert [index.read("demo") for _ in range(3)] == [number] * 3
    assert numbers == [1, 2]


def test_a_very_large_index_is_kept_in_parts(table: Table) -> None:
    content = large(1, words=10_000)
    plain(table).write("demo", Document(1, content))
    parts = contents(table)
    assert len(parts) > 1
    assert max(len(bytes(part["content"])) for part in parts) == PART_BYTES
    assert plain(table).read("demo") == Document(1, content)


def test_unreferenced_content_expires_after_a_day(table: Table) -> None:
    index = plain(table)
    for number in (1, 2):
        index.write("demo", Document(number, large(number)))
    former, current = contents(table)
    assert ("ttl" in former, "ttl" in current) == (True, False)


def test_a_lost_race_leaves_no_content_behind(table: Table) -> None:
    index = plain(table)
    index.write("demo", Document(1, large(1)))
    with pytest.raises(ConcurrentModification):
        index.write("demo", Document(1, large(2)))
    assert len(contents(table)) == 1
    with pytest.raises(ConcurrentModification):
        index.write("demo", Document(1, large(1)))
    assert plain(table).read("demo") == Document(1, large(1))


def test_a_stored_restriction_index_is_read_back(table: Table) -> None:
    index = (
        RestrictionIndex()
        .with_item("vip", IndexedItem("festival", "chair", "Section2", ("g1", "g2")))
        .with_item("plain", IndexedItem("festival"))
        .with_inventory("chair", ("g3",))
    )
    RestrictionIndexes(table).write_restrictions("demo", RestrictionIndex(1, index.items, index.inventory))
    assert RestrictionIndexes(table).read_restrictions("demo") == RestrictionIndex(1, index.items, index.inventory)


def test_an_empty_restriction_is_not_an_absent_one(table: Table) -> None:
    index = RestrictionIndex().with_item("vip", IndexedItem("festival", group_ids=()))
    RestrictionIndexes(table).write_restrictions("demo", index)
    assert RestrictionIndexes(table).read_restrictions("demo").items["vip"].group_ids == ()
