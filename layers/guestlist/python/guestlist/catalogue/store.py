"""The catalogue in the table: an item for each entity, and one for each word of its name."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from guestlist.aws import keys
from guestlist.aws.conditions import Condition, absent
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.catalogue.entity_type import EntityReference, EntityType
from guestlist.catalogue.model import Catalogue, Entity, Event, InventoryItem, SaleItem, Schedule, id_of, type_of
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.model.errors import ConcurrentModification
from guestlist.model.name_search import MAX_LENGTH, beginnings, folded, unaccented

_CLASSES: dict[EntityType, Any] = {
    EntityType.SCHEDULE: Schedule,
    EntityType.EVENT: Event,
    EntityType.INVENTORY_ITEM: InventoryItem,
    EntityType.SALE_ITEM: SaleItem,
}


class Catalogues:
    """The catalogues and restriction indexes of all organisers."""

    def __init__(self, table: Table, indexes: RestrictionIndexes) -> None:
        self._table = table
        self._indexes = indexes

    # Reading

    def restrictions(self, org: str) -> RestrictionIndex:
        """The current restriction index."""
        return self._indexes.read_restrictions(org)

    def get_entity(self, org: str, entity_type: EntityType, entity_id: str) -> Entity | None:
        """The entity, or None."""
        item = self._table.get(keys.catalogue_entity(org, entity_type, entity_id))
        return _entity(item) if item else None

    def find_unknown(self, org: str, references: Sequence[EntityReference]) -> set[EntityReference]:
        """The references whose entities do not exist."""
        references_by_key = {
            keys.catalogue_entity(org, entity_type, entity_id): (entity_type, entity_id)
            for entity_type, entity_id in references
        }
        items = self._table.get_many(references_by_key)
        return {reference for key, reference in references_by_key.items() if key not in items}

    def read_catalogue(self, org: str) -> Catalogue:
        """All events and sale items."""
        return _catalogue(self._table.query_all(keys.catalogue_entity(org, "", "").pk))

    def subset(self, org: str, sale_item_ids: Collection[str]) -> Catalogue:
        """These sale items and their events."""
        items = self._table.get_many(keys.catalogue_entity(org, EntityType.SALE_ITEM, name) for name in sale_item_ids)
        existing = _catalogue(items.values())
        events = self._table.get_many(
            keys.catalogue_entity(org, EntityType.EVENT, event_id)
            for event_id in map(existing.event_of, sale_item_ids)
            if event_id
        )
        return Catalogue(_catalogue(events.values()).events, existing.sale_items)

    def search_catalogue(self, org: str, typed: str, after: str | None = None) -> Iterator[tuple[str, Entity]]:
        """Yield the entities whose id, or whose name from one of its words on, begins with `typed`, without duplicates.

        Each comes with the cursor for the next page. Without a search text, all entities by type and id.
        """
        if not unaccented(typed):
            pk = keys.catalogue_entity(org, "", "").pk
            for item in self._table.query_all(pk, start=_start(pk, after)):
                yield item["sk"], _entity(item)
            return
        pk, prefixes = keys.catalogue_word(org, "", "", "").pk, _typed_forms(typed)
        for prefix in prefixes:
            if after and after > prefix and not after.startswith(prefix):
                continue
            start = _start(pk, after) if after and after.startswith(prefix) else None
            for entry in self._table.query_all(pk, begins=prefix, start=start):
                entity = self.get_entity(org, EntityType(entry["entity"]), entry["id"])
                if entity and self._is_first(org, entity, entry["sk"], prefixes):
                    yield entry["sk"], entity

    def _is_first(self, org: str, entity: Entity, sk: str, prefixes: tuple[str, ...]) -> bool:
        """Whether this is the first key of the entity with one of the prefixes, so that the entity is listed once."""
        first, former = (
            min((key for key in _word_keys(org, entity, fold) if key.sk.startswith(prefixes)), default=None)
            for fold in (folded, unaccented)
        )
        if first is not None and sk == first.sk:
            return True
        # Entities saved by an earlier version have no keys with ø and ł as o and l.
        return former is not None and sk == former.sk and (first is None or self._table.get(first) is None)

    # Writing

    def save_entity(
        self, org: str, entity: Entity, index: RestrictionIndex | None = None, *, new: bool = False
    ) -> None:
        """Save the entity together with the restriction index; if it must be new, only if the id is free.

        Raises `ConcurrentModification`.
        """
        key = keys.catalogue_entity(org, type_of(entity), id_of(entity))
        former = self._table.get(key)
        words = _all_word_keys(org, entity)
        self._table.put_many({**word._asdict(), "entity": type_of(entity), "id": id_of(entity)} for word in words)
        item = {**key._asdict(), "kind": type_of(entity).value, **asdict(entity)}
        when = absent() if new else None
        if index is None:
            self._put(item, when)
        else:
            self._indexes.write_restrictions(org, index, Write(put=item, when=when))
        self._table.delete_many(_all_word_keys(org, _entity(former)) - words if former else ())

    def _put(self, item: Item, when: Condition | None) -> None:
        try:
            self._table.put(item, when=when)
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def save_restrictions(self, org: str, index: RestrictionIndex) -> None:
        """Replace the restriction index. Raises `ConcurrentModification` if it is not the next revision."""
        self._indexes.write_restrictions(org, index)


def _word_keys(org: str, entity: Entity, fold: Callable[[str], str]) -> Iterator[Key]:
    for word in {*beginnings(entity.name, fold), unaccented(id_of(entity))[:MAX_LENGTH]}:
        yield keys.catalogue_word(org, word, type_of(entity), id_of(entity))


def _all_word_keys(org: str, entity: Entity) -> set[Key]:
    """The keys of the words of the entity's name, including those of earlier releases, which keep ø and ł."""
    return {*_word_keys(org, entity, folded), *_word_keys(org, entity, unaccented)}


def _typed_forms(typed: str) -> tuple[str, ...]:
    """The typed text in each form of names, sorted like the keys."""
    return tuple(sorted({form[:MAX_LENGTH] for form in (folded(typed), unaccented(typed))}))


def _start(pk: str, after: str | None) -> dict[str, str] | None:
    return {"pk": pk, "sk": after} if after else None


def _catalogue(items: Iterable[Item]) -> Catalogue:
    entities = [_entity(item) for item in items]
    return Catalogue(
        {entity.event_id: entity for entity in entities if isinstance(entity, Event)},
        {entity.sale_item_id: entity for entity in entities if isinstance(entity, SaleItem)},
    )


def _entity(item: Item) -> Entity:
    kind = _CLASSES[EntityType(item["kind"])]
    entity: Entity = kind(**{name: item.get(name) for name in kind.__slots__})
    return entity
