"""The restrictions of sale items: both levels and the links that a check needs, in one index.

A level without group ids is open to all. A level with group ids requires membership of one of them, and every such
level must be met; a deleted group admits nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from guestlist.model.normal_form import normal


@dataclass(frozen=True, slots=True)
class IndexedItem:
    """The part of a sale item that every check reads. `group_ids` is None if the item itself is not restricted."""

    event_id: str
    inventory_item_id: str | None = None
    category: str | None = None
    group_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RestrictionIndex:
    """All sale items by id, and the groups of restricted inventory items. Each change increases `number` by one."""

    number: int = 0
    items: Mapping[str, IndexedItem] = field(default_factory=lambda: MappingProxyType({}))
    inventory: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def with_item(self, sale_item_id: str, item: IndexedItem) -> "RestrictionIndex":
        """The next index, with this sale item added or replaced."""
        return RestrictionIndex(self.number + 1, {**self.items, sale_item_id: item}, self.inventory)

    def with_inventory(self, inventory_item_id: str, group_ids: tuple[str, ...] | None) -> "RestrictionIndex":
        """The next index, with the inventory item restricted to these groups; None removes the restriction."""
        others = {key: groups for key, groups in self.inventory.items() if key != inventory_item_id}
        added = {} if group_ids is None else {inventory_item_id: group_ids}
        return RestrictionIndex(self.number + 1, self.items, others | added)

    def inventory_groups(self, item: IndexedItem) -> tuple[str, ...] | None:
        """The groups that the item's inventory item is restricted to, or None."""
        return None if item.inventory_item_id is None else self.inventory.get(item.inventory_item_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A `percent` or an `amount` off, limited to members of `group_ids` and to `sale_item_ids` if these are given."""

    code: str
    percent: float | None = None
    amount: float | None = None
    group_ids: tuple[str, ...] | None = None
    sale_item_ids: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        """The key under which it is stored and looked up."""
        return fold_discount(self.code)


def fold_discount(code: str) -> str:
    """The form in which discount codes are compared."""
    return normal(code).strip().casefold()
