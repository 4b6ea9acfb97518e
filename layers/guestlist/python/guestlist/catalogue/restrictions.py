"""What is sold and to whom: both levels of restriction and the links a check needs, in one index.

A level without group ids is open to all. A level with them is met by any one of its groups, and
every level that has them must be met; a group that is no longer there meets nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from guestlist.model.normal_form import normal


@dataclass(frozen=True, slots=True)
class IndexedItem:
    """What every check reads of a sale item. `group_ids` is None where the item itself is not restricted."""

    event_id: str
    inventory_item_id: str | None = None
    category: str | None = None
    group_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RestrictionIndex:
    """All sale items by id, and the groups of restricted inventory items. `number` grows by one with each change."""

    number: int = 0
    items: Mapping[str, IndexedItem] = field(default_factory=lambda: MappingProxyType({}))
    inventory: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def with_item(self, sale_item_id: str, item: IndexedItem) -> "RestrictionIndex":
        """The next index, with this sale item added or put in place of its former self."""
        return RestrictionIndex(self.number + 1, {**self.items, sale_item_id: item}, self.inventory)

    def with_inventory(self, inventory_item_id: str, group_ids: tuple[str, ...] | None) -> "RestrictionIndex":
        """The next index, with all sale items of that inventory item restricted to these groups; None opens them."""
        others = {key: groups for key, groups in self.inventory.items() if key != inventory_item_id}
        added = {} if group_ids is None else {inventory_item_id: group_ids}
        return RestrictionIndex(self.number + 1, self.items, others | added)

    def inventory_groups(self, item: IndexedItem) -> tuple[str, ...] | None:
        """The groups that the item's inventory item is restricted to, or None."""
        return None if item.inventory_item_id is None else self.inventory.get(item.inventory_item_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A `percent` or an `amount` off; without `group_ids` for everybody, without `sale_item_ids` on everything."""

    code: str
    percent: float | None = None
    amount: float | None = None
    group_ids: tuple[str, ...] | None = None
    sale_item_ids: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        """What a look-up finds it by."""
        return fold_discount(self.code)


def fold_discount(code: str) -> str:
    """The form in which two discount codes are compared."""
    return normal(code).strip().casefold()
