"""An automatic group of eight rules with windows, and people who buy what these count, for benchmarks."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from guestlist.catalogue.entity_type import EntityType
from guestlist.catalogue.model import Entity, Event, InventoryItem, SaleItem, Schedule, id_of, type_of
from guestlist.groups.index import GroupType
from guestlist.groups.model import Group
from guestlist.groups.rule import Branch, Leaf, Operator
from guestlist.model.duration import Duration, Unit
from guestlist.purchases.model import CountedPurchase
from tests.fakes.groups import FakeCatalogues, FakeGroups

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PURCHASES = 4.5
EVENTS, ITEMS = 10, 4
LIFETIME = Duration(7, Unit.DAYS)


def entities() -> Iterator[Entity]:
    """A catalogue: ten events of four items, every other one of a season, the first item of each a VIP one."""
    yield Schedule(schedule_id="season", name="Season")
    yield InventoryItem(inventory_item_id="vip", name="VIP")
    for event in range(EVENTS):
        yield Event(event_id=f"e{event}", name="Event", schedule_id="season" if event % 2 else None)
        for item in range(ITEMS):
            name = f"e{event}i{item}"
            vip = "vip" if item == 0 else None
            yield SaleItem(sale_item_id=name, name="Item", event_id=f"e{event}", inventory_item_id=vip)


def rules() -> Branch:
    """Eight leaves, each with a window."""

    def leaf(kind: EntityType, name: str, minimum: int, days: int) -> Leaf:
        return Leaf(type=kind, id=name, minimum=minimum, within=Duration(days, Unit.DAYS))

    some = [leaf(EntityType.EVENT, f"e{number}", 2, 60 * (number + 1)) for number in range(4)]
    most = Branch(
        Operator.ALL, (leaf(EntityType.SCHEDULE, "season", 3, 365), leaf(EntityType.SALE_ITEM, "e5i1", 1, 730))
    )
    rest = leaf(EntityType.SCHEDULE, "season", 6, 730)
    return Branch(
        Operator.ANY, (*some, most, Branch(Operator.ALL, (leaf(EntityType.INVENTORY_ITEM, "vip", 2, 365), rest)))
    )


def all_catalogues() -> FakeCatalogues:
    """The catalogue of one organiser."""
    catalogues = FakeCatalogues()
    for entity in entities():
        catalogues.entities["demo", type_of(entity), id_of(entity)] = entity
    return catalogues


class World:
    """The group and the catalogue, which are small, in memory; a pass over the group is wished for."""

    def __init__(self, lifetime: Duration | None = LIFETIME) -> None:
        self.groups, self.catalogues = FakeGroups(), all_catalogues()
        group = Group(group_id="g1", name="Regulars", type=GroupType.AUTOMATIC, created_at=NOW, rules=rules())
        self.group = self.groups.save_group("demo", replace(group, lifetime=lifetime), NOW, asked_by="me")


def some_bought(letters: random.Random, least: int = 0) -> Iterator[CountedPurchase]:
    """The purchases of a person in random order: `PURCHASES` on average, with that minimum."""
    for _ in range(least + int(letters.expovariate(1 / (PURCHASES - least)) + 0.5)):
        item = f"e{letters.randrange(EVENTS)}i{letters.randrange(ITEMS)}"
        yield CountedPurchase(
            NOW - timedelta(seconds=letters.randrange(730 * 86_400)), item, letters.randint(1, 3), "order"
        )
