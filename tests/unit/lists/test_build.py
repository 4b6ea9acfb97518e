"""Building of lists from files: versions, overlays and their costs."""

from unittest.mock import patch

import pytest

from guestlist.imports.model import Mode
from guestlist.imports.reading.problems import IN_LIST, DuplicateExisting, UnknownEntry
from guestlist.lists import partition
from guestlist.lists.entry import Entry
from guestlist.lists.importing import changes, storing
from guestlist.lists.importing.row_sorter import TooManyRows
from guestlist.lists.importing.storing import delete_version
from guestlist.lists.packed_list import MissingText, PackedList, TextId, entries_by_partition
from tests.fakes.crash_injection import Killed
from tests.unit.lists.builders import StoredList, nothing


def codes(count: int, first: int = 0) -> list[Entry]:
    return [Entry(f"CODE-{number}") for number in range(first, first + count)]


def list_of(*entries: Entry) -> StoredList:
    stored_list = StoredList()
    stored_list.apply(Mode.CREATE, entries)
    return stored_list


def ids(current: PackedList) -> tuple[str | None, str | None]:
    return current.base and current.base.version_id, current.overlay and current.overlay.version_id


def parts(stored_list: StoredList, key: str) -> int:
    """The number of parts of a key in the base."""
    return len({place for place in stored_list.list_store.texts if place.key == key})


def test_a_small_list_has_enough_partitions_for_a_burst() -> None:
    stored_list = list_of(*codes(40))
    assert stored_list.current.base.partitions == 16


def test_the_rows_and_the_header_of_a_version_are_counted() -> None:
    stored_list = list_of(*codes(300))
    header = stored_list.list_store.header("v0")
    texts = [text for place, text in stored_list.list_store.texts.items() if place.version_id == "v0"]
    assert (header.version, header.live_entries, header.sealed) == (stored_list.current.base, 300, True)
    assert header.size == sum(len(text.encode()) for text in texts)
    assert len(texts) == header.version.partitions


def test_an_append_leaves_the_base_untouched() -> None:
    stored_list = list_of(*codes(400))
    before = dict(stored_list.list_store.texts)
    stored_list.apply(Mode.APPEND, codes(3, 1000))
    assert ids(stored_list.current) == ("v0", "v1")
    assert {place: text for place, text in stored_list.list_store.texts.items() if place.version_id == "v0"} == before
    assert stored_list.lookup("code-1001") == [Entry("CODE-1001")]
    assert stored_list.lookup("code-17") == [Entry("CODE-17")]


def test_there_is_never_more_than_one_overlay() -> None:
    stored_list = list_of(*codes(400))
    for mode, entries in [(Mode.APPEND, codes(3, 1000)), (Mode.REMOVE, codes(2)), (Mode.APPEND, codes(1))]:
        stored_list.apply(mode, entries)
    assert ids(stored_list.current) == ("v0", "v3")
    assert stored_list.current.overlay.entries == 5
    assert set(stored_list.entries()) == {*codes(400), *codes(3, 1000)} - {Entry("CODE-1")}


def test_an_overlay_that_outgrows_an_eighth_of_the_base_becomes_part_of_it() -> None:
    stored_list = list_of(*codes(400))
    stored_list.apply(Mode.APPEND, codes(50, 1000))
    assert ids(stored_list.current) == ("v0", "v1")
    built = stored_list.apply(Mode.APPEND, codes(1, 2000))
    assert ids(stored_list.current) == ("v2", None)
    assert built.entries == stored_list.current.base.entries == 451


def test_an_append_to_an_empty_list_makes_a_base() -> None:
    stored_list = StoredList()
    stored_list.apply(Mode.APPEND, codes(3))
    assert ids(stored_list.current) == ("v0", None)
    assert set(stored_list.entries()) == set(codes(3))


def test_a_list_from_which_everything_was_removed_can_grow_again() -> None:
    stored_list = list_of(*codes(30))
    assert stored_list.apply(Mode.REMOVE, codes(30)).entries == 0
    assert (stored_list.current.base.entries, stored_list.current.base.partitions, stored_list.entries()) == (0, 1, [])
    stored_list.apply(Mode.APPEND, codes(2))
    assert set(stored_list.entries()) == set(codes(2))


@pytest.mark.behaviour(42)
def test_an_append_of_an_existing_row_is_refused_and_its_quantity_stays() -> None:
    stored_list = list_of(Entry("A", "", "Floor", "1", 2), *codes(20))
    built = stored_list.apply(Mode.APPEND, [Entry(" a", "", "FLOOR", "1", 9), Entry("A", "", "Floor", "2")])
    assert stored_list.problems == [DuplicateExisting(2, "Code", " a", IN_LIST)]
    assert built.imported == 1
    assert set(stored_list.lookup("a")) == {Entry("A", "", "Floor", "1", 2), Entry("A", "", "Floor", "2")}


def test_the_removal_of_a_missing_row_is_refused() -> None:
    stored_list = list_of(Entry("", "ann@host.nl"), *codes(20))
    stored_list.apply(Mode.REMOVE, [Entry("", "Ann@Host.nl"), Entry("", "bo@host.nl"), Entry("CODE-1", "ann@host.nl")])
    assert sorted(stored_list.problems, key=lambda problem: problem.line) == [
        UnknownEntry(3, "Email", "bo@host.nl"),
        UnknownEntry(4, "Code", "CODE-1"),
    ]
    assert set(stored_list.entries()) == set(codes(20))


@pytest.mark.parametrize(("mode", "entries"), [(Mode.APPEND, codes(5)), (Mode.REMOVE, codes(5, 900))])
def test_a_file_of_which_every_row_is_refused_writes_nothing(mode: Mode, entries: list[Entry]) -> None:
    stored_list = list_of(*codes(20))
    before = dict(stored_list.list_store.texts), dict(stored_list.list_store.headers), stored_list.current
    built = stored_list.apply(mode, entries)
    assert (stored_list.list_store.texts, stored_list.list_store.headers, stored_list.current) == before
    assert (built.entries, built.imported, len(stored_list.problems)) == (20, 0, 5)


def test_only_the_partitions_of_appended_rows_are_read() -> None:
    stored_list = list_of(*codes(20_000))
    stored_list.list_store.reads.clear()
    stored_list.apply(Mode.APPEND, codes(2, 50_000))
    assert sum(map(len, stored_list.list_store.reads)) == 2


def test_comparing_writes_nothing() -> None:
    stored_list = list_of(*codes(20))
    before = dict(stored_list.list_store.texts), dict(stored_list.list_store.headers)
    imported, effect = stored_list.compare(Mode.REPLACE, [*codes(18, 5), Entry("CODE-7"), Entry("CODE-4", quantity=2)])
    assert (imported, effect) == (19, changes.Effect(added=3, changed=1, revoked=4))
    assert (stored_list.list_store.texts, stored_list.list_store.headers) == before


def test_progress_rises_to_its_end() -> None:
    stored_list, shares = StoredList(), []
    for mode, entries in [(Mode.CREATE, codes(9_000)), (Mode.APPEND, codes(300, 8_800))]:
        shares.clear()
        with patch.object(storing, "_BATCH_SIZE", 5):
            stored_list.apply(mode, entries, progress=shares.append)
        assert len(shares) > 1
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def test_a_version_is_sealed_when_it_is_whole() -> None:
    def die(_share: float) -> None:
        raise Killed

    stored_list = StoredList()
    with pytest.raises(Killed):
        stored_list.apply(Mode.CREATE, codes(20), progress=die)
    assert not stored_list.list_store.header("v0").sealed
    stored_list.apply(Mode.CREATE, codes(20))
    assert stored_list.list_store.header("v0").sealed


def test_the_remains_of_a_dead_worker_are_deleted_when_its_import_is_done_on_another_list() -> None:
    stored_list = StoredList()
    stored_list.apply(Mode.CREATE, [*codes(900), *(Entry("VIP", "", "", str(number)) for number in range(900))])
    stored_list.versions, stored_list.current = 0, PackedList()
    stored_list.apply(Mode.CREATE, codes(3))
    assert len(stored_list.list_store.texts) == 3
    assert set(stored_list.entries()) == set(codes(3))


def test_a_version_is_deleted_with_its_parts() -> None:
    stored_list = list_of(*codes(50), *(Entry("VIP", "", "", str(number)) for number in range(900)))
    assert parts(stored_list, "vip") > 1
    delete_version(stored_list.list_store, "v0", nothing)
    delete_version(stored_list.list_store, "v0", nothing)
    assert (stored_list.list_store.texts, stored_list.list_store.headers) == ({}, {})


def test_entries_can_be_read_from_a_partition_on() -> None:
    stored_list = list_of(*codes(300))
    stored_list.apply(Mode.REMOVE, codes(5))
    whole = list(entries_by_partition(stored_list.list_store.read_texts, stored_list.current))
    assert [number for number, _ in whole] == list(range(16))
    assert (
        list(entries_by_partition(stored_list.list_store.read_texts, stored_list.current, 7, batch_size=2)) == whole[7:]
    )


def test_a_missing_partition_is_not_read_as_an_empty_one() -> None:
    stored_list = list_of(*codes(300))
    del stored_list.list_store.texts[TextId("v0", partition.partition_of("code-7", 16))]
    with pytest.raises(MissingText):
        stored_list.entries()
    with pytest.raises(MissingText):
        stored_list.apply(Mode.APPEND, codes(8))


def test_a_missing_partition_grants_nothing() -> None:
    stored_list = list_of(*codes(300))
    del stored_list.list_store.texts[TextId("v0", partition.partition_of("code-7", 16))]
    assert stored_list.lookup("code-7") == []


@pytest.mark.behaviour(49)
def test_one_seat_of_a_code_with_thousands_is_read_from_one_part() -> None:
    seats = [Entry("VIP", "", "Floor", f"A-{number}") for number in range(4_000)]
    stored_list = list_of(*codes(100), *seats)
    assert set(stored_list.lookup("vip")) == set(seats)
    stored_list.list_store.reads.clear()
    assert seats[1234] in stored_list.lookup("vip", seats=["A-1234"])
    assert [len(read) for read in stored_list.list_store.reads] == [1, 2]
    assert max(len(text.encode()) for text in stored_list.list_store.texts.values()) < 5_000


def test_one_persons_row_of_a_code_with_thousands_is_read_from_one_part() -> None:
    people = [Entry("MEMBER", f"person{number}@host.nl") for number in range(4_000)]
    stored_list = list_of(*people)
    stored_list.list_store.reads.clear()
    assert people[1234] in stored_list.lookup("member", emails=["Person1234@host.nl"])
    assert [len(read) for read in stored_list.list_store.reads] == [1, 2]


def test_a_code_that_neither_seat_nor_e_mail_divides_is_sharded_too() -> None:
    rows = [Entry("VIP", "", f"Category {number}") for number in range(9_000)]
    stored_list = list_of(*rows)
    assert parts(stored_list, "vip") > 30
    assert max(len(text.encode()) for text in stored_list.list_store.texts.values()) < 20_000
    assert set(stored_list.lookup("vip", seats=["A-1"], emails=["ann@host.nl"])) == set(rows)


def test_a_code_whose_rows_were_not_read_is_still_known() -> None:
    stored_list = list_of(*(Entry("MEMBER", f"person{number}@host.nl") for number in range(4_000)))
    texts = stored_list.list_store.read_texts(stored_list.current.text_ids("member"))
    assert stored_list.current.entries("member", texts) == []
    assert stored_list.current.has_key("member", texts)
    assert not stored_list.current.has_key(
        "stranger", stored_list.list_store.read_texts(stored_list.current.text_ids("stranger"))
    )


def test_rows_of_thousands_are_removed_one_by_one() -> None:
    people = [Entry("MEMBER", f"person{number}@host.nl") for number in range(2_000)]
    stored_list = list_of(*people)
    stored_list.apply(Mode.REMOVE, people[100:300])
    assert ids(stored_list.current) == ("v0", "v1")
    assert parts(stored_list, "member") > 0
    assert set(stored_list.lookup("member")) == {*people[:100], *people[300:]}
    for number, here in [(99, True), (100, False), (299, False), (300, True)]:
        assert (people[number] in stored_list.lookup("member", emails=[f"person{number}@host.nl"])) is here


def test_a_code_with_the_maximum_of_rows_accepts_no_more() -> None:
    stored_list = list_of(*(Entry("VIP", "", "", str(number)) for number in range(400)), *codes(9))
    with patch.object(changes, "MAX_ROWS_PER_KEY", 400):
        stored_list.apply(Mode.APPEND, [Entry("VIP", "", "", "900"), Entry("OTHER")])
    assert stored_list.problems == [TooManyRows(2, "Code", "VIP")]
    assert stored_list.lookup("other") == [Entry("OTHER")]
