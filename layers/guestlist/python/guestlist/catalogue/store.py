"""The catalogue in the table: an item for each thing, and one for each word of its name."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from guestlist.aws import keys
from guestlist.aws.conditions import Condition, absent
from guestlist.aws.items import Item
from guestlist.aws.keys import Key
from guestlist.aws.table import ConditionFailed, Table, Write
from guestlist.catalogue.entity import Entity
from guestlist.catalogue.model import Catalogue, Event, InventoryItem, SaleItem, Schedule, Thing, entity_of, id_of
from guestlist.catalogue.restriction_store import RestrictionIndexes
from guestlist.catalogue.restrictions import RestrictionIndex
from guestlist.model.errors import ConcurrentModification
from guestlist.model.name_search import LONGEST, beginnings, folded, unaccented

_CLASSES: dict[Entity, Any] = {
    Entity.SCHEDULE: Schedule,
    Entity.EVENT: Event,
    Entity.INVENTORY_ITEM: InventoryItem,
    Entity.SALE_ITEM: SaleItem,
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

    def get_thing(self, org: str, entity: Entity, thing_id: str) -> Thing | None:
        """The thing, or None."""
        item = self._table.get(keys.catalogue_object(org, entity, thing_id))
        return _thing(item) if item else None

    def unknown(self, org: str, references: Sequence[tuple[Entity, str]]) -> set[tuple[Entity, str]]:
        """The references whose things do not exist."""
        by_key = {keys.catalogue_object(org, entity, thing_id): (entity, thing_id) for entity, thing_id in references}
        items = self._table.get_many(by_key)
        return {name for key, name in by_key.items() if key not in items}

    def read_catalogue(self, org: str) -> Catalogue:
        """All events and sale items."""
        return _catalogue(self._table.query_all(keys.catalogue_object(org, "", "").pk))

    def subset(self, org: str, sale_item_ids: Collection[str]) -> Catalogue:
        """These sale items and their events."""
        items = self._table.get_many(keys.catalogue_object(org, Entity.SALE_ITEM, name) for name in sale_item_ids)
        existing = _catalogue(items.values())
        events = self._table.get_many(
            keys.catalogue_object(org, Entity.EVENT, event_id)
            for event_id in map(existing.event_of, sale_item_ids)
            if event_id
        )
        return Catalogue(_catalogue(events.values()).events, existing.sale_items)

    def search_catalogue(self, org: str, typed: str, after: str | None = None) -> Iterator[tuple[str, Thing]]:
        """The things whose id, or whose name from one of its words on, has this beginning, without duplicates.

        Each comes with the cursor for the next page. Without a search text, all things in the order of kind and id.
        """
        if not unaccented(typed):
            pk = keys.catalogue_object(org, "", "").pk
            for item in self._table.query_all(pk, start=_start(pk, after)):
                yield item["sk"], _thing(item)
            return
        pk, beginnings_typed = keys.catalogue_word(org, "", "", "").pk, _typed_forms(typed)
        for beginning in beginnings_typed:
            if after and after > beginning and not after.startswith(beginning):
                continue
            start = _start(pk, after) if after and after.startswith(beginning) else None
            for entry in self._table.query_all(pk, begins=beginning, start=start):
                thing = self.get_thing(org, Entity(entry["entity"]), entry["id"])
                if thing and self._is_first(org, thing, entry["sk"], beginnings_typed):
                    yield entry["sk"], thing

    def _is_first(self, org: str, thing: Thing, sk: str, typed: tuple[str, ...]) -> bool:
        """Whether this is the first key of the thing that matches the typed text."""
        first, former = (
            min((key for key in _word_keys(org, thing, fold) if key.sk.startswith(typed)), default=None)
            for fold in (folded, unaccented)
        )
        if first is not None and sk == first.sk:
            return True
        # Things saved by an earlier version have no keys with ø and ł as o and l.
        return former is not None and sk == former.sk and (first is None or self._table.get(first) is None)

    # Writing

    def save_thing(self, org: str, thing: Thing, index: RestrictionIndex | None = None, *, new: bool = False) -> None:
        """Save the thing together with the restriction index; if it must be new, only if the id is free.

        Raises `ConcurrentModification`.
        """
        key = keys.catalogue_object(org, entity_of(thing), id_of(thing))
        former = self._table.get(key)
        words = _all_word_keys(org, thing)
        self._table.put_many({**place._asdict(), "entity": entity_of(thing), "id": id_of(thing)} for place in words)
        item = {**key._asdict(), "kind": entity_of(thing).value, **asdict(thing)}
        when = absent() if new else None
        if index is None:
            self._put(item, when)
        else:
            self._indexes.write_restrictions(org, index, Write(put=item, when=when))
        self._table.delete_many(_all_word_keys(org, _thing(former)) - words if former else ())

    def _put(self, item: Item, when: Condition | None) -> None:
        try:
            self._table.put(item, when=when)
        except ConditionFailed as error:
            raise ConcurrentModification from error

    def restrict(self, org: str, index: RestrictionIndex) -> None:
        """Replace the restriction index. Raises `ConcurrentModification` if its number is not the next one."""
        self._indexes.write_restrictions(org, index)


def _word_keys(org: str, thing: Thing, fold: Callable[[str], str]) -> Iterator[Key]:
    for word in {*beginnings(thing.name, fold), unaccented(id_of(thing))[:LONGEST]}:
        yield keys.catalogue_word(org, word, entity_of(thing), id_of(thing))


def _all_word_keys(org: str, thing: Thing) -> set[Key]:
    """The keys of the words of the thing's name, including those of earlier releases, which keep ø and ł."""
    return {*_word_keys(org, thing, folded), *_word_keys(org, thing, unaccented)}


def _typed_forms(typed: str) -> tuple[str, ...]:
    """The typed text in each form of names, sorted like the keys."""
    return tuple(sorted({form[:LONGEST] for form in (folded(typed), unaccented(typed))}))


def _start(pk: str, after: str | None) -> dict[str, str] | None:
    return {"pk": pk, "sk": after} if after else None


def _catalogue(items: Iterable[Item]) -> Catalogue:
    things = [_thing(item) for item in items]
    return Catalogue(
        {thing.event_id: thing for thing in things if isinstance(thing, Event)},
        {thing.sale_item_id: thing for thing in things if isinstance(thing, SaleItem)},
    )


def _thing(item: Item) -> Thing:
    kind = _CLASSES[Entity(item["kind"])]
    thing: Thing = kind(**{name: item.get(name) for name in kind.__slots__})
    return thing
