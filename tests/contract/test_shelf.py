"""The shelf of packed versions: in memory and in the table, on both engines and by both clients, alike."""

import pytest

from guestlist.aws.shelf import Shelf as TableShelf
from guestlist.entry import Entry
from guestlist.group import Version
from guestlist.imports.lists.storing import clear
from guestlist.imports.ports import Shelf
from guestlist.imports.record import Mode
from guestlist.packed_list import Header, Place
from tests.engines.tables import new_table
from tests.fakes.shelf import FakeShelf
from tests.unit.imports_packing.builders import KeptList, nothing


@pytest.fixture(params=["memory", "ministack own", "ministack boto3", "dynalite own", "dynalite boto3"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "memory":
        return FakeShelf()
    engine, client = request.param.split()
    return TableShelf(new_table(request.getfixturevalue(engine), client), "demo", "group")


def test_texts_come_back_by_their_places(shelf: Shelf) -> None:
    texts = {Place("v1", 0): "1\na\t", Place("v1", 0, "vip"): "1\nvip\té", Place("v2", 0): "1"}
    shelf.write(texts)
    assert shelf.read([*texts, Place("v1", 1), Place("v2", 0, "vip")]) == texts


def test_a_text_takes_the_place_of_the_former(shelf: Shelf) -> None:
    place = Place("v1", 17)
    shelf.write({place: "1\na\t"})
    shelf.write({place: "1"})
    assert shelf.read([place]) == {place: "1"}


def test_more_texts_than_a_batch_holds_come_and_go(shelf: Shelf) -> None:
    texts = {Place("v1", number): f"1\n{number}\t" for number in range(260)}
    shelf.write(texts)
    assert shelf.read(texts) == texts
    shelf.delete(texts)
    assert shelf.read(texts) == {}


def test_nothing_is_read_written_and_deleted_in_no_place(shelf: Shelf) -> None:
    shelf.write({})
    shelf.delete([])
    assert shelf.read([]) == {}


def test_a_header_is_kept_changed_and_forgotten(shelf: Shelf) -> None:
    assert shelf.header("v1") is None
    shelf.put_header(Header(Version("v1", 7, 0)))
    assert shelf.header("v1") == Header(Version("v1", 7, 0))
    sealed = Header(Version("v1", 7, 300), size=4_000, standing=290, sealed=True)
    shelf.put_header(sealed)
    assert shelf.header("v1") == sealed
    shelf.delete_header("v1")
    assert shelf.header("v1") is None


def test_two_groups_do_not_see_each_other(ministack_table) -> None:
    here, there = TableShelf(ministack_table, "demo", "here"), TableShelf(ministack_table, "demo", "there")
    here.write({Place("v1", 0): "1"})
    assert there.read([Place("v1", 0)]) == {}


def test_a_list_lives_on_the_shelf(shelf: Shelf) -> None:
    seats = [Entry("VIP", "", "Floor", f"A-{number}") for number in range(300)]
    kept = KeptList(shelf)
    kept.take(Mode.CREATE, [*seats, *(Entry(f"C{number}") for number in range(700))])
    kept.take(Mode.APPEND, [Entry("VIP", "", "Floor", "B-1"), Entry("NEW", "ann@host.nl")])
    kept.take(Mode.REMOVE, [seats[7], Entry("c12")])
    assert len(kept.entries()) == 1000
    assert set(kept.found("vip")) == {*seats, Entry("VIP", "", "Floor", "B-1")} - {seats[7]}
    assert kept.found("new") == [Entry("NEW", "ann@host.nl")]
    assert kept.found("c12") == []
    assert kept.compare(Mode.REPLACE, seats)[0] == 300
    for version_id in ("v0", "v1", "v2"):
        clear(shelf, version_id, nothing)
    assert shelf.header("v0") is None
    assert kept.found("vip") == []
