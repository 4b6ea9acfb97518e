"""The types of entities in the catalogue, by which rules count purchases."""

from enum import StrEnum


class EntityType(StrEnum):
    """The type of an entity; a purchase counts for its sale item and the event, inventory item and schedule of that."""

    EVENT = "event"
    SALE_ITEM = "sale_item"
    INVENTORY_ITEM = "inventory_item"
    SCHEDULE = "schedule"


EntityReference = tuple[EntityType, str]
"""Type and id of an entity."""
