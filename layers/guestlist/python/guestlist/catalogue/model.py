"""The catalogue: sale items of events, which may belong to schedules and share inventory items."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated

from annotated_types import Interval, MaxLen, MinLen

from guestlist.catalogue.entity_type import EntityReference, EntityType
from guestlist.model.ids import Id

ItemName = Annotated[str, MinLen(1), MaxLen(200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A series of events."""

    schedule_id: Id
    name: ItemName


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event. `capacity` is its total number of tickets; without one it is unlimited."""

    event_id: Id
    name: ItemName
    schedule_id: Id | None = None
    capacity: Annotated[int, Interval(ge=0, le=100_000_000)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryItem:
    """An inventory item, which sale items of several events may share."""

    inventory_item_id: Id
    name: ItemName


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleItem:
    """A sale item: what a customer buys, for one event."""

    sale_item_id: Id
    name: ItemName
    event_id: Id
    inventory_item_id: Id | None = None
    category: Annotated[str, MaxLen(200)] | None = None


Entity = Schedule | Event | InventoryItem | SaleItem


def type_of(entity: Entity) -> EntityType:
    """The type of the entity."""
    match entity:
        case Schedule():
            return EntityType.SCHEDULE
        case Event():
            return EntityType.EVENT
        case InventoryItem():
            return EntityType.INVENTORY_ITEM
        case SaleItem():
            return EntityType.SALE_ITEM


def id_of(entity: Entity) -> str:
    """The id of the entity, unique among those of its type."""
    match entity:
        case Schedule():
            return entity.schedule_id
        case Event():
            return entity.event_id
        case InventoryItem():
            return entity.inventory_item_id
        case SaleItem():
            return entity.sale_item_id


def imported_item(event_id: str) -> str:
    """The id of the pseudo sale item of an event's imported tickets; no real sale item has such an id."""
    return f"event:{event_id}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An organiser's catalogue, or the requested part of it."""

    events: Mapping[str, Event] = field(default_factory=lambda: MappingProxyType({}))
    sale_items: Mapping[str, SaleItem] = field(default_factory=lambda: MappingProxyType({}))

    def event_of(self, sale_item_id: str) -> str | None:
        """The id of the sale item's event; None for an unknown item."""
        if sale_item_id.startswith("event:"):
            return sale_item_id.removeprefix("event:")
        item = self.sale_items.get(sale_item_id)
        return item.event_id if item else None

    def counts_for(self, sale_item_id: str) -> list[EntityReference]:
        """The entities for which purchases of the item count."""
        event_id = self.event_of(sale_item_id)
        item, event = self.sale_items.get(sale_item_id), self.events.get(event_id or "")
        entities = [
            (EntityType.SALE_ITEM, sale_item_id),
            (EntityType.EVENT, event_id),
            (EntityType.INVENTORY_ITEM, item.inventory_item_id if item else None),
            (EntityType.SCHEDULE, event.schedule_id if event else None),
        ]
        return [(entity_type, name) for entity_type, name in entities if name is not None]

    def items_of(self, entity_type: EntityType, name: str) -> set[str]:
        """The ids of all sale items whose purchases count for this entity, including those of imported tickets."""
        target = entity_type, name
        imported = (imported_item(event_id) for event_id in self.events)
        return {item for item in (*self.sale_items, *imported) if target in self.counts_for(item)}
