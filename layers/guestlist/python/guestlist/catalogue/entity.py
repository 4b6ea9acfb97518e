"""The kinds of things that are sold, as rules name them."""

from enum import StrEnum


class Entity(StrEnum):
    """What a purchase is counted for."""

    EVENT = "event"
    SALE_ITEM = "sale_item"
    INVENTORY_ITEM = "inventory_item"
    SCHEDULE = "schedule"
