"""The list_store of packed versions: in memory and in the table, on both engines and by both clients, alike."""

import pytest

from guestlist.groups.index import Version
from guestlist.imports.model import Mode
from guestlist.imports.ports import PackedListStore
from guestlist.lists.entry import Entry
from guestlist.lists.importing.storing import delete_version
from guestlist.lists.packed_list import Header, TextId
from guestlist.lists.store import PackedListStore as TableStore
from tests.engines.tables import new_table
from tests.fakes.packed_lists import FakePackedListStore
from tests.unit.lists.builders import StoredList, nothing


@pytest.fixture(params=["memory", "ministack own", "ministack boto3", "dynalite own", "dynalite boto3"])
def list_store(request: pytest.FixtureRequest) -> PackedListStore:
    if request.param == "memory":
        return FakePackedListStore()
    engine, client = request.param.split()
    return TableStore(new_table(request.getfixturevalue(engine), client), "demo", "group")


def test_texts_are_read_back_by_their_places(list_store: PackedListStore) -> None:
    texts = {TextId("v1", 0): "1\na\t", TextId("v1", 0, "vip"): "1\nvip\té", TextId("v2", 0): "1"}
    list_store.write_texts(texts)
    assert list_store.read_texts([*texts, TextId("v1", 1), TextId("v2", 0, "vip")]) == texts


def test_a_text_replaces_the_former_one(list_store: PackedListStore) -> None:
    place = TextId("v1", 17)
    list_store.write_texts({place: "1\na\t"})
    list_store.write_texts({place: "1"})
    assert list_store.read_texts([place]) == {place: "1"}


def test_more_texts_than_a_batch_holds_are_written_read_and_deleted(list_store: PackedListStore) -> None:
    texts = {TextId("v1", number): f"1\n{number}\t" for number in range(260)}
    list_store.write_texts(texts)
    assert list_store.read_texts(texts) == texts
    list_store.delete_texts(texts)
    assert list_store.read_texts(texts) == {}


def test_calls_without_places_change_nothing(list_store: PackedListStore) -> None:
    list_store.write_texts({})
    list_store.delete_texts([])
    assert list_store.read_texts([]) == {}


def test_a_header_is_stored_changed_and_deleted(list_store: PackedListStore) -> None:
    assert list_store.header("v1") is None
    list_store.put_header(Header(Version("v1", 7, 0)))
    assert list_store.header("v1") == Header(Version("v1", 7, 0))
    sealed = Header(Version("v1", 7, 300), size=4_000, live_entries=290, sealed=True)
    list_store.put_header(sealed)
    assert list_store.header("v1") == sealed
    list_store.delete_header("v1")
    assert list_store.header("v1") is None


def test_two_groups_do_not_see_each_other(ministack_table) -> None:
    here, there = TableStore(ministack_table, "demo", "here"), TableStore(ministack_table, "demo", "there")
    here.write_texts({TextId("v1", 0): "1"})
    assert there.read_texts([TextId("v1", 0)]) == {}


def test_a_list_is_stored_and_read(list_store: PackedListStore) -> None:
    seats = [Entry("VIP", "", "Floor", f"A-{number}") for number in range(300)]
    stored_list = StoredList(list_store)
    stored_list.apply(Mode.CREATE, [*seats, *(Entry(f"C{number}") for number in range(700))])
    stored_list.apply(Mode.APPEND, [Entry("VIP", "", "Floor", "B-1"), Entry("NEW", "ann@host.nl")])
    stored_list.apply(Mode.REMOVE, [seats[7], Entry("c12")])
    assert len(stored_list.entries()) == 1000
    assert set(stored_list.lookup("vip")) == {*seats, Entry("VIP", "", "Floor", "B-1")} - {seats[7]}
    assert stored_list.lookup("new") == [Entry("NEW", "ann@host.nl")]
    assert stored_list.lookup("c12") == []
    assert stored_list.compare(Mode.REPLACE, seats)[0] == 300
    for version_id in ("v0", "v1", "v2"):
        delete_version(list_store, version_id, nothing)
    assert list_store.header("v0") is None
    assert stored_list.lookup("vip") == []
