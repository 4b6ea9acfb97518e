"""The catalogue: the table and the fake are held to the same facts."""

from itertools import islice

import pytest

from guestlist.aws import keys
from guestlist.aws.table import Table
from guestlist.catalogue.discount_store import Discounts
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Entity, Event, InventoryItem, SaleItem, Schedule, id_of, imported_item, type_of
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.restrictions import Discount, IndexedItem, RestrictionIndex
from guestlist.catalogue.store import Catalogues
from guestlist.model.errors import ConcurrentModification, Exists, Unknown
from tests.fakes.groups import FakeCatalogues

ENTITIES: list[Entity] = [
    Schedule(schedule_id="season", name="The season"),
    Event(event_id="festival", name="Festival 2025", schedule_id="season", capacity=100),
    Event(event_id="gala", name="Gala"),
    InventoryItem(inventory_item_id="chair", name="Chair"),
    SaleItem(sale_item_id="seat", name="Sunny seat", event_id="festival", inventory_item_id="chair", category="A"),
    SaleItem(sale_item_id="ticket", name="Night of the night", event_id="gala"),
]
INDEX = RestrictionIndex().with_item("seat", IndexedItem("festival", "chair", "A", ("g1",)))

Store = Catalogues | FakeCatalogues


@pytest.fixture(params=["fake", "table"])
def store(request: pytest.FixtureRequest) -> Store:
    """Catalogues in memory and in a table; an entity and the index change in a transaction."""
    if request.param == "fake":
        return FakeCatalogues()
    table: Table = request.getfixturevalue("ministack_table")
    return Catalogues(table, RestrictionIndexes(table))


def fill(store: Store) -> Store:
    for entity in ENTITIES:
        store.save_entity("demo", entity)
    return store


def search(store: Store, query: str) -> list[str]:
    return [id_of(entity) for _, entity in store.search_catalogue("demo", query)]


@pytest.mark.parametrize("entity", ENTITIES, ids=id_of)
def test_a_saved_entity_is_read_back(store: Store, entity: Entity) -> None:
    assert store.get_entity("demo", type_of(entity), id_of(entity)) is None
    store.save_entity("demo", entity)
    assert store.get_entity("demo", type_of(entity), id_of(entity)) == entity
    assert store.get_entity("other", type_of(entity), id_of(entity)) is None


def test_unknown_references_are_returned(store: Store) -> None:
    references = [(EntityType.EVENT, "festival"), (EntityType.EVENT, "chair"), (EntityType.INVENTORY_ITEM, "chair")]
    assert fill(store).find_unknown("demo", references) == {(EntityType.EVENT, "chair")}


def test_the_catalogue_is_read_whole_or_in_part(store: Store) -> None:
    whole = fill(store).read_catalogue("demo")
    assert (set(whole.events), set(whole.sale_items)) == ({"festival", "gala"}, {"seat", "ticket"})
    part = store.subset("demo", ["seat", "lost", imported_item("gala")])
    assert (set(part.events), set(part.sale_items)) == ({"festival", "gala"}, {"seat"})


@pytest.mark.behaviour(148)
def test_entities_are_found_as_their_names_are_typed(store: Store) -> None:
    fill(store)
    assert search(store, "s") == ["season", "seat"]
    assert search(store, "fest") == ["festival"]
    assert search(store, "2025") == ["festival"]
    assert search(store, "the n") == ["ticket"]
    assert search(store, "eat") == []


@pytest.mark.parametrize("query", ["soren", "SØR", "o'h", "O’H", "lod", "łódź"])
def test_letters_and_apostrophes_are_found_as_a_plain_keyboard_types_them(store: Store, query: str) -> None:
    fill(store).save_entity("demo", Event(event_id="sørens", name="Søren O’Hara in Łódź"))
    assert search(store, query) == ["sørens"]


def test_an_entity_saved_by_an_earlier_version_is_found_before_and_after_a_new_save(
    ministack_table: Table,
) -> None:
    store = Catalogues(ministack_table, RestrictionIndexes(ministack_table))
    event = Event(event_id="gala", name="Sørby Sorz")
    store.save_entity("demo", event)
    ministack_table.delete(keys.catalogue_word("demo", "sorby sorz", EntityType.EVENT, "gala"))
    assert [search(store, query) for query in ("sørby", "sor", "sorz", "sorby")] == [["gala"], ["gala"], ["gala"], []]
    store.save_entity("demo", event)
    assert [search(store, query) for query in ("sørby", "sor", "sorz", "sorby")] == [["gala"]] * 4
    store.save_entity("demo", Event(event_id="gala", name="Winter"))
    assert search(store, "sør") == []


def test_an_entity_is_found_once_although_two_of_its_words_match(store: Store) -> None:
    assert search(fill(store), "night") == ["ticket"]


def test_an_empty_search_finds_everything(store: Store) -> None:
    assert sorted(search(fill(store), " ")) == sorted(id_of(entity) for entity in ENTITIES)


@pytest.mark.parametrize("query", ["", "s"])
def test_a_search_continues_after_a_cursor(store: Store, query: str) -> None:
    every = list(fill(store).search_catalogue("demo", query))
    first = list(islice(store.search_catalogue("demo", query), 1))
    assert first + list(store.search_catalogue("demo", query, first[0][0])) == every


def test_an_entity_is_not_found_by_its_former_name(store: Store) -> None:
    fill(store).save_entity("demo", Event(event_id="gala", name="Summer ball"))
    assert search(store, "ball") == ["gala"]
    assert search(store, "gala") == ["gala"]
    store.save_entity("demo", Event(event_id="festival", name="Winter"))
    assert search(store, "2025") == []


def test_an_entity_and_the_restriction_index_change_together_or_not_at_all(store: Store) -> None:
    store.save_entity("demo", ENTITIES[4], INDEX)
    assert store.restrictions("demo").items == INDEX.items
    with pytest.raises(ConcurrentModification):
        store.save_entity("demo", SaleItem(sale_item_id="seat", name="Late", event_id="gala"), INDEX)
    assert store.get_entity("demo", EntityType.SALE_ITEM, "seat") == ENTITIES[4]
    store.save_restrictions("demo", store.restrictions("demo").with_inventory("chair", ("g2",)))
    assert store.restrictions("demo").inventory == {"chair": ("g2",)}


def test_creating_an_existing_entity_fails_and_keeps_the_first(store: Store) -> None:
    gala = Event(event_id="gala", name="Gala")
    store.save_entity("demo", gala, new=True)
    with pytest.raises(ConcurrentModification):
        store.save_entity("demo", Event(event_id="gala", name="Other"), new=True)
    assert store.get_entity("demo", EntityType.EVENT, "gala") == gala
    seat = SaleItem(sale_item_id="seat", name="Seat", event_id="gala")
    store.save_entity("demo", seat, INDEX, new=True)
    further = store.restrictions("demo").with_inventory("chair", ("g2",))
    with pytest.raises(ConcurrentModification):
        store.save_entity("demo", SaleItem(sale_item_id="seat", name="Late", event_id="gala"), further, new=True)
    assert store.get_entity("demo", EntityType.SALE_ITEM, "seat") == seat
    assert store.restrictions("demo").inventory == INDEX.inventory


def test_no_search_word_of_a_former_name_remains(ministack_table: Table) -> None:
    store = Catalogues(ministack_table, RestrictionIndexes(ministack_table))
    store.save_entity("demo", Event(event_id="gala", name="Grand winter gala"))
    store.save_entity("demo", Event(event_id="gala", name="Gala"))
    words = ministack_table.query_all(keys.catalogue_word("demo", "", "", "").pk)
    assert [item["sk"] for item in words] == ["gala\x1fevent#gala"]


@pytest.mark.parametrize(
    "discount",
    [
        Discount(code="Früh", percent=12.5, group_ids=("g1",), sale_item_ids=("seat",)),
        Discount(code="LATE", amount=5.0),
    ],
    ids=["full", "plain"],
)
def test_a_discount_is_read_by_its_code_in_any_case(table: Table, discount: Discount) -> None:
    discounts = Discounts(table)
    discounts.save_discount("demo", discount)
    assert discounts.get_discount("demo", discount.code.swapcase()) == discount
    discounts.delete_discount("demo", discount.code.upper())
    with pytest.raises(Unknown):
        discounts.get_discount("demo", discount.code)


def test_creating_an_existing_discount_fails_and_keeps_the_first(table: Table) -> None:
    discounts = Discounts(table)
    discounts.save_discount("demo", Discount(code="late", amount=5.0), new=True)
    with pytest.raises(Exists):
        discounts.save_discount("demo", Discount(code="LATE", amount=9.0), new=True)
    assert discounts.get_discount("demo", "late").amount == 5.0
