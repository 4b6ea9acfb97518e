"""Catalogue service: save entities, and restrict sale items and inventory items to groups."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from guestlist.catalogue.entity_type import EntityReference, EntityType
from guestlist.catalogue.model import Catalogue, Entity, Event, SaleItem, id_of, type_of
from guestlist.catalogue.ports import Catalogues, Groups
from guestlist.catalogue.restrictions import Discount, IndexedItem, RestrictionIndex
from guestlist.model.concurrency import retry_on_conflict
from guestlist.model.errors import Exists, FieldFault, Invalid, Unknown


def require_event(org: str, event_id: str, catalogues: Catalogues) -> Event:
    """The event with this id. Raises `Unknown`."""
    event = catalogues.get_entity(org, EntityType.EVENT, event_id)
    if not isinstance(event, Event):
        raise Unknown("not_found.event", id=event_id)
    return event


def save(
    org: str, entity: Entity, now: datetime, by: str, catalogues: Catalogues, groups: Groups, *, new: bool = False
) -> None:
    """Save the entity in the catalogue. Raises `Exists` if it must be `new` and its id is taken.

    Requests a full pass of automatic groups whose rules count other purchases than before. Raises `Invalid` for a link
    to an entity that does not exist.
    """
    _require_known_links(org, _links(entity), catalogues)

    def step() -> Entity | None:
        former = catalogues.get_entity(org, type_of(entity), id_of(entity))
        if former is not None and new:
            raise Exists(f"exists.{type_of(entity).value}", id=id_of(entity))
        if entity != former:
            index = _index_with_item(org, entity, catalogues) if isinstance(entity, SaleItem) else None
            catalogues.save_entity(org, entity, index, new=new)
        return former

    former = retry_on_conflict(step)
    if former is None or entity == former:
        return
    changed_entities = _counted_entities(org, former, catalogues) ^ _counted_entities(org, entity, catalogues)
    if changed_entities:
        groups.request_passes(org, changed_entities, now, by)


def restrict_item(
    org: str, sale_item_id: str, group_ids: Sequence[str] | None, catalogues: Catalogues, groups: Groups
) -> None:
    """Restrict the sale item to members of these groups; None opens it to all. Raises `Unknown` or `Invalid`."""

    def step() -> None:
        index = catalogues.restrictions(org)
        item = index.items.get(sale_item_id)
        if item is None:
            raise Unknown("not_found.sale_item", id=sale_item_id)
        restricted = replace(item, group_ids=_valid_group_ids(org, group_ids, groups))
        catalogues.save_restrictions(org, index.with_item(sale_item_id, restricted))

    retry_on_conflict(step)


def restrict_inventory(
    org: str, inventory_item_id: str, group_ids: Sequence[str] | None, catalogues: Catalogues, groups: Groups
) -> None:
    """Restrict all present and future sale items of the inventory item to members of these groups; None opens them."""

    def step() -> None:
        if catalogues.get_entity(org, EntityType.INVENTORY_ITEM, inventory_item_id) is None:
            raise Unknown("not_found.inventory_item", id=inventory_item_id)
        index = catalogues.restrictions(org)
        catalogues.save_restrictions(
            org, index.with_inventory(inventory_item_id, _valid_group_ids(org, group_ids, groups))
        )

    retry_on_conflict(step)


def validate_discount(org: str, discount: Discount, catalogues: Catalogues, groups: Groups) -> None:
    """Validate a discount: a percentage or an amount, of sale items and groups that exist. Raises `Invalid`."""
    if (discount.percent is None) is (discount.amount is None):
        raise Invalid.field("percent", "one_of_two.discount")
    if discount.percent is not None and not 0 < discount.percent <= 100:
        raise Invalid.field("percent", "out_of_range.percent")
    if discount.amount is not None and discount.amount <= 0:
        raise Invalid.field("amount", "out_of_range.amount")
    items = [(EntityType.SALE_ITEM, name) for name in discount.sale_item_ids or ()]
    unknown = {name for _, name in catalogues.find_unknown(org, items)}
    _require_known(
        "sale_item_ids", [name for name in discount.sale_item_ids or () if name in unknown], EntityType.SALE_ITEM
    )
    _valid_group_ids(org, discount.group_ids, groups)


def items_only_open_to(group_id: str, restrictions: RestrictionIndex, open_groups: Collection[str]) -> list[str]:
    """The ids of the sale items, sorted, that no other one of the `open_groups` opens."""
    others = {*open_groups} - {group_id}

    def requires_group(group_ids: Collection[str] | None) -> bool:
        return group_ids is not None and group_id in group_ids and others.isdisjoint(group_ids)

    items = restrictions.items.items()
    return sorted(
        name
        for name, item in items
        if requires_group(item.group_ids) or requires_group(restrictions.inventory_groups(item))
    )


def _index_with_item(org: str, item: SaleItem, catalogues: Catalogues) -> RestrictionIndex | None:
    """The restriction index with this item; None if it does not change."""
    index = catalogues.restrictions(org)
    former = index.items.get(item.sale_item_id)
    indexed = IndexedItem(
        event_id=item.event_id,
        inventory_item_id=item.inventory_item_id,
        category=item.category,
        group_ids=former.group_ids if former else None,
    )
    return index.with_item(item.sale_item_id, indexed) if indexed != former else None


def _links(entity: Entity) -> list[tuple[str, EntityReference]]:
    links: list[tuple[str, EntityType, str | None]] = []
    if isinstance(entity, Event):
        links = [("schedule_id", EntityType.SCHEDULE, entity.schedule_id)]
    elif isinstance(entity, SaleItem):
        links = [
            ("event_id", EntityType.EVENT, entity.event_id),
            ("inventory_item_id", EntityType.INVENTORY_ITEM, entity.inventory_item_id),
        ]
    return [(field, (entity_type, name)) for field, entity_type, name in links if name is not None]


def _require_known_links(org: str, links: list[tuple[str, EntityReference]], catalogues: Catalogues) -> None:
    unknown = catalogues.find_unknown(org, [reference for _, reference in links])
    faults = [
        FieldFault(field, f"unknown_id.{reference[0].value}", id=reference[1])
        for field, reference in links
        if reference in unknown
    ]
    if faults:
        raise Invalid(faults)


def _valid_group_ids(org: str, group_ids: Sequence[str] | None, groups: Groups) -> tuple[str, ...] | None:
    if group_ids is None:
        return None
    if not group_ids:
        raise Invalid.field("group_ids", "empty.groups")
    _require_known("group_ids", groups.unknown_groups(org, group_ids), "group")
    return tuple(dict.fromkeys(group_ids))


def _require_known(field: str, unknown: list[str], kind: str) -> None:
    """Raise `Invalid` if there are unknown ids."""
    if unknown:
        raise Invalid([FieldFault(field, f"unknown_id.{kind}", id=name) for name in unknown])


def _counted_entities(org: str, entity: Entity, catalogues: Catalogues) -> set[EntityReference]:
    """The entities that purchases of this entity, or of sale items in it, count for."""
    if isinstance(entity, Event):
        return {reference for _, reference in _links(entity)}
    if isinstance(entity, SaleItem):
        event = catalogues.get_entity(org, EntityType.EVENT, entity.event_id)
        events = {entity.event_id: event} if isinstance(event, Event) else {}
        return set(Catalogue(events, {entity.sale_item_id: entity}).counts_for(entity.sale_item_id))
    return set()
