"""The restriction index in the table: one compact document per organiser."""

from guestlist.aws.index import Document, Index
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import Table, Write
from guestlist.catalogue.restrictions import IndexedItem, RestrictionIndex


class RestrictionIndexes:
    """The restriction indexes of all organisers."""

    def __init__(self, table: Table) -> None:
        self._index = Index(table, "RESTRICTIONS", _decode)

    def pointer(self, org: str) -> Key:
        """The key of the pointer item, to be read, possibly together with other items, before `resolve`."""
        return self._index.pointer(org)

    def resolve(self, org: str, item: Item | None) -> RestrictionIndex:
        """The index of a pointer item."""
        return self._index.resolve(org, item)

    def read_restrictions(self, org: str) -> RestrictionIndex:
        """The current index."""
        return self._index.read(org)

    def write_restrictions(self, org: str, index: RestrictionIndex, *others: Write) -> None:
        """Replace the index, in one transaction with other writes. Raises `ConcurrentModification`."""
        items = {
            sale_item_id: [item.event_id, item.inventory_item_id, item.category, item.group_ids]
            for sale_item_id, item in index.items.items()
        }
        self._index.write(org, Document(index.number, {"items": items, "inventory": dict(index.inventory)}), *others)


def _decode(document: Document) -> RestrictionIndex:
    items = {
        sale_item_id: IndexedItem(event_id, inventory_item_id, category, _group_ids(group_ids))
        for sale_item_id, (event_id, inventory_item_id, category, group_ids) in document.content.get(
            "items", {}
        ).items()
    }
    inventory = {key: tuple(group_ids) for key, group_ids in document.content.get("inventory", {}).items()}
    return RestrictionIndex(document.number, items, inventory)


def _group_ids(group_ids: list[str] | None) -> tuple[str, ...] | None:
    return None if group_ids is None else tuple(group_ids)
