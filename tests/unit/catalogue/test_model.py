"""The entities that a purchase counts for."""

import pytest

from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Catalogue, Event, SaleItem, imported_item
from guestlist.groups.rule import Leaf
from tests.unit.groups.builders import leaf

SOLD = Catalogue(
    {
        "one": Event(event_id="one", name="One", schedule_id="season"),
        "two": Event(event_id="two", name="Two", schedule_id="season"),
        "three": Event(event_id="three", name="Three"),
    },
    {
        "a": SaleItem(sale_item_id="a", name="A", event_id="one", inventory_item_id="chair"),
        "b": SaleItem(sale_item_id="b", name="B", event_id="two", inventory_item_id="chair"),
        "c": SaleItem(sale_item_id="c", name="C", event_id="three"),
    },
)


@pytest.mark.parametrize(
    ("rule", "items"),
    [
        pytest.param(leaf("sale_item", "a"), {"a"}, marks=pytest.mark.behaviour(143)),
        pytest.param(leaf("event", "one"), {"a", "event:one"}, marks=pytest.mark.behaviour(142)),
        pytest.param(leaf("inventory_item", "chair"), {"a", "b"}, marks=pytest.mark.behaviour(144)),
        pytest.param(
            leaf("schedule", "season"), {"a", "b", "event:one", "event:two"}, marks=pytest.mark.behaviour(145)
        ),
        (leaf("event", "nowhere"), set()),
    ],
    ids=["sale item", "event", "inventory item", "schedule", "nothing"],
)
def test_a_rule_counts_the_sale_items_of_its_entity(rule: Leaf, items: set[str]) -> None:
    assert SOLD.items_of(rule.type, rule.id) == items


def test_an_imported_ticket_counts_for_its_event_and_schedule() -> None:
    counted = SOLD.counts_for(imported_item("one"))
    assert counted == [(EntityType.SALE_ITEM, "event:one"), (EntityType.EVENT, "one"), (EntityType.SCHEDULE, "season")]
