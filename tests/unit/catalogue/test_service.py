"""Saving and deleting events, items and discounts, and restricting items to groups."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guestlist.catalogue import service as catalogue_service
from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Entity, Event, InventoryItem, SaleItem
from guestlist.catalogue.restrictions import Discount, IndexedItem
from guestlist.groups import lifecycle
from guestlist.model.errors import Exists, Invalid, Unknown
from tests.fakes.groups import FakeCatalogues, FakeGroups
from tests.unit.groups.builders import FESTIVAL, NOW, SEASON, TICKET, any_of, catalogue, create, leaf

CHAIR = InventoryItem(inventory_item_id="chair", name="Chair")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def groups() -> FakeGroups:
    return FakeGroups()


@pytest.fixture
def catalogues() -> FakeCatalogues:
    return catalogue(CHAIR)


def save(catalogues: FakeCatalogues, groups: FakeGroups, *entities: Entity) -> None:
    for entity in entities:
        catalogue_service.save("demo", entity, LATER, "me", catalogues, groups.of_catalogue)


def faults(call: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in call.value.faults]


def test_a_sale_item_is_in_the_index_that_checks_read(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    seat = SaleItem(sale_item_id="seat", name="Seat", event_id="festival", inventory_item_id="chair", category="A")
    save(catalogues, groups, seat)
    assert catalogues.restrictions("demo").items["seat"] == IndexedItem("festival", "chair", "A")


def test_a_reference_to_an_unknown_entity_is_refused(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    orphan = SaleItem(sale_item_id="lost", name="Lost", event_id="nowhere", inventory_item_id="nothing")
    with pytest.raises(Invalid) as caught:
        save(catalogues, groups, orphan)
    assert faults(caught) == [("event_id", "unknown_id"), ("inventory_item_id", "unknown_id")]
    with pytest.raises(Invalid) as caught:
        save(catalogues, groups, Event(event_id="e", name="E", schedule_id="nowhere"))
    assert faults(caught) == [("schedule_id", "unknown_id")]


def test_creating_an_existing_entity_is_refused_and_changes_nothing(
    catalogues: FakeCatalogues, groups: FakeGroups
) -> None:
    other = replace(TICKET, name="Other")
    with pytest.raises(Exists, match="sale_item"):
        catalogue_service.save("demo", other, LATER, "me", catalogues, groups.of_catalogue, new=True)
    assert catalogues.entities["demo", EntityType.SALE_ITEM, "ticket"] == TICKET


def test_changing_an_item_keeps_its_restriction(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    group = create(groups)
    save(catalogues, groups, replace(TICKET, category="A"))
    catalogue_service.restrict_item("demo", "ticket", [group.group_id], catalogues, groups.of_catalogue)
    save(catalogues, groups, replace(TICKET, category="B", name="Other"))
    assert catalogues.restrictions("demo").items["ticket"] == IndexedItem("festival", None, "B", (group.group_id,))


@pytest.mark.behaviour(180)
def test_an_item_is_restricted_to_several_groups_and_opened_again(
    catalogues: FakeCatalogues, groups: FakeGroups
) -> None:
    ids = [create(groups, name).group_id for name in ("Members", "Friends")]
    save(catalogues, groups, replace(TICKET, category="A"))
    catalogue_service.restrict_item("demo", "ticket", ids, catalogues, groups.of_catalogue)
    assert catalogues.restrictions("demo").items["ticket"].group_ids == tuple(ids)
    catalogue_service.restrict_item("demo", "ticket", None, catalogues, groups.of_catalogue)
    assert catalogues.restrictions("demo").items["ticket"].group_ids is None


@pytest.mark.behaviour(185, 186)
def test_a_restriction_of_an_inventory_item_covers_all_its_sale_items(
    catalogues: FakeCatalogues, groups: FakeGroups
) -> None:
    group = create(groups)
    catalogue_service.restrict_inventory("demo", "chair", [group.group_id], catalogues, groups.of_catalogue)
    save(
        catalogues,
        groups,
        Event(event_id="gala", name="Gala"),
        SaleItem(sale_item_id="one", name="One", event_id="festival", inventory_item_id="chair"),
        SaleItem(sale_item_id="two", name="Two", event_id="gala", inventory_item_id="chair"),
    )
    index = catalogues.restrictions("demo")
    assert [index.inventory_groups(index.items[name]) for name in ("one", "two")] == [(group.group_id,)] * 2


@pytest.mark.parametrize("deleted", [False, True], ids=["never made", "deleted"])
def test_a_restriction_names_only_existing_groups(
    catalogues: FakeCatalogues, groups: FakeGroups, deleted: bool
) -> None:
    save(catalogues, groups, replace(TICKET, category="A"))
    name = "nobody"
    if deleted:
        name = create(groups).group_id
        lifecycle.delete("demo", name, NOW, "me", groups)
    with pytest.raises(Invalid) as caught:
        catalogue_service.restrict_item("demo", "ticket", [name], catalogues, groups.of_catalogue)
    assert faults(caught) == [("group_ids", "unknown_id")]


def test_a_restriction_to_no_group_is_refused(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    save(catalogues, groups, replace(TICKET, category="A"))
    with pytest.raises(Invalid) as caught:
        catalogue_service.restrict_item("demo", "ticket", [], catalogues, groups.of_catalogue)
    assert faults(caught) == [("group_ids", "empty")]


def test_an_unknown_item_cannot_be_restricted(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    with pytest.raises(Unknown):
        catalogue_service.restrict_item("demo", "nothing", None, catalogues, groups.of_catalogue)
    with pytest.raises(Unknown):
        catalogue_service.restrict_inventory("demo", "nothing", None, catalogues, groups.of_catalogue)


def test_a_restriction_that_loses_a_race_is_decided_again(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    catalogues.raced = 2
    catalogue_service.restrict_inventory("demo", "chair", [create(groups).group_id], catalogues, groups.of_catalogue)
    assert "chair" in catalogues.restrictions("demo").inventory


# What a change of the catalogue means for rules


@pytest.mark.parametrize(
    ("rule", "requested"),
    [
        (leaf("schedule", "season"), True),
        (leaf("event", "festival"), False),
        (leaf("sale_item", "ticket"), False),
    ],
    ids=["the schedule", "the event", "an item"],
)
def test_moving_an_event_into_a_schedule_requests_a_pass_where_rules_count_it(
    catalogues: FakeCatalogues, groups: FakeGroups, rule: object, requested: bool
) -> None:
    group = create(groups, kind="automatic", rules=any_of(rule))  # type: ignore[arg-type]
    save(catalogues, groups, replace(FESTIVAL, schedule_id="season"))
    assert (groups.syncs.get_progress("demo", group.group_id).asked_at == LATER) is requested


def test_moving_an_item_to_another_event_requests_a_pass_for_both_events(
    catalogues: FakeCatalogues, groups: FakeGroups
) -> None:
    gala = Event(event_id="gala", name="Gala", schedule_id="season")
    save(catalogues, groups, gala, replace(TICKET, category="A"))
    leaving = create(groups, "Leaving", "automatic", rules=any_of(leaf("event", "festival")))
    coming = create(groups, "Coming", "automatic", rules=any_of(leaf("schedule", "season")))
    apart = create(groups, "Apart", "automatic", rules=any_of(leaf("sale_item", "ticket")))
    save(catalogues, groups, replace(TICKET, event_id="gala"))
    requested_at = [groups.syncs.get_progress("demo", group.group_id).asked_at for group in (leaving, coming, apart)]
    assert requested_at == [LATER, LATER, NOW]


def test_renaming_an_entity_requests_no_pass(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    group = create(groups, kind="automatic", rules=any_of(leaf("schedule", "season")))
    save(catalogues, groups, replace(SEASON, name="Another"), replace(TICKET, name="Another"))
    assert groups.syncs.get_progress("demo", group.group_id).asked_at == NOW


# What a deletion shuts


def test_items_that_only_a_deleted_group_opens_are_listed(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    members, friends = create(groups, "Members").group_id, create(groups, "Friends").group_id
    items = {
        "open": None,
        "members": [members],
        "either": [members, friends],
        "friends": [friends],
    }
    for name, group_ids in items.items():
        save(catalogues, groups, SaleItem(sale_item_id=name, name=name, event_id="festival"))
        catalogue_service.restrict_item("demo", name, group_ids, catalogues, groups.of_catalogue)
    chair = SaleItem(sale_item_id="seat", name="Seat", event_id="festival", inventory_item_id="chair")
    save(catalogues, groups, chair)
    catalogue_service.restrict_inventory("demo", "chair", [members], catalogues, groups.of_catalogue)
    shut = catalogue_service.items_only_open_to(
        members, catalogues.restrictions("demo"), groups.index("demo").unexpired(NOW)
    )
    assert shut == ["members", "seat"]


# Discounts


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        (Discount(code="D"), [("percent", "one_of_two")]),
        (Discount(code="D", percent=5, amount=5), [("percent", "one_of_two")]),
        (Discount(code="D", percent=0), [("percent", "out_of_range")]),
        (Discount(code="D", percent=101), [("percent", "out_of_range")]),
        (Discount(code="D", amount=0), [("amount", "out_of_range")]),
        (Discount(code="D", amount=5, sale_item_ids=("ticket", "lost")), [("sale_item_ids", "unknown_id")]),
        (Discount(code="D", amount=5, group_ids=("nobody",)), [("group_ids", "unknown_id")]),
        (Discount(code="D", amount=5, group_ids=()), [("group_ids", "empty")]),
    ],
    ids=["neither", "both", "no per cent", "too much", "no amount", "unknown item", "unknown group", "no group"],
)
def test_an_impossible_discount_is_refused(
    catalogues: FakeCatalogues, groups: FakeGroups, discount: Discount, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as caught:
        catalogue_service.validate_discount("demo", discount, catalogues, groups.of_catalogue)
    assert faults(caught) == expected


@pytest.mark.behaviour(188)
def test_a_discount_is_restricted_to_groups_and_items(catalogues: FakeCatalogues, groups: FakeGroups) -> None:
    discount = Discount(code="D", percent=12.5, group_ids=(create(groups).group_id,), sale_item_ids=("ticket",))
    catalogue_service.validate_discount("demo", discount, catalogues, groups.of_catalogue)
